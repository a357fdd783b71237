"""The filling of the infusion set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StartPrime:
    """Fill the infusion set, disconnected from the person."""

    pulses: int


@dataclass(frozen=True)
class StopPrime:
    """End the prime that runs."""
