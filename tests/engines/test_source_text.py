"""The text of a term means what the term means, in every state."""

from typing import Any

import bolus_pump
import pytest
from bolus_pump import Limits, Mode, Pump, Total
from hypothesis import given, settings
from hypothesis import strategies as st

from pumpproof.verify.engines.source_text import NotInSubset, SourceText
from pumpproof.verify.logic.terms import (
    Term,
    add,
    all_of,
    any_of,
    choose,
    equal,
    evaluate,
    floor_divide,
    integer,
    less_or_equal,
    negate,
    remainder,
    scale,
    variable,
)
from pumpproof.verify.logic.values import enum_code
from pumpproof.verify.proof.symbolic import SymbolicSystem

SYMBOLIC = SymbolicSystem(bolus_pump.SYSTEM)
TEXT = SourceText(SYMBOLIC)


def place(record: Any, name: str) -> Term:
    term = record.fields[name]
    assert isinstance(term, Term)
    return term


MODE = place(SYMBOLIC.before, "mode")
REMAINING = place(SYMBOLIC.before, "remaining_pulses")
LARGEST = place(SYMBOLIC.limits, "max_bolus_pulses")
DELIVERED = place(SYMBOLIC.ghosts[Total], "delivered_pulses")

numbers = st.integers(-5, 5)
codes = st.integers(-1, 3)
atoms = st.sampled_from((REMAINING, LARGEST, DELIVERED)) | numbers.map(integer)
mode_terms = codes.map(integer) | st.just(MODE)


def sums(of: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return (
        st.builds(add, of, of)
        | st.builds(scale, numbers, of)
        | st.builds(floor_divide, of, st.integers(1, 4))
        | st.builds(remainder, of, st.integers(1, 4))
    )


wholes = st.recursive(atoms | st.just(MODE), sums, max_leaves=5)
comparisons = (
    st.builds(less_or_equal, wholes, wholes)
    | st.builds(equal, wholes, wholes)
    | st.builds(less_or_equal, mode_terms, mode_terms)
    | st.builds(equal, mode_terms, mode_terms)
)
formulas = st.recursive(
    comparisons,
    lambda of: (
        st.builds(negate, of)
        | st.lists(of, min_size=2, max_size=3).map(all_of)
        | st.lists(of, min_size=2, max_size=3).map(any_of)
        | st.builds(choose, of, of, of)
        | st.builds(equal, of, of)
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(formulas, st.sampled_from(Mode), numbers, numbers, numbers)
def test_the_text_evaluates_to_what_the_term_does(
    term: Term, mode: Mode, remaining: int, largest: int, delivered: int
) -> None:
    values = {MODE: enum_code(mode), REMAINING: remaining, LARGEST: largest, DELIVERED: delivered}
    names = {
        "pump": Pump(mode, remaining, 0),
        "limits": Limits(largest, 0),
        "total": Total(delivered),
        "Mode": Mode,
    }
    assert bool(eval(TEXT.expression(term), names)) == bool(evaluate(term, values))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (negate(less_or_equal(REMAINING, integer(0))), "1 <= pump.remaining_pulses"),
        (less_or_equal(add(REMAINING, scale(-1, LARGEST)), integer(-2)),
         "pump.remaining_pulses + 2 <= limits.max_bolus_pulses"),
        (less_or_equal(scale(2, REMAINING), integer(3)), "pump.remaining_pulses <= 1"),
        (negate(less_or_equal(LARGEST, REMAINING)), "pump.remaining_pulses < limits.max_bolus_pulses"),
        (equal(MODE, integer(1)), "pump.mode is Mode.DELIVERING"),
        (less_or_equal(integer(1), MODE), "pump.mode is not Mode.IDLE"),
        (equal(DELIVERED, integer(3)), "total.delivered_pulses == 3"),
    ],
)  # fmt: skip
def test_it_reads_as_one_would_write_it(term: Term, text: str) -> None:
    assert TEXT.expression(term) == text


def test_what_is_no_place_of_the_system_is_refused() -> None:
    with pytest.raises(NotInSubset, match="event 'Tick' is no place of the state, the limits or a record"):
        TEXT.expression(variable("event 'Tick'", "Bool"))


def test_long_conditions_take_several_lines() -> None:
    parts = [negate(equal(REMAINING, integer(number))) for number in range(5)]
    assert TEXT.function("sparse", all_of(parts)) == (
        "def sparse(pump: Pump) -> bool:\n"
        "    return (\n"
        "        pump.remaining_pulses != 0\n"
        "        and pump.remaining_pulses != 1\n"
        "        and pump.remaining_pulses != 2\n"
        "        and pump.remaining_pulses != 3\n"
        "        and pump.remaining_pulses != 4\n"
        "    )\n"
    )
