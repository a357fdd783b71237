"""The extended bolus, alone or together with an immediate part."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExtendedBolusRequested:
    """Show a bolus that is given in part at once and in part evenly over ``duration_s`` seconds."""

    immediate_pulses: int
    extended_pulses: int
    duration_s: int


@dataclass(frozen=True)
class ConfirmExtendedBolus:
    """Give the bolus that is shown, which the person reads as these two parts and this time."""

    immediate_pulses: int
    extended_pulses: int
    duration_s: int


@dataclass(frozen=True)
class CancelExtendedBolus:
    """End the extended bolus alone; a bolus that runs beside it goes on."""
