"""The elements of a system that a proof may need, and what each contributes to the hypotheses of an obligation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.language.types import EnumType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import TRUE, Term, integer, less_or_equal
from pumpproof.verify.logic.translate import as_term
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, well_typed
from pumpproof.verify.proof.guards import guard_conjuncts, place
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem, ranges

_QUOTED_ID = re.compile(r"""["'](MDL-[A-Z0-9]+-[0-9]+)["']""")


class ElementKind(Enum):
    """What a proof may need, in the order in which a core tries to do without it."""

    LEMMA = "lemma"
    TYPE = "type"
    EVENT_RANGE = "event range"
    CONDITION = "validity condition"
    OBSERVER = "observer"
    MODES = "source modes"
    GUARD = "guard conjunct"
    ASSIGNMENT = "assignment"


@dataclass(frozen=True)
class Element:
    """One element of a system.

    ``owner`` is the id of the property, condition or arrow, or the name of the event or observer, that it belongs to;
    ``says`` tells which part of it; ``where`` is ``package/module.py:line``, empty for what has no line of its own.
    """

    kind: ElementKind
    owner: str
    says: str
    where: str


@dataclass(frozen=True, eq=False)
class Part:
    """What an element contributes to one obligation."""

    element: Element
    holds: Term


class UnknownHypothesis(RuntimeError):
    """An obligation assumes something that is no element of the system: a fault of the tool."""


class Elements:
    """The hypotheses of obligations as parts, each with the element that it comes from."""

    def __init__(self, obligations: Obligations) -> None:
        self._obligations = obligations
        self._symbolic = symbolic = obligations.symbolic
        self._lemmas = {
            known.id: Element(ElementKind.LEMMA, known.id, known.says, self.place_of(known.claim))
            for known in symbolic.system.properties
        }
        self._shared = {symbolic.typed: self._types(), symbolic.valid_limits: self._conditions()}
        for identifier in obligations.invariants:
            lemma = Part(self._lemmas[identifier], obligations.before(identifier))
            self._shared.setdefault(lemma.holds, (lemma,))
        self._entries = _places_of_entries(symbolic)
        self._modes = {symbolic.in_modes((mode,)) for mode in symbolic.system.mode}
        self._own: dict[Arrow, dict[Term, tuple[Part, ...]]] = {}
        self._guards: dict[Arrow, tuple[Part, ...]] = {}

    def place_of(self, function: object) -> str:
        """Where a function of the system stands."""
        assert callable(function)
        read = self._symbolic.function(function)
        return place(read, read.span)

    def place_of_entry(self, arrow: Arrow) -> str:
        """Where the id of an entry of the table is first written, beside the functions of the table."""
        return self._entries.get(arrow.entry.id, "")

    def hypotheses(self, obligation: Obligation) -> tuple[tuple[Term, ...], tuple[Part, ...]]:
        """What is fixed in an obligation (the mode that its case is about), and the parts of all else it assumes.

        Raises:
            UnknownHypothesis: the obligation assumes something that is no element of the system.
        """
        fixed: list[Term] = []
        parts: list[Part] = []
        arrows = obligation.guarding if obligation.arrow is None else (obligation.arrow,)
        own = [self._of_arrow(arrow, obligation.stage) for arrow in arrows]
        for hypothesis in obligation.hypotheses:
            known = (table[hypothesis] for table in (self._shared, *own) if hypothesis in table)
            found = next(known, None)
            if found is not None:
                parts += found
            elif hypothesis in self._modes:
                fixed.append(hypothesis)
            elif hypothesis is not TRUE:
                raise UnknownHypothesis(f"{obligation.name}: it assumes {hypothesis!r}")
        if obligation.stage is Stage.AT_MOST_ONE_ROW:
            for arrow in arrows:
                parts += self.guard(arrow)
        return tuple(fixed), tuple(parts)

    def _of_arrow(self, arrow: Arrow, stage: Stage) -> Mapping[Term, tuple[Part, ...]]:
        if arrow not in self._own:
            modes, event = self.modes(arrow), self.event(arrow)
            self._own[arrow] = {
                self._symbolic.allowed(arrow.event_type): event,
                arrow.situation: (modes, *event),
                arrow.enabled: (modes, *event, *self.guard(arrow)),
            }
        own = self._own[arrow]
        if stage is not Stage.DEFINED:
            return own
        after = {
            self._obligations.invariant_after(identifier, arrow): identifier
            for identifier in self._obligations.invariants_of_pump
        }
        return {term: (Part(self._lemmas[known], term),) for term, known in after.items()} | own

    def modes(self, arrow: Arrow) -> Part:
        """The modes that an arrow starts from."""
        says = ", ".join(mode.name for mode in arrow.entry.modes)
        element = Element(ElementKind.MODES, arrow.name, says, self.place_of_entry(arrow))
        return Part(element, self._symbolic.in_modes(arrow.entry.modes))

    def guard(self, arrow: Arrow) -> tuple[Part, ...]:
        """The conjuncts of the guard of an arrow."""
        if arrow not in self._guards:
            self._guards[arrow] = tuple(
                Part(Element(ElementKind.GUARD, arrow.name, one.text, one.where), one.holds)
                for one in guard_conjuncts(self._symbolic, arrow)
            )
        return self._guards[arrow]

    def event(self, arrow: Arrow) -> tuple[Part, ...]:
        """What is assumed of the event of an arrow: its types and its declared ranges."""
        value, name = arrow.event, arrow.event_type.__name__
        parts = [
            Part(Element(ElementKind.EVENT_RANGE, name, f"{path} is one of {of}", ""), well_typed(of, leaf))
            for path, of, leaf in _enumerations("", value.type, value)
        ]
        for field, low, high in ranges(arrow.event_type):
            leaf = as_term(value.fields[field])
            if low is not None:
                element = Element(ElementKind.EVENT_RANGE, name, f"{low} <= {field}", "")
                parts.append(Part(element, less_or_equal(integer(low), leaf)))
            if high is not None:
                element = Element(ElementKind.EVENT_RANGE, name, f"{field} <= {high}", "")
                parts.append(Part(element, less_or_equal(leaf, integer(high))))
        return tuple(parts)

    def _types(self) -> tuple[Part, ...]:
        symbolic = self._symbolic
        values = [("state", symbolic.before), ("limits", symbolic.limits)]
        values += [(symbolic.observer(record).name, value) for record, value in symbolic.ghosts.items()]
        return tuple(
            Part(Element(ElementKind.TYPE, owner, f"{path} is one of {of}", ""), well_typed(of, leaf))
            for owner, value in values
            for path, of, leaf in _enumerations("", value.type, value)
        )

    def _conditions(self) -> tuple[Part, ...]:
        return tuple(
            Part(
                Element(ElementKind.CONDITION, known.id, known.says, self.place_of(known.holds)), claim.holds
            )
            for known, claim in self._symbolic.conditions
        )

    def every_lemma(self) -> Iterable[Element]:
        """Every invariant, which any proof may use as a lemma."""
        return (self._lemmas[identifier] for identifier in self._obligations.invariants)

    def every_assumption(self) -> Iterable[Element]:
        """Every type and every condition of valid limits."""
        return (part.element for part in (*self._types(), *self._conditions()))


def _places_of_entries(symbolic: SymbolicSystem) -> dict[str, str]:
    effects = (arrow.entry.effect for arrow in symbolic.arrows if isinstance(arrow.entry, Row | Command))
    read = {symbolic.function(effect).span.file: symbolic.function(effect) for effect in effects}
    places: dict[str, str] = {}
    for file, function in sorted(read.items()):
        for number, line in enumerate(Path(file).read_text(encoding="utf-8").splitlines(), start=1):
            for identifier in _QUOTED_ID.findall(line):
                places.setdefault(identifier, place(function, replace(function.span, line=number)))
    return places


def fields_of(path: str, value: Value) -> Iterator[tuple[str, Value]]:
    """The fields of a record with their paths; a tuple is one field."""
    if isinstance(value, RecordValue):
        for name, item in value.fields.items():
            yield from fields_of(f"{path}.{name}" if path else name, item)
    else:
        yield path, value


def _enumerations(path: str, of: Type, value: Value) -> Iterator[tuple[str, EnumType, Term]]:
    match of, value:
        case EnumType(), Term():
            yield path, of, value
        case RecordType(), RecordValue():
            for name, kind in of.fields:
                yield from _enumerations(f"{path}.{name}" if path else name, kind, value.fields[name])
        case TupleType(), TupleValue():
            for number, item in enumerate(value.items):
                yield from _enumerations(f"{path}[{number}]", of.item, item)
        case _:
            return
