"""The holds: latched reasons to keep all insulin back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Holds:
    """Who keeps all insulin back; none of them ends another.

    The person who suspended, an alarm, and a stop from outside hold until the person resumes. A suspension for a chosen
    time holds for the ``timed_s`` seconds that remain of it; with none it is not set.
    """

    user: bool
    alarm: bool
    timed_s: int
    remote: bool
