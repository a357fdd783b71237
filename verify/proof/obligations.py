"""Proof obligations: what has to be shown, and from what, for each property and for the table itself."""

import copy
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.logic.terms import FALSE, TRUE, Substitution, Term, all_of, any_of, negate
from pumpproof.verify.logic.translate import Demand
from pumpproof.verify.logic.values import RecordValue, leaves
from pumpproof.verify.proof.symbolic import Arrow, Claim, SymbolicSystem


class Stage(Enum):
    """What an obligation is about."""

    INITIAL = "holds in the initial state"
    OPENING = "holds when an observer opens"
    STEP = "kept by a step"
    DEFINED = "never raises"
    AT_MOST_ONE_ROW = "at most one row is enabled"
    AT_LEAST_ONE_ROW = "at least one row is enabled"


@dataclass(frozen=True, eq=False)
class Obligation:
    """``hypotheses`` must imply ``goal``. ``subject`` is a property id, or the name of a check of the table.

    ``where`` says at which arrow, observer or function; ``unchanged`` marks a goal that is one of the hypotheses,
    because the step writes nothing that the property reads.
    """

    subject: str
    stage: Stage
    where: str
    hypotheses: tuple[Term, ...]
    goal: Term
    arrow: Arrow | None = None
    unchanged: bool = False

    @property
    def name(self) -> str:
        """Subject, stage and place in one line."""
        return f"{self.subject}: {self.stage.value}: {self.where}"


TABLE = "table"
CODE = "code"


