"""Basal: the patterns of the day, the temporary rate, and the parts of a pulse between two pulses."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Length

PULSE = 3_600_000
"""One pulse, in millipulse-seconds per hour: a rate of 1 millipulse per hour gives a pulse in this many seconds."""


class Pattern(Enum):
    """The patterns that a person keeps for different kinds of days; one of them runs."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SICK_DAY = "sick day"


@dataclass(frozen=True)
class Patterns:
    """Every pattern: a rate in millipulses per hour for each half hour of the day."""

    weekday: Annotated[tuple[int, ...], Length(48)]
    weekend: Annotated[tuple[int, ...], Length(48)]
    holiday: Annotated[tuple[int, ...], Length(48)]
    sick_day: Annotated[tuple[int, ...], Length(48)]


class TemporaryKind(Enum):
    """Whether a temporary basal is a rate, or a part of the programmed rate of each second."""

    ABSOLUTE = "absolute"
    PERCENT = "percent"


@dataclass(frozen=True)
class TemporaryBasal:
    """What replaces the programme for the seconds that remain; with none, the programme is in force.

    A kind has its own amount, and that of the other kind is zero. Percent are a multiple of ten from 0 to 200, of the
    rate that is programmed for the second; a rate is rounded down to the millipulse per hour. Zero is a rate too.
    """

    kind: TemporaryKind
    millipulses_per_h: int
    percent: int
    remaining_s: int


@dataclass(frozen=True)
class Basal:
    """Rates in force, and basal on its way to a pulse: ``PULSE`` in an accumulator is one pulse.

    ``programme_millipulses_per_h`` has the rates of the pattern that runs, apart from the patterns that are kept: a
    second looks at this programme alone. What is missed was withheld, and is never given later.
    """

    patterns: Patterns
    pattern: Pattern
    programme_millipulses_per_h: Annotated[tuple[int, ...], Length(48)]
    temporary: TemporaryBasal
    accumulator: int
    missed_accumulator: int
    missed_pulses: int
