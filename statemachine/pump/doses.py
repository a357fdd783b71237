"""Ending boluses or a prime: the rest is never given; a bolus that is only shown or suggested is withdrawn."""

from dataclasses import replace

from pumpproof.spec.pump.state import Bolus, ExtendedBolus, Prime, Pump
from pumpproof.statemachine.pump.confirmation import withdraw_bolus
from pumpproof.statemachine.pump.suggestion import end_suggestion


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
    """The person ends a prime: what remains of it is dropped."""
    return replace(prime, remaining_pulses=0)


def break_prime(prime: Prime) -> Prime:
    """Drop what remains of a prime that neither the person nor its last stroke has ended: it has failed."""
    return replace(prime, remaining_pulses=0, failed=prime.failed or prime.remaining_pulses > 0)


def end_doses(pump: Pump) -> Pump:
    """The person ends what runs: the rest of boluses and prime, and a bolus that is only shown or suggested."""
    return replace(
        pump,
        bolus=end_bolus(pump.bolus),
        extended_bolus=end_extended_bolus(pump.extended_bolus),
        prime=end_prime(pump.prime),
        confirmation=withdraw_bolus(pump.confirmation),
        calculator=end_suggestion(pump.calculator),
    )


def break_doses(pump: Pump) -> Pump:
    """The same for an end that is not the person's: a prime that runs has failed."""
    return replace(end_doses(pump), prime=break_prime(pump.prime))
