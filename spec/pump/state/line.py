"""The infusion line, as its pressure shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """For how many seconds the pressure has been high without a break, counted up to the persistence."""

    pressure_high_s: int
