"""Ending a bolus or a prime: the rest is never given; a bolus that is only shown or suggested is withdrawn."""

from dataclasses import replace

from pumpproof.spec.pump.state import Bolus, Prime, Pump
from pumpproof.statemachine.pump.confirmation import withdraw_bolus
from pumpproof.statemachine.pump.suggestion import end_suggestion


def end_bolus(bolus: Bolus) -> Bolus:
    """Cancel what remains of the bolus."""
    return replace(
        bolus, remaining_pulses=0, cancelled_pulses=bolus.cancelled_pulses + bolus.remaining_pulses
    )


def end_prime(prime: Prime) -> Prime:
    """Drop what remains of the prime."""
    return replace(prime, remaining_pulses=0)


def end_doses(pump: Pump) -> Pump:
    """Cancel what remains of bolus and prime, and withdraw a bolus that waits for its confirmation or is suggested."""
    return replace(
        pump,
        bolus=end_bolus(pump.bolus),
        prime=end_prime(pump.prime),
        confirmation=withdraw_bolus(pump.confirmation),
        calculator=end_suggestion(pump.calculator),
    )
