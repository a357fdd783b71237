"""The accounts: what was delivered, ever and in the last hour."""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Accounts


def second_of_accounts(accounts: Accounts) -> Accounts:
    """After 60 seconds a new minute begins, and the oldest is forgotten."""
    minute_is_over = accounts.second_of_minute == 59
    return replace(
        accounts,
        second_of_minute=0 if minute_is_over else accounts.second_of_minute + 1,
        minute_pulses=(0,) + accounts.minute_pulses[:60] if minute_is_over else accounts.minute_pulses,
    )


def book_therapy(accounts: Accounts, pulses: int) -> Accounts:
    """Count therapy, in all and in the running minute."""
    return replace(
        accounts,
        therapy_delivered_pulses=accounts.therapy_delivered_pulses + pulses,
        minute_pulses=(accounts.minute_pulses[0] + pulses,) + accounts.minute_pulses[1:],
    )


def book_prime(accounts: Accounts, pulses: int) -> Accounts:
    """Count a prime; it is no therapy."""
    return replace(accounts, prime_delivered_pulses=accounts.prime_delivered_pulses + pulses)


def hour_has_room(accounts: Accounts, pulses: int, limits: Limits) -> bool:
    """In every window of an hour that has begun, the cap holds these pulses and the largest basal for its rest.

    A window that began ``k`` minutes ago has had no more than the running minute and the ``k`` minutes before it hold,
    and has at most 61 - ``k`` minutes to go; one that began in the running minute has at most the hour of ``k`` = 1.
    Seconds are not told apart, which costs up to two minutes of the basal that runs: beside steady basal a bolus
    always fits if the cap holds it, 62 minutes of the largest basal, and a pulse.
    """
    return all(
        60_000 * (sum(accounts.minute_pulses[: k + 1]) + pulses)
        + (61 - k) * limits.max_basal_millipulses_per_h
        <= 60_000 * limits.max_hour_pulses
        for k in range(1, 61)
    )
