"""Conditions of a guard or of a refusal that can never decide, because the rest implies them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.checks.context import Context, Rows, source_of
from pumpproof.verify.language import tree
from pumpproof.verify.language.tree import Span
from pumpproof.verify.language.types import BOOL
from pumpproof.verify.logic.smt import Reply
from pumpproof.verify.logic.terms import Term, all_of, any_of, equal, integer, negate
from pumpproof.verify.logic.translate import as_term, translate_expression
from pumpproof.verify.logic.values import Value, enum_code
from pumpproof.verify.record import CheckResult

GUARDS = "guards"

Scope = Mapping[str, Value]


@dataclass(frozen=True)
class Condition:
    """One of the conditions that must all hold for a row to be taken, or for a command to be accepted."""

    holds: Term
    demands: tuple[Term, ...]
    span: Span


@dataclass(frozen=True)
class _Split:
    """Takes an expression apart. ``demands`` are those of the assignments on the way."""

    none: int
    demands: tuple[Term, ...] = field(default=())

    def truth(self, node: tree.Expression, scope: Scope, wanted: bool) -> Iterator[Condition]:
        """Conditions that together say that ``node`` is ``wanted``."""
        match node:
            case tree.BoolLiteral() if node.value is wanted:
                return
            case tree.AllOf() if wanted:
                for operand in node.operands:
                    yield from self.truth(operand, scope, wanted)
            case tree.AnyOf() if not wanted:
                for operand in node.operands:
                    yield from self.truth(operand, scope, wanted)
            case tree.Not():
                yield from self.truth(node.operand, scope, not wanted)
            case tree.IfElse() if _is_truth(node.then, not wanted):
                yield from self.truth(node.condition, scope, False)
                yield from self.truth(node.otherwise, scope, wanted)
            case tree.IfElse() if _is_truth(node.otherwise, not wanted):
                yield from self.truth(node.condition, scope, True)
                yield from self.truth(node.then, scope, wanted)
            case tree.Let() | tree.Call():
                inner, body, names = self._entered(node, scope)
                yield from inner.truth(body, names, wanted)
            case _:
                made = translate_expression(node, scope)
                holds = as_term(made.value) if wanted else negate(as_term(made.value))
                yield self._condition(holds, [one.holds for one in made.demands], node.span)

    def acceptance(self, node: tree.Expression, scope: Scope) -> Iterator[Condition]:
        """Conditions that together say that a reason for refusal is ``NONE``."""
        match node:
            case tree.EnumLiteral() if self._accepts(node):
                return
            case tree.IfElse() if self._refuses(node.then):
                yield from self.truth(node.condition, scope, False)
                yield from self.acceptance(node.otherwise, scope)
            case tree.IfElse() if self._refuses(node.otherwise):
                yield from self.truth(node.condition, scope, True)
                yield from self.acceptance(node.then, scope)
            case tree.Let() | tree.Call():
                inner, body, names = self._entered(node, scope)
                yield from inner.acceptance(body, names)
            case _:
                made = translate_expression(node, scope)
                holds = equal(as_term(made.value), integer(self.none))
                yield self._condition(holds, [one.holds for one in made.demands], node.span)

    def _condition(self, holds: Term, demands: list[Term], span: Span) -> Condition:
        return Condition(holds, (*self.demands, *demands), span)

    def _accepts(self, node: tree.Expression) -> bool:
        return isinstance(node, tree.EnumLiteral) and enum_code(node.member) == self.none

    def _refuses(self, node: tree.Expression) -> bool:
        return isinstance(node, tree.EnumLiteral) and enum_code(node.member) != self.none

    def _entered(self, node: tree.Let | tree.Call, scope: Scope) -> tuple["_Split", tree.Expression, Scope]:
        """The body of an assignment or of a called function, with what its names mean."""
        if isinstance(node, tree.Let):
            bound, body, known = {node.name: node.value}, node.body, dict(scope)
        else:
            names = (parameter.name for parameter in node.function.parameters)
            bound, body, known = dict(zip(names, node.arguments, strict=True)), node.function.body, {}
        made = {name: translate_expression(value, scope) for name, value in bound.items()}
        demands = tuple(demand.holds for one in made.values() for demand in one.demands)
        values = {name: one.value for name, one in made.items()}
        return _Split(self.none, (*self.demands, *demands)), body, known | values


def _is_truth(node: tree.Expression, value: bool) -> bool:
    return isinstance(node, tree.BoolLiteral) and node.value is value


def check_guards(context: Context) -> CheckResult:
    """Whether each condition of a guard, and each of a command's acceptance, can be the one that decides.

    A condition decides where all others hold and it does not, or where without it a later one would raise. One that
    the invariants and the other conditions imply could be removed, and nothing would change but the reason given.
    """
    rows = Rows(GUARDS, "Every condition of a guard or of a refusal can be the one that decides.")
    if not context.has_states:
        return rows.skipped()
    for entry in context.system.table:
        if not isinstance(entry, Row | Command):
            continue
        situation = all_of((context.symbolic.in_modes(entry.modes), context.symbolic.allowed(entry.event)))
        conditions = conditions_of(context, entry)
        for number, one in enumerate(conditions):
            text = source_of(one.span)
            rows.must_hold(
                _can_decide(context, situation, conditions, number),
                entry.id,
                str(one.span),
                f"{f'`{text}`' if text else 'a condition'} never decides: "
                "the invariants and the other conditions imply it",
            )
    return rows.result()


def conditions_of(context: Context, entry: Row | Command) -> tuple[Condition, ...]:
    """The conditions under which an entry's effect takes place, in the order in which they are evaluated."""
    symbolic = context.symbolic
    function = symbolic.function(entry.guard if isinstance(entry, Row) else entry.refuse)
    values = (symbolic.before, symbolic.event(entry.event), symbolic.limits)
    scope = dict(zip((one.name for one in function.parameters), values, strict=True))
    split = _Split(enum_code(symbolic.system.reason["NONE"]))
    if function.result == BOOL:
        return tuple(split.truth(function.body, scope, True))
    return tuple(split.acceptance(function.body, scope))


def _can_decide(context: Context, situation: Term, conditions: tuple[Condition, ...], number: int) -> Reply:
    before, after = conditions[:number], conditions[number + 1 :]
    defined = all_of(demand for one in after for demand in one.demands)
    others_hold = all_of(one.holds for one in after)
    return context.reachable.can_hold(
        situation,
        *(one.holds for one in before),
        negate(conditions[number].holds),
        any_of((negate(defined), others_hold)),
    )
