"""Exercises use the pump within its rules, the same way each time, and what they break is found and replays."""

from dataclasses import replace

import pytest

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.kernel.properties import invariant
from pumpproof.spec.occlusion_bench.limits import PROFILES as LINES
from pumpproof.spec.pump.limits import PROFILES, Limits
from pumpproof.spec.pump.properties.hour import HourWindow
from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.statemachine.occlusion_bench.system import SYSTEM as BENCH
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.exercises import broken_in_exercises, undefined_in_exercises
from pumpproof.verify.search.guided import explore
from pumpproof.verify.search.script import steps

COMPLETE = ("minimed-x23", "omnipod-dash", "reference-bench")
LIMITS = PROFILES.load_profile("reference-bench").limits()


@invariant("INV-DOSE-900", says="No window ever holds a quarter of the cap.", formalizes=("REQ-DOSE-001",))
def a_quarter_is_never_reached(window: HourWindow, limits: Limits) -> bool:
    return 4 * window.pulses < limits.max_hour_pulses


@pytest.mark.parametrize("profile", COMPLETE)
@pytest.mark.parametrize("exercise", SYSTEM.exercises, ids=lambda exercise: exercise.name)
def test_an_exercise_keeps_to_the_rules_of_every_device(exercise: Exercise, profile: str) -> None:
    limits = exercise.limits or PROFILES.load_profile(profile).limits()
    machine = Machine(SYSTEM, limits)
    for number in range(600):
        event = exercise.next_event(machine.state, limits, number)
        assert event == exercise.next_event(machine.state, limits, number)
        machine.step(event)


def test_together_the_exercises_take_every_row() -> None:
    taken: set[tuple[str, bool | None]] = set()
    for exercise in SYSTEM.exercises:
        limits = exercise.limits or LIMITS
        machine = Machine(SYSTEM, limits)
        for number in range(exercise.steps):
            step = machine.step(exercise.next_event(machine.state, limits, number))
            taken.add((step.entry_id, step.accepted))
    rows = {(entry.id, None) for entry in SYSTEM.table if isinstance(entry, Row)}
    commands = {
        (entry.id, yes) for entry in SYSTEM.table if isinstance(entry, Command) for yes in (True, False)
    }
    assert sorted((rows | commands) - taken, key=str) == []


def test_a_broken_property_is_found_with_the_window_that_shows_it() -> None:
    system = replace(SYSTEM, properties=(*SYSTEM.properties, a_quarter_is_never_reached))
    (broken,) = broken_in_exercises(system, [a_quarter_is_never_reached.id], LIMITS)
    assert broken.limits == LIMITS
    assert steps(broken.found.script) > 0
    (confirmed,) = confirm(system, LIMITS, [broken.found])
    assert confirmed.run.limits == LIMITS


def test_a_property_that_holds_is_not_broken() -> None:
    short = tuple(replace(exercise, steps=500) for exercise in SYSTEM.exercises)
    assert (
        broken_in_exercises(replace(SYSTEM, exercises=short), ["INV-SUSP-001", "INV-DOSE-008"], LIMITS) == ()
    )


def test_a_step_that_the_table_does_not_define_is_found() -> None:
    held = next(entry for entry in SYSTEM.table if entry.id == "MDL-DOSE-002")
    without = replace(SYSTEM, table=tuple(entry for entry in SYSTEM.table if entry is not held))
    found = undefined_in_exercises(without, LIMITS)
    assert set(found) == {"Tick in mode DELIVERING: NoRow"}
    (run,) = found.values()
    machine = Machine(without, run.limits)
    for event in run.events():
        machine.step(event)
    assert undefined_in_exercises(SYSTEM, LIMITS) == {}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_short_search_finds_in_the_exercises_what_it_finds_nowhere_else(seed: int) -> None:
    limits = LINES.load_profile("reference-line").limits()
    without = SymbolicSystem(replace(BENCH, exercises=()))
    assert "INV-LINE-005" in explore(without, limits, seed=seed, steps=4_000).missing
    assert explore(SymbolicSystem(BENCH), limits, seed=seed, steps=4_000).missing == ()
