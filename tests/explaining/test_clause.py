"""The part of a claim that is false is found by evaluation, wherever it is written, with the values of its names."""

from dataclasses import dataclass

import pytest

from pumpproof.verify.explaining.clause import Clause, violated_clause
from pumpproof.verify.language.reader import Reader

MOST = 7


@dataclass(frozen=True)
class Pump:
    owed: int
    given: int
    held: bool
    minutes: tuple[int, int, int]


def is_bounded(pump: Pump, most: int) -> bool:
    return 0 <= pump.given <= most


def conjunction(pump: Pump) -> bool:
    return pump.owed >= 0 and is_bounded(pump, MOST) and not pump.held


def implication(pump: Pump) -> bool:
    return not pump.held or pump.owed == 0


def condition(pump: Pump) -> bool:
    if pump.held:
        return pump.given == 0
    whole = pump.owed + pump.given
    return whole < 10


def every_minute(pump: Pump) -> bool:
    return all(pump.minutes[k] <= 2 for k in range(3))


def named_first(pump: Pump) -> bool:
    fits = pump.owed <= sum(pump.minutes)
    return fits  # noqa: RET504 -- a local name is what is read here


GOOD = Pump(0, 0, False, (0, 0, 0))


def clause(function: object, *values: object) -> tuple[Clause, dict[str, object]]:
    read = Reader().read(function)  # type: ignore[arg-type]
    found = violated_clause(read, {"pump": Pump(*values)})  # type: ignore[arg-type]
    return found, {one.text: one.value for one in found.values}


def test_a_conjunct_is_followed_into_the_function_that_is_called() -> None:
    found, values = clause(conjunction, 0, 9, False, (0, 0, 0))
    assert (found.text, found.function) == ("pump.given <= most", "is_bounded")
    assert values == {"pump.given": 9, "most": 7}
    assert found.span.line == is_bounded.__code__.co_firstlineno + 1
    assert found.span.file == __file__


def test_of_a_conjunction_only_what_is_false_is_named() -> None:
    found, values = clause(conjunction, 0, 0, True, (0, 0, 0))
    assert (found.text, values) == ("not pump.held", {"pump.held": True})


def test_a_disjunction_is_named_as_a_whole() -> None:
    found, values = clause(implication, 3, 0, True, (0, 0, 0))
    assert found.text == "not pump.held or pump.owed = 0"
    assert values == {"pump.held": True, "pump.owed": 3}


@pytest.mark.parametrize(
    ("values", "text", "named"),
    [
        ((0, 4, True, (0, 0, 0)), "pump.given = 0", {"pump.given": 4}),
        ((6, 5, False, (0, 0, 0)), "whole < 10", {"whole": 11}),
    ],
)
def test_the_branch_that_is_taken_is_followed(values: tuple[object, ...], text: str, named: object) -> None:
    found, known = clause(condition, *values)
    assert (found.text, known) == (text, named)


def test_of_all_items_the_first_that_is_false_is_named() -> None:
    found, values = clause(every_minute, 0, 0, False, (1, 3, 5))
    assert found.text == "pump.minutes[k] <= 2"
    assert values == {"pump.minutes[k]": 3, "k": 1}


def test_what_a_local_name_stands_for_is_followed() -> None:
    found, values = clause(named_first, 4, 0, False, (1, 1, 1))
    assert found.text == "pump.owed <= sum(pump.minutes)"
    assert values == {"pump.owed": 4, "sum(pump.minutes)": 3}
