"""An obligation taken apart into what a proof of it may need: one part per element of the system.

What a step writes becomes an equation on a fresh variable, so that to leave the equation out means that the effect
writes anything there. What a step does not write stays as it was, and an output that it does not write keeps its
default: that is the meaning of a step, no element of the system, and never in a core. A tuple is one field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.language import tree
from pumpproof.verify.language.types import PlainField, plain_fields
from pumpproof.verify.language.walk import called_functions, nodes
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import FALSE, Substitution, Term, all_of, any_of, equal, negate
from pumpproof.verify.logic.values import RecordValue, Value, known, leaves, unknown
from pumpproof.verify.proof.elements import Element, ElementKind, Elements, Part, fields_of
from pumpproof.verify.proof.guards import place
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.symbolic import Arrow, Outcome

INITIAL = "initial state"
"""Owner of the assignments of the initial state."""

_RESOURCE_LIMIT = 5_000_000
"""z3 resource count to show that a goal on fresh variables says what the obligation says."""


@dataclass(frozen=True, eq=False)
class Parted:
    """An obligation taken apart: ``fixed`` and all ``parts`` together imply ``goal``, as the obligation says.

    The parts are in the order in which a core tries to do without them.
    """

    obligation: Obligation
    fixed: tuple[Term, ...]
    parts: tuple[Part, ...]
    goal: Term


class DifferentGoal(RuntimeError):
    """An obligation that was taken apart does not say what it said: a fault of the tool."""


@dataclass(frozen=True, eq=False)
class _Written:
    """What happens to fresh variables: ``frame`` replaces those that keep a value, ``equations`` define the others."""

    frame: Substitution
    equations: Mapping[Term, tuple[Element, Term]]


class Parts:
    """Takes obligations of one system apart."""

    def __init__(self, obligations: Obligations) -> None:
        self.elements = Elements(obligations)
        self.symbolic = symbolic = obligations.symbolic
        self._obligations = obligations
        self._after = _record(unknown(symbolic.state_type, "after"))
        self._outputs = _record(unknown(symbolic.outputs_type, "outputs"))
        self._ghosts_after = {
            record: _record(unknown(value.type, f"ghost {symbolic.observer(record).name!r} after"))
            for record, value in symbolic.ghosts.items()
        }
        self._written: dict[Arrow, _Written] = {}
        self._any_step: dict[type, Arrow] = {}
        self._claims: dict[tuple[str, type | None], Term] = {}
        self._places: dict[tree.Function, dict[tuple[type, str], str]] = {}

    def of(self, obligation: Obligation) -> Parted:
        """Take an obligation apart.

        Raises:
            UnknownHypothesis: the obligation assumes something that is no element of the system.
            DifferentGoal: the goal on fresh variables is not the goal of the obligation.
        """
        fixed, parts = self.elements.hypotheses(obligation)
        goal, equations = self._goal(obligation)
        order = {kind: position for position, kind in enumerate(ElementKind)}
        everything = sorted(
            (*parts, *equations),
            key=lambda part: (order[part.element.kind], part.element.owner == obligation.subject),
        )
        return Parted(obligation, fixed, tuple(everything), goal)

    def assignments(self, arrow: Arrow) -> tuple[Element, ...]:
        """What the effect of an arrow writes."""
        return _elements(self._of_step(arrow), ElementKind.ASSIGNMENT)

    def initial_assignments(self) -> tuple[Element, ...]:
        """The fields of the initial state."""
        return _elements(self._beginning(), ElementKind.ASSIGNMENT)

    def observers(self) -> tuple[Element, ...]:
        """What the observers begin with, and how they count."""
        steps = (_elements(self._of_step(arrow), ElementKind.OBSERVER) for arrow in self.symbolic.arrows)
        begins = _elements(self._beginning(), ElementKind.OBSERVER)
        return tuple(dict.fromkeys((*begins, *(one for found in steps for one in found))))

    def _goal(self, obligation: Obligation) -> tuple[Term, tuple[Part, ...]]:
        match obligation.stage:
            case Stage.AT_MOST_ONE_ROW:
                return FALSE, ()
            case Stage.AT_LEAST_ONE_ROW | Stage.DEFINED | Stage.STRENGTHENING:
                return obligation.goal, ()
            case Stage.INITIAL:
                claim, written = self._claim(self._property(obligation)), self._beginning()
            case Stage.OPENING:
                assert obligation.opens is not None
                claim = self._claim(self._property(obligation), obligation.opens)
                written = self._opening(obligation.opens, self.symbolic.before)
            case Stage.STEP:
                assert obligation.arrow is not None
                claim, written = self._claim(self._property(obligation)), self._of_step(obligation.arrow)
            case _:
                assert_never(obligation.stage)
        goal = written.frame(claim)
        parts = tuple(_equations(goal, written.equations))
        _check_goal(obligation, goal, written)
        return goal, parts

    def _property(self, obligation: Obligation) -> Property:
        return self.symbolic.system.property_named(obligation.subject)

    def _claim(self, known_property: Property, opens: type | None = None) -> Term:
        """A property on fresh variables: of the state and the ghosts after, or of one ghost that opens."""
        key = (known_property.id, opens)
        if key not in self._claims:
            self._claims[key] = self._claimed(known_property, opens)
        return self._claims[key]

    def _claimed(self, known_property: Property, opens: type | None) -> Term:
        symbolic = self.symbolic
        if known_property.kind is Kind.STEP:
            event = symbolic.binding(known_property).event
            some = next(arrow for arrow in symbolic.arrows if event in (None, arrow.event_type))
            return symbolic.claim(known_property, arrow=self._any(some)).holds
        pairs = [(symbolic.ghosts[opens], self._ghosts_after[opens])] if opens is not None else []
        if opens is None:
            pairs = [(symbolic.before, self._after)]
            pairs += [(symbolic.ghosts[record], after) for record, after in self._ghosts_after.items()]
        fresh = {old: new for one, other in pairs for old, new in _zipped(one, other)}
        return Substitution(fresh)(self._obligations.before(known_property.id))

    def _any(self, arrow: Arrow) -> Arrow:
        """A step with the event of an arrow, of which nothing else is known."""
        if arrow.event_type not in self._any_step:
            self._any_step[arrow.event_type] = replace(arrow, after=self._after, outputs=self._outputs)
        return self._any_step[arrow.event_type]

    def _beginning(self) -> _Written:
        symbolic = self.symbolic
        initial, function = symbolic.initial[0], symbolic.function(symbolic.system.initial)
        equations = {
            fresh: (Element(ElementKind.ASSIGNMENT, INITIAL, path, self._place(function, field)), leaf)
            for field, (path, new), (_, after) in zip(
                plain_fields(symbolic.state_type),
                fields_of("", initial),
                fields_of("", self._after),
                strict=True,
            )
            for fresh, leaf in _zipped(after, new)
        }
        for record in symbolic.ghosts:
            equations |= self._opening(record, self._after).equations
        return _Written(Substitution({}), equations)

    def _opening(self, record: type, state: RecordValue) -> _Written:
        opened, _ = self.symbolic.opened(record, state)
        observer = self.symbolic.observer(record)
        element = Element(
            ElementKind.OBSERVER, observer.name, "begins", self.elements.place_of(observer.begin)
        )
        pairs = _zipped(self._ghosts_after[record], opened)
        return _Written(Substitution({}), {fresh: (element, leaf) for fresh, leaf in pairs})

    def _of_step(self, arrow: Arrow) -> _Written:
        if arrow not in self._written:
            self._written[arrow] = self._step(arrow)
        return self._written[arrow]

    def _step(self, arrow: Arrow) -> _Written:
        symbolic = self.symbolic
        kept: dict[Term, Term] = {}
        equations: dict[Term, tuple[Element, Term]] = {}
        empty = known(symbolic.outputs_type, symbolic.system.outputs())
        for prefix, old, new, after in (
            ("", symbolic.before, arrow.after, self._after),
            ("outputs", empty, arrow.outputs, self._outputs),
        ):
            fields = zip(
                plain_fields(new.type, prefix),
                fields_of("", old),
                fields_of("", new),
                fields_of("", after),
                strict=True,
            )
            for field, (_, was), (_, becomes), (_, fresh_field) in fields:
                element: Element | None = None
                for fresh, before, leaf in zip(
                    leaves(fresh_field), leaves(was), leaves(becomes), strict=True
                ):
                    if before is leaf:
                        kept[fresh] = before
                        continue
                    element = element or self._assignment(arrow, field)
                    equations[fresh] = (element, leaf)
        frame = Substitution(kept)
        for record, ghost in symbolic.ghosts.items():
            stepped, _ = symbolic.ghost_after(self._any(arrow), record)
            observer = symbolic.observer(record)
            function = observer.step_for(arrow.event_type)
            where = "" if function is None else self.elements.place_of(function)
            counts = Element(ElementKind.OBSERVER, observer.name, f"at {arrow.event_type.__name__}", where)
            for fresh, before, leaf in zip(
                leaves(self._ghosts_after[record]), leaves(ghost), map(frame, leaves(stepped)), strict=True
            ):
                if before is leaf:
                    kept[fresh] = before
                else:
                    equations[fresh] = (counts, leaf)
        return _Written(Substitution(kept), equations)

    def _assignment(self, arrow: Arrow, field: PlainField) -> Element:
        entry, where = arrow.entry, self.elements.place_of_entry(arrow)
        if isinstance(entry, Row | Command) and field.path != "mode":
            refused = isinstance(entry, Command) and arrow.outcome is Outcome.REFUSED
            function = entry.refuse if isinstance(entry, Command) and refused else entry.effect
            where = self._place(self.symbolic.function(function), field)
        return Element(ElementKind.ASSIGNMENT, arrow.name, field.path, where)

    def _place(self, function: tree.Function, field: PlainField) -> str:
        """Where a function, or one that it calls, writes a field; the function itself if that is not seen."""
        if function not in self._places:
            self._places[function] = _places_of_writes(function)
        return self._places[function].get((field.owner, field.name), place(function, function.span))


def _places_of_writes(function: tree.Function) -> dict[tuple[type, str], str]:
    """For each field of a record, the first place at which the function, or else what it calls, writes it."""
    places: dict[tuple[type, str], str] = {}
    for one in reversed(called_functions(function)):
        found: dict[tuple[type, str], tree.Span] = {}
        for node in nodes(one.body):
            if isinstance(node, tree.ReplaceFields | tree.MakeRecord):
                pairs = node.changes if isinstance(node, tree.ReplaceFields) else node.fields
                for name, value in pairs:
                    written = (node.type.record, name)
                    found[written] = min(found.get(written, value.span), value.span, key=_line)
        for written, span in found.items():
            places.setdefault(written, place(one, span))
    return places


def _line(span: tree.Span) -> int:
    return span.line


def _equations(goal: Term, equations: Mapping[Term, tuple[Element, Term]]) -> Iterator[Part]:
    """The equations that the goal speaks of, directly or through others; those of one element are one part."""
    wanted: dict[Term, None] = {}
    pending = list(goal.variables)
    while pending:
        fresh = pending.pop()
        if fresh in equations and fresh not in wanted:
            wanted[fresh] = None
            pending += equations[fresh][1].variables
    together: dict[Element, list[Term]] = {}
    for fresh, (element, leaf) in equations.items():
        if fresh in wanted:
            together.setdefault(element, []).append(equal(fresh, leaf))
    for element, terms in together.items():
        yield Part(element, all_of(terms))


def _elements(written: _Written, kind: ElementKind) -> tuple[Element, ...]:
    found = (element for element, _ in written.equations.values() if element.kind is kind)
    return tuple(dict.fromkeys(found))


def _check_goal(obligation: Obligation, goal: Term, written: _Written) -> None:
    """With all equations put in, a goal is that of the obligation; where the terms differ, a solver must say so."""
    once = Substitution({fresh: leaf for fresh, (_, leaf) in written.equations.items()})
    found = once(once(goal))
    if found is obligation.goal:
        return
    differ = any_of((all_of((found, negate(obligation.goal))), all_of((obligation.goal, negate(found)))))
    if Solver(_RESOURCE_LIMIT).check((differ,)).answer is not Answer.UNSATISFIABLE:
        raise DifferentGoal(f"{obligation.name}: its goal was taken apart wrongly")


def _zipped(left: Value, right: Value) -> Iterator[tuple[Term, Term]]:
    return zip(leaves(left), leaves(right), strict=True)


def _record(value: Value) -> RecordValue:
    assert isinstance(value, RecordValue)
    return value
