"""What can be proved of a mutant: that it is no other machine, or which obligations it breaks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import FALSE, Term, all_of, any_of, equal, negate
from pumpproof.verify.logic.translate import Demand
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.mutation.baseline import Baseline, writes_of, written
from pumpproof.verify.proof.induction import RESOURCE_LIMIT
from pumpproof.verify.proof.obligations import Obligation, Stage, is_trivial
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem


@dataclass(frozen=True)
class Change:
    """An arrow that differs: as it was and as it is, None where it is not there."""

    before: Arrow | None
    after: Arrow | None

    @property
    def arrow(self) -> Arrow:
        """One that is there."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass
class Broken:
    """Properties and checks that are lost: an obligation has a model that breaks it. Or open: the budget ran out."""

    subjects: set[str] = field(default_factory=set)
    undecided: set[str] = field(default_factory=set)


class Proofs:
    """Questions about one mutant; only the obligations that it can touch are asked."""

    def __init__(self, base: Baseline, system: System, reader: Reader) -> None:
        self.base = base
        self.symbolic = SymbolicSystem(system, reader)
        self.changes = _changes(base.symbolic.arrows, self.symbolic.arrows)
        initial = (base.symbolic.initial, self.symbolic.initial)
        self.initial_changed = _terms_of_initial(*initial[0]) != _terms_of_initial(*initial[1])
        changed = SymbolicSystem(system, reader)
        changed.arrows = tuple(one.after for one in self.changes if one.after is not None)
        self._of_table = base.obligations.about(self.symbolic)
        self.of_changes = base.obligations.about(changed)
        self._steps: dict[Arrow, list[Obligation]] = {}

    @property
    def nothing_changed(self) -> bool:
        """The mutant gives the very formulas of the unchanged system."""
        return not self.changes and not self.initial_changed

    def writes(self, rows: Collection[str]) -> tuple[str, ...]:
        """What these rows write of what counts, as they were and as they are, and what begins with another value."""
        base = self.base
        old = [arrow for arrow in base.symbolic.arrows if arrow.entry.id in rows]
        new = [one.after for one in self.changes if one.after is not None]
        stepped = [name for _, name in writes_of(base.symbolic, (*old, *new), base.counts)]
        begun = [
            name
            for name in written(base.symbolic.initial[0], self.symbolic.initial[0])
            if name in base.counts
        ]
        return tuple(dict.fromkeys((*stepped, *begun)))

    def is_equivalent(self) -> bool | None:
        """Say whether in every state that satisfies the invariants each step is the same; None if that is open."""
        answers = [self._never(_difference(one)) for one in self.changes]
        if self.initial_changed:
            answers.append(self._never(self._initial_difference()))
        if False in answers:
            return False
        return None if None in answers else True

    def _never(self, term: Term) -> bool | None:
        if term is FALSE:
            return True
        answer = self.base.knowing.check((term,)).answer
        return None if answer is Answer.UNKNOWN else answer is Answer.UNSATISFIABLE

    def _initial_difference(self) -> Term:
        before, after = self.base.symbolic.initial, self.symbolic.initial
        same = all_of(equal(a, b) for a, b in zip(leaves(before[0]), leaves(after[0]), strict=True))
        return negate(all_of((same, *(demand.holds for demand in after[1]))))

    def steps(self, arrow: Arrow) -> tuple[Obligation, ...]:
        """What a changed arrow has to show for each proved property; what it can not break is left out."""
        if not self._steps:
            self._steps = {one: [] for one in self.of_changes.symbolic.arrows}
            for known in self.base.properties:
                for one in self.of_changes.of_steps(known):
                    if one.arrow is not None and not is_trivial(one):
                        self._steps[one.arrow].append(one)
        return tuple(self._steps[arrow])

    def broken_properties(self) -> Broken:
        """The properties of which an obligation about the initial state or a changed arrow is lost."""
        broken = Broken()
        if self.initial_changed:
            for known in self.base.properties:
                if known.kind is Kind.INVARIANT:
                    first = next(self._of_table.of_property(known))
                    assert first.stage is Stage.INITIAL
                    self._ask(broken, first)
        for arrow in self.of_changes.symbolic.arrows:
            for one in self.steps(arrow):
                self._ask(broken, one)
        return broken

    def _ask(self, broken: Broken, one: Obligation) -> None:
        if one.subject in broken.subjects or is_trivial(one):
            return
        answer = self.base.solver.check((*one.hypotheses, negate(one.goal))).answer
        if answer is Answer.UNKNOWN:
            answer = Solver(RESOURCE_LIMIT).check((*one.hypotheses, negate(one.goal))).answer
        if answer is Answer.SATISFIABLE:
            broken.subjects.add(one.subject)
        elif answer is Answer.UNKNOWN:
            broken.undecided.add(one.subject)

    def broken_checks(self) -> Broken:
        """Whether exactly one row of each pair is enabled, and no function raises."""
        broken = Broken()
        for one in (*self._of_table.of_table(), *self.of_changes.of_code()):
            if one.subject in self.base.proved and (one.hypotheses, one.goal) not in self.base.questions:
                self._ask(broken, one)
        return broken

    def dead_rows(self) -> tuple[str, ...]:
        """Arrows that no state satisfying the invariants can take any more."""
        return tuple(
            one.after.name
            for one in self.changes
            if one.after is not None and self._never(one.after.enabled) and one.before is not None
        )


def _changes(before: Sequence[Arrow], after: Sequence[Arrow]) -> tuple[Change, ...]:
    old, new = {one.name: one for one in before}, {one.name: one for one in after}
    pairs = [Change(old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new))]
    return tuple(
        one for one in pairs if one.before is None or one.after is None or not _same(one.before, one.after)
    )


def _same(one: Arrow, other: Arrow) -> bool:
    return _terms_of(one) == _terms_of(other)


def _terms_of(arrow: Arrow) -> tuple[Term, ...]:
    return (
        arrow.situation,
        arrow.guard,
        *leaves(arrow.after),
        *leaves(arrow.outputs),
        _defined(arrow.guard_demands),
        _defined(arrow.effect_demands),
    )


def _terms_of_initial(state: object, demands: Sequence[Demand]) -> tuple[Term, ...]:
    return (*leaves(state), _defined(demands))  # type: ignore[arg-type]


def _defined(demands: Sequence[Demand]) -> Term:
    return all_of(demand.holds for demand in demands)


def _difference(change: Change) -> Term:
    """That a step from the same state with the same event is not the same, or can raise."""
    before, after = change.before, change.after
    if before is None or after is None:
        return change.arrow.enabled
    pairs = zip(
        (*leaves(before.after), *leaves(before.outputs)),
        (*leaves(after.after), *leaves(after.outputs)),
        strict=True,
    )
    taken = (
        negate(all_of(equal(one, other) for one, other in pairs)),
        negate(_defined(after.effect_demands)),
    )
    return any_of(
        (
            negate(equal(before.enabled, after.enabled)),
            all_of((after.enabled, any_of(taken))),
            all_of((after.situation, negate(_defined(after.guard_demands)))),
        )
    )
