"""A record is checked exactly: types, lengths and ranges, to any depth."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.statemachine.kernel.payload import UncheckedType, record_check


class Colour(Enum):
    RED = 1


class Other(Enum):
    RED = 1


@dataclass(frozen=True)
class Slot:
    rate: Annotated[int, Range(0, 9)]


@dataclass(frozen=True)
class Programme:
    rates: Annotated[tuple[Annotated[int, Range(0, 5)], ...], Length(3)]
    pair: tuple[bool, int]
    slot: Slot
    colour: Colour
    at_least: Annotated[int, Range(low=2)]
    at_most: Annotated[int, Range(high=7)]


GOOD: dict[str, Any] = {
    "rates": (0, 3, 5),
    "pair": (True, -1),
    "slot": Slot(9),
    "colour": Colour.RED,
    "at_least": 2,
    "at_most": 7,
}
CHECK = record_check(Programme)


def test_a_record_as_declared_has_no_problem() -> None:
    assert CHECK(Programme(**GOOD)) is None


class Listed(tuple[int, ...]):
    __slots__ = ()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rates": (0, 6, 0)}, "Programme.rates[1] is 6; allowed is 0..5"),
        ({"rates": (0, 0)}, "Programme.rates is (0, 0), of type tuple; expected a tuple of 3 items"),
        ({"rates": [0, 0, 0]}, "Programme.rates is [0, 0, 0], of type list; expected a tuple of 3 items"),
        (
            {"rates": Listed((0, 0, 0))},
            "Programme.rates is (0, 0, 0), of type Listed; expected a tuple of 3 items",
        ),
        ({"pair": (1, 1)}, "Programme.pair[0] is 1, of type int; expected bool"),
        ({"pair": (True, False)}, "Programme.pair[1] is False, of type bool; expected int"),
        ({"slot": Slot(10)}, "Programme.slot.rate is 10; allowed is 0..9"),
        ({"slot": 4}, "Programme.slot is 4, of type int; expected Slot"),
        ({"colour": Other.RED}, "Programme.colour is <Other.RED: 1>, of type Other; expected Colour"),
        ({"colour": 1}, "Programme.colour is 1, of type int; expected Colour"),
        ({"at_least": 1}, "Programme.at_least is 1; allowed is 2..oo"),
        ({"at_most": 8}, "Programme.at_most is 8; allowed is -oo..7"),
        ({"at_most": 1.0}, "Programme.at_most is 1.0, of type float; expected int in -oo..7"),
    ],
)
def test_the_first_problem_is_said_with_field_value_and_what_was_expected(
    changes: dict[str, Any], problem: str
) -> None:
    assert CHECK(Programme(**GOOD | changes)) == problem


@given(st.integers(-20, 20))
def test_a_range_is_closed_at_both_ends(value: int) -> None:
    inside = 0 <= value <= 5
    changed: dict[str, Any] = {**GOOD, "rates": (0, 0, value)}
    problem = CHECK(Programme(**changed))
    assert (problem is None) == inside


@dataclass(frozen=True)
class Floating:
    dose: float


@dataclass(frozen=True)
class Unbounded:
    rates: tuple[int, ...]


@dataclass(frozen=True)
class RangedTuple:
    rates: Annotated[tuple[int, int], Range(0, 3)]


class NotARecord:
    pass


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (
            Floating,
            (
                "Floating.dose: <class 'float'> cannot be checked; "
                "use int, bool, an enum, a dataclass or a tuple of fixed length"
            ),
        ),
        (
            Unbounded,
            "Unbounded.rates: a tuple needs a fixed length, as in Annotated[tuple[int, ...], Length(48)]",
        ),
        (RangedTuple, "RangedTuple.rates: a Range belongs on an int; for a tuple write it on the items"),
        (NotARecord, "NotARecord: NotARecord is not a dataclass"),
    ],
)
def test_an_annotation_that_cannot_be_checked_is_refused(record: type, problem: str) -> None:
    with pytest.raises(UncheckedType) as refused:
        record_check(record)
    assert str(refused.value) == problem
