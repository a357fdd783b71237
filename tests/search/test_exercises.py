"""Exercises use the pump within its rules, the same way each time, and what they break is found and replays."""

from dataclasses import replace

import pytest

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.kernel.properties import invariant
from pumpproof.spec.pump.limits import PROFILES, Limits
from pumpproof.spec.pump.properties.hour import HourWindow
from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.exercises import broken_in_exercises
from pumpproof.verify.search.script import steps

COMPLETE = ("minimed-x23", "omnipod-dash", "reference-bench")
LIMITS = PROFILES.load_profile("reference-bench").limits()


@invariant("INV-DOSE-900", says="No window ever holds a quarter of the cap.", formalizes=("REQ-DOSE-001",))
def a_quarter_is_never_reached(window: HourWindow, limits: Limits) -> bool:
    return 4 * window.pulses < limits.max_hour_pulses


@pytest.mark.parametrize("profile", COMPLETE)
@pytest.mark.parametrize("exercise", SYSTEM.exercises, ids=lambda exercise: exercise.name)
def test_an_exercise_keeps_to_the_rules_of_every_device(exercise: Exercise, profile: str) -> None:
    limits = PROFILES.load_profile(profile).limits()
    machine = Machine(SYSTEM, limits)
    for number in range(600):
        event = exercise.next_event(machine.state, limits, number)
        assert event == exercise.next_event(machine.state, limits, number)
        machine.step(event)


def test_together_the_exercises_take_most_rows() -> None:
    taken: set[tuple[str, bool | None]] = set()
    for exercise in SYSTEM.exercises:
        machine = Machine(SYSTEM, LIMITS)
        for number in range(min(exercise.steps, 3_000)):
            step = machine.step(exercise.next_event(machine.state, LIMITS, number))
            taken.add((step.entry_id, step.accepted))
    assert len(taken) >= 40


def test_a_broken_property_is_found_with_the_window_that_shows_it() -> None:
    system = replace(SYSTEM, properties=(*SYSTEM.properties, a_quarter_is_never_reached))
    (found,) = broken_in_exercises(system, [a_quarter_is_never_reached.id], LIMITS)
    assert steps(found.script) > 0
    (confirmed,) = confirm(system, LIMITS, [found])
    assert confirmed.run.limits == LIMITS


def test_a_property_that_holds_is_not_broken() -> None:
    short = tuple(replace(exercise, steps=500) for exercise in SYSTEM.exercises)
    assert (
        broken_in_exercises(replace(SYSTEM, exercises=short), ["INV-SUSP-001", "INV-DOSE-008"], LIMITS) == ()
    )
