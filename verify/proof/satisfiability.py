"""Whether terms can hold together: asked of a solver once, and remembered when they can."""

from dataclasses import dataclass

from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.logic.terms import FALSE, Term
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
        everything = (*self.assumed, *terms)
        if any(term is FALSE for term in terms):
            return Reply(Answer.UNSATISFIABLE, {})
        if self.prover.cache.can_hold(everything):
            return Reply(Answer.SATISFIABLE, {})
        refuted = Obligation("", Stage.DEFINED, "", everything, FALSE)
        if self.prover.cache.holds(refuted):
            return Reply(Answer.UNSATISFIABLE, {})
        if self._solver is None:
            self._solver = Solver(self.prover.resource_limit, self.prover.terms)
            self._solver.push(self.assumed)
        reply = self._solver.check(terms)
        if reply.answer is Answer.UNKNOWN:
            reply = Solver(self.prover.resource_limit).check(everything)
        if reply.answer is Answer.SATISFIABLE:
            self.prover.cache.add_can_hold(everything)
        elif reply.answer is Answer.UNSATISFIABLE:
            self.prover.cache.add(refuted)
        return reply
