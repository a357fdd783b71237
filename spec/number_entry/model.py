"""What the entry of one number is: modes, state, keys and outputs.

A number is entered for one place, such as the size of a bolus, whose unit does not change. It is counted in thousandths
of that unit. The screen shows ``mantissa`` with ``decimals`` digits behind the decimal mark, so 1.05 is 105 with two
decimals; while nothing is being edited it shows the value in force. A step is one key, or a second of monotonic time.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Range

MOST_DECIMALS = 3
"""Thousandths of the unit are the finest that can be typed."""


class Mode(Enum):
    SHOWN = "the value in force is shown"
    EDITED = "a number is being entered, the old value stays in force"
    ASKED = "an unusual number waits for a second confirmation"
    WRONG = "what was typed is no number that could be meant"


class Reason(Enum):
    NONE = "accepted"
    NOTHING_ENTERED = "there is nothing to confirm"
    END_OF_RANGE = "the range ends here"
    OFF_GRID = "the number is between two steps"
    UNFINISHED = "digits are missing behind the decimal mark"
    ANSWER_FIRST = "confirm the number or clear it"
    CLEAR_FIRST = "clear what was typed"


class Wrong(Enum):
    """Why what was typed is no number that could be meant."""

    NOTHING = "nothing is wrong"
    LEADING_ZERO = "a digit follows a zero without a decimal mark"
    SECOND_MARK = "a second decimal mark"
    TOO_FINE = "more than three decimals"
    ABOVE = "more than the most that is allowed"
    BELOW = "less than the least that is allowed"
    UNFINISHED = "digits are missing behind the decimal mark"
    OFF_GRID = "between two steps"


@dataclass(frozen=True)
class NumberEntry:
    mode: Mode
    in_force: int
    """Thousandths of the unit; what is used until another number is confirmed."""
    mantissa: int
    decimals: int
    marked: bool
    """The decimal mark is on the screen."""
    left_s: int
    """Seconds until an entry that is not confirmed ends; 0 while nothing is being entered."""


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE
    taken: bool = False
    """A number comes into force with this step."""
    taken_thousandths: int = 0
    """What is sent to whoever uses the number; 0 unless ``taken``."""
    asks_again: bool = False
    wrong: Wrong = Wrong.NOTHING
    expired: bool = False
    """The person is told that the old value stays in force."""


@dataclass(frozen=True)
class Step:
    state: NumberEntry
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Digit:
    digit: Annotated[int, Range(0, 9)]


@dataclass(frozen=True)
class DecimalMark:
    """The key with the point or the comma."""


@dataclass(frozen=True)
class Up:
    pass


@dataclass(frozen=True)
class Down:
    pass


@dataclass(frozen=True)
class Clear:
    pass


@dataclass(frozen=True)
class Confirm:
    pass


@dataclass(frozen=True)
class Tick:
    """One second of monotonic time."""


EVENTS = (Digit, DecimalMark, Up, Down, Clear, Confirm, Tick)
