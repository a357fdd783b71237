"""What the pump has asked the person to confirm."""

from dataclasses import dataclass
from enum import Enum


class Question(Enum):
    """What a confirmation would do; the pump asks one question at a time."""

    NONE = "nothing is asked"
    BOLUS = "give the bolus that is shown"
    UNLOCK = "unlock the keys"


@dataclass(frozen=True)
class Confirmation:
    """The question, the bolus that it shows, and the seconds in which it may still be confirmed.

    ``pulses`` are those that would be given at once, ``extended_pulses`` those that would be given over ``duration_s``
    seconds; a bolus without an extended part has none of both.
    """

    question: Question
    pulses: int
    extended_pulses: int
    duration_s: int
    remaining_s: int
