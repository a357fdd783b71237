"""Bounded search: every run up to a length at once, over symbolic limits, so that a shortest one is known to be.

The steps of the system are written one after the other with fresh variables, shared limits, and one truth value for
each arrow of each step that says whether it is taken. Ghosts that may open anywhere may open anew before any step.
Budgets are a length and a solver resource count; an ``unknown`` never counts as impossible.
"""

from collections.abc import Iterator
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
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Opening, Openings, Part, Stretch
from pumpproof.verify.search.shorten import ARROW, VIOLATION, WITNESS, Found, joined

DEPTH = 12
"""Default length up to which runs are searched."""

RESOURCE_LIMIT = 3_000_000
"""Default z3 resource count of one query."""

MOST_LEAVES = 40
"""A system with more variables than this is not unrolled: the search would use up its budget and find nothing."""


@dataclass(frozen=True)
class BoundedFind:
    """A run, replayed in the running machine, that ends with the step that shows the goal.

    ``shortest`` is True only if every shorter length was shown impossible, for all valid limits.
    """

    run: Run
    openings: Openings
    shortest: bool


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


def search_bounded(
    symbolic: SymbolicSystem, goal: Goal, *, depth: int = DEPTH, resource_limit: int = RESOURCE_LIMIT
) -> BoundedFind | None:
    """A run of at most ``depth`` steps that shows the goal, the shortest first; None says nothing.

    Raises:
        ReplayMismatch: the running machine does not do what the formulas say.
    """
    unrolling = _Unrolling(symbolic, goal, resource_limit)
    if unrolling.size > MOST_LEAVES:
        return None
    shortest = True
    for length in range(depth + 1):
        reply = unrolling.ask(length)
        if reply.answer is Answer.SATISFIABLE:
            limits, script = unrolling.script(reply, length)
            (confirmed,) = confirm(symbolic.system, limits, [Found(goal.kind, goal.name, script)])
            return BoundedFind(confirmed.run, confirmed.openings, shortest)
        shortest = shortest and reply.answer is Answer.UNSATISFIABLE
        unrolling.extend()
    return None


@dataclass(frozen=True, eq=False)
class _Frame:
    """A state before a step, the records after observers may have opened, and the choices of that step."""

    state: RecordValue
    ghosts: dict[type, RecordValue]
    opens: dict[type, Term]
    rename: Substitution
    taken: tuple[Term, ...]
    events: dict[type, RecordValue]


class _Unrolling:
    def __init__(self, symbolic: SymbolicSystem, goal: Goal, resource_limit: int) -> None:
        self.symbolic = symbolic
        self.goal = goal
        self.known = None if goal.kind == ARROW else symbolic.system.property_named(goal.name)
        self.records = () if self.known is None else symbolic.binding(self.known).ghosts
        self.size = sum(1 for value in (symbolic.before, *self._ghosts()) for _ in leaves(value))
        self.frames: list[_Frame] = []
        self.solver = Solver(resource_limit)
        self.solver.push((symbolic.typed, symbolic.valid_limits))
        initial, demands = symbolic.initial
        self.solver.push(demand.holds for demand in demands)
        if self.size <= MOST_LEAVES:
            self._add(initial, {record: symbolic.opened(record, initial)[0] for record in self.records})

    def _ghosts(self) -> Iterator[RecordValue]:
        return (self.symbolic.ghosts[record] for record in self.records)

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
        self.frames.append(_Frame(state, ghosts, opens, Substitution(replacements), taken, events))

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

    def ask(self, length: int) -> Reply:
        """Whether some run of this length ends with the goal."""
        wanted = self._goal()
        asked = [*leaves(self.symbolic.limits)]
        for frame in self.frames:
            asked += [*frame.taken, *frame.opens.values()]
            asked += [leaf for value in frame.events.values() for leaf in leaves(value)]
        assert length == len(self.frames) - 1
        return Reply(Answer.UNSATISFIABLE, {}) if wanted is FALSE else self.solver.check((wanted,), asked)

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
        wanted = claim.when if self.goal.kind == WITNESS else negate(claim.holds)
        return all_of((wanted, *(demand.holds for demand in claim.demands)))

    def script(self, reply: Reply, length: int) -> tuple[Any, tuple[Part, ...]]:
        """The run of a model, and its limits."""
        symbolic = self.symbolic
        observers = [observer.record for observer in symbolic.system.observers]
        parts: list[Part] = []
        for number, frame in enumerate(self.frames[: length + 1]):
            parts += [
                Opening(observers.index(record))
                for record, opens in frame.opens.items()
                if reply.values[opens]
            ]
            if number < length:
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
