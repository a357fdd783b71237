"""Basal: the programme of the day, the temporary rate, and the parts of a pulse between two pulses."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Length

PULSE = 3_600_000
"""One pulse, in millipulse-seconds per hour: a rate of 1 millipulse per hour gives a pulse in this many seconds."""


@dataclass(frozen=True)
class TemporaryBasal:
    """The rate that replaces the programme for the seconds that remain; with none, the programme is in force."""

    millipulses_per_h: int
    remaining_s: int


@dataclass(frozen=True)
class Basal:
    """Rates in force, and basal on its way to a pulse: ``PULSE`` in an accumulator is one pulse.

    ``programme_millipulses_per_h`` has a rate for each half hour of the day. What is missed was withheld, and is never
    given later.
    """

    programme_millipulses_per_h: Annotated[tuple[int, ...], Length(48)]
    temporary: TemporaryBasal
    accumulator: int
    missed_accumulator: int
    missed_pulses: int
