"""Look for a violation where a system is used hard, by the exercises that come with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.machine import EventRefused, Machine, StepError, Taken
from pumpproof.statemachine.kernel.monitor import Monitor
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import judging_only
from pumpproof.verify.search.script import Opening, Openings, Part, Stretch
from pumpproof.verify.search.shorten import VIOLATION, Found
from pumpproof.verify.search.stepper import CAN_RAISE

_BETWEEN_OPENINGS = 61
"""Observers that may open anywhere open again after so many steps, which is no divisor of a minute."""


@dataclass(frozen=True)
class _Session:
    """The steps of an exercise up to the one that breaks the property."""

    steps: tuple[Taken, ...]
    initial: Any


def broken_in_exercise(system: System, known: Property, limits: Any) -> Found | None:
    """The first exercise of the system that breaks the property, as a script; None if none does."""
    judged = judging_only(system, (known.id,))
    for exercise in system.exercises:
        session = _session(system, judged, exercise, limits)
        if session is not None:
            return _script(system, judged, known, session, limits)
    return None


def _opens(_observer: Observer, number: int, _state: Any) -> bool:
    return number % _BETWEEN_OPENINGS == 0


def _session(system: System, judged: System, exercise: Exercise, limits: Any) -> _Session | None:
    """Take the exercise until the property breaks; None if it does not, or if a step is not defined."""
    machine = Machine(system, limits)
    monitor = Monitor(judged, limits, _opens)
    initial = machine.state
    taken: list[Taken] = []
    if monitor.start(initial):
        return _Session((), initial)
    for number in range(exercise.steps):
        try:
            taken.append(machine.step(exercise.next_event(machine.state, limits, number)))
        except (EventRefused, StepError, *CAN_RAISE):
            return None
        if monitor.observe(taken[-1]):
            return _Session(tuple(taken), initial)
    return None


def _script(system: System, judged: System, known: Property, session: _Session, limits: Any) -> Found:
    """The session with the one opening that shows the violation, the latest that does."""
    names = [observer.name for observer in judged.observers if observer.arbitrary_start]
    for opening in _candidates(names, len(session.steps)):
        if _shows(judged, session, limits, opening):
            return Found(VIOLATION, known.id, _parts(system, session, opening))
    return Found(VIOLATION, known.id, _parts(system, session, ()))


def _candidates(names: list[str], steps: int) -> Iterator[Openings]:
    if not names:
        yield ()
    for number in range(steps - steps % _BETWEEN_OPENINGS, -1, -_BETWEEN_OPENINGS):
        yield tuple((name, number) for name in names)


def _shows(judged: System, session: _Session, limits: Any, openings: Openings) -> bool:
    opened_at = dict(openings)
    monitor = Monitor(judged, limits, lambda observer, number, _state: opened_at.get(observer.name) == number)
    broken = bool(monitor.start(session.initial))
    for taken in session.steps:
        broken = bool(monitor.observe(taken))
    return broken


def _parts(system: System, session: _Session, openings: Openings) -> tuple[Part, ...]:
    positions = {observer.name: number for number, observer in enumerate(system.observers)}
    parts: list[Part] = []
    for number, taken in enumerate(session.steps):
        parts.extend(Opening(positions[name]) for name, at in openings if at == number)
        last = parts[-1] if parts else None
        if isinstance(last, Stretch) and last.event == taken.event:
            parts[-1] = Stretch(taken.event, last.count + 1)
        else:
            parts.append(Stretch(taken.event, 1))
    return tuple(parts)
