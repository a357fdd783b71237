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
    """The question, the bolus that it shows, and the seconds in which it may still be confirmed."""

    question: Question
    pulses: int
    remaining_s: int
