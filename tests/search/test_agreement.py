"""The formulas of a step agree with the running machine, and a formula that does not is a fault of the tool."""

from dataclasses import replace

import bolus_pump
import pytest

from pumpproof.verify.logic.terms import FALSE, add, integer
from pumpproof.verify.logic.values import RecordValue
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem
from pumpproof.verify.search.agreement import compare_with_runs
from pumpproof.verify.search.guided import explore
from pumpproof.verify.search.replay import ReplayMismatch

SYMBOLIC = SymbolicSystem(bolus_pump.SYSTEM)
REACHED = explore(SYMBOLIC, bolus_pump.LIMITS).reached


def with_arrow(changed: Arrow, instead_of: Arrow) -> SymbolicSystem:
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    arrows = tuple(changed if arrow.name == instead_of.name else arrow for arrow in symbolic.arrows)
    symbolic.__dict__["arrows"] = arrows
    return symbolic


def test_every_arrow_agrees_with_the_machine() -> None:
    assert compare_with_runs(SYMBOLIC, REACHED) == len(SYMBOLIC.arrows)


def test_a_guard_that_the_formula_has_wrong_is_noticed() -> None:
    arrow = SYMBOLIC.arrows[0]
    with pytest.raises(ReplayMismatch, match="but by its formula it may not"):
        compare_with_runs(with_arrow(replace(arrow, guard=FALSE), arrow), REACHED)


def test_outputs_that_the_formula_has_wrong_are_noticed() -> None:
    arrow = SYMBOLIC.arrows[0]
    pulses = arrow.outputs.fields["drive_pulses"]
    outputs = RecordValue(
        arrow.outputs.type,
        arrow.outputs.fields | {"drive_pulses": add(pulses, integer(1))},  # type: ignore[arg-type]
    )
    with pytest.raises(ReplayMismatch, match="gives other outputs than the machine"):
        compare_with_runs(with_arrow(replace(arrow, outputs=outputs), arrow), REACHED)
