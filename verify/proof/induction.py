"""Induction: discharge obligations with one warm solver, and turn a model into a situation of the running system."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pumpproof.verify.logic.smt import Answer, Reply, Solver, Z3Terms
from pumpproof.verify.logic.terms import Operator, Substitution, Term, any_of, integer, negate, truth
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, leaves, python_value
from pumpproof.verify.proof.cache import Cache
from pumpproof.verify.proof.obligations import Obligation, Stage, is_trivial
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge, Failure, Situation, Tally

RESOURCE_LIMIT = 20_000_000
"""z3 resource count for one query; the largest of the reference pump takes a small part of it."""


@dataclass
class Prover:
    """Discharges obligations; each subject with a warm solver of its own.

    ``unsat`` is the only answer that discharges. A query that the warm solver can not decide, or refutes, is asked
    again of a fresh one, conjunct by conjunct, and that answer counts.
    """

    symbolic: SymbolicSystem
    cache: Cache
    resource_limit: int = RESOURCE_LIMIT
    terms: Z3Terms = field(default_factory=Z3Terms)

    def discharge(self, subject: str, obligations: Iterable[Obligation]) -> Discharge:
        """Discharge all obligations of one subject."""
        started = time.perf_counter()
        requested, steps, tally, failures = 0, 0, Tally(), list[Failure]()
        everything = tuple(obligations)
        warm = _Warm(lambda: Solver(self.resource_limit, self.terms), everything)
        for obligation in everything:
            requested += 1
            steps += obligation.stage is Stage.STEP
            if is_trivial(obligation):
                tally += Tally(unchanged=1) if obligation.unchanged else Tally(trivial=1)
            elif self.cache.holds(obligation):
                tally += Tally(cached=1)
            elif warm.holds(obligation):
                self.cache.add(obligation)
                tally += Tally(solved=1)
            elif failure := self._ask_again(obligation):
                failures.append(failure)
            else:
                self.cache.add(obligation)
                tally += Tally(solved=1)
        return Discharge(subject, requested, steps, tally, tuple(failures), time.perf_counter() - started)

    def _ask_again(self, obligation: Obligation) -> Failure | None:
        """Ask a fresh solver for each conjunct of the goal; None if all hold after all."""
        undecided = None
        for conjunct in conjuncts(obligation.goal):
            solver = Solver(self.resource_limit)
            asked = sorted(_variables((*obligation.hypotheses, obligation.goal)), key=lambda term: term.name)
            reply = solver.check((*obligation.hypotheses, negate(conjunct)), asked)
            if reply.answer is Answer.SATISFIABLE:
                return Failure(obligation.name, obligation.stage, self.situation(obligation, reply), "")
            if reply.answer is Answer.UNKNOWN:
                undecided = Failure(obligation.name, obligation.stage, None, reply.reason)
        return undecided

    def situation(self, obligation: Obligation, reply: Reply) -> Situation:
        """The model of a failed obligation as values of the running system."""
        symbolic = self.symbolic
        limits = python_value(symbolic.limits_type, fill_in(reply, symbolic.limits))
        before = python_value(symbolic.state_type, fill_in(reply, symbolic.before))
        ghosts = tuple(
            (symbolic.observer(record).name, python_value(value.type, fill_in(reply, value)))
            for record, value in symbolic.ghosts.items()
        )
        arrow = obligation.arrow
        event = None if arrow is None else python_value(arrow.event.type, fill_in(reply, arrow.event))
        entry = "" if arrow is None else arrow.name
        return Situation(obligation.name, entry, limits, before, event, ghosts)


class _Warm:
    """One solver that keeps the hypotheses of the last obligation open while they stay the same.

    A goal that several steps have to show is first asked of all of them at once.
    """

    def __init__(self, make_solver: Callable[[], Solver], obligations: Sequence[Obligation]) -> None:
        self._make_solver = make_solver
        self._obligations = obligations
        self._of_all_steps: dict[tuple[tuple[Term, ...], Term], bool] = {}
        self._open: tuple[Term, ...] = ()

    @cached_property
    def _solver(self) -> Solver:
        """Made for the first obligation that the cache can not answer."""
        return self._make_solver()

    @cached_property
    def _shared_goals(self) -> dict[Term, Term]:
        """For each goal that more than one step has to show: that one of these steps is taken."""
        steps: dict[Term, list[Term]] = {}
        for one in self._obligations:
            if one.arrow is not None and not is_trivial(one):
                steps.setdefault(one.goal, []).append(one.arrow.enabled)
        return {goal: any_of(guards) for goal, guards in steps.items() if len(guards) > 1}

    def holds(self, obligation: Obligation) -> bool:
        """Say whether the solver proved the obligation; False also when it does not know."""
        *shared, last = obligation.hypotheses
        hypotheses = tuple(shared)
        if obligation.arrow is not None and self._holds_for_all_steps(hypotheses, obligation.goal):
            return True
        return self._proves(hypotheses, (last, negate(obligation.goal)))

    def _holds_for_all_steps(self, hypotheses: tuple[Term, ...], goal: Term) -> bool:
        if goal not in self._shared_goals:
            return False
        key = (hypotheses, goal)
        if key not in self._of_all_steps:
            self._of_all_steps[key] = self._proves(hypotheses, (self._shared_goals[goal], negate(goal)))
        return self._of_all_steps[key]

    def _proves(self, hypotheses: tuple[Term, ...], terms: tuple[Term, ...]) -> bool:
        if self._open != hypotheses:
            if self._open:
                self._solver.pop()
            self._solver.push(hypotheses)
            self._open = hypotheses
        return self._solver.check(terms).answer is Answer.UNSATISFIABLE


def conjuncts(term: Term) -> Iterator[Term]:
    """The parts of a conjunction, or the term itself."""
    if term.operator is Operator.AND:
        yield from term.arguments
    else:
        yield term


def _variables(terms: Iterable[Term]) -> frozenset[Term]:
    return frozenset().union(*(term.variables for term in terms))


def fill_in(reply: Reply, value: RecordValue) -> RecordValue:
    """Replace every variable by its value in the model; one that was not asked for becomes 0 or False."""
    values = {leaf: truth(False) if leaf.sort == "Bool" else integer(0) for leaf in leaves(value)}
    for leaf in values:
        if leaf in reply.values:
            found = reply.values[leaf]
            values[leaf] = truth(bool(found)) if leaf.sort == "Bool" else integer(int(found))
    filled = _map(value, Substitution(values))
    assert isinstance(filled, RecordValue)
    return filled


def _map(value: Value, change: Callable[[Term], Term]) -> Value:
    match value:
        case Term():
            return change(value)
        case RecordValue():
            return RecordValue(value.type, {name: _map(item, change) for name, item in value.fields.items()})
        case TupleValue():
            return TupleValue(tuple(_map(item, change) for item in value.items))
