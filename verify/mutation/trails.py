"""Trails: what the unchanged machine did on runs that are known, to see on them what a mutant does differently."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import arrow_key
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings
from pumpproof.verify.search.stepper import CAN_RAISE, Ghosts, Specification, Stepper

_BETWEEN_SNAPSHOTS = 32
_BETWEEN_OPENINGS = 3_677
"""An observer that may open anywhere opens again after so many steps: more than an hour of seconds, and prime."""

_MOST_ALIKE = 2
"""Of steps that look alike so many are kept, the earliest ones."""


@dataclass(frozen=True)
class Site:
    """One step of a trail; ``before`` it ``number`` steps were taken."""

    trail: "Trail"
    number: int

    @property
    def taken(self) -> Taken:
        """The step."""
        return self.trail.taken[self.number]


@dataclass(frozen=True, eq=False)
class Trail:
    """A run of the unchanged machine, with the records of the observers at some of its steps."""

    limits: Any
    taken: tuple[Taken, ...]
    snapshots: tuple[Ghosts, ...]
    openings: Openings

    def ghosts(self, specification: Specification, number: int) -> Ghosts:
        """The records of all observers before step ``number``."""
        nearest = number // _BETWEEN_SNAPSHOTS
        ghosts = self.snapshots[nearest]
        for position in range(nearest * _BETWEEN_SNAPSHOTS, number):
            ghosts = _after(specification, self.taken[position], ghosts)
            if (position + 1) % _BETWEEN_OPENINGS == 0:
                ghosts = reopened(specification, self.taken[position].after, ghosts)
        return ghosts

    def run(self, steps: int, more: Iterable[Any] = ()) -> Run:
        """The first steps, and more events after them."""
        return Run.of(self.limits, [*(taken.event for taken in self.taken[:steps]), *more])


@dataclass
class Trails:
    """All trails, and for each mode and event the steps that look different from one another."""

    sites: dict[tuple[Enum, type], list[Site]] = field(default_factory=dict)
    all: list[Trail] = field(default_factory=list)
    _seen: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def add(self, trail: Trail) -> None:
        """Keep a trail and those of its steps of which there are few alike."""
        self.all.append(trail)
        for number, taken in enumerate(trail.taken):
            look = (trail.limits, *arrow_key(taken), *_look(taken))
            seen = self._seen.get(look, 0)
            if seen < _MOST_ALIKE:
                self._seen[look] = seen + 1
                self.sites.setdefault((taken.before.mode, type(taken.event)), []).append(Site(trail, number))

    def of(self, pairs: Collection[tuple[Enum, type]]) -> Iterator[Site]:
        """The steps from these modes with these events, those of the earliest numbers first."""
        found = [site for pair, sites in self.sites.items() if pair in pairs for site in sites]
        yield from sorted(found, key=lambda site: site.number)


def record(system: System, runs: Iterable[Run]) -> Trails:
    """The trails of known runs and of the exercises of a system."""
    trails = Trails()
    tools: dict[Any, tuple[Stepper, Specification]] = {}

    def tool(limits: Any) -> tuple[Stepper, Specification]:
        if limits not in tools:
            tools[limits] = (Stepper(system, limits), Specification(system, limits))
        return tools[limits]

    limits: Any = None
    for run in sorted(runs, key=len):
        limits = run.limits
        trails.add(_trail(*tool(limits), _Events(tuple(run.events())), len(run)))
    for exercise in system.exercises:
        used = exercise.limits or limits
        if used is not None:
            trails.add(_trail(*tool(used), exercise.next_event, exercise.steps))
    return trails


@dataclass(frozen=True)
class _Events:
    """Events one after the other, in the shape of an exercise."""

    events: tuple[Any, ...]

    def __call__(self, _state: Any, _limits: Any, number: int) -> Any:
        return self.events[number]


def _trail(
    stepper: Stepper, specification: Specification, next_event: Callable[[Any, Any, int], Any], steps: int
) -> Trail:
    system = stepper.system
    state = system.initial(stepper.limits)
    everyone = range(len(system.observers))
    ghosts = specification.opened(state, everyone)
    taken: list[Taken] = []
    snapshots = [ghosts]
    free = [observer.name for observer in system.observers if observer.arbitrary_start]
    openings: list[tuple[str, int]] = []
    while len(taken) < steps:
        try:
            step = stepper.step(state, next_event(state, stepper.limits, len(taken)))
            ghosts = _after(specification, step, ghosts)
        except CAN_RAISE:
            break
        taken.append(step)
        state = step.after
        if len(taken) % _BETWEEN_OPENINGS == 0:
            ghosts = reopened(specification, state, ghosts)
            openings += [(name, len(taken)) for name in free]
        if len(taken) % _BETWEEN_SNAPSHOTS == 0:
            snapshots.append(ghosts)
    return Trail(stepper.limits, tuple(taken), tuple(snapshots), tuple(openings))


def _after(specification: Specification, taken: Taken, ghosts: Ghosts) -> Ghosts:
    facts = specification.facts(taken, ghosts)
    return specification.advance(facts, type(taken.event), ghosts, range(len(ghosts)))


def reopened(specification: Specification, state: Any, ghosts: Ghosts) -> Ghosts:
    """Every observer that may open anywhere opens again."""
    return tuple(
        specification.open(number, state) if observer.arbitrary_start else ghosts[number]
        for number, observer in enumerate(specification.system.observers)
    )


def _look(taken: Taken) -> tuple[Any, ...]:
    """What tells steps apart roughly: truth values and enumerations, signs, and which fields change."""
    before, after = vars(taken.before), vars(taken.after)
    look: list[Any] = []
    for name, value in before.items():
        kept = after[name] == value
        if isinstance(value, int) and not isinstance(value, bool):
            look.append((min(value, 2), kept))
        elif isinstance(value, tuple):
            look.append(kept)
        else:
            look.append((value, after[name]))
    small = (*vars(taken.event).values(), *vars(taken.outputs).values())
    return (*look, *(min(value, 2) if isinstance(value, int) else value for value in small))
