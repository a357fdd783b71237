"""What happens to the wall clock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClockSet:
    """The clock shows another time: set by hand, another zone, daylight saving, or back at the epoch."""

    moved_s: int


@dataclass(frozen=True)
class ConfirmClock:
    """A person has seen the time that the clock shows now, by which basal is chosen."""


@dataclass(frozen=True)
class ClockFailed:
    """The hardware reports that the clock stands still or has lost the time."""
