"""Checks that a proof means something: hypotheses that can hold together, claims that could be false."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.logic.terms import Term, negate
from pumpproof.verify.logic.values import RecordValue, unknown, well_typed
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.satisfiability import Scope
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem


@dataclass(frozen=True)
class Twin:
    """Hypotheses of obligations without the negated goal; they must be satisfiable, else anything could be proved."""

    where: str
    answer: Answer
    reason: str


class Sanity:
    """Asks these questions for one system, with the terms and the cache of its prover."""

    def __init__(self, obligations: Obligations, prover: Prover) -> None:
        self._obligations = obligations
        self._symbolic = obligations.symbolic
        self._prover = prover

    def twins(self) -> Iterator[Twin]:
        """Ask, for the limits alone and for every arrow, whether all that its obligations may assume can hold.

        An arrow is asked with every invariant at once: whatever a single proof assumes is a part of that.
        """
        symbolic, obligations = self._symbolic, self._obligations
        limits = Scope(self._prover, (symbolic.typed, symbolic.valid_limits))
        yield _twin(limits, "valid limits")
        scope = Scope(self._prover, (*obligations.background, *obligations.every_invariant))
        yield _twin(scope, "all invariants together")
        for arrow in symbolic.arrows:
            yield _twin(scope, arrow.name, arrow.enabled)

    def true_of_any_system(self, known: Property) -> bool:
        """Say whether a property is proved true with nothing known of the state, the step or the ghosts.

        Types, valid limits and the ranges of the event are assumed: a claim that repeats an assumption says nothing
        of the system either.
        """
        symbolic = self._symbolic
        assumed = [symbolic.typed, symbolic.valid_limits]
        if known.kind is Kind.INVARIANT:
            claim = self._obligations.claim_before(known)
        else:
            step = any_step(symbolic, known)
            claim = symbolic.claim(known, arrow=step)
            assumed += [symbolic.allowed(step.event_type)]
            assumed += [well_typed(value.type, value) for value in (step.after, step.outputs)]
        return self._impossible((*assumed, negate(claim.holds)))

    def situation_is_impossible(self, known: Property) -> bool:
        """Say whether the invariants prove that the situation of which a property speaks never occurs."""
        symbolic, obligations = self._symbolic, self._obligations
        assumed = (*obligations.background, *obligations.every_invariant)
        if known.kind is Kind.INVARIANT:
            return self._impossible((*assumed, obligations.claim_before(known).witness))
        event = symbolic.binding(known).event
        return all(
            self._impossible((*assumed, arrow.enabled, obligations.step_claim(known, arrow).witness))
            for arrow in symbolic.arrows
            if event in (None, arrow.event_type)
        )

    def _impossible(self, terms: tuple[Term, ...]) -> bool:
        return Scope(self._prover, ()).can_hold(*terms).answer is Answer.UNSATISFIABLE


def _twin(scope: Scope, where: str, *terms: Term) -> Twin:
    reply = scope.can_hold(*terms)
    return Twin(where, reply.answer, reply.reason)


def any_step(symbolic: SymbolicSystem, known: Property) -> Arrow:
    """A step of which nothing is known, not even that the table takes it."""
    event = symbolic.binding(known).event
    some = next(arrow for arrow in symbolic.arrows if event in (None, arrow.event_type))
    after = unknown(symbolic.state_type, "any after")
    outputs = unknown(symbolic.outputs_type, "any outputs")
    assert isinstance(after, RecordValue) and isinstance(outputs, RecordValue)
    return replace(some, after=after, outputs=outputs)
