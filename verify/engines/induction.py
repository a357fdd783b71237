"""Induction with the lemmas that a property names: the default, and what every certificate is shown by."""

from pumpproof.verify.engines.engine import Budget, Certificate, Finding, Proved, Question, TimedOut, Unknown
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligation
from pumpproof.verify.proof.verdicts import Discharge


class Induction:
    """Each step keeps the property, from every state in which it and its named lemmas hold."""

    name = "induction"

    def attempt(self, question: Question, budget: Budget) -> Finding:
        """See ``Engine``."""
        return shown(self.name, question, (), budget)


def shown(method: str, question: Question, strengthening: tuple[Term, ...], budget: Budget) -> Finding:
    """Try to show the property by induction, strengthened by these terms."""
    known = question.known
    obligations = question.obligations.strengthened({known.id: strengthening})
    certificate = Certificate(strengthening, tuple(obligations.of_property(known)))
    return judged(method, certificate, discharged(question, certificate.obligations, budget))


def discharged(question: Question, obligations: tuple[Obligation, ...], budget: Budget) -> Discharge:
    """Discharge obligations without a cache."""
    prover = Prover(question.obligations.symbolic, NoCache(), budget.query)
    return prover.discharge(question.known.id, obligations)


def judged(method: str, certificate: Certificate, discharge: Discharge) -> Finding:
    """What a discharge of the obligations of a certificate says."""
    if discharge.proved:
        return Proved(method, certificate)
    first = discharge.failures[0]
    if any(failure.situation is not None for failure in discharge.failures):
        return Unknown(method, f"it is not inductive, first at: {first.obligation}")
    if any(ran_out(failure.reason) for failure in discharge.failures):
        return TimedOut(method, f"the solver's budget ran out, first at: {first.obligation}")
    return Unknown(method, f"the solver does not know ({first.reason}), first at: {first.obligation}")


def ran_out(reason: str) -> bool:
    """Say whether a solver's reason for not knowing is that its budget ran out."""
    return any(word in reason for word in ("resource", "canceled", "timeout", "memory"))
