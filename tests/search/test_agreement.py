"""The formulas of a step agree with the running machine, and a formula that does not is a fault of the tool."""

from dataclasses import replace

import bolus_pump
import pytest

from pumpproof.verify.logic.terms import FALSE, add, integer
from pumpproof.verify.logic.values import RecordValue
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem
from pumpproof.verify.search.agreement import compare_with_runs
from pumpproof.verify.search.guided import explore, explore_system
from pumpproof.verify.search.replay import ReplayMismatch

SYMBOLIC = SymbolicSystem(bolus_pump.SYSTEM)
REACHED = explore(SYMBOLIC, bolus_pump.LIMITS).reached


def with_arrow(changed: Arrow, instead_of: Arrow) -> SymbolicSystem:
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    arrows = tuple(changed if arrow.name == instead_of.name else arrow for arrow in symbolic.arrows)
    symbolic.__dict__["arrows"] = arrows
    return symbolic


def test_every_arrow_agrees_with_the_machine() -> None:
    assert set(compare_with_runs(SYMBOLIC, REACHED)) == {arrow.name for arrow in SYMBOLIC.arrows}


def test_a_guard_that_the_formula_has_wrong_is_noticed() -> None:
    arrow = SYMBOLIC.arrows[0]
    with pytest.raises(ReplayMismatch, match="but by its formula it may not"):
        compare_with_runs(with_arrow(replace(arrow, guard=FALSE), arrow), REACHED)


def test_a_witness_that_breaks_its_own_property_is_marked() -> None:
    first, *others = bolus_pump.SYSTEM.properties
    never = replace(first, claim=never_true, when=None)
    found = explore_system(replace(bolus_pump.SYSTEM, properties=(never, *others)), bolus_pump.LIMITS)
    assert found.broken_by_witness == {first.id}


def never_true() -> bool:
    return False


def test_outputs_that_the_formula_has_wrong_are_noticed() -> None:
    arrow = SYMBOLIC.arrows[0]
    pulses = arrow.outputs.fields["drive_pulses"]
    outputs = RecordValue(
        arrow.outputs.type,
        arrow.outputs.fields | {"drive_pulses": add(pulses, integer(1))},  # type: ignore[arg-type]
    )
    with pytest.raises(ReplayMismatch, match="gives other outputs than the machine"):
        compare_with_runs(with_arrow(replace(arrow, outputs=outputs), arrow), REACHED)
