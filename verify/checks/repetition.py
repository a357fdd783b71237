"""The same thing stated twice: properties whose claims are equivalent whatever the system does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.logic.terms import Term, all_of, equal, negate
from pumpproof.verify.logic.values import well_typed
from pumpproof.verify.proof.sanity import any_step
from pumpproof.verify.record import CheckResult

REPEATED = "repeated"


@dataclass(frozen=True, eq=False)
class _Stated:
    """A property of any state, or of any step with its event; ``assumed`` are the types of such a step."""

    property: Property
    event: type | None
    holds: Term
    assumed: Term


def check_repeated(context: Context) -> CheckResult:
    """Whether any two properties of one kind say the same of every state or step of the declared types.

    Compared are those of which one speaks of everything that the other speaks of. That one follows from another is no
    fault: a requirement may single out a case, and then has a property of its own.
    """
    rows = Rows(REPEATED, "No two properties say the same.")
    if not context.has_limits:
        return rows.skipped()
    stated = [_stated(context, known) for known in context.system.properties]
    for left, right in _comparable(stated):
        both = f"{left.property.id} and {right.property.id}"
        where = f"{context.place(left.property.claim)}, {context.place(right.property.claim)}"
        reply = context.any_state.can_hold(left.assumed, negate(equal(left.holds, right.holds)))
        if reply.answer is Answer.UNSATISFIABLE:
            rows.found(both, where, "they say the same of every state or step")
        elif reply.answer is Answer.UNKNOWN:
            rows.undecided(
                both, where, f"the solver does not know ({reply.reason}) whether they say the same"
            )
        else:
            rows.sound()
    return rows.result()


def _comparable(stated: Sequence[_Stated]) -> Iterator[tuple[_Stated, _Stated]]:
    for left, right in combinations(stated, 2):
        if left.property.kind is not right.property.kind or left.event is not right.event:
            continue
        one, other = left.holds.variables, right.holds.variables
        if one and other and (one <= other or other <= one):
            yield left, right


def _stated(context: Context, known: Property) -> _Stated:
    symbolic = context.symbolic
    event = symbolic.binding(known).event
    if known.kind is Kind.INVARIANT:
        return _Stated(known, None, context.obligations.before(known.id), all_of(()))
    step = any_step(symbolic, known)
    types = [well_typed(value.type, value) for value in (step.after, step.outputs)]
    assumed = all_of((symbolic.allowed(step.event_type), *types)) if event is not None else all_of(types)
    return _Stated(known, event, symbolic.claim(known, arrow=step).holds, assumed)
