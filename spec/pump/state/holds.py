"""The holds: latched reasons to keep all insulin back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Holds:
    """Who keeps all insulin back: the person who suspended, or an alarm. None of them ends another."""

    user: bool
    alarm: bool
