"""Proof obligations: what has to be shown, and from what, for each property and for the table itself."""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations

from pumpproof.spec.kernel.observers import Observer
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
    STRENGTHENING = "its strengthening is inductive"


@dataclass(frozen=True, eq=False)
class Obligation:
    """``hypotheses`` must imply ``goal``. ``subject`` is a property id, or the name of a check of the table.

    ``where`` says at which arrow, observer or function; ``unchanged`` marks a goal that is one of the hypotheses,
    because the step writes nothing that the property reads. ``arrow`` is the step that the goal is about;
    ``guarding`` are the arrows of whose guards, modes and events an obligation of the table or of the code speaks;
    ``opens`` is the record of the observer that opens.
    """

    subject: str
    stage: Stage
    where: str
    hypotheses: tuple[Term, ...]
    goal: Term
    arrow: Arrow | None = None
    unchanged: bool = False
    guarding: tuple[Arrow, ...] = ()
    opens: type | None = None

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
        self._strengthenings: dict[str, tuple[Term, ...]] = {}

    def relying_on(self, invariants: AbstractSet[str]) -> "Obligations":
        """The same obligations, those of table and code from these invariants only."""
        narrowed = copy.copy(self)
        narrowed._relied_on = invariants
        narrowed._kept = {}
        return narrowed

    def strengthened(self, strengthenings: Mapping[str, Sequence[Term]]) -> "Obligations":
        """The same obligations, where the proof of each of these properties also assumes and shows these terms.

        A term speaks of the state before a step, of limits and of records of observers.
        """
        stronger = copy.copy(self)
        stronger._strengthenings = self._strengthenings | {
            identifier: tuple(terms) for identifier, terms in strengthenings.items()
        }
        return stronger

    @property
    def relied_on(self) -> AbstractSet[str]:
        """Ids of the invariants that the obligations of table and code rely on."""
        return self._relied_on

    def about(self, symbolic: SymbolicSystem) -> "Obligations":
        """The same properties of another table; ``symbolic`` has the same records, observers and properties."""
        other = copy.copy(self)
        other.symbolic = symbolic
        other._substitutions, other._written, other._kept, other._step_claims = {}, {}, {}, {}
        return other

    @property
    def is_strengthened(self) -> bool:
        """Say whether the proof of a property also assumes and shows terms that are no property of the system."""
        return any(self._strengthenings.values())

    def prepare(self) -> None:
        """Read everything now, before worker processes are forked from this one."""
        assert self.symbolic.arrows and self.symbolic.conditions is not None
        for arrow in self.symbolic.arrows:
            for observer in self.symbolic.system.observers:
                self.symbolic.ghost_after(arrow, observer.record)

    def before(self, identifier: str) -> Term:
        """An invariant, of the state before the step."""
        return self._before[identifier].holds

    @property
    def invariants(self) -> tuple[str, ...]:
        """Ids of all invariants, in the order of the system."""
        return tuple(self._before)

    @property
    def invariants_of_pump(self) -> tuple[str, ...]:
        """Ids of the invariants that speak of no observer's record."""
        properties = self.symbolic.system.properties
        return tuple(
            one.id for one in properties if one.id in self._before and not self.symbolic.binding(one).ghosts
        )

    def invariant_after(self, identifier: str, arrow: Arrow) -> Term:
        """An invariant that speaks of no observer's record, of the state after an arrow."""
        return self._after(self.before(identifier), arrow, ())

    def claim_before(self, known: Property) -> Claim:
        """An invariant, of the state before the step, with its situation and its demands."""
        return self._before[known.id]

    def step_claim(self, known: Property, arrow: Arrow) -> Claim:
        """A step property, of one arrow."""
        what = (known.id, self.symbolic.binding(known).event)

        def formulas(after: RecordValue, outputs: RecordValue) -> Iterable[Term]:
            claim = self.symbolic.claim(known, arrow=replace(arrow, after=after, outputs=outputs))
            demands = (demand.holds for demand in (*claim.demands, *claim.when_demands))
            return (claim.holds, claim.when, claim.witness, *demands)

        key = (*what, self.symbolic.reads.of(what, arrow.after, arrow.outputs, formulas))
        if key not in self._step_claims:
            self._step_claims[key] = self.symbolic.claim(known, arrow=arrow)
        return self._step_claims[key]

    def assumed(self, known: Property) -> tuple[Term, ...]:
        """What the proof of a property assumes before the step: itself, if an invariant, and the lemmas it uses."""
        own = (known.id,) if known.kind is Kind.INVARIANT else ()
        lemmas = (self.before(identifier) for identifier in dict.fromkeys((*own, *known.uses)))
        return (*lemmas, *self._strengthenings.get(known.id, ()))

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
        for number, term in enumerate(self._strengthenings.get(known.id, ()), 1):
            yield from self.of_strengthening(known, f"term {number}", term)

    def of_strengthening(self, known: Property, name: str, term: Term) -> Iterator[Obligation]:
        """That a term which strengthens a property holds initially, at each opening, and is kept by each step."""
        symbolic, subject, stage = self.symbolic, known.id, Stage.STRENGTHENING
        assumed = self.assumed(known)
        initial, _ = symbolic.initial
        ghosts = self.records_in(term)
        first = _replacements(symbolic.before, initial)
        for ghost in ghosts:
            first |= _replacements(symbolic.ghosts[ghost], symbolic.opened(ghost, initial)[0])
        goal = Substitution(first)(term)
        yield Obligation(subject, stage, f"{name}, initial state", self.background, goal)
        for ghost in ghosts:
            if symbolic.observer(ghost).arbitrary_start:
                record, _ = symbolic.opened(ghost, symbolic.before)
                opened = Substitution(_replacements(symbolic.ghosts[ghost], record))(term)
                hypotheses = (*self.background, *self._silent_about(ghost, assumed))
                where = f"{name}, opening of {symbolic.observer(ghost).name}"
                yield Obligation(subject, stage, where, hypotheses, opened)
        for arrow in symbolic.arrows:
            after = self._after(term, arrow, ghosts)
            hypotheses = (*self.background, *assumed, arrow.enabled)
            where = f"{name}, {arrow.name}"
            yield Obligation(subject, stage, where, hypotheses, after, arrow, unchanged=after is term)

    def records_in(self, term: Term) -> tuple[type, ...]:
        """The observers' records of which a term speaks."""
        ghosts = self.symbolic.ghosts.items()
        return tuple(record for record, value in ghosts if not term.variables.isdisjoint(leaves(value)))

    def after(self, term: Term, arrow: Arrow) -> Term:
        """A term over the state before a step, the limits and records, of what they are after the arrow."""
        return self._after(term, arrow, self.records_in(term))

    def _silent_about(self, ghost: type, terms: Sequence[Term]) -> tuple[Term, ...]:
        """Those of the terms that do not speak of a record: what is known when its observer opens."""
        own = frozenset(leaves(self.symbolic.ghosts[ghost]))
        return tuple(term for term in terms if own.isdisjoint(term.variables))

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
        assumed = self._silent_about(ghost, self.assumed(known))
        goal = symbolic.claim(known, state=symbolic.before, ghosts=ghosts).holds
        where = f"opening of {symbolic.observer(ghost).name}"
        return Obligation(known.id, Stage.OPENING, where, (*self.background, *assumed), goal, opens=ghost)

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
                guarding = tuple(arrows)
                yield Obligation(TABLE, Stage.AT_LEAST_ONE_ROW, pair, hypotheses, some, guarding=guarding)
                for left, right in combinations(arrows, 2):
                    one = negate(all_of((left.guard, right.guard)))
                    where = f"{pair} {left.name} and {right.name}"
                    both = (left, right)
                    yield Obligation(TABLE, Stage.AT_MOST_ONE_ROW, where, hypotheses, one, guarding=both)

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
        """All invariants relied on, of the state before the step, and what strengthens the proofs."""
        relied_on = (claim.holds for name, claim in self._before.items() if name in self._relied_on)
        strengthenings = (term for terms in self._strengthenings.values() for term in terms)
        return tuple(dict.fromkeys((*relied_on, *strengthenings)))

    def of_code(self) -> Iterator[Obligation]:
        """That no function raises in a state that satisfies the invariants."""
        symbolic = self.symbolic
        for condition, claim in symbolic.conditions:
            yield from _defined(condition.id, (symbolic.typed,), claim.demands)
        yield from self.of_initial()
        hypotheses = self._state_hypotheses
        for arrow in symbolic.arrows:
            yield from _defined(arrow.name, (*hypotheses, arrow.situation), arrow.guard_demands, arrow)
            yield from _defined(arrow.name, (*hypotheses, arrow.enabled), arrow.effect_demands, arrow)
        yield from self._properties_defined()
        for observer in symbolic.system.observers:
            yield from self.of_opening(observer)
            yield from self.of_observer_steps(observer)

    def of_initial(self) -> Iterator[Obligation]:
        """That the initial state is defined for all valid limits."""
        yield from _defined("initial state", self.background, self.symbolic.initial[1])

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
                    yield from _defined(f"{known.id} at {arrow.name}", hypotheses, demands, arrow)

    def _invariants_after(self, arrow: Arrow) -> tuple[Term, ...]:
        if arrow not in self._kept:
            self._kept[arrow] = tuple(self._after(term, arrow, ()) for term in self._invariants(()))
        return self._kept[arrow]

    def of_opening(self, observer: Observer) -> Iterator[Obligation]:
        """That an observer can open in every state that satisfies the invariants."""
        _, demands = self.symbolic.opened(observer.record, self.symbolic.before)
        yield from _defined(f"{observer.name} begins", self._state_hypotheses, demands)

    def of_observer_steps(self, observer: Observer) -> Iterator[Obligation]:
        """That the step functions of an observer never raise."""
        own = (*self.background, *self._invariants((observer.record,)))
        for arrow in self.symbolic.arrows:
            demands = self.symbolic.ghost_after(arrow, observer.record)[1]
            if demands:
                hypotheses = (*own, *self._invariants_after(arrow), arrow.enabled)
                yield from _defined(f"{observer.name} at {arrow.name}", hypotheses, demands, arrow)


def _defined(
    where: str, hypotheses: tuple[Term, ...], demands: Sequence[Demand], *guarding: Arrow
) -> Iterator[Obligation]:
    for demand in demands:
        place = f"{where}, {demand.span}: {demand.what}"
        yield Obligation(CODE, Stage.DEFINED, place, hypotheses, demand.holds, guarding=guarding)


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
