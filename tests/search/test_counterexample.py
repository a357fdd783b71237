"""From a property that could not be proved to a run that breaks it."""

import bolus_pump
import pytest
import timer_pump

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Situation
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search import counterexample
from pumpproof.verify.search.counterexample import BOUNDED, GUIDED, KNOWN_RUN, find_counterexamples
from pumpproof.verify.search.guided import Exploration
from pumpproof.verify.search.run import Run


def exploration(*runs: Run) -> Exploration:
    """An exploration that knows these runs."""
    return Exploration({f"MDL-CLOCK-{i:03}": run for i, run in enumerate(runs)}, {}, {}, {}, {}, (), 0, 0)


def search(known: Property, *runs: Run, limits: timer_pump.Limits | None = None) -> Counterexample | None:
    """Look for a run of the timer pump that breaks a property."""
    situation = None if limits is None else Situation("", "", limits, None, None, ())
    symbolic = SymbolicSystem(timer_pump.SYSTEM)
    found = find_counterexamples(symbolic, {known.id: situation}, exploration(*runs), steps=15_000)
    return found.get(known.id)


def test_a_short_counterexample_is_known_to_be_shortest() -> None:
    found = search(timer_pump.within_limit)
    assert found is not None
    assert (found.found_by, found.shortest, len(found.run)) == (BOUNDED, True, 1)


def test_a_known_run_is_shortest_where_every_shorter_length_is_impossible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = search(timer_pump.within_limit)
    assert short is not None
    monkeypatch.setattr(counterexample, "MOST_LEAVES", 0)  # known runs come first
    found = search(timer_pump.within_limit, short.run)
    assert found is not None
    assert (found.found_by, found.shortest, len(found.run)) == (KNOWN_RUN, True, 1)


def test_a_long_wait_is_found_with_the_limits_of_the_situation() -> None:
    found = search(timer_pump.nothing_delivered, limits=timer_pump.Limits(5000))
    assert found is not None
    assert (found.found_by, found.shortest, len(found.run)) == (GUIDED, False, 3601)
    assert found.run.limits == timer_pump.Limits(5000)


def test_a_known_run_is_tried_and_cut_at_the_step_that_breaks_the_property() -> None:
    run = Run.of(timer_pump.LIMITS, [timer_pump.Started(7200), *[timer_pump.Tick()] * 4000])
    found = search(timer_pump.nothing_delivered, run)
    assert found is not None
    assert (found.found_by, found.shortest, len(found.run)) == (KNOWN_RUN, False, 3601)


def test_limits_that_are_not_valid_are_not_tried() -> None:
    assert search(timer_pump.rest_is_not_negative, limits=timer_pump.Limits(0)) is None


def test_nothing_is_claimed_of_a_property_that_holds() -> None:
    known = bolus_pump.pulses_are_conserved
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    assert find_counterexamples(symbolic, {known.id: None}, exploration(), steps=2_000) == {}
