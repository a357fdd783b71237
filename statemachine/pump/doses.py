"""Ending a bolus or a prime: the rest is reported and never given."""

from dataclasses import replace

from pumpproof.spec.pump.state import Pump


def end_bolus(pump: Pump) -> Pump:
    """Cancel what remains of the bolus."""
    return replace(
        pump,
        bolus_remaining_pulses=0,
        bolus_cancelled_pulses=pump.bolus_cancelled_pulses + pump.bolus_remaining_pulses,
    )


def end_doses(pump: Pump) -> Pump:
    """Cancel what remains of the bolus and of the prime."""
    return replace(end_bolus(pump), prime_remaining_pulses=0)
