"""Of the runs of the shortest length the plainest is shown, and the same one each time."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import bolus_pump
import pytest
import timer_pump

from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search import plainest
from pumpproof.verify.search.bounded import BoundedSearch, search_bounded, violation_of
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.counterexample import BOUNDED, find_counterexamples
from pumpproof.verify.search.guided import Exploration
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import VIOLATION, Found, Shortener
from pumpproof.verify.search.stepper import Specification, Stepper

BOLUS = bolus_pump.BOLUS


@step_property("INV-BOLUS-911", says="No bolus of more than two pulses starts.", formalizes=(BOLUS,))
def small_boluses(before: bolus_pump.Pump, after: bolus_pump.Pump) -> bool:
    return after.remaining_pulses <= 2 or before.remaining_pulses > 0


@invariant("INV-BOLUS-912", says="The reservoir never loses a pulse.", formalizes=(BOLUS,))
def reservoir_stays(pump: bolus_pump.Pump, limits: bolus_pump.Limits) -> bool:
    return pump.reservoir_pulses == limits.reservoir_pulses


FAULTY: System = replace(bolus_pump.SYSTEM, properties=(small_boluses, reservoir_stays))


def found(identifier: str, limits: object = None) -> Run:
    search = BoundedSearch(
        SymbolicSystem(FAULTY), violation_of(FAULTY.property_named(identifier)), limits=limits
    )
    run = search.up_to(4)
    assert run is not None
    assert run.shortest
    return run.run


def test_payloads_and_limits_are_the_smallest_that_break_it() -> None:
    run = found("INV-BOLUS-911")
    (event,) = run.events()
    assert event == bolus_pump.BolusRequested(3)
    assert run.limits == bolus_pump.Limits(max_bolus_pulses=3, reservoir_pulses=3)


def test_limits_that_are_given_are_taken_where_a_run_can_have_them() -> None:
    assert found("INV-BOLUS-911", bolus_pump.LIMITS).limits == bolus_pump.LIMITS
    too_small = bolus_pump.Limits(max_bolus_pulses=2, reservoir_pulses=5)
    assert found("INV-BOLUS-911", too_small).limits != too_small


def test_no_event_interferes_that_need_not_be_there() -> None:
    kinds = [type(event).__name__ for event in found("INV-BOLUS-912").events()]
    assert kinds == ["BolusRequested", "Tick"]


def test_without_a_budget_a_run_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plainest, "BUDGET", -1)
    assert len(found("INV-BOLUS-911")) == 1


@lemma("INV-BOLUS-921", says="What is left of a bolus is never negative.")
def never_negative(pump: bolus_pump.Pump) -> bool:
    return pump.remaining_pulses >= 0


@lemma("INV-BOLUS-922", says="No bolus is ever left, which is false.")
def nothing_is_left(pump: bolus_pump.Pump) -> bool:
    return pump.remaining_pulses == 0


def test_an_invariant_that_holds_takes_no_run_away_and_one_that_is_named_is_relied_on() -> None:
    properties = (small_boluses, reservoir_stays, never_negative, nothing_is_left)
    symbolic = SymbolicSystem(replace(bolus_pump.SYSTEM, properties=properties))
    for known in (small_boluses, reservoir_stays):
        with_lemma = BoundedSearch(symbolic, violation_of(known), lemmas=(never_negative.id,)).up_to(4)
        assert with_lemma is not None
        assert with_lemma == search_bounded(symbolic, violation_of(known), depth=4)
        assert BoundedSearch(symbolic, violation_of(known), lemmas=(nothing_is_left.id,)).up_to(4) is None


def test_a_run_that_was_found_otherwise_gives_way_to_a_shorter_one() -> None:
    known = timer_pump.within_limit
    waits = Run.of(
        timer_pump.LIMITS, [*[timer_pump.Tick()] * 30, timer_pump.Started(7200), timer_pump.Tick()]
    )
    exploration = Exploration({"MDL-CLOCK-001": waits}, {}, {}, {}, {}, (), 0, 0)
    one = find_counterexamples(SymbolicSystem(timer_pump.SYSTEM), {known.id: None}, exploration)[known.id]
    assert (one.found_by, one.shortest, len(one.run)) == (BOUNDED, True, 1)


def test_a_long_run_keeps_its_length_and_loses_what_is_too_great() -> None:
    system = timer_pump.SYSTEM
    shortener = Shortener(
        Stepper(system, timer_pump.LIMITS), Specification(system, timer_pump.LIMITS), budget=200_000
    )
    known = timer_pump.nothing_delivered
    great = Found(
        VIOLATION, known.id, (Stretch(timer_pump.Started(7200), 1), Stretch(timer_pump.Tick(), 3600))
    )
    plain = shortener.plainer(great, 200_000)
    (start, waits) = plain.script
    assert isinstance(start, Stretch)
    assert (start.event, waits) == (timer_pump.Started(3600), Stretch(timer_pump.Tick(), 3600))
    (confirmed,) = confirm(system, timer_pump.LIMITS, [plain])
    assert len(confirmed.run) == 3601


def test_the_same_run_is_shown_whatever_the_seed_of_hashes() -> None:
    program = "from test_plainest import found\nprint(found('INV-BOLUS-911'), found('INV-BOLUS-912'))\n"
    here = Path(__file__).resolve().parent
    paths = os.pathsep.join([str(here), *(path for path in sys.path if path)])
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
