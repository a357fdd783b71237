"""Whether terms can hold together: asked of a solver once, and remembered when they can."""

from collections.abc import Sequence
from dataclasses import dataclass

from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.logic.terms import FALSE, Term, any_of, values_of
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligation, Stage


@dataclass
class Scope:
    """Questions that share what is assumed; a solver is made for the first one that the cache can not answer.

    "They can" is remembered as such, and "they can not" as the obligation that they imply what is false. What a warm
    solver can not decide is asked again of a fresh one.
    """

    prover: Prover
    assumed: tuple[Term, ...]
    _solver: Solver | None = None

    def can_hold(self, *terms: Term) -> Reply:
        """Ask whether these terms can hold together with what is assumed."""
        return self._asked(terms, ())

    def each_can_hold(self, situation: Term, questions: Sequence[Term]) -> dict[Term, Reply]:
        """Ask of each question whether it can hold in a situation, with few calls of a solver.

        The solver is asked for a model in which any of them holds. Whatever is true in that model can hold, and of the
        others it is asked again; that none of them can hold is one answer. What is not decided of them together is
        asked of each alone.
        """
        cache, possible = self.prover.cache, Reply(Answer.SATISFIABLE, {})
        replies = {one: possible for one in questions if cache.can_hold((*self.assumed, situation, one))}
        waiting = [one for one in dict.fromkeys(questions) if one not in replies]
        while len(waiting) > 1:
            names = frozenset[Term]().union(*(one.variables for one in waiting))
            reply = self._asked((situation, any_of(waiting)), sorted(names, key=lambda one: one.name))
            if reply.answer is Answer.UNSATISFIABLE:
                return replies | dict.fromkeys(waiting, reply)
            shown = _true_ones(waiting, reply)
            if not shown:
                break
            for one in shown:
                cache.add_can_hold((*self.assumed, situation, one))
            replies |= dict.fromkeys(shown, possible)
            waiting = [one for one in waiting if one not in replies]
        return replies | {one: self.can_hold(situation, one) for one in waiting}

    def _asked(self, terms: tuple[Term, ...], ask: Sequence[Term]) -> Reply:
        """An answer from the cache or of a solver; values need a model, which no cache has."""
        everything = (*self.assumed, *terms)
        if any(term is FALSE for term in terms):
            return Reply(Answer.UNSATISFIABLE, {})
        if not ask and self.prover.cache.can_hold(everything):
            return Reply(Answer.SATISFIABLE, {})
        refuted = Obligation("", Stage.DEFINED, "", everything, FALSE)
        if self.prover.cache.holds(refuted):
            return Reply(Answer.UNSATISFIABLE, {})
        if self._solver is None:
            self._solver = Solver(self.prover.resource_limit, self.prover.terms)
            self._solver.push(self.assumed)
        reply = self._solver.check(terms, ask)
        if reply.answer is Answer.UNKNOWN:
            reply = Solver(self.prover.resource_limit).check(everything, ask)
        if reply.answer is Answer.SATISFIABLE:
            self.prover.cache.add_can_hold(everything)
        elif reply.answer is Answer.UNSATISFIABLE:
            self.prover.cache.add(refuted)
        return reply


def _true_ones(questions: Sequence[Term], reply: Reply) -> list[Term]:
    """The questions that are true in a model; none where there is no model."""
    if reply.answer is not Answer.SATISFIABLE:
        return []
    truths = values_of(questions, reply.values)
    return [one for one, holds in zip(questions, truths, strict=True) if holds]
