"""The guard of an arrow as the conjuncts that its author wrote, each with its place in the source.

A refusal function is read the same way: a request is accepted where none of the conditions that lead to a refusal
holds. The conjuncts together are the guard of the arrow: where that is not seen at once, a solver shows it, and a
guard for which it does not is one conjunct.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import PurePath
from typing import assert_never

from pumpproof.statemachine.kernel.table import Command, Ignored, Refused, Row
from pumpproof.verify.language import tree
from pumpproof.verify.language.formula import to_text
from pumpproof.verify.language.tree import ComparisonOperator, Function, Span
from pumpproof.verify.language.types import EnumType
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import TRUE, Term, all_of, any_of, equal, integer, negate
from pumpproof.verify.logic.translate import as_term, value_in
from pumpproof.verify.logic.values import Value, enum_code
from pumpproof.verify.proof.symbolic import Arrow, Outcome, SymbolicSystem

_RESOURCE_LIMIT = 5_000_000
"""z3 resource count to show that the conjuncts of a refusal function are what it accepts."""

_OPPOSITE = {
    ComparisonOperator.LESS: ComparisonOperator.GREATER_OR_EQUAL,
    ComparisonOperator.LESS_OR_EQUAL: ComparisonOperator.GREATER,
    ComparisonOperator.GREATER: ComparisonOperator.LESS_OR_EQUAL,
    ComparisonOperator.GREATER_OR_EQUAL: ComparisonOperator.LESS,
    ComparisonOperator.EQUAL: ComparisonOperator.NOT_EQUAL,
    ComparisonOperator.NOT_EQUAL: ComparisonOperator.EQUAL,
}

Wanted = bool | Enum
"""What an expression should be for the arrow to be taken: true, false, or the reason that refuses nothing."""


@dataclass(frozen=True, eq=False)
class Conjunct:
    """One condition of a guard: as text, where it stands (``package/module.py:line``), and as a term."""

    text: str
    where: str
    holds: Term


@dataclass(frozen=True, eq=False)
class _Piece:
    node: tree.Expression
    wanted: Wanted
    scope: Mapping[str, Value]
    function: Function
    named: "Mapping[str, _Piece]"


def place(function: Function, span: Span) -> str:
    """Where a piece of a function stands, the same on every machine: ``package/module.py:line``."""
    folder = function.module.replace(".", "/")
    name = f"{folder}/__init__.py" if PurePath(span.file).name == "__init__.py" else f"{folder}.py"
    return f"{name}:{span.line}"


def guard_conjuncts(symbolic: SymbolicSystem, arrow: Arrow) -> tuple[Conjunct, ...]:
    """The conjuncts of the guard of an arrow, in the order of the source; none where the guard is always true."""
    match arrow.entry:
        case Row():
            function, wanted = symbolic.function(arrow.entry.guard), True
            return _checked(arrow, function, _conjuncts(symbolic, arrow, function, wanted))
        case Command():
            function = symbolic.function(arrow.entry.refuse)
            if arrow.outcome is Outcome.REFUSED:
                return (_whole(arrow, function, f"{function.name} gives a reason"),)
            none = symbolic.system.reason["NONE"]
            return _checked(arrow, function, _conjuncts(symbolic, arrow, function, none))
        case Refused() | Ignored():
            return ()
        case _:
            assert_never(arrow.entry)


def _conjuncts(
    symbolic: SymbolicSystem, arrow: Arrow, function: Function, wanted: Wanted
) -> tuple[Conjunct, ...]:
    arguments = (symbolic.before, arrow.event, symbolic.limits)
    scope = dict(zip((one.name for one in function.parameters), arguments, strict=True))
    found: dict[Term, Conjunct] = {}
    for piece in _pieces(_Piece(function.body, wanted, scope, function, {})):
        holds = _holds(piece)
        if holds is not TRUE:
            found.setdefault(holds, Conjunct(_text(piece), place(piece.function, piece.node.span), holds))
    return tuple(found.values())


def _checked(arrow: Arrow, function: Function, found: tuple[Conjunct, ...]) -> tuple[Conjunct, ...]:
    together = all_of(one.holds for one in found)
    if together is arrow.guard:
        return found
    differ = any_of((all_of((together, negate(arrow.guard))), all_of((arrow.guard, negate(together)))))
    if Solver(_RESOURCE_LIMIT).check((differ,)).answer is Answer.UNSATISFIABLE:
        return found
    return (_whole(arrow, function, function.name),)


def _whole(arrow: Arrow, function: Function, text: str) -> Conjunct:
    return Conjunct(text, place(function, function.span), arrow.guard)


def _pieces(piece: _Piece) -> Iterator[_Piece]:
    """Take an expression apart into pieces all of which must be as wanted."""
    node, wanted = piece.node, piece.wanted
    match node:
        case tree.AllOf() if wanted is True:
            for operand in node.operands:
                yield from _pieces(replace(piece, node=operand))
        case tree.AnyOf() if wanted is False:
            for operand in node.operands:
                yield from _pieces(replace(piece, node=operand))
        case tree.Not():
            yield from _pieces(replace(piece, node=node.operand, wanted=wanted is False))
        case tree.Let():
            scope = {**piece.scope, node.name: value_in(node.value, piece.scope)}
            named = {**piece.named, node.name: replace(piece, node=node.value)}
            yield from _pieces(replace(piece, node=node.body, scope=scope, named=named))
        case tree.Name() if node.name in piece.named:
            yield from _pieces(replace(piece.named[node.name], wanted=wanted))
        case tree.Call():
            inside = tuple(_pieces(_called(piece, node)))
            yield from inside if len(inside) > 1 else (piece,)
        case tree.IfElse() if _is_never(node.then, wanted):
            yield from _pieces(replace(piece, node=node.condition, wanted=False))
            yield from _pieces(replace(piece, node=node.otherwise))
        case tree.IfElse() if _is_never(node.otherwise, wanted):
            yield from _pieces(replace(piece, node=node.condition, wanted=True))
            yield from _pieces(replace(piece, node=node.then))
        case _:
            yield piece


def _called(piece: _Piece, node: tree.Call) -> _Piece:
    values = (value_in(argument, piece.scope) for argument in node.arguments)
    scope = dict(zip((one.name for one in node.function.parameters), values, strict=True))
    return _Piece(node.function.body, piece.wanted, scope, node.function, {})


def _is_never(node: tree.Expression, wanted: Wanted) -> bool:
    match node:
        case tree.BoolLiteral():
            return node.value is not wanted
        case tree.EnumLiteral():
            return node.member is not wanted
        case _:
            return False


def _holds(piece: _Piece) -> Term:
    value = as_term(value_in(piece.node, piece.scope))
    if isinstance(piece.wanted, Enum):
        return equal(value, integer(enum_code(piece.wanted)))
    return value if piece.wanted else negate(value)


def _text(piece: _Piece) -> str:
    node, wanted = piece.node, piece.wanted
    if isinstance(node, tree.Compare) and wanted is False:
        node = replace(node, operator=_OPPOSITE[node.operator])
    elif wanted is False:
        node = tree.Not(node, node.span)
    elif isinstance(wanted, Enum) and isinstance(node.type, EnumType):
        literal = tree.EnumLiteral(wanted, node.type, node.span)
        node = tree.Compare(ComparisonOperator.EQUAL, node, literal, node.span)
    return " ".join(to_text(node).split())
