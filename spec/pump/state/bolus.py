"""The bolus and its books."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bolus:
    """The last bolus, in pulses: what was programmed is delivered, remains to be given, or was cancelled."""

    programmed_pulses: int
    remaining_pulses: int
    delivered_pulses: int
    cancelled_pulses: int
