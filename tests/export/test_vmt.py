"""The VMT-LIB export says what the running machine does, to a reader who has nothing but the file."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
import z3
from exported_names import event, named, named_event, record
from models import loaded, model_files, system_of, verdict_of, verified
from vmt_file import VmtFile
from vmt_induction import HOW_TO_INSTALL, SOLVER, VmtInduction

from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.export.transitions import transitions
from pumpproof.verify.export.vmt import vmt
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.search.replay import replay
from pumpproof.verify.search.run import Run

PROVED, REFUTED, REJECTED = (model_files(verdict) for verdict in ("proved", "refuted", "rejected"))
_STEPS = 40


def exported(system: System) -> VmtFile:
    symbolic = SymbolicSystem(system)
    return VmtFile(vmt(symbolic, transitions(symbolic, system.properties)))


@cache
def exported_model(path: Path) -> VmtFile:
    return exported(system_of(loaded(path)))


def _given(file: VmtFile, values: Mapping[str, int | bool]) -> list[z3.BoolRef]:
    return [file.variables[name] == value for name, value in values.items()]


@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_a_step_of_the_file_is_the_step_of_the_machine_and_no_other(path: Path) -> None:
    file, system = exported_model(path), system_of(loaded(path))
    runs = [row.reached for row in verified(path).rows if row.reached is not None]
    assert runs
    solver = z3.Solver()
    solver.add(file.trans, file.variables["defined"])
    for run in runs:
        machine = Machine(system, run.limits)
        for _, taken in zip(range(_STEPS), (machine.step(one) for one in run.events()), strict=False):
            after = {file.next[name]: value for name, value in named(taken.after, "before").items()}
            solver.push()
            solver.add(
                *_given(file, named(taken.before, "before")), *_given(file, named(run.limits, "limits"))
            )
            solver.add(*_given(file, named_event(system, taken.event)))
            same = z3.And(*_given(file, after), file.variables["defined.next"])
            assert solver.check(same) == z3.sat
            assert solver.check(z3.Not(same)) == z3.unsat
            solver.pop()


@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_the_file_begins_where_the_machine_begins(path: Path) -> None:
    file, system = exported_model(path), system_of(loaded(path))
    limits = next(row.reached.limits for row in verified(path).rows if row.reached is not None)
    solver = z3.Solver()
    solver.add(file.init, *_given(file, named(limits, "limits")))
    begins = z3.And(*_given(file, named(Machine(system, limits).state, "before")), file.variables["defined"])
    assert solver.check(begins) == z3.sat
    assert solver.check(z3.Not(begins)) == z3.unsat


SHORT = [path for path in REFUTED if path.stem != "slow_counter"]
"""What goes wrong within a few steps; the other one needs a run of real length."""


@pytest.mark.parametrize("path", SHORT, ids=lambda path: path.stem)
def test_a_violation_found_in_the_file_happens_in_the_running_machine(path: Path) -> None:
    file, system = exported_model(path), system_of(loaded(path))
    subject = str(loaded(path).SUBJECT)
    found = file.violation(subject, 8)
    assert found is not None
    model, steps = found

    def value_at(moment: int) -> Callable[[str], int | bool]:
        return lambda name: file.value(model, name, moment)

    limits = record(system.limits, "limits", value_at(0))
    run = Run.of(limits, [event(system, value_at(moment)) for moment in range(steps)])
    openings = tuple(
        (one.name, moment + 1)
        for moment in range(steps)
        for one in system.observers
        if f"open {one.name!r}" in file.inputs and value_at(moment)(f"open {one.name!r}")
    )
    result = replay(system, run, openings=openings)
    assert {one.step_number for one in result.violations if one.property_id == subject} == {steps}


@pytest.mark.parametrize("name", ["two_rows_at_once", "no_row_at_all", "index_out_of_range"])
def test_a_step_that_the_table_or_the_code_does_not_define_breaks_the_first_property(name: str) -> None:
    (path,) = (one for one in REJECTED if one.stem == name)
    file = exported_model(path)
    assert next(iter(file.properties)) == "defined"
    assert file.violation("defined", 8) is not None


@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_what_is_proved_has_no_violation_within_a_few_steps_of_the_file(path: Path) -> None:
    file = exported_model(path)
    for identifier in file.properties:
        if identifier not in ("defined", "typed"):
            assert verdict_of(verified(path), identifier) is Verdict.PROVED
        assert file.violation(identifier, 3) is None


def test_the_reference_pump_is_exported_whole_and_always_in_the_same_words() -> None:
    file = exported(REFERENCE_PUMP)
    assert list(file.properties) == ["defined", "typed", *(one.id for one in REFERENCE_PUMP.properties)]
    assert file.text == exported(REFERENCE_PUMP).text
    limits = [name for name in file.variables if name.startswith("limits.") and name in file.next]
    assert len(limits) == len(fields(REFERENCE_PUMP.limits))
    assert [name for name in file.inputs if name.startswith("open ")] == [
        f"open {one.name!r}" for one in REFERENCE_PUMP.observers if one.arbitrary_start
    ]


@pytest.mark.skipif(SOLVER is None, reason=f"not installed: yices-smt2; {HOW_TO_INSTALL}")
@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_another_solver_proves_the_file_by_induction(path: Path) -> None:
    text = exported_model(path).text
    assert VmtInduction(text, 60).proved() == exported_model(path).ids


@pytest.mark.skipif(SOLVER is None, reason=f"not installed: yices-smt2; {HOW_TO_INSTALL}")
@pytest.mark.parametrize("path", REFUTED, ids=lambda path: path.stem)
def test_another_solver_does_not_prove_what_is_refuted(path: Path) -> None:
    assert str(loaded(path).SUBJECT) not in VmtInduction(exported_model(path).text, 60).proved()
