"""The prime, which fills the infusion set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prime:
    """Pulses that remain to be given; none while no prime runs."""

    remaining_pulses: int
