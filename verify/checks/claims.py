"""Parts of a claim that can never matter: an alternative beside one that is always true, an implication of nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.checks.context import Context, Rows, source_of
from pumpproof.verify.language import tree
from pumpproof.verify.language.walk import called_functions, nodes
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.logic.terms import Term, all_of, any_of, negate
from pumpproof.verify.logic.translate import Notice
from pumpproof.verify.record import CheckResult

CLAIMS = "claims"

Part = tuple[tree.Span, str]
"""A place in the source, and what would make it matter."""


@dataclass
class _Open:
    """Parts that were not yet seen to matter, each with the property that first had it."""

    waiting: dict[Part, str] = field(default_factory=dict)
    undecided: dict[Part, str] = field(default_factory=dict)
    settled: set[Part] = field(default_factory=set)


def check_claims(context: Context) -> CheckResult:
    """Whether each alternative of an ``or`` in a claim, and each branch of a condition, can matter.

    ``not a or b`` is how a claim says that ``a`` implies ``b``: there ``b`` matters only if ``a`` can be true. A
    function that several claims call is looked at once: each of its parts has to matter in one of them.
    """
    rows = Rows(CLAIMS, "Every alternative and every branch of a claim can matter.")
    if not context.has_states:
        return rows.skipped()
    found = _Open()
    for known in context.system.properties:
        if _has_choices(context, known):
            _look_at(context, known, found)
    rows.sound(len(found.settled))
    for part, identifier in found.waiting.items():
        span, why = part
        text = source_of(span)
        named = f"`{text}`" if text else "a part of the claim"
        if part in found.undecided:
            rows.undecided(identifier, str(span), f"{named}: {found.undecided[part]}")
        else:
            rows.found(identifier, str(span), f"{named} never matters: {why}")
    return rows.result()


def _has_choices(context: Context, known: Property) -> bool:
    read = context.symbolic.function(known.claim)
    return any(
        isinstance(node, tree.AnyOf | tree.IfElse)
        for function in called_functions(read)
        for node in nodes(function.body)
    )


def _look_at(context: Context, known: Property, found: _Open) -> None:
    """Ask of each part of a claim, at one arrow after the other, until every part was seen to matter."""
    open_here: set[Part] = set()
    for situation, questions in _situations(context, known):
        places: dict[Part, list[Term]] = {}
        for part, term in questions:
            if part not in found.settled:
                places.setdefault(part, []).append(term)
        # A part of a loop, or of a function that is called often, has to matter in one of its turns.
        matters = {part: any_of(terms) for part, terms in places.items()}
        open_here.update(matters)
        replies = context.reachable.each_can_hold(situation, tuple(matters.values()))
        for part, term in matters.items():
            reply = replies[term]
            found.waiting.setdefault(part, known.id)
            if reply.answer is Answer.SATISFIABLE:
                found.settled.add(part)
                found.waiting.pop(part)
                found.undecided.pop(part, None)
                open_here.discard(part)
            elif reply.answer is Answer.UNKNOWN:
                found.undecided[part] = f"the solver does not know ({reply.reason}) whether it can matter"
        if not open_here:
            return


def _situations(context: Context, known: Property) -> Iterator[tuple[Term, list[tuple[Part, Term]]]]:
    symbolic = context.symbolic
    if known.kind is Kind.INVARIANT:
        questions: list[tuple[Part, Term]] = []
        claim = symbolic.claim(known, state=symbolic.before, notice=_collect(questions))
        yield claim.when, questions
        return
    event = symbolic.binding(known).event
    for arrow in symbolic.arrows:
        if event in (None, arrow.event_type):
            questions = []
            claim = symbolic.claim(known, arrow=arrow, notice=_collect(questions))
            yield all_of((arrow.enabled, claim.when)), questions


def _collect(questions: list[tuple[Part, Term]]) -> Notice:
    def notice(node: tree.AnyOf | tree.IfElse, terms: Sequence[Term], path: Term) -> None:
        if isinstance(node, tree.IfElse):
            (condition,) = terms
            span = node.condition.span
            questions.append(((span, "it is never true where it is asked"), all_of((path, condition))))
            questions.append(
                ((span, "it is always true where it is asked"), all_of((path, negate(condition))))
            )
            return
        for number, operand in enumerate(node.operands):
            others = [negate(term) for i, term in enumerate(terms) if i != number]
            why = "what stands beside it is true in every such state"
            questions.append(((operand.span, why), all_of((path, *others))))

    return notice
