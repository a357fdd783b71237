"""Checks that a proof means something: hypotheses that can hold together, claims that could be false."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import Term, negate
from pumpproof.verify.logic.values import RecordValue, unknown, well_typed
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem


@dataclass(frozen=True)
class Twin:
    """Hypotheses of obligations without the negated goal; they must be satisfiable, else anything could be proved."""

    where: str
    answer: Answer
    reason: str


def twins(obligations: Obligations, resource_limit: int) -> Iterator[Twin]:
    """Ask, for the limits alone and for every arrow, whether all that its obligations may assume can hold together.

    An arrow is asked with every invariant at once: whatever a single proof assumes is a part of that.
    """
    symbolic = obligations.symbolic
    solver = Solver(resource_limit)
    yield _twin(solver, "valid limits", (symbolic.typed, symbolic.valid_limits))
    solver.push((*obligations.background, *obligations.every_invariant))
    yield _twin(solver, "all invariants together", ())
    for arrow in symbolic.arrows:
        yield _twin(solver, arrow.name, (arrow.enabled,))


def _twin(solver: Solver, where: str, terms: tuple[Term, ...]) -> Twin:
    reply = solver.check(terms)
    return Twin(where, reply.answer, reply.reason)


def true_of_any_system(symbolic: SymbolicSystem, known: Property, resource_limit: int) -> bool:
    """Say whether a property is proved true with nothing known of the state, the step or the ghosts.

    Types, valid limits and the ranges of the event are assumed: a claim that repeats an assumption says nothing of
    the system either.
    """
    solver = Solver(resource_limit)
    assumed = [symbolic.typed, symbolic.valid_limits]
    if known.kind is Kind.INVARIANT:
        claim = symbolic.claim(known, state=symbolic.before)
    else:
        step = _any_step(symbolic, known)
        claim = symbolic.claim(known, arrow=step)
        assumed += [symbolic.allowed(step.event_type)]
        assumed += [well_typed(value.type, value) for value in (step.after, step.outputs)]
    return solver.check((*assumed, negate(claim.holds))).answer is Answer.UNSATISFIABLE


def _any_step(symbolic: SymbolicSystem, known: Property) -> Arrow:
    """A step of which nothing is known, not even that the table takes it."""
    event = symbolic.binding(known).event
    some = next(arrow for arrow in symbolic.arrows if event in (None, arrow.event_type))
    after = unknown(symbolic.state_type, "any after")
    outputs = unknown(symbolic.outputs_type, "any outputs")
    assert isinstance(after, RecordValue) and isinstance(outputs, RecordValue)
    return replace(some, after=after, outputs=outputs)


def situation_is_impossible(obligations: Obligations, known: Property, resource_limit: int) -> bool:
    """Say whether the invariants prove that the situation of which a property speaks never occurs."""
    symbolic = obligations.symbolic
    solver = Solver(resource_limit)
    solver.push((*obligations.background, *obligations.every_invariant))
    if known.kind is Kind.INVARIANT:
        when = symbolic.claim(known, state=symbolic.before).when
        return solver.check((when,)).answer is Answer.UNSATISFIABLE
    event = symbolic.binding(known).event
    arrows = [arrow for arrow in symbolic.arrows if event in (None, arrow.event_type)]
    return all(
        solver.check((arrow.enabled, symbolic.claim(known, arrow=arrow).when)).answer is Answer.UNSATISFIABLE
        for arrow in arrows
    )
