"""Houdini: of many candidate invariants keep the largest set whose members carry each other.

A candidate that is false at the beginning, or that some step does not keep from states in which all candidates hold,
is dropped; the model that shows it drops every other one that it breaks. What remains is inductive, whatever the
candidates were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from pumpproof.spec.kernel.properties import Kind
from pumpproof.verify.engines.engine import Budget, Finding, Proved, Question, TimedOut, Unknown
from pumpproof.verify.engines.induction import shown
from pumpproof.verify.engines.k_induction import preimages
from pumpproof.verify.engines.needed import NotShown, needed
from pumpproof.verify.engines.templates import mine
from pumpproof.verify.logic.smt import Answer, Solver, Z3Terms
from pumpproof.verify.logic.terms import Substitution, Term, any_of, implies, negate, values_of, variable
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.obligations import is_trivial
from pumpproof.verify.proof.symbolic import Arrow


class Houdini:
    """Tries the levels of candidates in turn, until what remains of one shows the property."""

    name = "houdini"

    def attempt(self, question: Question, budget: Budget) -> Finding:
        """See ``Engine``."""
        count = 0
        for candidates in levels(question, budget):
            count = len(candidates)
            try:
                kept = inductive_part(question, candidates, budget)
                terms, needs = needed(question, kept, budget.query)
            except SpentError as error:
                return TimedOut(self.name, str(error))
            except NotShown:
                continue
            lemmas = tuple(dict.fromkeys((*terms, *needs)))
            finding = shown(self.name, question, lemmas, budget)
            if isinstance(finding, Proved):
                return finding
        return Unknown(self.name, f"what remains of {count} candidates does not show it")


def levels(question: Question, budget: Budget) -> Iterator[tuple[Term, ...]]:
    """Growing sets of candidates; the last one also has what some steps need to keep the property."""
    last: tuple[Term, ...] = ()
    for last in mine(question.obligations, question.known, in_the_way(question, budget)):
        yield last
    more = tuple(dict.fromkeys((*last, *preimages(question, 1))))
    if len(more) > len(last):
        yield more


def in_the_way(question: Question, budget: Budget) -> frozenset[Term]:
    """The variables of the obligations that induction alone leaves open: of their goals and of their steps."""
    solver = Solver(budget.query, Z3Terms())
    found: set[Term] = set()
    for one in question.obligations.of_property(question.known):
        if not is_trivial(one):
            reply = solver.check((*one.hypotheses, negate(one.goal)))
            if reply.answer is not Answer.UNSATISFIABLE:
                found |= one.goal.variables | (
                    frozenset() if one.arrow is None else one.arrow.enabled.variables
                )
    return frozenset(found)


class SpentError(Exception):
    """The budget of a discovery is used up."""


def inductive_part(question: Question, candidates: Sequence[Term], budget: Budget) -> tuple[Term, ...]:
    """The largest inductive part of the candidates, given the named lemmas and, of an invariant, the property.

    Raises:
        NotShown: the property, an invariant, does not hold at the beginning or is not kept.
        SpentError: the budget is used up.
    """
    return _Fixpoint(question, candidates, budget).run()


class _Fixpoint:
    def __init__(self, question: Question, candidates: Sequence[Term], budget: Budget) -> None:
        self.question, self.budget = question, budget
        self.obligations = question.obligations
        self.symbolic = self.obligations.symbolic
        known = question.known
        self.property = self.obligations.before(known.id) if known.kind is Kind.INVARIANT else None
        own = () if self.property is None else (self.property,)
        self.live: dict[Term, None] = dict.fromkeys((*own, *candidates))
        self.lemmas = tuple(self.obligations.before(identifier) for identifier in known.uses)
        self.literals = {term: variable(f"candidate {n}", "Bool") for n, term in enumerate(self.live)}
        terms = Z3Terms()
        self.beginnings = Solver(budget.query, terms)
        self.beginnings.push(self.obligations.background)
        self.solver = Solver(budget.query, terms)
        self.solver.push((*self.obligations.background, *self.lemmas))
        self.solver.push(implies(literal, term) for term, literal in self.literals.items())

    def run(self) -> tuple[Term, ...]:
        """Drop until nothing is left to be dropped."""
        self._at_the_beginning()
        after = {arrow: self._after(arrow) for arrow in self.symbolic.arrows}
        unchanged_since = 0
        while unchanged_since < len(after):
            for arrow, goals in after.items():
                dropped = self._shrink(self.solver, goals, partial(self._before_step, arrow))
                unchanged_since = 0 if dropped else unchanged_since + 1
                if unchanged_since >= len(after):
                    break
        return tuple(term for term in self.live if term is not self.property)

    def _before_step(self, arrow: Arrow) -> tuple[Term, ...]:
        return (arrow.enabled, *(self.literals[term] for term in self.live))

    def _after(self, arrow: Arrow) -> dict[Term, Term]:
        """Each candidate that an arrow can break, after it."""
        after = ((term, self.obligations.after(term, arrow)) for term in self.live)
        return {term: goal for term, goal in after if goal is not term}

    def _at_the_beginning(self) -> None:
        """In the initial state; then, for observers that open anywhere, at their opening in any state."""
        symbolic = self.symbolic
        initial, _ = symbolic.initial
        pairs = list(zip(leaves(symbolic.before), leaves(initial), strict=True))
        for record, value in symbolic.ghosts.items():
            pairs += zip(leaves(value), leaves(symbolic.opened(record, initial)[0]), strict=True)
        first = Substitution(dict(pairs))
        self._shrink(self.beginnings, {term: first(term) for term in self.live}, lambda: ())
        for record, value in symbolic.ghosts.items():
            if symbolic.observer(record).arbitrary_start:
                own = frozenset(leaves(value))
                opened, _ = symbolic.opened(record, symbolic.before)
                opening = Substitution(dict(zip(leaves(value), leaves(opened), strict=True)))
                goals = {term: opening(term) for term in self.live if not own.isdisjoint(term.variables)}
                self._shrink(self.beginnings, goals, partial(self._silent, own))

    def _silent(self, own: frozenset[Term]) -> tuple[Term, ...]:
        return tuple(term for term in (*self.lemmas, *self.live) if own.isdisjoint(term.variables))

    def _shrink(
        self, solver: Solver, goals: Mapping[Term, Term], premises: Callable[[], tuple[Term, ...]]
    ) -> bool:
        """Drop the candidates whose goal does not follow from the premises; says whether any was dropped."""
        size = len(self.live)
        while open_goals := {term: goal for term, goal in goals.items() if term in self.live}:
            some_fails = any_of(negate(goal) for goal in open_goals.values())
            asked: frozenset[Term] = frozenset().union(*(goal.variables for goal in open_goals.values()))
            reply = solver.check((*premises(), some_fails), sorted(asked, key=_name))
            if reply.answer is Answer.UNSATISFIABLE:
                break
            if reply.answer is Answer.UNKNOWN:
                self._one_by_one(solver, open_goals, premises)
                break
            values = values_of(open_goals.values(), reply.values)
            self._drop([term for term, holds in zip(open_goals, values, strict=True) if not holds])
        if self.solver.spent > self.budget.discovery:
            raise SpentError(f"the solver's budget ran out with {len(self.live)} candidates left")
        return len(self.live) < size

    def _one_by_one(
        self, solver: Solver, goals: Mapping[Term, Term], premises: Callable[[], tuple[Term, ...]]
    ) -> None:
        for term, goal in goals.items():
            if solver.check((*premises(), negate(goal))).answer is not Answer.UNSATISFIABLE:
                self._drop([term])

    def _drop(self, terms: Sequence[Term]) -> None:
        assert terms, "a model of a failing goal breaks one"
        for term in terms:
            del self.live[term]
            if term is self.property:
                raise NotShown(self.question.known.id)


def _name(term: Term) -> str:
    return term.name
