"""The therapy of the last day, and the room that the daily cap leaves.

The cap refuses boluses and never withholds basal, which a person can not do without: for every bolus it keeps free what
the largest basal may still take.
"""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import BolusStarts, DayAccount


def second_of_day(day: DayAccount, starts: BolusStarts) -> DayAccount:
    """With the last second of an hour a new one begins, and the oldest is forgotten."""
    return replace(day, hour_pulses=(0,) + day.hour_pulses[:24]) if starts.second_of_hour == 3599 else day


def book_of_day(day: DayAccount, pulses: int) -> DayAccount:
    """Count therapy in the running hour."""
    return replace(day, hour_pulses=(day.hour_pulses[0] + pulses,) + day.hour_pulses[1:])


def day_has_room(day: DayAccount, pulses: int, limits: Limits) -> bool:
    """In every window of a day that has begun, the cap holds these pulses and the largest basal for its rest.

    A window that began ``k`` hours ago has had no more than the running hour and the ``k`` hours before it hold, and
    has at most 25 - ``k`` hours to go; one that began in the running hour has at most the day of ``k`` = 1. Minutes are
    not told apart, which costs up to two hours of the basal that runs.
    """
    return all(
        1000 * (sum(day.hour_pulses[: k + 1]) + pulses) + (25 - k) * limits.max_basal_millipulses_per_h
        <= 1000 * limits.max_day_pulses
        for k in range(1, 25)
    )
