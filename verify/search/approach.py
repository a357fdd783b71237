"""Walk towards a goal: send, step by step, what brings the numbers of its formula nearer, for as long as it does.

A calculated wait needs each step to do the same. Where it does not (a pulse every few minutes, a bolus on the way),
trials say what to send: of a few events, each sent many times, perhaps after another one, the one that gains most per
step is sent on until it gains no more, and then the next is chosen. Every step is taken in the table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.verify.search.aims import Aim, Formulas
from pumpproof.verify.search.archive import Node
from pumpproof.verify.search.distance import FAR, Distance
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.stepper import Ghosts, mode_of

_MOST_STEPS = 1_000_000
"""What all walks of a search may take; a service life of three days takes 259,200."""

_MOST_ROUNDS = 40
_PLACES = 4
_TRIALS = (64, 1024, 8, 1)
_LONGEST_BLOCK = 8192
_SHORTEST = 1024

Take = Callable[[Node, Any, int, Any, Ghosts], tuple[Taken, Ghosts] | None]
"""Sends an event for the so-many-th time after a node, in a state with records; None if the step is not defined."""

Openings = Callable[[Node], Sequence[Any]]
"""Events that may change how a wait goes on from a situation."""


@dataclass(frozen=True)
class _Trial:
    """Where some steps led that ended with ``event``, and how much nearer."""

    end: Node
    event: Any
    gain: int
    steps: int


@dataclass(frozen=True)
class Walk:
    """What is walked towards, and with what: ``repeated`` is sent many times, and what ``openings`` gives once."""

    aim: Aim
    repeated: Sequence[Any]
    openings: Openings
    is_open: Callable[[], bool]


class Approach:
    """Walks; all of them together take a bounded number of steps."""

    def __init__(self, formulas: Formulas, take: Take) -> None:
        self._formulas = formulas
        self._take = take
        self._left = _MOST_STEPS
        self._names = arrow_names(formulas.symbolic.system)
        self._distances: dict[Any, Distance] = {}
        self._ended_by: Taken | None = None
        self._obstacles: dict[Aim, tuple[Aim, int]] = {}

    def ends(self, walk: Walk, nodes: Sequence[Node]) -> Iterator[Node]:
        """Where walks end that begin in situations which differ from the aim in numbers alone.

        The first begins where the fewest steps lead. Where a row of the table ended it, the next one begins in the
        situation that is furthest from that row, if any is further than where that walk began.
        """
        starts = [node for node in nodes if self._distance(walk.aim, node) < FAR]
        starts.sort(key=lambda node: node.length)
        for _ in range(_PLACES):
            starts = self._further(walk.aim, starts)
            if not starts:
                return
            start = starts.pop(0)
            yield self._walked(walk, start)
            if not walk.is_open() or self._left <= 0:
                return
            if self._ended_by is not None:
                name = self._names[arrow_key(self._ended_by)]
                obstacle = self._formulas.aim_of(self._formulas.arrows[name])
                self._obstacles[walk.aim] = (obstacle, self._distance(obstacle, start))

    def _further(self, aim: Aim, nodes: list[Node]) -> list[Node]:
        """The situations further from what ended the last walk than it was at first, the furthest first."""
        if aim not in self._obstacles:
            return nodes
        obstacle, near = self._obstacles[aim]
        further = [(self._distance(obstacle, node), node) for node in nodes]
        further.sort(key=lambda one: (-one[0], one[1].length))
        return [node for distance, node in further if distance > near]

    def _walked(self, walk: Walk, start: Node) -> Node:
        node, self._ended_by = start, None
        for _ in range(_MOST_ROUNDS):
            best = self._best(walk, node)
            if best is None or not walk.is_open():
                break
            node = self._as_long_as_it_helps(walk, best, max(_SHORTEST, node.length - start.length))
            if not walk.is_open() or self._left <= 0:
                break
        return node

    def _best(self, walk: Walk, node: Node) -> _Trial | None:
        """The trial that gains most per step; the first one, which sends nothing before, if it is as good."""
        best: _Trial | None = None
        left = self._distance(walk.aim, node)
        if left == 0:
            return None
        for opening in (None, *walk.openings(node)):
            begin = node if opening is None else self._sent(node, opening, 1)
            if begin is None or (opening is not None and begin.state == node.state):
                continue
            for event in walk.repeated:
                for count in _TRIALS if opening is None else _TRIALS[:1]:
                    end = self._sent(begin, event, count)
                    if not walk.is_open():
                        return None
                    gain = 0 if end is None else left - self._distance(walk.aim, end)
                    if end is not None and gain > 0:
                        steps = end.length - node.length
                        if best is None or gain * best.steps > best.gain * steps:
                            best = _Trial(end, event, gain, steps)
                        break
        return best

    def _as_long_as_it_helps(self, walk: Walk, trial: _Trial, most: int) -> Node:
        """Send the event on in blocks, while one gains at least half of what the trial did, and not past the goal.

        ``most`` bounds the steps: what gains little is weighed again against the rest.
        """
        node, left, block = trial.end, self._distance(walk.aim, trial.end), 2 * trial.steps
        if left * trial.steps > self._left * trial.gain:
            return node
        while block and left and most > 0 and self._left > 0:
            count = max(1, min(block, most, left * trial.steps // trial.gain))
            end = self._sent(node, trial.event, count)
            if not walk.is_open():
                return node
            now = FAR if end is None else self._distance(walk.aim, end)
            if end is not None and 2 * (left - now) * trial.steps >= trial.gain * count:
                node, left, block = end, now, min(2 * block, _LONGEST_BLOCK)
                most -= count
            else:
                block = count // 8
        return node

    def _distance(self, aim: Aim, node: Node) -> int:
        if aim not in self._distances:
            self._distances[aim] = Distance(aim.outline_of_state, self._formulas.counters)
        values = self._formulas.values(aim.unknowns, node.sources())
        return (
            FAR if values is None else self._distances[aim].at(dict(zip(aim.unknowns, values, strict=True)))
        )

    def _sent(self, node: Node, event: Any, count: int) -> Node | None:
        """The situation after so many equal events; None if the mode changes on the way, or a step is not defined."""
        base, before = node, 0
        if isinstance(node.part, Stretch) and node.part.event == event and node.parent is not None:
            base, before = node.parent, node.part.count
        state, ghosts = node.state, node.ghosts
        for number in range(before + 1, before + count + 1):
            self._left -= 1
            step = self._take(base, event, number, state, ghosts)
            if step is None:
                return None
            taken, ghosts = step
            if mode_of(taken.after) is not mode_of(state):
                self._ended_by = taken
                return None
            state = taken.after
        return Node(state, ghosts, base, Stretch(event, before + count), node.length + count)
