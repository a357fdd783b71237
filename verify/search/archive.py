"""The situations a search has seen, one for each cell, and which of them to start from next."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from pumpproof.verify.search.abstraction import Abstraction, Cell
from pumpproof.verify.search.script import Part, Script
from pumpproof.verify.search.stepper import Ghosts, mode_of

_SAMPLE = 6
_MOST_HELPERS = 6


@dataclass(eq=False)
class Node:
    """A situation and how it was reached: ``part`` after the run of ``parent``; ``length`` counts steps."""

    state: Any
    ghosts: Ghosts
    parent: "Node | None"
    part: Part | None
    length: int
    tried: dict[type, int] = field(default_factory=dict)
    cell: Cell = ()

    def first(self) -> "Node":
        """The initial situation of its run."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def script(self) -> Script:
        """The whole run from the initial state."""
        parts: list[Part] = []
        node: Node | None = self
        while node is not None:
            if node.part is not None:
                parts.append(node.part)
            node = node.parent
        return tuple(reversed(parts))

    def sources(self, event: Any = None) -> tuple[Any, ...]:
        """What forms are evaluated on: the state, an event, the records of the observers."""
        return (self.state, event, *self.ghosts)


@dataclass(frozen=True)
class Target:
    """A boundary whose other side was never seen, and a situation near it.

    ``helpers`` are events that went towards it, each with an estimate of how often it has to be repeated.
    """

    node: Node
    boundary: int
    side: int
    helpers: tuple[tuple[Any, int], ...]


