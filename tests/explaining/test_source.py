"""A condition that is proposed as source text says exactly what was checked: evaluated as Python it agrees."""

from dataclasses import dataclass
from enum import Enum
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from pumpproof.verify.explaining.source import spellings, written
from pumpproof.verify.language.types import RecordType, type_of_annotation
from pumpproof.verify.logic.terms import (
    Term,
    add,
    equal,
    evaluate,
    floor_divide,
    integer,
    less_or_equal,
    negate,
    scale,
)
from pumpproof.verify.logic.values import RecordValue, unknown


class Mode(Enum):
    ON = "on"
    OFF = "off"


@dataclass(frozen=True)
class Pump:
    mode: Mode
    a: int
    b: int
    held: bool


TYPE = type_of_annotation(Pump)
VALUE = unknown(TYPE, "before")
assert isinstance(TYPE, RecordType)
assert isinstance(VALUE, RecordValue)
NAMES = spellings(TYPE, VALUE, "pump")
LEAVES = {name: leaf for name, leaf in VALUE.fields.items() if isinstance(leaf, Term)}

small = st.integers(-3, 3)
linear = st.tuples(small, small, small).map(
    lambda of: add(add(scale(of[0], LEAVES["a"]), scale(of[1], LEAVES["b"])), integer(of[2]))
)
atoms = st.one_of(
    st.tuples(linear, linear).map(lambda sides: less_or_equal(*sides)),
    st.tuples(linear, linear).map(lambda sides: equal(*sides)),
    st.integers(0, 1).map(lambda code: equal(LEAVES["mode"], integer(code))),
    st.just(LEAVES["held"]),
)
conditions = st.one_of(atoms, atoms.map(negate))


@given(conditions, small, small, st.booleans(), st.sampled_from(Mode))
def test_the_text_means_what_the_term_means(term: Term, a: int, b: int, held: bool, mode: Mode) -> None:
    text = written(term, NAMES)
    if text is None:
        return
    values = {LEAVES["a"]: a, LEAVES["b"]: b, LEAVES["held"]: held, LEAVES["mode"]: list(Mode).index(mode)}
    pump = SimpleNamespace(a=a, b=b, held=held, mode=mode)
    meant = evaluate(term, {name: values[name] for name in term.variables})
    assert eval(text, {"pump": pump, "Mode": Mode}) is meant


def test_a_comparison_reads_as_people_write_it() -> None:
    a, b = LEAVES["a"], LEAVES["b"]
    assert written(less_or_equal(add(a, integer(1)), b), NAMES) == "pump.a < pump.b"
    assert written(negate(less_or_equal(a, b)), NAMES) == "pump.b < pump.a"
    assert written(less_or_equal(a, integer(3)), NAMES) == "pump.a <= 3"
    assert written(negate(less_or_equal(a, integer(0))), NAMES) == "pump.a > 0"
    assert written(negate(equal(LEAVES["mode"], integer(1))), NAMES) == "pump.mode is not Mode.OFF"


def test_what_is_not_simple_is_not_proposed() -> None:
    assert written(less_or_equal(floor_divide(LEAVES["a"], 3), integer(1)), NAMES) is None
