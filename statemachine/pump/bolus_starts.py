"""How often boluses begin: the lockout and the count of the day."""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import BolusStarts


def second_of_starts(starts: BolusStarts) -> BolusStarts:
    """The lockout runs; after 3600 seconds a new hour begins, and the oldest is forgotten."""
    hour_is_over = starts.second_of_hour == 3599
    return replace(
        starts,
        lockout_s=max(starts.lockout_s - 1, 0),
        second_of_hour=0 if hour_is_over else starts.second_of_hour + 1,
        by_hour=(0,) + starts.by_hour[:24] if hour_is_over else starts.by_hour,
    )


def book_start(starts: BolusStarts, limits: Limits) -> BolusStarts:
    """A bolus begins: the whole lockout is to wait, and the running hour counts one more."""
    return replace(
        starts,
        lockout_s=limits.bolus_lockout_s,
        by_hour=(starts.by_hour[0] + 1,) + starts.by_hour[1:],
    )


def day_is_full(starts: BolusStarts, limits: Limits) -> bool:
    """The running hour and the 24 before it hold all boluses of a day.

    Every window of 24 hours lies within 25 hours of the pump, so none holds more; a bolus counts for up to an hour too
    long, which only refuses.
    """
    return sum(starts.by_hour) >= limits.max_boluses_per_day
