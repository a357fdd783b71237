"""Every function of the reference pump means the same when it runs, as a tree, and as the terms that are proved."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pump_bench import SMALL
from readings import UNDEFINED, Readings, Situation, Use, situations, uses

from pumpproof.spec.kernel.binding import Slot
from pumpproof.spec.pump.events import BolusRequested, Tick
from pumpproof.spec.pump.limits import PROFILES, Limits
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.state import PULSE, Pump
from pumpproof.statemachine.pump.bolus import refuse_bolus
from pumpproof.statemachine.pump.delivery import deliver
from pumpproof.statemachine.pump.initial import initial
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.logic.terms import less_or_equal
from pumpproof.verify.search.guided import Goals, explore_system
from pumpproof.verify.search.replay import arrow_names

USES = uses(SYSTEM)
READER = Reader()
EXAMPLES = 30


@cache
def known_situations() -> tuple[Situation, ...]:
    """The steps of short runs that take every arrow, for the limits of a device and for very small ones."""
    goals = Goals(tuple(arrow_names(SYSTEM).values()))
    found: list[Situation] = []
    for limits in (SMALL, PROFILES.load_profile("reference-bench").limits()):
        for run in explore_system(SYSTEM, limits, goals, steps=20_000).reached.values():
            found += situations(SYSTEM, run)
    return tuple(found)


def use_of(function: Callable[..., Any]) -> Use:
    return next(use for use in USES if use.function is function)


def compare_on_generated_arguments(readings: Readings, examples: int = EXAMPLES) -> None:
    bases = [one for one in known_situations() if readings.has_arguments(one)]
    assert bases, "no run has arguments for this function"
    change = st.tuples(st.integers(0, readings.ways - 1), st.integers(0, 60), st.integers(0, 999))

    @seed(0)
    @settings(max_examples=examples, database=None, deadline=None)
    @given(st.integers(0, len(bases) - 1), st.lists(change, max_size=8))
    def agree(number: int, changes: list[tuple[int, int, int]]) -> None:
        readings.compare(readings.changed(readings.arguments(bases[number]), changes))

    agree()


@pytest.mark.parametrize("use", USES, ids=lambda use: use.name)
def test_all_readings_of_a_function_agree(use: Use) -> None:
    compare_on_generated_arguments(Readings(use, READER))


@pytest.mark.parametrize("slot", [-(10**9), -1, 48, 10**9])
def test_all_readings_agree_that_an_index_beyond_the_tuple_has_no_value(slot: int) -> None:
    readings = Readings(use_of(deliver), READER)
    situation = {
        (Slot.STATE, Pump): initial(SMALL),
        (Slot.EVENT, Tick): Tick(slot, 0, False),
        (Slot.LIMITS, Limits): SMALL,
    }
    assert readings.compare(readings.arguments(situation)) is UNDEFINED


@pytest.mark.parametrize("slot", [0, 47])
def test_all_readings_agree_on_the_first_and_the_last_item_of_a_tuple(slot: int) -> None:
    rates = tuple(PULSE + item for item in range(48))
    readings = Readings(use_of(deliver), READER)
    unused = initial(SMALL)
    basal = replace(unused.basal, programme_millipulses_per_h=rates)
    pump = replace(unused, basal=basal, reservoir=replace(unused.reservoir, pulses=3))
    situation = {
        (Slot.STATE, Pump): pump,
        (Slot.EVENT, Tick): Tick(slot, 0, False),
        (Slot.LIMITS, Limits): SMALL,
    }
    step = readings.compare(readings.arguments(situation))
    assert step.state.basal.accumulator == slot
    assert replace(step.outputs, signal=Outputs().signal) == Outputs(drive_pulses=1, basal_pulses=1)


def refuse_one_more(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
    return refuse_bolus(pump, event, replace(limits, max_bolus_pulses=limits.max_bolus_pulses - 1))


def test_a_tree_that_is_wrong_at_the_limit_alone_is_noticed() -> None:
    readings = Readings(use_of(refuse_bolus), READER, read_as=READER.read(refuse_one_more))
    with pytest.raises(
        AssertionError, match=r"plain execution gives <Reason.*, the tree <Reason.OUT_OF_RANGE"
    ):
        compare_on_generated_arguments(readings, examples=500)


def test_a_strict_comparison_translated_as_a_weak_one_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pumpproof.verify.logic.translate.less", less_or_equal)
    with pytest.raises(AssertionError, match=r"the tree gives <Reason.*, the terms <Reason"):
        compare_on_generated_arguments(Readings(use_of(refuse_bolus), READER))
