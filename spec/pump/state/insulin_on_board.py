"""Insulin on board: the account of therapy every five minutes of the last hours, and how insulin wears off."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Length


class InsulinCurve(Enum):
    """How insulin wears off: exponentially, by its peak and duration, or bilinearly, by its duration."""

    RAPID_8_H = "exponential, peak at 75 min, 8 h"
    RAPID_6_H = "exponential, peak at 75 min, 6 h"
    RAPID_CHILD_6_H = "exponential, peak at 65 min, 6 h"
    FAST_6_H = "exponential, peak at 55 min, 6 h"
    ULTRA_RAPID_6_H = "exponential, peak at 45 min, 6 h"
    BILINEAR_6_H = "bilinear, 6 h"
    BILINEAR_5_H = "bilinear, 5 h"
    BILINEAR_4_H = "bilinear, 4 h"
    BILINEAR_3_H = "bilinear, 3 h"


@dataclass(frozen=True)
class InsulinOnBoard:
    """The curve in force, and what the account of therapy stood at when each bucket of 300 seconds began.

    ``account_pulses`` has the running bucket (index 0), of which ``second_of_bucket`` seconds are over, and the 96
    before it: together at least the last eight hours. What was given in a bucket is the difference of two entries; so
    nothing that is booked as therapy can be missing on board.
    """

    curve: InsulinCurve
    second_of_bucket: int
    account_pulses: Annotated[tuple[int, ...], Length(97)]
