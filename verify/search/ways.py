"""Which questions a search asks a solver about a goal, and how much effort each may take."""

import random
from collections.abc import Callable, Iterator
from dataclasses import fields
from enum import Enum
from functools import partial
from typing import Any

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.aims import Aim
from pumpproof.verify.search.approach import Approach, Walk
from pumpproof.verify.search.archive import Archive, Node
from pumpproof.verify.search.payloads import Payloads
from pumpproof.verify.search.pursuit import Plan, Pursuit
from pumpproof.verify.search.script import Script, Stretch
from pumpproof.verify.search.stepper import CAN_RAISE, Stepper

_ALLOWANCE = 20_000
_MOST_WAITED_FOR = 5
_MOST_REPEATED = 6
_LARGEST = 3
_MOST_WALKS = 8
_DRAWS = 8

Awaits = Callable[[str, str], bool]
"""Says whether a goal, by kind and name, is still open."""


class Ways:
    """The ways to look for a goal from the situations of an archive; ``open_goals`` share the effort of a look."""

    def __init__(
        self,
        system: System,
        pursuit: Pursuit,
        approach: Approach,
        archive: Archive,
        payloads: Payloads,
        awaits: Awaits,
    ) -> None:
        self._system = system
        self._pursuit = pursuit
        self._approach = approach
        self._awaits = awaits
        self._archive = archive
        self._payloads = payloads
        self._aims: dict[tuple[str, str], tuple[Aim, ...]] = {}
        self._repeated: dict[Any, None] = {}
        self._walked: dict[tuple[str, str], int] = {}
        self._exercises = [one for one in system.exercises if one.limits is None]
        self._choice = random.Random(0)  # noqa: S311  reproducible, not secret

    @property
    def spent(self) -> int:
        """The effort so far, in steps of the table."""
        return self._pursuit.spent

    def one_event(self, kind: str, name: str, open_goals: int) -> tuple[Plan, ...]:  # noqa: ARG002 -- it is quick
        """One event from a known situation."""
        return self._pursuit.one_event(self._aims_of(kind, name), self._archive.nodes())

    def two_events(self, kind: str, name: str, open_goals: int) -> tuple[Plan, ...]:
        """Two events from a known situation."""
        allowance = _ALLOWANCE // open_goals
        plan = self._pursuit.two_events(self._aims_of(kind, name), self._archive.nodes(), allowance)
        return () if plan is None else (plan,)

    def waiting(self, kind: str, name: str, open_goals: int) -> tuple[Plan, ...]:
        """A wait in a known situation, when few goals are left that could not be shown otherwise."""
        if open_goals > _MOST_WAITED_FOR:
            return ()
        nodes, last = self._archive.nodes(), self.spent + _ALLOWANCE // open_goals
        for event in self._worth_repeating():
            for aim in self._aims_of(kind, name):
                plan = self._pursuit.waiting(aim, nodes, event, last - self.spent)
                if plan is not None:
                    return (plan,)
                if self.spent >= last:
                    return ()
        return ()

    def walking(self, kind: str, name: str, open_goals: int) -> Iterator[Plan]:
        """A long walk towards a goal to which nothing else leads, and the event that shows it where the walk ends."""
        times = self._walked.get((kind, name), 0)
        if open_goals > _MOST_WAITED_FOR or times == _MOST_WALKS:
            return
        self._walked[kind, name] = times + 1
        nodes, repeated = self._archive.nodes(), self._worth_repeating()
        for aim in self._aims_of(kind, name):
            walk = Walk(aim, repeated, self._openings, partial(self._awaits, kind, name))
            for node in self._approach.ends(walk, nodes):
                self._archive.measure(node)
                if self._awaits(kind, name):
                    yield from self._pursuit.one_event((aim,), (node,))
            if not self._awaits(kind, name):
                return

    def exercising(self, kind: str, name: str, open_goals: int) -> tuple[Plan, ...]:  # noqa: ARG002 -- for any goal
        """The next exercise of the system; each is gone through once."""
        if not self._exercises:
            return ()
        first = self._archive.nodes()[0].first()
        exercise = self._exercises.pop(0)
        return (Plan(first, script_of(exercise, self._pursuit.stepper, first.state, exercise.steps)),)

    def _openings(self, node: Node) -> list[Any]:
        """Events that may change how a wait goes on."""
        drawn = (
            self._payloads.draw(event, node.sources(), self._choice)
            for event in self._system.events
            for _ in range(_DRAWS if fields(event) else 1)
        )
        return [*dict.fromkeys((*self._pursuit.largest(node), *drawn))]

    def _aims_of(self, kind: str, name: str) -> tuple[Aim, ...]:
        if (kind, name) not in self._aims:
            aims = self._pursuit.formulas.aims(kind, name)
            self._aims[kind, name] = tuple(aim for aim in aims if self._pursuit.can_hold(aim))
        return self._aims[kind, name]

    def _worth_repeating(self) -> list[Any]:
        """Events that, sent again and again, change some integer again and again."""
        by_mode: dict[Enum, list[Node]] = {}
        for node in self._archive.nodes():
            by_mode.setdefault(node.state.mode, []).append(node)
        # The last ones have the largest integers.
        somewhere = [node for nodes in by_mode.values() for node in (nodes[0], *nodes[1:][-_LARGEST:])]
        quiet = (self._payloads.quiet(event) for event in self._system.events)
        for event in dict.fromkeys((*quiet, *self._archive.helping())):
            if event not in self._repeated and len(self._repeated) < _MOST_REPEATED:
                if any(self._pursuit.goes_on(node, event) for node in somewhere):
                    self._repeated[event] = None
        return [*self._repeated]


def script_of(exercise: Exercise, stepper: Stepper, state: Any, most: int) -> Script:
    """What an exercise does from a state in at most so many steps, as far as the system defines it."""
    parts: list[Stretch] = []
    for number in range(min(most, exercise.steps)):
        try:
            event = exercise.next_event(state, stepper.limits, number)
            state = stepper.step(state, event).after
        except CAN_RAISE:
            break
        count = 1
        if parts and parts[-1].event == event:
            count += parts.pop().count
        parts.append(Stretch(event, count))
    return tuple(parts)
