"""A walk goes where the numbers of a goal come nearer, however unevenly; what it shows is a run of the machine."""

from typing import Any

import pytest
from drip_pump import DRIP_S, LIFE_S, LIMITS, SYSTEM, Dose, Fill, Limits, Tick
from hypothesis import given
from hypothesis import strategies as st

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
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.distance import FAR, Distance
from pumpproof.verify.search.guided import Exploration, Goals, explore
from pumpproof.verify.search.replay import ReplayMismatch, arrow_key, arrow_names, replay
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import ARROW, WITNESS, Found
from pumpproof.verify.search.ways import Ways

WORN_OUT, DRY, OLD = "MDL-DRIP-004", "MDL-DRIP-005", "INV-DRIP-001"
GOALS = Goals(arrows=(WORN_OUT, DRY), witnesses=(OLD,))

X, Y, MODE = variable("x", "Int"), variable("y", "Int"), variable("mode", "Int")
FLAG = variable("flag", "Bool")
SMALL = st.integers(-6, 6)
NUMBER: st.SearchStrategy[Term] = st.deferred(
    lambda: st.one_of(
        st.sampled_from((X, Y, MODE)),
        SMALL.map(integer),
        st.tuples(NUMBER, NUMBER).map(lambda pair: add(*pair)),
        st.tuples(SMALL, NUMBER).map(lambda pair: scale(*pair)),
        st.tuples(NUMBER, st.integers(1, 5)).map(lambda pair: floor_divide(*pair)),
        st.tuples(NUMBER, st.integers(1, 5)).map(lambda pair: remainder(*pair)),
        st.tuples(CONDITION, NUMBER, NUMBER).map(lambda parts: choose(*parts)),
    )
)
CONDITION: st.SearchStrategy[Term] = st.deferred(
    lambda: st.one_of(
        st.just(FLAG),
        st.tuples(NUMBER, NUMBER).map(lambda pair: less_or_equal(*pair)),
        st.tuples(NUMBER, NUMBER).map(lambda pair: equal(*pair)),
        st.tuples(CONDITION, CONDITION).map(lambda pair: equal(*pair)),
        st.tuples(CONDITION, CONDITION, CONDITION).map(lambda parts: choose(*parts)),
        CONDITION.map(negate),
        st.tuples(CONDITION, CONDITION).map(all_of),
        st.tuples(CONDITION, CONDITION).map(any_of),
    )
)


@given(formula=CONDITION, x=SMALL, y=SMALL, mode=st.integers(0, 3), flag=st.booleans())
def test_the_distance_is_zero_exactly_where_the_formula_holds(
    formula: Term, x: int, y: int, mode: int, flag: bool
) -> None:
    values: dict[Term, int | bool] = {X: x, Y: y, MODE: mode, FLAG: flag}
    (holds,) = values_of((formula,), values)
    distance = Distance(formula, (X, Y)).at(values)
    assert (distance == 0) is holds
    assert distance >= 0


@pytest.mark.parametrize(
    ("formula", "distance"),
    [
        (less_or_equal(X, integer(10)), 15),
        (less_or_equal(integer(30), X), 5),
        (equal(X, Y), 22),
        (all_of((equal(X, Y), less_or_equal(X, integer(10)))), 37),
        (any_of((equal(X, Y), less_or_equal(X, integer(10)))), 15),
        (negate(any_of((equal(X, integer(25)), less_or_equal(X, integer(30))))), 7),
        (equal(MODE, integer(2)), FAR),
        (FLAG, FAR),
    ],
)
def test_the_distance_says_how_far_the_numbers_are(formula: Term, distance: int) -> None:
    values: dict[Term, int | bool] = {X: 25, Y: 3, MODE: 1, FLAG: False}
    assert Distance(formula, (X, Y)).at(values) == distance


@pytest.fixture(scope="module")
def symbolic() -> SymbolicSystem:
    return SymbolicSystem(SYSTEM)


@pytest.fixture(scope="module")
def found(symbolic: SymbolicSystem) -> Exploration:
    return explore(symbolic, LIMITS, GOALS)


def test_the_end_of_a_life_is_reached_though_no_two_minutes_of_it_are_alike(found: Exploration) -> None:
    events = [*found.reached[WORN_OUT].events()]
    assert events.count(Tick()) == LIFE_S
    assert isinstance(events[0], Fill)


def test_a_walk_that_ran_dry_is_tried_again_from_a_fuller_pump(found: Exploration) -> None:
    # The least that can be filled lasts for less than half a life.
    fills = [event.drops for event in found.reached[WORN_OUT].events() if isinstance(event, Fill)]
    assert max(fills) > LIFE_S // DRIP_S


def test_a_pump_is_emptied_with_doses_in_a_row(symbolic: SymbolicSystem) -> None:
    # Of 1,500 drops a life of seconds gives 666, and a dose at most 200.
    limits = Limits(least_drops=1_500, most_drops=2_000)
    events = [*explore(symbolic, limits, Goals(arrows=(DRY,))).reached[DRY].events()]
    assert sum(isinstance(event, Dose) for event in events) >= 5
    assert len(events) < LIFE_S


def test_a_walk_ends_at_the_very_second_that_another_event_has_to_follow(found: Exploration) -> None:
    events = [*found.reached[OLD].events()]
    assert events.count(Tick()) == 25_555
    assert isinstance(events[-1], Dose)


def test_without_walks_the_far_ends_are_not_found(
    monkeypatch: pytest.MonkeyPatch, symbolic: SymbolicSystem
) -> None:
    monkeypatch.setattr(Ways, "walking", lambda *_: ())
    assert explore(symbolic, LIMITS, GOALS).missing == (WORN_OUT, OLD)


@pytest.mark.parametrize("wrong", [lambda distance: 0, lambda distance: distance // 2, lambda distance: 7])
def test_whatever_distances_say_a_run_is_one_that_the_machine_takes(
    monkeypatch: pytest.MonkeyPatch, symbolic: SymbolicSystem, wrong: Any
) -> None:
    right = Distance.at
    monkeypatch.setattr(Distance, "at", lambda self, values: wrong(right(self, values)))
    for name, run in explore(symbolic, LIMITS, Goals(arrows=(WORN_OUT, DRY))).reached.items():
        assert arrow_names(SYSTEM)[arrow_key(replay(SYSTEM, run, only=()).steps[-1])] == name


def test_the_same_walks_are_taken_each_time(symbolic: SymbolicSystem, found: Exploration) -> None:
    assert explore(symbolic, LIMITS, GOALS) == found


def test_a_run_that_is_the_beginning_of_a_longer_one_has_to_show_its_own_goal() -> None:
    begin = (Stretch(Fill(1_999), 1),)
    longer = Found(WITNESS, OLD, (*begin, Stretch(Tick(), 25_555), Stretch(Dose(1), 1)))
    row = Found(ARROW, "MDL-DRIP-003", (*begin, Stretch(Tick(), 25_555)))
    early = Found(WITNESS, OLD, (*begin, Stretch(Tick(), 2_000)))
    assert [len(one.run) for one in confirm(SYSTEM, LIMITS, (longer, row))] == [25_557, 25_556]
    with pytest.raises(ReplayMismatch, match="witness INV-DRIP-001: a search found it after 2001 events"):
        confirm(SYSTEM, LIMITS, (longer, early))
