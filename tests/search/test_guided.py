"""Guided search finds what a run can show, says what it did not find, and gives the same result everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import bolus_pump
import timer_pump

from pumpproof.statemachine.kernel.monitor import EVERY_STEP
from pumpproof.verify.search.guided import Exploration, Goals, every_goal, explore_system
from pumpproof.verify.search.replay import arrow_key, arrow_names, replay

NEVER_TAKEN = "MDL-CLOCK-004"


def test_every_row_of_a_live_table_is_reached() -> None:
    found = explore_system(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    assert found.missing == ()
    assert set(arrow_names(bolus_pump.SYSTEM).values()) <= set(found.reached)
    assert found.violations == {}
    assert found.raised == {}


def test_each_run_ends_with_the_step_that_takes_the_arrow() -> None:
    found = explore_system(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    for key, name in arrow_names(bolus_pump.SYSTEM).items():
        assert arrow_key(replay(bolus_pump.SYSTEM, found.reached[name]).steps[-1]) == key


def test_runs_are_short() -> None:
    found = explore_system(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    assert max(len(run) for run in found.reached.values()) <= 2


def test_a_row_that_is_never_taken_is_reported_as_not_reached() -> None:
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, steps=30_000)
    assert found.missing == (NEVER_TAKEN,)
    assert NEVER_TAKEN not in found.reached


def test_a_witness_that_needs_an_hour_is_found() -> None:
    goals = Goals(witnesses=("INV-CLOCK-003",))
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, goals)
    assert len(found.reached["INV-CLOCK-003"]) == 3601
    assert len(found.reached["INV-CLOCK-003"].parts) == 2


def test_a_violation_that_needs_an_hour_is_found() -> None:
    goals = Goals(violations=("INV-CLOCK-002",))
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, goals)
    run = found.violations["INV-CLOCK-002"]
    assert len(run) == 3601
    replayed = replay(timer_pump.SYSTEM, run, only=("INV-CLOCK-002",))
    assert [violation.step_number for violation in replayed.violations] == [3601]


def test_a_limit_that_is_off_by_one_is_found_at_the_boundary() -> None:
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, Goals(violations=("INV-CLOCK-001",)))
    assert found.violations["INV-CLOCK-001"].parts == ((timer_pump.Started(7201), 1),)


def test_a_property_that_holds_is_not_violated() -> None:
    goals = Goals(violations=("INV-CLOCK-004",))
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, goals, steps=5_000)
    assert found.violations == {}
    assert 5_000 <= found.steps < 5_100


def test_violations_of_watched_properties_are_met_on_the_way() -> None:
    goals = Goals(arrows=every_goal(timer_pump.SYSTEM).arrows, watched=("INV-CLOCK-001",))
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, goals, steps=10_000)
    assert set(found.violations) == {"INV-CLOCK-001"}


def test_the_monitor_finds_no_violation_in_any_witness_run_of_a_sound_system() -> None:
    found = explore_system(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    for run in found.reached.values():
        assert replay(bolus_pump.SYSTEM, run, policy=EVERY_STEP).violations == ()


def summary(found: Exploration) -> str:
    """Everything that a search gives, as text."""
    return repr(
        (
            found.reached,
            found.violations,
            found.raised,
            found.openings,
            found.missing,
            found.steps,
            found.cells,
        )
    )


def test_the_same_search_gives_the_same_result_twice() -> None:
    once, again = (explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, steps=8_000) for _ in range(2))
    assert summary(once) == summary(again)


def test_another_seed_still_finds_every_row() -> None:
    for seed in range(1, 6):
        assert explore_system(bolus_pump.SYSTEM, bolus_pump.LIMITS, seed=seed).missing == ()


def test_the_result_does_not_depend_on_the_order_of_hashes(repository: Path) -> None:
    program = (
        "import timer_pump, test_guided\n"
        "from pumpproof.verify.search.guided import explore_system\n"
        "print(test_guided.summary(explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, steps=8_000)))\n"
    )
    tests = repository / "tests"
    paths = os.pathsep.join(map(str, (repository / "src", tests / "support", tests / "search")))
    results = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    ]
    assert len(results[0]) > 100
    assert results[0] == results[1] == results[2]