class Archive:
    """Situations by cell, by mode, by nearness to each boundary, and those with the largest integers."""

    def __init__(self, abstraction: Abstraction, modes: Sequence[Enum]) -> None:
        self.abstraction = abstraction
        self.by_cell: dict[Cell, Node] = {}
        self.by_mode: dict[Enum, list[Node]] = {mode: [] for mode in modes}
        self.by_context: dict[Cell, list[Node]] = {}
        self._traits: list[tuple[int, Any]] = []
        self._by_trait: dict[tuple[int, Any], list[Node]] = {}
        self._nearest: dict[tuple[int, int], dict[Cell, tuple[int, Node]]] = {}
        self._largest: dict[tuple[Cell, int], tuple[int, Node]] = {}
        self._large: list[tuple[Cell, int]] = []
        self._helpers: dict[tuple[int, int], dict[Any, tuple[int, int]]] = {}
        self._attempts: dict[tuple[int, int, Cell], int] = {}
        self._fineness = 0

    def keep(self, node: Node, cell: Cell) -> bool:
        """Keep a situation if its cell is new, or if it is reached in fewer steps; say whether the cell is new."""
        known = self.by_cell.get(cell)
        if known is None:
            node.cell = cell
            for trait in enumerate(cell):
                if trait not in self._by_trait:
                    self._by_trait[trait] = []
                    self._traits.append(trait)
                self._by_trait[trait].append(node)
            self.by_cell[cell] = node
            self.by_mode[mode_of(node.state)].append(node)
            self.by_context.setdefault(self.abstraction.discrete(node.sources()), []).append(node)
            return True
        if node.length < known.length and known.parent is not None:
            self._supersede(known, node)
        return False

    def _supersede(self, known: Node, node: Node) -> None:
        """A shorter way into the same cell; the old node stays, because situations beyond it were reached from it."""
        node.cell, node.tried = known.cell, known.tried
        self.by_cell[known.cell] = node
        places = [
            self.by_mode[mode_of(node.state)],
            self.by_context[self.abstraction.discrete(node.sources())],
        ]
        places += [self._by_trait[trait] for trait in enumerate(known.cell)]
        for place in places:
            place[place.index(known)] = node

    def nodes(self) -> list[Node]:
        """One situation of each cell, and those with the largest integers."""
        return [*dict.fromkeys((*self.by_cell.values(), *(node for _, node in self._largest.values())))]

    def measure(self, node: Node) -> None:
        """Remember a situation if it is the nearest to a boundary, or has the largest value of an integer."""
        sources = node.sources()
        context = self.abstraction.discrete(sources)
        for number, value in enumerate(self.abstraction.values(sources)):
            side = self._nearest.setdefault((number, (value > 0) - (value < 0)), {})
            known = side.get(context)
            if known is None or (abs(value), node.length) < (known[0], known[1].length):
                side[context] = (abs(value), node)
        for number, value in enumerate(self.abstraction.integers(sources)):
            key = (context, number)
            largest = self._largest.get(key)
            if largest is None:
                self._large.append(key)
            if largest is None or (-value, node.length) < (-largest[0], largest[1].length):
                self._largest[key] = (value, node)

    def helped(self, before: Sequence[int], after: Sequence[int], event: Any, count: int) -> None:
        """Remember that ``count`` such events went towards a boundary, and how far."""
        for number, (old, new) in enumerate(zip(before, after)):
            gain = abs(old) - abs(new)
            if gain > 0:
                known = self._helpers.setdefault((number, (old > 0) - (old < 0)), {})
                if event in known or len(known) < _MOST_HELPERS:
                    # The longest stretch gives the best estimate: a boundary may move in leaps.
                    if event not in known or count > known[event][1]:
                        known[event] = (gain, count)

    def helping(self) -> list[Any]:
        """Events that went towards a boundary."""
        return [*dict.fromkeys(event for helpers in self._helpers.values() for event in helpers)]

    def refine(self) -> None:
        """Sort everything into the cells of an abstraction that became finer."""
        if len(self.abstraction) <= self._fineness * 5 // 4:
            return
        self._fineness = len(self.abstraction)
        nodes = list(self.by_cell.values())
        self.by_cell, self._by_trait, self._traits = {}, {}, []
        self.by_mode, self.by_context = {mode: [] for mode in self.by_mode}, {}
        for node in nodes:
            self.keep(node, self.abstraction.cell(node.sources()))
            self.measure(node)

    def little_tried(self, modes: Sequence[Enum], event: type, choice: random.Random) -> Node | None:
        """A rare situation in one of these modes to which such an event was seldom sent; None if there is none."""
        places = [nodes for mode in modes if (nodes := self.by_mode[mode])]
        return self.rare(choice.choice(places), event, choice) if places else None

    def rare(self, nodes: Sequence[Node], event: type, choice: random.Random) -> Node:
        """A rare one of these situations, to which such an event was seldom sent."""
        sample = [choice.choice(nodes) for _ in range(_SAMPLE)]
        return min(
            sample, key=lambda node: ((node.tried.get(event, 0) + 1) * self._rarity(node), node.length)
        )

    def _rarity(self, node: Node) -> int:
        """How many situations share the rarest trait of this one."""
        return min(len(self._by_trait[trait]) for trait in enumerate(node.cell))

    def odd(self, event: type, choice: random.Random) -> Node:
        """A situation with one of the rarest traits."""
        sample = [self._by_trait[choice.choice(self._traits)] for _ in range(_SAMPLE)]
        return self.rare(min(sample, key=len), event, choice)

    def large(self, choice: random.Random) -> Node | None:
        """A situation with the largest value of some integer, among those that agree in all that is not one."""
        return self._largest[choice.choice(self._large)][1] if self._large else None

    def target(self, choice: random.Random) -> Target | None:
        """A boundary to cross; None if both sides of all were seen."""
        unseen = [
            (number, side)
            for number in range(len(self.abstraction))
            for side in (-1, 1)
            if (number, side) in self._nearest
            and ((number, 0) not in self._nearest or (number, -side) not in self._nearest)
        ]
        if not unseen:
            return None
        key = choice.choice(unseen)
        contexts = [*self._nearest[key]]
        context = min(
            (choice.choice(contexts) for _ in range(_SAMPLE)),
            key=lambda one: self._attempts.get((*key, one), 0),
        )
        self._attempts[*key, context] = self._attempts.get((*key, context), 0) + 1
        distance, node = self._nearest[key][context]
        return self.target_at(node, *key, distance)

    def any_node(self, choice: random.Random) -> Node:
        """Any situation; each mode has the same chance."""
        return choice.choice(choice.choice([nodes for nodes in self.by_mode.values() if nodes]))

    def target_at(self, node: Node, number: int, side: int, distance: int) -> Target:
        """A boundary to cross from this situation."""
        helpers = self._helpers.get((number, side), {})
        return Target(
            node,
            number,
            side,
            tuple((event, distance * count // gain) for event, (gain, count) in helpers.items()),
        )
