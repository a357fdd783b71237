"""Formulas of a step are shared by steps in which they read the same, and are what they would be by themselves."""

from functools import cache

import bolus_pump
import pytest
import sample_pump

from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import SymbolicSystem

SYSTEMS = (bolus_pump.SYSTEM, sample_pump.SYSTEM, REFERENCE_PUMP)
of_each_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)


@cache
def obligations_of(system: System) -> Obligations:
    return Obligations(SymbolicSystem(system))


@of_each_system
def test_a_claim_about_a_step_is_the_one_made_for_this_step_alone(system: System) -> None:
    obligations = obligations_of(system)
    symbolic = obligations.symbolic
    for known in system.properties:
        event = symbolic.binding(known).event if known.kind is Kind.STEP else None
        for arrow in symbolic.arrows if known.kind is Kind.STEP else ():
            if event in (None, arrow.event_type):
                shared, alone = obligations.step_claim(known, arrow), symbolic.claim(known, arrow=arrow)
                assert (shared.holds, shared.when, shared.witness) == (alone.holds, alone.when, alone.witness)
                assert [one.holds for one in shared.demands] == [one.holds for one in alone.demands]


@of_each_system
def test_a_record_after_a_step_is_the_one_made_for_this_step_alone(system: System) -> None:
    symbolic = obligations_of(system).symbolic
    for observer in system.observers:
        for arrow in symbolic.arrows:
            alone = SymbolicSystem(system, symbolic.reader)
            shared = symbolic.ghost_after(arrow, observer.record)
            found = alone.ghost_after(arrow, observer.record)
            assert list(leaves(shared[0])) == list(leaves(found[0]))
            assert [one.holds for one in shared[1]] == [one.holds for one in found[1]]


def test_steps_in_which_a_claim_reads_the_same_share_it() -> None:
    obligations = obligations_of(REFERENCE_PUMP)
    symbolic = obligations.symbolic
    known = REFERENCE_PUMP.property_named("INV-DOSE-001")
    claims = {id(obligations.step_claim(known, arrow)) for arrow in symbolic.arrows}
    outputs = {tuple(leaves(arrow.outputs))[:4] for arrow in symbolic.arrows}
    assert len(claims) == len(outputs) < len(symbolic.arrows)
