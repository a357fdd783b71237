"""What a certificate has to show, from the ``System`` alone: pairs, places, and the exact shape of each goal."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from itertools import combinations
from typing import get_args, get_origin, get_type_hints

from pumpproof.spec.kernel.binding import Vocabulary, bind_property
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Row, events_of
from pumpproof.verify.checker.scripts import Defined, Node, Rejected

Images = Mapping[str, str]
"""For each record, what the definitions begin with that stand in the place of its fields."""


@dataclass(frozen=True)
class Arrow:
    """One way in which an entry of the table takes one event."""

    name: str
    entry: Entry
    event: type


@dataclass(frozen=True)
class Goal:
    """A query that has to be there: the formula that it negates, and every formula that it may assume."""

    name: str
    negated: Node
    allowed: frozenset[Node]
    arrow: Arrow | None = None
    is_kept: bool = False
    """Whether it is an invariant that a step may keep by writing nothing that it reads."""


def arrows_of(system: System) -> tuple[Arrow, ...]:
    """Every arrow of the table, in its order."""
    found: list[Arrow] = []
    for entry in system.table:
        for event in events_of(entry):
            if isinstance(entry, Command):
                names = [f"{entry.id} accepted", f"{entry.id} refused"]
            else:
                names = [entry.id if isinstance(entry, Row) else f"{entry.id} {event.__name__}"]
            found += [Arrow(name, entry, event) for name in names]
    return tuple(found)


def pairs_digest(system: System, properties: Iterable[str]) -> tuple[int, str]:
    """How many pairs of row and property there are, and the SHA-256 of their list."""
    lines = [f"{arrow.name}\t{known}\n" for known in properties for arrow in arrows_of(system)]
    return len(lines), hashlib.sha256("".join(lines).encode()).hexdigest()


def ranges(record: type, prefix: str) -> Iterator[str]:
    """That the enumerations in a record hold one of their members, as text."""
    hints = get_type_hints(record)
    for item in fields(record):
        yield from _range(hints[item.name], f"{prefix}.{item.name}")


def _range(hint: object, name: str) -> Iterator[str]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        yield f"(<= 0 |{name}| {len(hint) - 1})"
    elif isinstance(hint, type) and hasattr(hint, "__dataclass_fields__"):
        yield from ranges(hint, name)
    elif get_origin(hint) is tuple:
        for number, item in enumerate(get_args(hint)):
            yield from _range(item, f"{name}[{number}]")


class Required:
    """The goals of one system, for scripts that define these names."""

    def __init__(self, system: System, certified: Iterable[str], defined: Mapping[str, Defined]) -> None:
        self.system = system
        self.arrows = arrows_of(system)
        self._defined = defined
        self._ghosts = {observer.record: observer for observer in system.observers}
        self._vocabulary = Vocabulary(
            system.state, system.limits, system.outputs, system.events, tuple(self._ghosts)
        )
        self._lemmas = [
            known
            for known in map(system.property_named, certified)
            if known.kind is Kind.INVARIANT and f"|property {known.id}|" in defined
        ]
        self._limits = frozenset[Node]({"|typed|", *(f"|condition {one.id}|" for one in system.conditions)})

    def apply(self, name: str, images: Images, opened: Images | None = None) -> Node:
        """A function with ``images`` in the place of its parameters; ``opened`` ones are functions of these.

        Raises:
            Rejected: a name is not defined.
        """
        parameters = self._parameters(name)
        if not parameters:
            return name
        return (name, *(self._image(parameter, images, opened or {}) for parameter in parameters))

    def _parameters(self, name: str) -> tuple[str, ...]:
        if name not in self._defined:
            raise Rejected(f"no file of the certificate defines {name}")
        return tuple(parameter for parameter, _ in self._defined[name].parameters)

    def _image(self, parameter: str, images: Images, opened: Images) -> Node:
        for old, new in (*opened.items(), *images.items()):
            if parameter.startswith(f"|{old}."):
                name = f"|{new} {parameter.removeprefix(f'|{old}.')}"
                return self.apply(name, images if old in opened else {})
        return parameter

    def concerns(self, known: Property, arrow: Arrow) -> bool:
        """Whether a property speaks of an arrow: a step property may speak of one event only."""
        event = None if known.kind is Kind.INVARIANT else bind_property(known, self._vocabulary).event
        return event in (None, arrow.event)

    def of_property(self, known: Property) -> Iterator[Goal]:
        """The goals of a property; those of its steps have an arrow."""
        claim = f"|property {known.id}|"
        before = self._limits | self._lemmas_before()
        if known.kind is Kind.INVARIANT:
            first = self.apply(claim, {"before": "initial"}, dict(map(self._opened, self._ghosts)))
            yield Goal("holds in the initial state", first, self._limits)
            yield from self._openings(known, claim)
        for arrow in self.arrows:
            if self.concerns(known, arrow):
                images = self.step(arrow) if known.kind is Kind.STEP else self.after(arrow)
                name = f"kept by a step: {arrow.name}"
                kept = known.kind is Kind.INVARIANT
                yield Goal(name, self.apply(claim, images), before | _taken(arrow), arrow, kept)

    def _openings(self, known: Property, claim: str) -> Iterator[Goal]:
        """Nothing is assumed that speaks of the record that opens."""
        for ghost in bind_property(known, self._vocabulary).ghosts:
            if self._ghosts[ghost].arbitrary_start:
                record, opened = self._opened(ghost)
                allowed = self._limits | {
                    self.apply(name, {})
                    for name in (f"|property {one.id}|" for one in self._lemmas)
                    if not any(parameter.startswith(f"|{record}.") for parameter in self._parameters(name))
                }
                name = f"holds when an observer opens: opening of {self._ghosts[ghost].name}"
                yield Goal(name, self.apply(claim, {}, {record: opened}), allowed)

    def _lemmas_before(self, without: str = "") -> frozenset[Node]:
        return frozenset(self.apply(f"|property {one.id}|", {}) for one in self._lemmas if one.id != without)

    def _lemmas_after(self, arrow: Arrow) -> frozenset[Node]:
        """The invariants of the pump after a step."""
        return frozenset(
            self.apply(f"|property {one.id}|", self.after(arrow))
            for one in self._lemmas
            if not bind_property(one, self._vocabulary).ghosts
        )

    def of_table(self) -> Iterator[Goal]:
        """That exactly one row of each pair of mode and event is enabled."""
        for number, mode in enumerate(self.system.mode):
            for event in self.system.events:
                arrows = [
                    one for one in self.arrows
                    if isinstance(one.entry, Row) and one.event is event and mode in one.entry.modes
                ]  # fmt: skip
                pair = f"({mode.name}, {event.__name__})"
                here: set[Node] = {
                    ("=", "|before.mode|", str(number)),
                    *(f"|situation {one.name}|" for one in arrows),
                }
                allowed = self._limits | self._lemmas_before() | here
                guards = [f"|guard {one.name}|" for one in arrows]
                if guards:
                    some: Node = ("or", *guards) if len(guards) > 1 else guards[0]
                    yield Goal(f"at least one row is enabled: {pair}", some, allowed)
                for left, right in combinations(guards, 2):
                    yield Goal(f"at most one row is enabled: {pair}", ("not", ("and", left, right)), allowed)

    def of_code(self) -> Iterator[Goal]:
        """That no function raises, in each place where one is called."""
        lemmas = self._limits | self._lemmas_before()
        for condition in self.system.conditions:
            yield self._place(f"condition {condition.id}", frozenset({"|typed|"}))
        yield self._place("initial", self._limits)
        for arrow in self.arrows:
            yield self._place(f"guard {arrow.name}", lemmas | {f"|situation {arrow.name}|"}, arrow)
            yield self._place(f"effect {arrow.name}", lemmas | _taken(arrow), arrow)
        for known in self.system.properties:
            place, others = f"property {known.id}", self._limits | self._lemmas_before(known.id)
            if known.kind is Kind.INVARIANT:
                yield self._place(place, others)
                continue
            for arrow in self.arrows:
                if self.concerns(known, arrow):
                    goal = self.apply(f"|defined {place}|", self.step(arrow))
                    allowed = others | self._lemmas_after(arrow) | _taken(arrow)
                    yield Goal(f"never raises: {place} at {arrow.name}", goal, allowed, arrow)
        for observer in self.system.observers:
            yield self._place(f"opened {observer.name!r}", lemmas)
            for arrow in self.arrows:
                around = lemmas | self._lemmas_after(arrow) | _taken(arrow)
                yield self._place(f"ghost {observer.name!r} {arrow.name}", around, arrow)

    def _place(self, place: str, allowed: frozenset[Node], arrow: Arrow | None = None) -> Goal:
        return Goal(f"never raises: {place}", self.apply(f"|defined {place}|", {}), allowed, arrow)

    def after(self, arrow: Arrow) -> Images:
        """State and records after an arrow in the place of those before."""
        ghosts = [f"ghost {observer.name!r}" for observer in self.system.observers]
        return {"before": f"after {arrow.name}", **{ghost: f"{ghost} {arrow.name}" for ghost in ghosts}}

    def step(self, arrow: Arrow) -> Images:
        """State and outputs after an arrow in the place of those that a step property speaks of."""
        return {"after": f"after {arrow.name}", "outputs": f"outputs {arrow.name}"}

    def _opened(self, ghost: type) -> tuple[str, str]:
        name = self._ghosts[ghost].name
        return f"ghost {name!r}", f"opened {name!r}"


def _taken(arrow: Arrow) -> frozenset[Node]:
    return frozenset({f"|situation {arrow.name}|", f"|guard {arrow.name}|"})
