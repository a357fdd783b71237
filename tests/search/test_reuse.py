"""After a change the runs that are remembered are suggestions: what they still show is kept, the rest is searched."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import bolus_pump
import pytest
import timer_pump
from bolus_pump import LIMITS, BolusRequested, DriveFailed, Limits, Pump, Tick

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.guided import Exploration, Goals, explore, explore_system
from pumpproof.verify.search.memory import RunMemory
from pumpproof.verify.search.replay import arrow_key, arrow_names, replay
from pumpproof.verify.search.script import Opening, Stretch
from pumpproof.verify.search.shorten import ARROW, WITNESS, Found

SYSTEM = bolus_pump.SYSTEM


def with_guard(identifier: str, guard: Callable[..., bool]) -> System:
    """The same pump with another guard in one row."""
    table = tuple(
        replace(entry, guard=guard) if isinstance(entry, Row) and entry.id == identifier else entry
        for entry in SYSTEM.table
    )
    return replace(SYSTEM, table=table)


def is_last_in_other_words(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses == 1 and not tick.delivery_inhibited


def remembered(path: Path) -> RunMemory:
    """A memory of the unchanged pump, as a later process reads it."""
    symbolic = SymbolicSystem(SYSTEM)
    memory = RunMemory(path)
    memory.keep(symbolic, LIMITS, explore(symbolic, LIMITS))
    memory.save()
    return RunMemory(path)


def assert_each_run_shows_its_goal(system: System, found: Exploration) -> None:
    names = arrow_names(system)
    for name, run in found.reached.items():
        result = replay(system, run, openings=found.openings.get(name, ()))
        assert name in result.reached or names[arrow_key(result.steps[-1])] == name


def test_what_a_remembered_run_still_shows_needs_no_search(tmp_path: Path) -> None:
    changed = with_guard("MDL-BOLUS-004", is_last_in_other_words)
    suggestions = remembered(tmp_path / "runs.json").suggestions(changed)
    found = explore_system(changed, LIMITS, suggestions=suggestions)
    assert found.missing == ()
    assert found.steps == 0
    assert_each_run_shows_its_goal(changed, found)


def test_only_what_no_run_shows_any_more_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    remembered(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    (entry,) = content.values()
    del entry["MDL-BOLUS-004"]
    path.write_text(json.dumps(content), encoding="utf-8")
    found = explore_system(SYSTEM, LIMITS, suggestions=RunMemory(path).suggestions(SYSTEM))
    assert found.missing == ()
    assert found.steps > 0
    first = explore_system(SYSTEM, LIMITS)
    assert {name for name in found.reached if found.reached[name] != first.reached[name]} <= {"MDL-BOLUS-004"}
    assert_each_run_shows_its_goal(SYSTEM, found)


def test_the_search_for_the_rest_begins_where_remembered_runs_lead() -> None:
    # With no step left for a search, only what lies on the way of the run itself can be found.
    way = (Stretch(BolusRequested(2), 1), Stretch(Tick(), 2))
    found = explore_system(
        SYSTEM,
        LIMITS,
        Goals(arrows=("MDL-BOLUS-003", "MDL-BOLUS-004")),
        steps=40,
        suggestions=(Found(ARROW, "MDL-BOLUS-004", way),),
    )
    assert found.missing == ()
    assert found.reached["MDL-BOLUS-004"].parts == ((BolusRequested(2), 1), (Tick(), 2))


ODD_RUN = {"run": [["Tick", [False], 2], ["DriveFailed", [], 1]], "openings": []}
"""A run to MDL-SUSP-002 that no search gives."""


def test_the_latest_run_that_shows_a_goal_counts(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    remembered(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    older = {"MDL-SUSP-002": ODD_RUN}
    path.write_text(
        json.dumps({"older": older, **content, "newer": {"MDL-SUSP-002": None}}), encoding="utf-8"
    )
    found = explore_system(SYSTEM, LIMITS, suggestions=RunMemory(path).suggestions(SYSTEM))
    assert found.reached["MDL-SUSP-002"].parts == ((DriveFailed(), 1),)


HOSTILE: tuple[Any, ...] = (
    None,
    7,
    {"run": 5, "openings": []},
    {"run": [["Tick", [False], -1]], "openings": []},
    {"run": [["Tick", [False], True]], "openings": []},
    {"run": [["Tick", [False], 10**15]], "openings": []},
    {"run": [["Tick", [0], 1]], "openings": []},
    {"run": [["Tick", [False, False], 1]], "openings": []},
    {"run": [["BolusRequested", [501, "BOLUS"], 1]], "openings": []},
    {"run": [["BolusRequested", ["1", "BOLUS"], 1]], "openings": []},
    {"run": [["BolusRequested", [1, "NO BUTTON"], 1]], "openings": []},
    {"run": [["Explosion", [], 1]], "openings": []},
    {"run": [["Tick", [False], 1]], "openings": [["total", 0]]},
    {"run": [["Tick", [False], 1]], "openings": [["nobody", 0]]},
    {"run": [["Tick", [False], 1]], "openings": [[["window"], 0]]},
)


@pytest.mark.parametrize("entry", HOSTILE)
def test_an_entry_that_is_none_is_dropped(tmp_path: Path, entry: object) -> None:
    path = tmp_path / "runs.json"
    path.write_text(json.dumps({"key": {"MDL-BOLUS-004": entry}, "other": entry}), encoding="utf-8")
    assert RunMemory(path).suggestions(SYSTEM) == ()


def test_runs_that_show_nothing_change_nothing() -> None:
    nothing = tuple(
        Found(kind, name, (Stretch(Tick(), 3), Opening(1)))
        for kind, name in ((ARROW, "MDL-BOLUS-004"), (WITNESS, "INV-DOSE-001"), (ARROW, "MDL-NOWHERE-001"))
    )
    found = explore_system(timer_pump.SYSTEM, timer_pump.LIMITS, steps=3_000)
    again = explore_system(
        timer_pump.SYSTEM,
        timer_pump.LIMITS,
        steps=3_000,
        suggestions=[replace(one, script=(Stretch(timer_pump.Tick(), 2),)) for one in nothing],
    )
    assert again == found
    assert explore_system(SYSTEM, LIMITS, suggestions=nothing) == explore_system(SYSTEM, LIMITS)


def test_a_verification_with_memory_gives_the_verdicts_of_one_without(tmp_path: Path) -> None:
    changed = with_guard("MDL-BOLUS-004", is_last_in_other_words)
    memory = remembered(tmp_path / "runs.json")
    with_memory = verify_system(changed, Request(), memory=memory)
    without = verify_system(changed, Request())
    assert [one.verdict for one in with_memory.properties] == [one.verdict for one in without.properties]
    assert [row.reached is None for row in with_memory.rows] == [row.reached is None for row in without.rows]


def goes_on_too_long(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return not tick.delivery_inhibited and pump.remaining_pulses >= 1


def test_what_is_not_proved_is_judged_without_any_memory(tmp_path: Path) -> None:
    changed = with_guard("MDL-BOLUS-003", goes_on_too_long)
    path = tmp_path / "runs.json"
    path.write_text(json.dumps({"key": {"MDL-SUSP-002": ODD_RUN}}), encoding="utf-8")
    memory = RunMemory(path)
    assert len(memory.suggestions(changed)) == 1
    with_memory = verify_system(changed, Request(), memory=memory)
    without = verify_system(changed, Request())
    assert any(check.verdict is not Verdict.PROVED for check in without.checks)
    for one, other in zip(with_memory.properties, without.properties, strict=True):
        assert (one.verdict, one.witness, one.counterexample) == (
            other.verdict,
            other.witness,
            other.counterexample,
        )
    assert [row.reached for row in with_memory.rows] == [row.reached for row in without.rows]
