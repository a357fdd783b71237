"""The wall clock, as far as the pump has to remember it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """By how many seconds the clock was moved, in all, since a person confirmed the time; forward is positive."""

    moved_s: int
