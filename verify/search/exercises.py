"""Look for violations where a system is used hard, by the exercises that come with it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.kernel.observers import Observer
from pumpproof.statemachine.kernel.machine import EventRefused, Machine, StepError, Taken
from pumpproof.statemachine.kernel.monitor import Monitor
from pumpproof.statemachine.kernel.payload import record_check
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import judging_only
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Opening, Openings, Part, Stretch
from pumpproof.verify.search.shorten import VIOLATION, Found, raised_name
from pumpproof.verify.search.stepper import CAN_RAISE, Stepper

_BETWEEN_OPENINGS = 307
"""Observers that may open anywhere open again after so many steps, which is no divisor of a minute."""


@dataclass(frozen=True)
class Broken:
    """A script that shows a property broken, and the limits of the machine that it broke in."""

    found: Found
    limits: Any


def broken_in_exercises(system: System, ids: Collection[str], limits: Any = None) -> tuple[Broken, ...]:
    """For each property that an exercise breaks, a script that shows it; the first exercise counts.

    With ``limits`` the exercises that bring none of their own are tried, without it those that do.
    """
    broken: dict[str, Broken] = {}
    for exercise in system.exercises:
        open_ids = [identifier for identifier in ids if identifier not in broken]
        if open_ids and (exercise.limits is None) == (limits is not None):
            used = exercise.limits if limits is None else limits
            for found in _broken_in(system, exercise, open_ids, used):
                broken[found.name] = Broken(found, used)
    return tuple(broken.values())


def undefined_in_exercises(system: System, limits: Any) -> dict[str, Run]:
    """Runs before a step that the system does not define, by the name of the step; the first of each exercise."""
    undefined: dict[str, Run] = {}
    for exercise in system.exercises:
        machine = Machine(system, exercise.limits or limits)
        events: list[Any] = []
        while len(events) < exercise.steps:
            event = exercise.next_event(machine.state, machine.limits, len(events))
            try:
                machine.step(event)
            except EventRefused:
                break
            except (StepError, *CAN_RAISE) as error:
                name = raised_name(event, machine.state, error)
                undefined.setdefault(name, Run.of(machine.limits, events))
                break
            events.append(event)
    return undefined


def _broken_in(system: System, exercise: Exercise, ids: Collection[str], limits: Any) -> Iterator[Found]:
    stepper = Stepper(system, limits)  # what it finds is replayed, so that the checks of the machine can wait
    checks = {event: record_check(event) for event in system.events}
    state = initial = Machine(system, limits).state  # the machine refuses limits outside the conditions
    monitor = Monitor(judging_only(system, ids), limits, _opens)
    broken_after: dict[str, int] = {violation.property_id: 0 for violation in monitor.start(initial)}
    taken: list[Taken] = []
    while len(broken_after) < len(ids) and len(taken) < exercise.steps:
        try:
            event = exercise.next_event(state, limits, len(taken))
            if checks[type(event)](event) is not None:
                break
            taken.append(stepper.step(state, event))
        except CAN_RAISE:
            break
        state = taken[-1].after
        for violation in monitor.observe(taken[-1]):
            broken_after.setdefault(violation.property_id, len(taken))
    for identifier, count in broken_after.items():
        yield _script(system, identifier, taken[:count], initial, limits)


def _opens(_observer: Observer, number: int, _state: Any) -> bool:
    return number % _BETWEEN_OPENINGS == 0


def _script(system: System, identifier: str, steps: list[Taken], initial: Any, limits: Any) -> Found:
    """The steps with the one opening that shows the violation, the latest that does."""
    judged = judging_only(system, (identifier,))
    names = [observer.name for observer in judged.observers if observer.arbitrary_start]
    for openings in _candidates(names, len(steps)):
        if _shows(judged, steps, initial, limits, openings):
            return Found(VIOLATION, identifier, _parts(system, steps, openings))
    return Found(VIOLATION, identifier, _parts(system, steps, ()))


def _candidates(names: list[str], steps: int) -> Iterator[Openings]:
    if names:
        for number in range(steps - steps % _BETWEEN_OPENINGS, -1, -_BETWEEN_OPENINGS):
            yield tuple((name, number) for name in names)


def _shows(judged: System, steps: list[Taken], initial: Any, limits: Any, openings: Openings) -> bool:
    opened_at = dict(openings)
    monitor = Monitor(judged, limits, lambda observer, number, _state: opened_at.get(observer.name) == number)
    broken = bool(monitor.start(initial))
    for taken in steps:
        broken = bool(monitor.observe(taken))
    return broken


def _parts(system: System, steps: list[Taken], openings: Openings) -> tuple[Part, ...]:
    positions = {observer.name: number for number, observer in enumerate(system.observers)}
    parts: list[Part] = []
    for number, taken in enumerate(steps):
        parts.extend(Opening(positions[name]) for name, at in openings if at == number)
        last = parts[-1] if parts else None
        if isinstance(last, Stretch) and last.event == taken.event:
            parts[-1] = Stretch(taken.event, last.count + 1)
        else:
            parts.append(Stretch(taken.event, 1))
    return tuple(parts)
