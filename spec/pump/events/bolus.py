"""The bolus."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BolusRequested:
    """Show a bolus of ``pulses``; nothing is given before it is confirmed."""

    pulses: int


@dataclass(frozen=True)
class ConfirmBolus:
    """Give the bolus that is shown, which the person reads as ``pulses``."""

    pulses: int


@dataclass(frozen=True)
class CancelBolus:
    """End the bolus that runs, or withdraw the one that is shown."""