class Obligations:
    """Generator of all obligations of a system.

    The obligations of the table and of the code rely on every invariant, or on those named to ``relying_on``.
    """

    def __init__(self, symbolic: SymbolicSystem) -> None:
        self.symbolic = symbolic
        system = symbolic.system
        self._before = {
            known.id: symbolic.claim(known, state=symbolic.before)
            for known in system.properties
            if known.kind is Kind.INVARIANT
        }
        self._relied_on: AbstractSet[str] = self._before.keys()
        self._substitutions: dict[tuple[Arrow, tuple[type, ...]], Substitution] = {}
        self._written: dict[tuple[Arrow, type | None], dict[Term, Term]] = {}
        self._kept: dict[Arrow, tuple[Term, ...]] = {}
        self._step_claims: dict[tuple[object, ...], Claim] = {}

    def relying_on(self, invariants: AbstractSet[str]) -> "Obligations":
        """The same obligations, those of table and code from these invariants only."""
        narrowed = copy.copy(self)
        narrowed._relied_on = invariants
        narrowed._kept = {}
        return narrowed

    def about(self, symbolic: SymbolicSystem) -> "Obligations":
        """The same properties of another table; ``symbolic`` has the same records, observers and properties."""
        other = copy.copy(self)
        other.symbolic = symbolic
        other._substitutions, other._written, other._kept, other._step_claims = {}, {}, {}, {}
        return other

    def prepare(self) -> None:
        """Read everything now, before worker processes are forked from this one."""
        assert self.symbolic.arrows and self.symbolic.conditions is not None
        for arrow in self.symbolic.arrows:
            for observer in self.symbolic.system.observers:
                self.symbolic.ghost_after(arrow, observer.record)

    def before(self, identifier: str) -> Term:
        """An invariant, of the state before the step."""
        return self._before[identifier].holds

    def claim_before(self, known: Property) -> Claim:
        """An invariant, of the state before the step, with its situation and its demands."""
        return self._before[known.id]

    def step_claim(self, known: Property, arrow: Arrow) -> Claim:
        """A step property, of one arrow."""
        event = self.symbolic.binding(known).event
        key = (known.id, event, arrow.after, *leaves(arrow.outputs))  # all that a claim can read of an arrow
        if key not in self._step_claims:
            self._step_claims[key] = self.symbolic.claim(known, arrow=arrow)
        return self._step_claims[key]

    def assumed(self, known: Property) -> tuple[Term, ...]:
        """What the proof of a property assumes before the step: itself, if an invariant, and the lemmas it uses."""
        own = (known.id,) if known.kind is Kind.INVARIANT else ()
        return tuple(self.before(identifier) for identifier in dict.fromkeys((*own, *known.uses)))

    @property
    def background(self) -> tuple[Term, ...]:
        """What holds in every obligation: types, and valid limits."""
        return (self.symbolic.typed, self.symbolic.valid_limits)

    def of_property(self, known: Property) -> Iterator[Obligation]:
        """Every obligation of one property; those that need no solver included."""
        if known.kind is Kind.STEP:
            yield from self._of_step_property(known)
        else:
            yield from self._of_invariant(known)

    def of_steps(self, known: Property) -> Iterator[Obligation]:
        """The obligations of one property that are about an arrow."""
        of_kind = self._of_step_property if known.kind is Kind.STEP else self._steps_of_invariant
        return of_kind(known)

    def _of_invariant(self, known: Property) -> Iterator[Obligation]:
        symbolic = self.symbolic
        initial, _ = symbolic.initial
        ghosts = symbolic.binding(known).ghosts
        opened = {ghost: symbolic.opened(ghost, initial)[0] for ghost in ghosts}
        first = symbolic.claim(known, state=initial, ghosts=opened).holds
        yield Obligation(known.id, Stage.INITIAL, "initial state", self.background, first)
        for ghost in ghosts:
            if symbolic.observer(ghost).arbitrary_start:
                yield self._opening(known, ghost)
        yield from self._steps_of_invariant(known)

    def _steps_of_invariant(self, known: Property) -> Iterator[Obligation]:
        ghosts = self.symbolic.binding(known).ghosts
        assumed = self.assumed(known)
        claim = self.before(known.id)
        for arrow in self.symbolic.arrows:
            after = self._after(claim, arrow, ghosts)
            hypotheses = (*self.background, *assumed, arrow.enabled)
            yield Obligation(
                known.id, Stage.STEP, arrow.name, hypotheses, after, arrow, unchanged=after is claim
            )

    def _opening(self, known: Property, ghost: type) -> Obligation:
        """The observer may open in any reachable state; nothing is assumed that speaks of its record."""
        symbolic = self.symbolic
        record, _ = symbolic.opened(ghost, symbolic.before)
        ghosts = {**symbolic.ghosts, ghost: record}
        own = frozenset(leaves(symbolic.ghosts[ghost]))
        assumed = tuple(term for term in self.assumed(known) if own.isdisjoint(term.variables))
        goal = symbolic.claim(known, state=symbolic.before, ghosts=ghosts).holds
        where = f"opening of {symbolic.observer(ghost).name}"
        return Obligation(known.id, Stage.OPENING, where, (*self.background, *assumed), goal)

    def _after(self, claim: Term, arrow: Arrow, ghosts: tuple[type, ...]) -> Term:
        key = (arrow, ghosts)
        if key not in self._substitutions:
            changes = dict(self._changes(arrow, None))
            for ghost in ghosts:
                changes |= self._changes(arrow, ghost)
            self._substitutions[key] = Substitution(changes)
        return self._substitutions[key](claim)

    def _changes(self, arrow: Arrow, ghost: type | None) -> dict[Term, Term]:
        """What an arrow writes of the state, or of the record of an observer."""
        key = (arrow, ghost)
        if key not in self._written:
            symbolic = self.symbolic
            if ghost is None:
                self._written[key] = _replacements(symbolic.before, arrow.after)
            else:
                self._written[key] = _replacements(
                    symbolic.ghosts[ghost], symbolic.ghost_after(arrow, ghost)[0]
                )
        return self._written[key]

    def _of_step_property(self, known: Property) -> Iterator[Obligation]:
        event = self.symbolic.binding(known).event
        assumed = self.assumed(known)
        for arrow in self.symbolic.arrows:
            if event in (None, arrow.event_type):
                claim = self.step_claim(known, arrow)
                hypotheses = (*self.background, *assumed, arrow.enabled)
                yield Obligation(known.id, Stage.STEP, arrow.name, hypotheses, claim.holds, arrow)

    def of_table(self) -> Iterator[Obligation]:
        """That exactly one row of each (mode, event) pair with guarded rows is enabled."""
        symbolic = self.symbolic
        for mode in symbolic.system.mode:
            for event in symbolic.system.events:
                ids = {entry.id for entry in symbolic.system.entries(mode, event) if isinstance(entry, Row)}
                arrows = [arrow for arrow in symbolic.arrows if arrow.entry.id in ids]
                if not arrows:
                    continue
                pair = f"({mode.name}, {event.__name__})"
                hypotheses = (*self._state_hypotheses, symbolic.in_modes((mode,)), symbolic.allowed(event))
                some = any_of(arrow.guard for arrow in arrows)
                yield Obligation(TABLE, Stage.AT_LEAST_ONE_ROW, pair, hypotheses, some)
                for left, right in combinations(arrows, 2):
                    one = negate(all_of((left.guard, right.guard)))
                    where = f"{pair} {left.name} and {right.name}"
                    yield Obligation(TABLE, Stage.AT_MOST_ONE_ROW, where, hypotheses, one)

    @property
    def _state_hypotheses(self) -> tuple[Term, ...]:
        """The invariants that speak of the pump alone: what guards and effects may rely on."""
        return (*self.background, *self._invariants(()))

    def _invariants(self, ghosts: Sequence[type]) -> tuple[Term, ...]:
        """The invariants relied on that speak of the pump and of these ghosts at most."""
        return tuple(
            self.before(known.id)
            for known in self.symbolic.system.properties
            if known.id in self._relied_on and set(self.symbolic.binding(known).ghosts) <= set(ghosts)
        )

    @property
    def every_invariant(self) -> tuple[Term, ...]:
        """All invariants relied on, of the state before the step."""
        return tuple(
            claim.holds for identifier, claim in self._before.items() if identifier in self._relied_on
        )

    def of_code(self) -> Iterator[Obligation]:
        """That no function raises in a state that satisfies the invariants."""
        symbolic = self.symbolic
        for condition, claim in symbolic.conditions:
            yield from _defined(condition.id, (symbolic.typed,), claim.demands)
        yield from _defined("initial state", self.background, symbolic.initial[1])
        hypotheses = self._state_hypotheses
        for arrow in symbolic.arrows:
            yield from _defined(arrow.name, (*hypotheses, arrow.situation), arrow.guard_demands)
            yield from _defined(arrow.name, (*hypotheses, arrow.enabled), arrow.effect_demands)
        yield from self._properties_defined()
        yield from self._observers_defined()

    def _properties_defined(self) -> Iterator[Obligation]:
        symbolic = self.symbolic
        for known in symbolic.system.properties:
            own = self._invariants(symbolic.binding(known).ghosts)
            if known.kind is Kind.INVARIANT:
                others = tuple(term for term in own if term is not self.before(known.id))
                yield from _defined(known.id, (*self.background, *others), self._before[known.id].demands)
                continue
            event = symbolic.binding(known).event
            for arrow in symbolic.arrows:
                demands = self.step_claim(known, arrow).demands if event in (None, arrow.event_type) else ()
                if demands:
                    hypotheses = (*self.background, *own, *self._invariants_after(arrow), arrow.enabled)
                    yield from _defined(f"{known.id} at {arrow.name}", hypotheses, demands)

    def _invariants_after(self, arrow: Arrow) -> tuple[Term, ...]:
        if arrow not in self._kept:
            self._kept[arrow] = tuple(self._after(term, arrow, ()) for term in self._invariants(()))
        return self._kept[arrow]

    def _observers_defined(self) -> Iterator[Obligation]:
        symbolic = self.symbolic
        for observer in symbolic.system.observers:
            opened = symbolic.opened(observer.record, symbolic.before)
            yield from _defined(f"{observer.name} begins", self._state_hypotheses, opened[1])
            own = (*self.background, *self._invariants((observer.record,)))
            for arrow in symbolic.arrows:
                demands = symbolic.ghost_after(arrow, observer.record)[1]
                if demands:
                    hypotheses = (*own, *self._invariants_after(arrow), arrow.enabled)
                    yield from _defined(f"{observer.name} at {arrow.name}", hypotheses, demands)


def _defined(where: str, hypotheses: tuple[Term, ...], demands: Sequence[Demand]) -> Iterator[Obligation]:
    for demand in demands:
        place = f"{where}, {demand.span}: {demand.what}"
        yield Obligation(CODE, Stage.DEFINED, place, hypotheses, demand.holds)


def _replacements(old: RecordValue, new: RecordValue) -> dict[Term, Term]:
    """The leaves that differ, each with its new term."""
    if old is new:
        return {}
    return {
        before: after for before, after in zip(leaves(old), leaves(new), strict=True) if before is not after
    }


def is_trivial(obligation: Obligation) -> bool:
    """Say whether an obligation holds without a solver: its goal is true, or is literally assumed."""
    return (
        obligation.unchanged
        or obligation.goal is TRUE
        or any(hypothesis is FALSE or hypothesis is obligation.goal for hypothesis in obligation.hypotheses)
    )
