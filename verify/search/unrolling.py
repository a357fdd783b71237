"""A system written out step by step with fresh variables: every run of a length at once, over symbolic limits.

Each step has one truth value for each arrow that says whether it is taken, and ghosts that may open anywhere may open
anew before any step. Invariants that are proved may be asserted of every state: they exclude no run.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.logic.terms import FALSE, Substitution, Term, all_of, any_of, implies, negate, variable
from pumpproof.verify.logic.values import (
    RecordValue,
    TupleValue,
    Value,
    leaves,
    python_value,
    same,
    select,
    unknown,
)
from pumpproof.verify.proof.induction import fill_in
from pumpproof.verify.proof.symbolic import Arrow, Claim, SymbolicSystem, record_type
from pumpproof.verify.search.script import Opening, Part, Stretch
from pumpproof.verify.search.shorten import ARROW, VIOLATION, WITNESS, joined


@dataclass(frozen=True)
class Goal:
    """An arrow by name, or a property by id as a witness or a violation."""

    kind: str
    name: str


def violation_of(known: Property) -> Goal:
    """A run that breaks a property."""
    return Goal(VIOLATION, known.id)


def witness_of(known: Property) -> Goal:
    """A run that reaches the situation of which a property speaks."""
    return Goal(WITNESS, known.id)


def arrow_named(name: str) -> Goal:
    """A run whose last step takes an arrow."""
    return Goal(ARROW, name)


@dataclass(frozen=True, eq=False)
class Frame:
    """A state before a step, the records after observers may have opened, and the choices of that step."""

    state: RecordValue
    ghosts: dict[type, RecordValue]
    opens: dict[type, Term]
    rename: Substitution
    taken: tuple[Term, ...]
    events: dict[type, RecordValue]


class Unrolling:
    """All runs of a length, made longer by ``extend``; ``lemmas`` are ids of invariants that are proved."""

    def __init__(
        self, symbolic: SymbolicSystem, goal: Goal, resource_limit: int, lemmas: Collection[str] = ()
    ) -> None:
        self.symbolic = symbolic
        self.goal = goal
        self.known = None if goal.kind == ARROW else symbolic.system.property_named(goal.name)
        self.records = () if self.known is None else symbolic.binding(self.known).ghosts
        self.frames: list[Frame] = []
        self.solver = Solver(resource_limit)
        self._lemmas = self._claims(lemmas)
        self.solver.push((symbolic.typed, symbolic.valid_limits))
        initial, demands = symbolic.initial
        self.solver.push(demand.holds for demand in demands)
        self._add(initial, {record: symbolic.opened(record, initial)[0] for record in self.records})

    @property
    def length(self) -> int:
        """The number of steps."""
        return len(self.frames) - 1

    def _claims(self, lemmas: Collection[str]) -> tuple[Term, ...]:
        """The lemmas that speak of the pump and of the observers that are written out."""
        return tuple(
            self.symbolic.claim(known, state=self.symbolic.before).holds
            for known in self.symbolic.system.properties
            if known.id in lemmas
            and known.kind is Kind.INVARIANT
            and set(self.symbolic.binding(known).ghosts) <= set(self.records)
        )

    def _add(self, state: RecordValue, carried: dict[type, RecordValue]) -> None:
        """Append a frame: observers may open here, and an arrow may be taken from here."""
        symbolic, number = self.symbolic, len(self.frames)
        opens: dict[type, Term] = {}
        ghosts: dict[type, RecordValue] = {}
        for record, value in carried.items():
            ghosts[record] = value
            if number and symbolic.observer(record).arbitrary_start:
                opens[record] = variable(f"opens[{number}] {symbolic.observer(record).name}", "Bool")
                opened, demands = symbolic.opened(record, state)
                self.solver.push([implies(opens[record], demand.holds) for demand in demands])
                chosen = select(opens[record], opened, value)
                assert isinstance(chosen, RecordValue)
                ghosts[record] = chosen
        events = {event: _fresh(event, f"{event.__name__}[{number}]") for event in symbolic.system.events}
        replacements = dict(zip(leaves(symbolic.before), leaves(state), strict=True))
        for record in self.records:
            replacements |= dict(zip(leaves(symbolic.ghosts[record]), leaves(ghosts[record]), strict=True))
        for event, value in events.items():
            replacements |= dict(zip(leaves(symbolic.event(event)), leaves(value), strict=True))
        taken = tuple(variable(f"taken[{number}] {arrow.name}", "Bool") for arrow in symbolic.arrows)
        rename = Substitution(replacements)
        self.solver.push(rename(lemma) for lemma in self._lemmas)
        self.frames.append(Frame(state, ghosts, opens, rename, taken, events))

    def extend(self) -> None:
        """Take one more step."""
        symbolic, frame, number = self.symbolic, self.frames[-1], len(self.frames)
        after = _fresh(symbolic.system.state, f"state[{number}]")
        carried = {record: _fresh(record, f"ghost[{number}] {record.__name__}") for record in self.records}
        step: list[Term] = [any_of(frame.taken)]
        for arrow, taken in zip(symbolic.arrows, frame.taken, strict=True):
            effects = [same(after, _renamed(arrow.after, frame.rename))]
            for record, value in carried.items():
                ghost, demands = symbolic.ghost_after(arrow, record)
                effects.append(same(value, _renamed(ghost, frame.rename)))
                effects += [frame.rename(demand.holds) for demand in demands]
            step.append(implies(taken, all_of((frame.rename(self._taken_alone(arrow)), *effects))))
        self.solver.push(step)
        self._add(after, carried)

    def _taken_alone(self, arrow: Arrow) -> Term:
        """The arrow is enabled, nothing raises, and no other row is enabled: then the machine takes it."""
        demands = (demand.holds for demand in (*arrow.guard_demands, *arrow.effect_demands))
        others = (
            negate(other.enabled)
            for other in self.symbolic.arrows
            if isinstance(arrow.entry, Row)
            and isinstance(other.entry, Row)
            and other.event_type is arrow.event_type
            and other is not arrow
        )
        return all_of((arrow.enabled, *demands, *others))

    def ask(self, more: Collection[Term] = ()) -> Reply:
        """Whether some run of this length, of which ``more`` holds, ends with the goal."""
        wanted = self._goal()
        if wanted is FALSE:
            return Reply(Answer.UNSATISFIABLE, {})
        asked = [*leaves(self.symbolic.limits)]
        for frame in self.frames:
            asked += [*frame.taken, *frame.opens.values()]
            asked += [leaf for value in frame.events.values() for leaf in leaves(value)]
        return self.solver.check((wanted, *more), asked)

    def takes(self, number: int, event: type) -> Term:
        """Step ``number``, counted from 0, takes an event of this type."""
        arrows = zip(self.symbolic.arrows, self.frames[number].taken, strict=True)
        return any_of(taken for arrow, taken in arrows if arrow.event_type is event)

    def _goal(self) -> Term:
        symbolic, frame = self.symbolic, self.frames[-1]
        if self.known is not None and self.known.kind is Kind.INVARIANT:
            return self._shown(symbolic.claim(self.known, state=frame.state, ghosts=frame.ghosts))
        if len(self.frames) == 1:
            return FALSE
        last = self.frames[-2]
        if self.known is None:
            arrows = zip(symbolic.arrows, last.taken, strict=True)
            return any_of(taken for arrow, taken in arrows if arrow.name == self.goal.name)
        event = symbolic.binding(self.known).event
        return any_of(
            all_of((taken, last.rename(self._shown(symbolic.claim(self.known, arrow=arrow)))))
            for arrow, taken in zip(symbolic.arrows, last.taken, strict=True)
            if event in (None, arrow.event_type)
        )

    def _shown(self, claim: Claim) -> Term:
        wanted = claim.witness if self.goal.kind == WITNESS else negate(claim.holds)
        return all_of((wanted, *(demand.holds for demand in claim.demands)))

    def script(self, reply: Reply) -> tuple[Any, tuple[Part, ...]]:
        """The run of a model, and its limits."""
        symbolic = self.symbolic
        observers = [observer.record for observer in symbolic.system.observers]
        parts: list[Part] = []
        for number, frame in enumerate(self.frames):
            parts += [
                Opening(observers.index(record))
                for record, opens in frame.opens.items()
                if reply.values[opens]
            ]
            if number < self.length:
                taken = [arrow for arrow, one in zip(symbolic.arrows, frame.taken) if reply.values[one]]
                parts.append(Stretch(_python(reply, frame.events[taken[0].event_type]), 1))
        return _python(reply, symbolic.limits), joined(tuple(parts))


def _fresh(record: type, name: str) -> RecordValue:
    value = unknown(record_type(record), name)
    assert isinstance(value, RecordValue)
    return value


def _renamed(value: Value, rename: Substitution) -> Value:
    match value:
        case Term():
            return rename(value)
        case RecordValue():
            return RecordValue(
                value.type, {name: _renamed(item, rename) for name, item in value.fields.items()}
            )
        case TupleValue():
            return TupleValue(tuple(_renamed(item, rename) for item in value.items))


def _python(reply: Reply, value: RecordValue) -> Any:
    filled = fill_in(reply, value)
    assert isinstance(filled, RecordValue)
    return python_value(value.type, filled)
