"""The bolus."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BolusRequested:
    """Give ``pulses`` as a bolus."""

    pulses: int


@dataclass(frozen=True)
class CancelBolus:
    """End the bolus that runs."""
