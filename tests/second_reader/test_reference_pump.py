"""Both readers read the whole reference pump alike, and a fault in either is found."""

from typing import Any

import pytest

from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.definitions import compare_definitions
from pumpproof.verify.equality import Agreement
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.readings import compare_readings, read_everything
from pumpproof.verify.second_reader import SecondReading, expression, read_system


@pytest.fixture(scope="module")
def symbolic() -> SymbolicSystem:
    made = SymbolicSystem(SYSTEM)
    read_everything(made.reader, SYSTEM)
    return made


@pytest.fixture(scope="module")
def second() -> SecondReading:
    return read_system(SYSTEM)


def test_every_function_is_read_alike(symbolic: SymbolicSystem) -> None:
    rows = compare_readings(symbolic.reader, inputs=2)
    assert len(rows) == len(symbolic.reader.functions()) > 250
    assert [row for row in rows if row.verdict is not Agreement.EQUAL] == []
    assert all(row.paths > 0 for row in rows)
    assert max(row.paths for row in rows) < 1_000


def test_every_definition_of_the_system_is_read_alike(
    symbolic: SymbolicSystem, second: SecondReading
) -> None:
    rows = compare_definitions(symbolic, second)
    assert [row for row in rows if row.verdict is not Agreement.EQUAL] == []
    assert sum(row.definitions for row in rows) == len(second.names) > 20_000


def test_the_definitions_are_terms_of_smtlib_over_the_declared_variables(second: SecondReading) -> None:
    import z3

    names = [name for name in second.names if not name.startswith(("after", "ghost"))]
    declared = "".join(f"(declare-const |{name}| {sort})\n" for name, sort in second.variables.items())
    sorts = {name: second.expression(name).sort for name in names}
    defined = "".join(f"(define-fun |{name}| () {sorts[name]} {second.smtlib(name)})\n" for name in names)
    solver = z3.SimpleSolver()
    solver.from_string(declared + defined)
    assert solver.check() == z3.sat


def test_two_readings_of_a_system_give_the_same_text(second: SecondReading) -> None:
    again = read_system(SYSTEM)
    assert again.names == second.names
    assert all(again.smtlib(name) == second.smtlib(name) for name in second.names[::97])


def different(symbolic: SymbolicSystem, inputs: int) -> list[str]:
    rows = compare_readings(symbolic.reader, inputs=inputs)
    return [row.function for row in rows if row.verdict is Agreement.DIFFERENT and row.input]


def without_the_last(terms: Any) -> Any:
    from pumpproof.verify.logic.terms import all_of

    return all_of(tuple(terms)[:-1])


@pytest.mark.parametrize("inputs", [0, 24], ids=["by proof", "by running"])
def test_a_reader_1_that_drops_a_conjunct_is_found(
    symbolic: SymbolicSystem, inputs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pumpproof.verify.logic.translate.all_of", without_the_last)
    assert "pumpproof.statemachine.pump.basal.is_basal_rate" in different(symbolic, inputs)


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("proxies.below", "at_most"),
        ("surroundings.conjunction", "disjunction"),
        ("shapes.if_else", "if_else"),
    ],
)
def test_a_reader_2_with_a_wrong_operation_is_found(
    symbolic: SymbolicSystem, place: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = getattr(expression, wrong)

    def swapped(condition: Any, then: Any, otherwise: Any) -> Any:
        return right(condition, otherwise, then)

    fault = swapped if wrong == "if_else" else right
    monkeypatch.setattr(f"pumpproof.verify.second_reader.{place}", fault)
    assert different(symbolic, 0)
