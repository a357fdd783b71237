"""The BTOR2 export says what the running machine does within its bounds, to a reader who has nothing but the file."""

import re
from functools import cache
from pathlib import Path

import pytest
from btor2_file import Btor2File, Values, signed
from exported_names import named, named_event
from hypothesis import given
from models import loaded, model_files, system_of, verified
from syntax import INTEGERS, TRUTHS, Syntax, build, naive, symbol, syntaxes, values

from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.export.btor2 import WIDEST_BITS, UnusableWidth, btor2, default_width, width_needed
from pumpproof.verify.export.transitions import Transitions, Variable, transitions
from pumpproof.verify.logic.terms import (
    TRUE,
    Term,
    floor_divide,
    integer,
    is_known,
    remainder,
    scale,
    truth,
    variable,
)
from pumpproof.verify.proof.symbolic import SymbolicSystem

PROVED = model_files("proved")
_STEPS = 40
_WIDE = 32

Known = dict[str, int | bool]


def _symbolic(path: Path) -> tuple[SymbolicSystem, Transitions]:
    symbolic = SymbolicSystem(system_of(loaded(path)))
    return symbolic, transitions(symbolic, symbolic.system.properties)


@cache
def exported_model(path: Path, width: int) -> Btor2File:
    return Btor2File(btor2(*_symbolic(path), width))


def _bits(file: Btor2File, known: Known) -> Values:
    """Values in the bits and under the symbols of a file; a name of which the file does not speak is left out."""
    there = set(file.states.values()) | set(file.inputs.values())
    symbols = {name.replace(" ", "_"): int(value) for name, value in known.items()}
    return {one: value % (1 << file.width_of(one)) for one, value in symbols.items() if one in there}


def _numbers(file: Btor2File, states: Values, wanted: Known) -> Known:
    """What a file's states say, in the form of what is wanted."""
    return {
        name: bool(states[one]) if isinstance(value, bool) else signed(states[one], file.width_of(one))
        for name, value in wanted.items()
        for one in (name.replace(" ", "_"),)
    }


@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_a_step_of_the_file_is_the_step_of_the_machine(path: Path) -> None:
    file, system = exported_model(path, _WIDE), system_of(loaded(path))
    runs = [row.reached for row in verified(path).rows if row.reached is not None]
    assert any(run.events() for run in runs)
    for run in runs:
        machine, limits = Machine(system, run.limits), named(run.limits, "limits")
        for _, taken in zip(range(_STEPS), (machine.step(one) for one in run.events()), strict=False):
            before = {
                "allowed": True,
                "fits": True,
                "defined": True,
                **limits,
                **named(taken.before, "before"),
            }
            known = file.values(_bits(file, before), _bits(file, named_event(system, taken.event)))
            wanted = {
                "allowed": True,
                "fits": True,
                "defined": True,
                **limits,
                **named(taken.after, "before"),
            }
            assert file.broken(known) == []
            assert _numbers(file, file.after(known), wanted) == wanted


@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_the_first_state_is_the_one_in_which_the_machine_begins_and_no_other(path: Path) -> None:
    file, system = exported_model(path, _WIDE), system_of(loaded(path))
    limits = next(row.reached.limits for row in verified(path).rows if row.reached is not None)
    initial = {name: value for name, value in _initial(path).items() if not name.startswith("before.")}
    state = named(Machine(system, limits).state, "before")
    begun = {"first": 1, "allowed": 1, "fits": 1, **_bits(file, initial | named(limits, "limits") | state)}
    assert file.begins(begun)
    for name in (*state, "defined", "first", "allowed", "fits"):
        assert not file.begins(begun | {name: begun[name] ^ 1})


def _initial(path: Path) -> Known:
    """What variables are in the first state, of those of which that is known."""
    starts = {one.name.name: one.initial for one in _symbolic(path)[1].variables}
    return {name: term.integer for name, term in starts.items() if is_known(term)}


def _function(term: Term, width: int) -> Btor2File:
    """The file of a system that steps from any x, y, z, p and q to the value of a term, which is its state `result`."""
    start = integer(0) if term.sort == "Int" else truth(False)
    inputs = tuple(symbol(name) for name in (*INTEGERS, *TRUTHS))
    result = Variable(variable("result", term.sort), start, term)
    system = Transitions((), TRUE, inputs, TRUE, (result,), ())
    symbolic = SymbolicSystem(system_of(loaded(PROVED[0])))
    return Btor2File(btor2(symbolic, system, max(width, width_needed(system))))


