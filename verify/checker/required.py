"""What a certificate has to show, from the ``System`` alone: pairs, places, and the exact shape of each goal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import PurePath

from pumpproof.spec.kernel.binding import Vocabulary, bind_property
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Row, events_of
from pumpproof.verify.checker.scripts import Defined, Rejected

Images = Mapping[str, str]
"""For each record, what the definitions begin with that stand in the place of its fields."""

TABLE, CODE = "table.smt2", "code.smt2"


@dataclass(frozen=True)
class Arrow:
    """One way in which an entry of the table takes one event."""

    name: str
    entry: Entry
    event: type


@dataclass(frozen=True)
class Goal:
    """A query that has to be there: the formula that it negates, and every formula that it may assume.

    ``where`` names what can be assumed together. No query is needed for an invariant that a step leaves ``unchanged``,
    because it writes nothing that the invariant reads.
    """

    name: str
    formula: str
    allowed: frozenset[str]
    where: str
    unchanged: bool = False


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


class Required:
    """The goals of one system, for scripts that define these names."""

    def __init__(self, system: System, certified: Iterable[str], defined: Mapping[str, Defined]) -> None:
        self.system = system
        self.arrows = arrows_of(system)
        self._defined = defined
        self._observers = {observer.record: observer for observer in system.observers}
        records = tuple(self._observers)
        vocabulary = Vocabulary(system.state, system.limits, system.outputs, system.events, records)
        self._bound = {known.id: bind_property(known, vocabulary) for known in system.properties}
        self._limits = frozenset[str]({"|typed|", *(f"|condition {one.id}|" for one in system.conditions)})
        self._lemmas = {
            known: self.apply(f"|property {known}|", {})
            for known in certified
            if system.property_named(known).kind is Kind.INVARIANT
        }
        self._before = self._limits.union(self._lemmas.values())

    def apply(self, name: str, images: Images, opened: Images | None = None) -> str:
        """A function with ``images`` in the place of its parameters; ``opened`` ones are functions of these.

        Raises:
            Rejected: no file defines the function.
        """
        arguments = self._arguments(name, images, opened or {})
        return f"({name} {' '.join(arguments)})" if arguments else name

    def _arguments(self, name: str, images: Images, opened: Images) -> list[str]:
        if name not in self._defined:
            raise Rejected("certificate", f"no file defines {name}")
        return [self.image(parameter, images, opened) for parameter in self._defined[name].parameters]

    def image(self, parameter: str, images: Images, opened: Images | None = None) -> str:
        """What stands in the place of a parameter."""
        for record, image in (opened or {}).items():
            if parameter.startswith(f"|{record}."):
                return self.apply(parameter.replace(f"{record}.", f"{image} ", 1), images)
        for record, image in images.items():
            if parameter.startswith(f"|{record}."):
                return parameter.replace(f"{record}.", f"{image} ", 1)
        return parameter

    def after(self, arrow: Arrow) -> Images:
        """State and records after an arrow in the place of those before."""
        ghosts = [f"ghost {observer.name!r}" for observer in self.system.observers]
        return {"before": f"after {arrow.name}", **{ghost: f"{ghost} {arrow.name}" for ghost in ghosts}}

    def step(self, arrow: Arrow) -> Images:
        """State and outputs after an arrow in the place of those that a step property speaks of."""
        return {"after": f"after {arrow.name}", "outputs": f"outputs {arrow.name}"}

    def opened(self, record: type) -> Images:
        """The record of an observer that opens in the place of the one before."""
        name = self._observers[record].name
        return {f"ghost {name!r}": f"opened {name!r}"}

    def concerns(self, known: Property, arrow: Arrow) -> bool:
        """Whether a property speaks of an arrow: a step property may speak of one event only."""
        return known.kind is Kind.INVARIANT or self._bound[known.id].event in (None, arrow.event)

    def of_file(self, name: str) -> Iterator[Goal]:
        """The goals of a file of certificates, in order."""
        if name == TABLE:
            return self._of_table()
        if name == CODE:
            return (goal for goal in self._of_code() if not self._is_true(goal))
        return self._of_property(self.system.property_named(PurePath(name).stem))

    def _of_property(self, known: Property) -> Iterator[Goal]:
        claim = f"|property {known.id}|"
        if known.kind is Kind.INVARIANT:
            begun = {old: new for record in self._observers for old, new in self.opened(record).items()}
            first = self.apply(claim, {"before": "initial"}, begun)
            yield Goal("initially", first, self._limits, "in no step")
            for record in self._bound[known.id].ghosts:
                if self._observers[record].arbitrary_start:
                    opening = self.apply(claim, {}, self.opened(record))
                    allowed = self._limits.union(self._not_about(record))
                    yield Goal(f"opening of {self._observers[record].name}", opening, allowed, "in no step")
        for arrow in self.arrows:
            if self.concerns(known, arrow):
                is_kept = known.kind is Kind.INVARIANT
                images = self.after(arrow) if is_kept else self.step(arrow)
                allowed = self._before | _taken(arrow)
                unchanged = is_kept and self._is_unchanged(claim, images)
                yield Goal(arrow.name, self.apply(claim, images), allowed, f"at {arrow.name}", unchanged)

    def _not_about(self, record: type) -> Iterator[str]:
        """The invariants that do not speak of a record."""
        prefix = f"|ghost {self._observers[record].name!r}."
        for name, lemma in self._lemmas.items():
            if not any(one.startswith(prefix) for one in self._defined[f"|property {name}|"].parameters):
                yield lemma

    def _is_unchanged(self, claim: str, images: Images) -> bool:
        """Whether each argument is the parameter in whose place it stands, or is defined as that."""
        pairs = zip(self._arguments(claim, images, {}), self._defined[claim].parameters, strict=True)
        return all(
            new == old or (new in self._defined and self._defined[new].body == old) for new, old in pairs
        )

    def _is_true(self, goal: Goal) -> bool:
        """Whether a place is defined as one where nothing could raise."""
        return goal.formula in self._defined and self._defined[goal.formula].body == "true"

    def _of_table(self) -> Iterator[Goal]:
        """That exactly one row of each pair of mode and event is enabled."""
        for number, mode in enumerate(self.system.mode):
            for event in self.system.events:
                arrows = [
                    one for one in self.arrows
                    if isinstance(one.entry, Row) and one.event is event and mode in one.entry.modes
                ]  # fmt: skip
                pair = f"({mode.name}, {event.__name__})"
                here = {f"|situation {one.name}|" for one in arrows}
                allowed = self._before | here | {f"(= |before.mode| {number})"}
                guards = [f"|guard {one.name}|" for one in arrows]
                if guards:
                    some = f"(or {' '.join(guards)})" if len(guards) > 1 else guards[0]
                    yield Goal(f"a row is enabled: {pair}", some, allowed, f"for {pair}")
                for one, other in combinations(guards, 2):
                    goal = f"(not (and {one} {other}))"
                    yield Goal(f"at most one row is enabled: {pair}", goal, allowed, f"for {pair}")

    def _of_code(self) -> Iterator[Goal]:
        """That no function raises, in each place where one is called."""
        observers = [observer.name for observer in self.system.observers]
        after = {arrow: frozenset(self._lemmas_after(arrow)) | _taken(arrow) for arrow in self.arrows}
        for condition in self.system.conditions:
            yield self._place(f"condition {condition.id}", frozenset({"|typed|"}))
        yield self._place("initial", self._limits)
        for arrow in self.arrows:
            yield self._place(f"guard {arrow.name}", self._before | {f"|situation {arrow.name}|"}, arrow)
            yield self._place(f"effect {arrow.name}", self._before | _taken(arrow), arrow)
        for known in self.system.properties:
            place, others = f"property {known.id}", self._before - {self._lemmas.get(known.id, "")}
            if known.kind is Kind.INVARIANT:
                yield self._place(place, others)
                continue
            for arrow in self.arrows:
                if self.concerns(known, arrow):
                    yield self._place(place, others | after[arrow], arrow, self.step(arrow))
        for name in observers:
            yield self._place(f"opened {name!r}", self._before)
            for arrow in self.arrows:
                yield self._place(f"ghost {name!r} {arrow.name}", self._before | after[arrow], arrow)

    def _place(
        self, place: str, allowed: frozenset[str], arrow: Arrow | None = None, images: Images | None = None
    ) -> Goal:
        where = "in no step" if arrow is None else f"at {arrow.name}"
        return Goal(f"{place} does not raise", self.apply(f"|defined {place}|", images or {}), allowed, where)

    def _lemmas_after(self, arrow: Arrow) -> Iterator[str]:
        """The invariants of the pump alone, after a step."""
        for name in self._lemmas:
            if not self._bound[name].ghosts:
                yield self.apply(f"|property {name}|", self.after(arrow))


def _taken(arrow: Arrow) -> frozenset[str]:
    return frozenset({f"|situation {arrow.name}|", f"|guard {arrow.name}|"})
