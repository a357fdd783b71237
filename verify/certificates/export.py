"""Every obligation of a system as SMT-LIB 2 text.

An obligation is a list of assertions and one negated goal, which together must be unsatisfiable. Its assertions are
types, conditions of valid limits, invariants before the step, and the situation and the guard of one arrow.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.certificates.text import Definition, numeral
from pumpproof.verify.certificates.vocabulary import UNCHANGED, Images, Said, SystemVocabulary
from pumpproof.verify.logic.terms import TRUE
from pumpproof.verify.logic.translate import Demand
from pumpproof.verify.logic.values import enum_code
from pumpproof.verify.proof.obligations import CODE, TABLE, Stage
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem


@dataclass(frozen=True, eq=False)
class Exported:
    """One obligation: ``assumed`` together with the negation of ``goal`` must be unsatisfiable."""

    subject: str
    stage: Stage
    where: str
    assumed: tuple[Said, ...]
    goal: Said

    @property
    def name(self) -> str:
        """Subject, stage and place in one line."""
        return f"{self.subject}: {self.stage.value}: {self.where}"

    @property
    def commands(self) -> tuple[str, ...]:
        """The assertions, each as a command."""
        return (*(f"(assert {one.text})" for one in self.assumed), f"(assert (not {self.goal.text}))")

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """What the assertions need, each once."""
        said = (*self.assumed, self.goal)
        return tuple(dict.fromkeys(definition for one in said for definition in one.definitions))


@dataclass(frozen=True, eq=False)
class Unchanged:
    """An invariant that a step keeps because it writes nothing that the invariant reads."""

    subject: str
    arrow: Arrow
    claim: Definition
    after: Images

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The invariant, and what the step leaves as it is of all that it reads."""
        read = [leaf for leaf in self.claim.parameters if leaf in self.after.values]
        return (self.claim, *(one for leaf in read for one in self.after.said(leaf).definitions))