@given(syntaxes, values)
def test_every_operator_gives_what_python_gives(syntax: Syntax, known: Known) -> None:
    term, value = build(syntax), naive(syntax, known)
    file = _function(term, WIDEST_BITS)
    after = file.after(file.values({"fits": 1}, _bits(file, known)))
    assert after["fits"] == 1
    assert _numbers(file, after, {"result": value}) == {"result": value}


@given(syntaxes, values)
def test_no_operation_overflows_and_a_value_that_does_not_fit_ends_the_run(
    syntax: Syntax, known: Known
) -> None:
    term, value = build(syntax), naive(syntax, known)
    file = _function(term, 6)
    width = file.width_of("x")
    after = file.after(file.values({"fits": 1}, _bits(file, known)))
    fits = term.sort == "Bool" or -(1 << (width - 1)) <= value < 1 << (width - 1)
    assert after["fits"] == int(fits)
    assert not fits or _numbers(file, after, {"result": value}) == {"result": value}


@pytest.mark.parametrize("value", [-32, -31, -8, -7, -6, -1, 0, 1, 6, 7, 31])
@pytest.mark.parametrize("divisor", [2, 3, 4, 7, 31])
def test_division_of_negatives_rounds_down(value: int, divisor: int) -> None:
    x = symbol("x")
    for term, expected in (
        (floor_divide(x, divisor), value // divisor),
        (remainder(x, divisor), value % divisor),
        (scale(-1, floor_divide(x, divisor)), -(value // divisor)),
        (floor_divide(floor_divide(x, divisor), 2), value // divisor // 2),
        (remainder(floor_divide(x, divisor), 3), value // divisor % 3),
    ):
        file = _function(term, 6)
        after = file.after(file.values({"fits": 1}, _bits(file, {"x": value})))
        assert _numbers(file, after, {"result": expected}) == {"result": expected}


def test_a_run_ends_with_the_first_event_that_is_not_allowed() -> None:
    file = exported_model(PROVED[0], _WIDE)
    events = len(system_of(loaded(PROVED[0])).events)
    known = file.values({"allowed": 1}, {"event": events})
    assert file.after(known)["allowed"] == 0
    known = file.values(file.after(known), {})
    assert "allowed" in file.broken(known)
    assert file.after(known)["allowed"] == 0


def test_the_head_of_the_file_says_how_far_a_proof_goes() -> None:
    head = " ".join(
        line.removeprefix("; ")
        for line in exported_model(PROVED[0], 13).text.splitlines()
        if line.startswith(";")
    )
    assert "every integer variable" in head
    assert "has 13 bits in two's complement, -4096 to 4095" in head
    assert "proved of all runs in which each of them fits at all times, and of no others" in head


def test_the_width_that_is_chosen_holds_every_number_of_the_system_and_one_bit_more() -> None:
    symbolic, system = _symbolic(PROVED[0])
    chosen = re.search(r"has (\d+) bits", btor2(symbolic, system).replace("\n; ", " "))
    assert chosen is not None
    assert int(chosen[1]) == default_width(system) == width_needed(system) + 1


@pytest.mark.parametrize("wrong", [-1, WIDEST_BITS + 1])
def test_a_width_that_can_not_be_used_is_refused_with_those_that_can(wrong: int) -> None:
    symbolic, system = _symbolic(PROVED[0])
    needed = width_needed(system)
    width = needed - 1 if wrong < 0 else wrong
    message = (
        f"a width of {width} bits can not be used: system {symbolic.system.name} speaks of numbers that need "
        f"{needed} bits, and {WIDEST_BITS} are the most; choose one from {needed} to {WIDEST_BITS}"
    )
    with pytest.raises(UnusableWidth, match=f"^{re.escape(message)}$"):
        btor2(symbolic, system, width)


def test_the_reference_pump_is_exported_whole_and_always_in_the_same_words() -> None:
    symbolic = SymbolicSystem(REFERENCE_PUMP)
    system = transitions(symbolic, REFERENCE_PUMP.properties)
    file = Btor2File(btor2(symbolic, system))
    assert list(file.bad) == ["defined", "typed", *(one.id for one in REFERENCE_PUMP.properties)]
    assert len(set(file.states.values())) == len(file.states)
    assert file.text == btor2(SymbolicSystem(REFERENCE_PUMP), system)
