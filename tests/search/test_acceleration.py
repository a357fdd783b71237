"""A wait is calculated where it goes on as it begins; what is calculated counts after it was taken step by step."""

from dataclasses import replace
from typing import Any

import pytest
import timer_pump
from hypothesis import given, settings
from hypothesis import strategies as st
from timer_pump import Elapsed, Limits, Pump, Started, Tick

from pumpproof.spec.kernel.properties import invariant
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.logic.terms import (
    Term,
    add,
    all_of,
    any_of,
    choose,
    equal,
    floor_divide,
    integer,
    less_or_equal,
    negate,
    remainder,
    scale,
    values_of,
    variable,
)
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.acceleration import Acceleration, accelerate
from pumpproof.verify.search.aims import Formulas
from pumpproof.verify.search.archive import Node
from pumpproof.verify.search.guided import Goals, explore
from pumpproof.verify.search.pursuit import Pursuit
from pumpproof.verify.search.replay import replay
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import WITNESS, Shortener
from pumpproof.verify.search.stepper import Specification, Stepper

THREE_DAYS_S = 259_200


def three_days_have_run(elapsed: Elapsed) -> bool:
    return elapsed.seconds == THREE_DAYS_S


@invariant(
    "INV-CLOCK-005",
    says="A run of three days counts.",
    formalizes=("REQ-CLOCK-001",),
    when=three_days_have_run,
)
def three_days_count(pump: Pump, elapsed: Elapsed) -> bool:
    return elapsed.seconds > 0


SYSTEM: System = replace(timer_pump.SYSTEM, properties=(*timer_pump.SYSTEM.properties, three_days_count))
LIMITS = Limits(longest_run_s=300_000)


def pursuit_from_a_start(system: System = SYSTEM) -> tuple[Pursuit, Node]:
    """A solver to ask, and the situation after a start of a long run."""
    stepper, specification = Stepper(system, LIMITS), Specification(system, LIMITS)
    state = stepper.step(system.initial(LIMITS), Started(LIMITS.longest_run_s)).after
    node = Node(state, specification.opened(state, (0,)), None, None, 1)
    return Pursuit(Formulas(SymbolicSystem(system), LIMITS), stepper, specification), node


X, Y = variable("x", "Int"), variable("y", "Int")
SMALL = st.integers(-6, 6)
STEP: st.SearchStrategy[Term] = st.deferred(
    lambda: st.one_of(
        SMALL.map(lambda d: add(X, integer(d))),
        SMALL.map(lambda d: add(Y, integer(d))),
        SMALL.map(integer),
        st.tuples(SMALL, SMALL).map(lambda p: add(scale(p[0], X), scale(p[1], Y))),
        st.tuples(STEP, st.integers(1, 5)).map(lambda p: floor_divide(*p)),
        st.tuples(STEP, st.integers(1, 5)).map(lambda p: remainder(*p)),
        st.tuples(CONDITION, STEP, STEP).map(lambda p: choose(*p)),
    )
)
CONDITION: st.SearchStrategy[Term] = st.deferred(
    lambda: st.one_of(
        st.tuples(STEP, STEP).map(lambda p: less_or_equal(*p)),
        st.tuples(STEP, STEP).map(lambda p: equal(*p)),
        CONDITION.map(negate),
        st.tuples(CONDITION, CONDITION).map(all_of),
        st.tuples(CONDITION, CONDITION).map(any_of),
    )
)


@given(x=SMALL, y=SMALL, after_x=STEP, after_y=STEP, condition=CONDITION)
@settings(max_examples=100)
def test_what_is_calculated_is_what_steps_give(
    x: int, y: int, after_x: Term, after_y: Term, condition: Term
) -> None:
    far = accelerate({X: x, Y: y}, {}, {X: after_x, Y: after_y}, (condition,))
    now: dict[Term, int | bool] = {X: x, Y: y}
    for count in range(1, min(far.most, 40) + 1):
        next_x, next_y, taken = values_of((after_x, after_y, condition), now)
        assert taken
        now = {X: next_x, Y: next_y}
        assert far.after(count) == now
        formulas = far.at(integer(count))
        assert all(formulas[name] is integer(int(now[name])) for name in formulas)


