"""Bounded search finds a shortest run, says so only when it is known, and gives up by budget."""

from dataclasses import replace

import bolus_pump
import pytest
import timer_pump

from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search import confirm as confirming
from pumpproof.verify.search.bounded import arrow_named, search_bounded, violation_of, witness_of
from pumpproof.verify.search.replay import Replay, ReplayMismatch, arrow_names, replay

BOLUS = bolus_pump.BOLUS


@invariant("INV-BOLUS-901", says="Two pulses never leave the reservoir.", formalizes=(BOLUS,))
def two_pulses_never_leave(pump: bolus_pump.Pump, limits: bolus_pump.Limits) -> bool:
    return pump.reservoir_pulses > limits.reservoir_pulses - 2


@invariant("INV-BOLUS-902", says="No two seconds hold two pulses.", formalizes=(BOLUS,))
def window_is_too_tight(window: bolus_pump.Window) -> bool:
    return window.age_s != 2 or window.delivered_pulses != 2


@step_property("INV-BOLUS-903", says="A bolus is below the limit.", formalizes=(BOLUS,))
def bolus_below_limit(
    after: bolus_pump.Pump, event: bolus_pump.BolusRequested, limits: bolus_pump.Limits
) -> bool:
    return after.remaining_pulses < limits.max_bolus_pulses


FAULTY: System = replace(
    bolus_pump.SYSTEM, properties=(two_pulses_never_leave, window_is_too_tight, bolus_below_limit)
)


def test_the_shortest_run_that_breaks_an_invariant_is_found_and_known_to_be_shortest() -> None:
    found = search_bounded(SymbolicSystem(FAULTY), violation_of(two_pulses_never_leave))
    assert found is not None
    assert found.shortest
    assert len(found.run) == 3
    broken = {violation.property_id for violation in replay(FAULTY, found.run).violations}
    assert "INV-BOLUS-901" in broken


def test_an_observer_that_opens_late_is_found_with_its_opening() -> None:
    found = search_bounded(SymbolicSystem(FAULTY), violation_of(window_is_too_tight))
    assert found is not None
    assert found.shortest
    replayed = replay(FAULTY, found.run, openings=found.openings, only=("INV-BOLUS-902",))
    assert replayed.violations[-1].step_number == len(found.run) == 3


def test_a_step_property_is_broken_at_the_boundary() -> None:
    found = search_bounded(SymbolicSystem(FAULTY), violation_of(bolus_below_limit))
    assert found is not None
    assert len(found.run) == 1
    (event,) = found.run.events()
    assert isinstance(event, bolus_pump.BolusRequested)
    assert isinstance(found.run.limits, bolus_pump.Limits)
    assert event.pulses == found.run.limits.max_bolus_pulses


@pytest.mark.parametrize("name", arrow_names(bolus_pump.SYSTEM).values())
def test_every_arrow_is_reached(name: str) -> None:
    found = search_bounded(SymbolicSystem(bolus_pump.SYSTEM), arrow_named(name), depth=3)
    assert found is not None
    assert found.shortest


def test_a_witness_is_found() -> None:
    known = bolus_pump.bolus_within_limit
    found = search_bounded(SymbolicSystem(bolus_pump.SYSTEM), witness_of(known), depth=3)
    assert found is not None
    assert len(found.run) == 1


def test_nothing_is_found_where_the_property_holds() -> None:
    known = bolus_pump.pulses_are_conserved
    assert search_bounded(SymbolicSystem(bolus_pump.SYSTEM), violation_of(known), depth=5) is None


def test_a_wait_beyond_the_depth_is_not_found() -> None:
    known = timer_pump.nothing_delivered
    assert search_bounded(SymbolicSystem(timer_pump.SYSTEM), violation_of(known), depth=5) is None


def test_an_unknown_at_a_shorter_length_takes_shortest_away(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Solver.check
    asked: list[Answer] = []

    def first_gives_up(self: Solver, terms: object, ask: object = ()) -> Reply:
        reply = check(self, terms, ask)  # type: ignore[arg-type]
        asked.append(reply.answer)
        return Reply(Answer.UNKNOWN, {}, "budget") if len(asked) == 1 else reply

    monkeypatch.setattr(Solver, "check", first_gives_up)
    found = search_bounded(SymbolicSystem(FAULTY), violation_of(two_pulses_never_leave))
    assert found is not None
    assert not found.shortest


def test_a_find_that_does_not_replay_is_a_fault_of_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    def shows_nothing(*_: object, **__: object) -> Replay:
        return Replay((), (), {})

    monkeypatch.setattr(confirming, "replay", shows_nothing)
    with pytest.raises(ReplayMismatch, match="violation INV-BOLUS-901: a search found it after 3 events"):
        search_bounded(SymbolicSystem(FAULTY), violation_of(two_pulses_never_leave))
