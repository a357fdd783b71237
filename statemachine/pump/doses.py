"""Ending boluses or a prime: the rest is reported and never given; a bolus that is only shown is withdrawn."""

from dataclasses import replace

from pumpproof.spec.pump.state import Bolus, ExtendedBolus, Prime, Pump
from pumpproof.statemachine.pump.confirmation import withdraw_bolus


def end_bolus(bolus: Bolus) -> Bolus:
    """Cancel what remains of the bolus."""
    return replace(
        bolus, remaining_pulses=0, cancelled_pulses=bolus.cancelled_pulses + bolus.remaining_pulses
    )


def end_extended_bolus(extended: ExtendedBolus) -> ExtendedBolus:
    """Cancel what remains of the extended bolus; its time ends with it."""
    return replace(
        extended,
        remaining_pulses=0,
        cancelled_pulses=extended.cancelled_pulses + extended.remaining_pulses,
    )


def end_prime(prime: Prime) -> Prime:
    """Drop what remains of the prime."""
    return replace(prime, remaining_pulses=0)


def end_doses(pump: Pump) -> Pump:
    """Cancel what remains of boluses and of the prime, and withdraw a bolus that waits for its confirmation."""
    return replace(
        pump,
        bolus=end_bolus(pump.bolus),
        extended_bolus=end_extended_bolus(pump.extended_bolus),
        prime=end_prime(pump.prime),
        confirmation=withdraw_bolus(pump.confirmation),
    )