class Exporter:
    """Obligations of one system as text; those of table and code rely on the invariants ``relied_on``."""

    def __init__(self, symbolic: SymbolicSystem, relied_on: AbstractSet[str]) -> None:
        self.symbolic = symbolic
        self.vocabulary = SystemVocabulary(symbolic)
        self._relied_on = relied_on
        self._kept: dict[Arrow, tuple[Said, ...]] = {}

    def of_subject(self, subject: str) -> Iterator[Exported | Unchanged]:
        """The obligations of the table, of the code, or of a property by its id."""
        if subject == TABLE:
            yield from self._of_table()
        elif subject == CODE:
            yield from self._of_code()
        else:
            known = self.symbolic.system.property_named(subject)
            yield from self._of_invariant(known) if known.kind is Kind.INVARIANT else self._of_step(known)

    @property
    def _background(self) -> tuple[Said, ...]:
        return (self.vocabulary.typed, *self.vocabulary.conditions)

    def _assumed(self, known: Property) -> tuple[Property, ...]:
        """The invariants that the proof of a property assumes before a step."""
        own = (known.id,) if known.kind is Kind.INVARIANT else ()
        return tuple(map(self.symbolic.system.property_named, dict.fromkeys((*own, *known.uses))))

    def _of_invariant(self, known: Property) -> Iterator[Exported | Unchanged]:
        symbolic, words = self.symbolic, self.vocabulary
        ghosts = symbolic.binding(known).ghosts
        begun = UNCHANGED.beside(*map(words.opened, ghosts))
        goal = words.holds(known, words.initial(), begun)
        yield Exported(known.id, Stage.INITIAL, "initial state", self._background, goal)
        for ghost in ghosts:
            if symbolic.observer(ghost).arbitrary_start:
                yield self._opening(known, ghost)
        assumed = (*self._background, *map(words.holds, self._assumed(known)))
        claim = words.holds(known).definitions[0]
        for arrow in symbolic.arrows:
            after = words.after(arrow, ghosts)
            if after.keep(claim.parameters):
                yield Unchanged(known.id, arrow, claim, after)
            else:
                goal = words.holds(known, after)
                yield Exported(known.id, Stage.STEP, arrow.name, (*assumed, *words.taken(arrow)), goal)

    def _opening(self, known: Property, ghost: type) -> Exported:
        """Nothing is assumed that speaks of the record that opens."""
        observer = self.symbolic.observer(ghost)
        words, opened = self.vocabulary, self.vocabulary.opened(ghost)
        lemmas = [
            said
            for said in map(words.holds, self._assumed(known))
            if opened.values.keys().isdisjoint(said.definitions[0].parameters)
        ]
        assumed = (*self._background, *lemmas)
        goal = words.holds(known, UNCHANGED, opened)
        return Exported(known.id, Stage.OPENING, f"opening of {observer.name}", assumed, goal)

    def _of_step(self, known: Property) -> Iterator[Exported]:
        words = self.vocabulary
        assumed = (*self._background, *map(words.holds, self._assumed(known)))
        for arrow in self._arrows_of(known):
            goal = words.holds(known, words.step(arrow))
            yield Exported(known.id, Stage.STEP, arrow.name, (*assumed, *words.taken(arrow)), goal)

    def _arrows_of(self, known: Property) -> Iterator[Arrow]:
        """The arrows of which a step property speaks."""
        event = self.symbolic.binding(known).event
        return (arrow for arrow in self.symbolic.arrows if event in (None, arrow.event_type))

    def _invariants(self, ghosts: Sequence[type], images: Images = UNCHANGED) -> tuple[Said, ...]:
        """The invariants relied on that speak of the pump and of these ghosts at most."""
        return tuple(
            self.vocabulary.holds(known, images)
            for known in self.symbolic.system.properties
            if known.id in self._relied_on and set(self.symbolic.binding(known).ghosts) <= set(ghosts)
        )

    def _of_table(self) -> Iterator[Exported]:
        """That exactly one row of each pair of mode and event is enabled, where the pair has rows."""
        system, words = self.symbolic.system, self.vocabulary
        for mode in system.mode:
            for event in system.events:
                ids = {entry.id for entry in system.entries(mode, event) if isinstance(entry, Row)}
                arrows = [arrow for arrow in self.symbolic.arrows if arrow.entry.id in ids]
                if not arrows:
                    continue
                pair = f"({mode.name}, {event.__name__})"
                here = (_in_mode(mode), *map(words.situation, arrows))
                assumed = (*self._background, *self._invariants(()), *here)
                guards = [words.guard(arrow) for arrow in arrows]
                yield Exported(TABLE, Stage.AT_LEAST_ONE_ROW, pair, assumed, _junction("or", guards))
                for left, right in combinations(arrows, 2):
                    both = _junction("and", [words.guard(left), words.guard(right)])
                    where = f"{pair} {left.name} and {right.name}"
                    goal = Said(f"(not {both.text})", both.definitions)
                    yield Exported(TABLE, Stage.AT_MOST_ONE_ROW, where, assumed, goal)

    def _of_code(self) -> Iterator[Exported]:
        """That nothing raises; a place where nothing could is defined as ``true`` and has no obligation."""
        symbolic, words = self.symbolic, self.vocabulary
        for condition, claim in symbolic.conditions:
            yield from self._place(f"condition {condition.id}", claim.demands, (words.typed,))
        yield from self._place("initial", symbolic.initial[1], self._background)
        state = (*self._background, *self._invariants(()))
        for arrow in symbolic.arrows:
            yield from self._place(
                f"guard {arrow.name}", arrow.guard_demands, (*state, words.situation(arrow))
            )
            yield from self._place(
                f"effect {arrow.name}", arrow.effect_demands, (*state, *words.taken(arrow))
            )
        yield from self._properties_defined()
        for observer in symbolic.system.observers:
            demands = symbolic.opened(observer.record, symbolic.before)[1]
            yield from self._place(f"opened {observer.name!r}", demands, state)
            own = (*self._background, *self._invariants((observer.record,)))
            for arrow in symbolic.arrows:
                place = f"ghost {observer.name!r} {arrow.name}"
                demands = symbolic.ghost_after(arrow, observer.record)[1]
                yield from self._place(place, demands, self._around(own, arrow))

    def _properties_defined(self) -> Iterator[Exported]:
        symbolic, words = self.symbolic, self.vocabulary
        for known in symbolic.system.properties:
            if not words.claim(known).demands:
                continue
            own = [
                self.vocabulary.holds(one)
                for one in symbolic.system.properties
                if one is not known
                and one.id in self._relied_on
                and set(symbolic.binding(one).ghosts) <= set(symbolic.binding(known).ghosts)
            ]
            before = (*self._background, *own)
            where = f"property {known.id}"
            if known.kind is Kind.INVARIANT:
                yield Exported(CODE, Stage.DEFINED, where, before, words.is_defined(known))
                continue
            for arrow in self._arrows_of(known):
                goal = words.is_defined(known, words.step(arrow))
                yield Exported(
                    CODE, Stage.DEFINED, f"{where} at {arrow.name}", self._around(before, arrow), goal
                )

    def _around(self, before: tuple[Said, ...], arrow: Arrow) -> tuple[Said, ...]:
        """What holds where a function of a step is called: the invariants of the pump after it, too."""
        if arrow not in self._kept:
            self._kept[arrow] = self._invariants((), self.vocabulary.after(arrow))
        return (*before, *self._kept[arrow], *self.vocabulary.taken(arrow))

    def defined_places(self) -> tuple[Definition, ...]:
        """That evaluation does not raise, for each place where code is called; ``true`` where nothing could."""
        symbolic, words = self.symbolic, self.vocabulary
        places = [(f"condition {one.id}", claim.demands) for one, claim in symbolic.conditions]
        places.append(("initial", symbolic.initial[1]))
        for arrow in symbolic.arrows:
            places.append((f"guard {arrow.name}", arrow.guard_demands))
            places.append((f"effect {arrow.name}", arrow.effect_demands))
        for observer in symbolic.system.observers:
            places.append((f"opened {observer.name!r}", symbolic.opened(observer.record, symbolic.before)[1]))
            places += [
                (f"ghost {observer.name!r} {arrow.name}", symbolic.ghost_after(arrow, observer.record)[1])
                for arrow in symbolic.arrows
            ]
        functions = [words.is_defined(known).definitions[0] for known in symbolic.system.properties]
        return (*(words.defined(place, demands) for place, demands in places), *functions)

    def _place(self, place: str, demands: Sequence[Demand], assumed: tuple[Said, ...]) -> Iterator[Exported]:
        definition = self.vocabulary.defined(place, demands)
        if definition.body is not TRUE:
            yield Exported(CODE, Stage.DEFINED, place, assumed, self.vocabulary.apply(definition, UNCHANGED))


def _in_mode(mode: Enum) -> Said:
    return Said(f"(= |before.mode| {numeral(enum_code(mode))})")


def _junction(operator: str, parts: Sequence[Said]) -> Said:
    """Two or more formulas joined, or the only one."""
    text = parts[0].text if len(parts) == 1 else f"({operator} {' '.join(part.text for part in parts)})"
    return Said(text, tuple(one for part in parts for one in part.definitions))