def test_a_count_down_goes_on_until_the_comparison_that_ends_it() -> None:
    far = accelerate({X: 100, Y: 7}, {}, {X: add(X, integer(-3)), Y: Y}, (less_or_equal(integer(10), X),))
    assert (dict(far.changes), far.most) == ({X: -3}, 31)
    assert far.after(31) == {X: 7, Y: 7}


def test_three_days_are_reached_with_a_few_questions_and_hardly_a_step() -> None:
    pursuit, node = pursuit_from_a_start()
    (aim,) = pursuit.formulas.aims(WITNESS, "INV-CLOCK-005")
    plan = pursuit.waiting(aim, [node], Tick(), 1_000)
    assert plan is not None
    assert plan.parts == (Stretch(Tick(), THREE_DAYS_S),)
    assert pursuit.asked <= 5
    assert pursuit.spent < 500


def test_a_wait_stops_where_a_step_does_something_else() -> None:
    pursuit, node = pursuit_from_a_start()
    (aim,) = pursuit.formulas.aims(WITNESS, "INV-CLOCK-003")
    plan = pursuit.waiting(aim, [node], Tick(), 1_000)
    assert plan is not None
    assert plan.parts == (Stretch(Tick(), 3600),)


def test_the_event_that_follows_a_wait_is_found_with_it() -> None:
    pursuit, node = pursuit_from_a_start()
    (aim,) = pursuit.formulas.aims("arrow", "MDL-CLOCK-003")
    plan = pursuit.waiting(aim, [node], Tick(), 5_000)
    assert plan is not None
    assert plan.parts == (Stretch(Tick(), LIMITS.longest_run_s - 1), Stretch(Tick(), 1))


def test_an_hour_that_no_trial_reaches_is_found_by_asking() -> None:
    goals = Goals(violations=("INV-CLOCK-002",))
    found = explore(SymbolicSystem(SYSTEM), LIMITS, goals, steps=3_000)
    run = found.violations["INV-CLOCK-002"]
    assert len(run) == 3601
    assert [one.step_number for one in replay(SYSTEM, run, only=goals.violations).violations] == [3601]


HOUR = Goals(witnesses=("INV-CLOCK-003",))


def test_a_calculated_wait_that_is_too_short_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Acceleration.at

    def one_too_many(self: Acceleration, count: Term) -> dict[Term, Term]:
        return right(self, add(count, integer(1)))

    def shown_by_the_wait() -> bool:
        pursuit, node = pursuit_from_a_start()
        (aim,) = pursuit.formulas.aims(WITNESS, "INV-CLOCK-003")
        plan = pursuit.waiting(aim, [node], Tick(), 1_000)
        assert plan is not None
        shortener = Shortener(pursuit.stepper, pursuit.specification, 0)
        script = (Stretch(Started(LIMITS.longest_run_s), 1), *plan.parts)
        return shortener.up_to_goal(WITNESS, "INV-CLOCK-003", script) is not None

    assert shown_by_the_wait()
    monkeypatch.setattr(Acceleration, "at", one_too_many)
    assert not shown_by_the_wait()


@pytest.mark.parametrize("too_many", [-3000, -1, 1, 3000])
@pytest.mark.parametrize("wrong", ["at", "after"])
def test_whatever_is_calculated_a_run_is_one_that_the_machine_takes(
    monkeypatch: pytest.MonkeyPatch, wrong: str, too_many: int
) -> None:
    right = getattr(Acceleration, wrong)

    def off(self: Acceleration, count: Any) -> Any:
        return right(self, count + too_many if type(count) is int else add(count, integer(too_many)))

    monkeypatch.setattr(Acceleration, wrong, off)
    found = explore(SymbolicSystem(SYSTEM), LIMITS, HOUR, steps=1_500)
    for run in found.reached.values():
        assert replay(SYSTEM, run, only=HOUR.witnesses).first_reached == {"INV-CLOCK-003": len(run)}


@pytest.mark.slow(
    reason="every one of the 259,200 seconds is taken in the running machine, under its monitor"
)
def test_a_wait_of_three_days_counts_after_the_machine_has_taken_it() -> None:
    found = explore(SymbolicSystem(SYSTEM), LIMITS, Goals(witnesses=("INV-CLOCK-005",)), steps=5_000)
    run = found.reached["INV-CLOCK-005"]
    assert len(run) == THREE_DAYS_S + 1
    assert found.steps < 10_000
