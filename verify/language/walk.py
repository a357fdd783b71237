"""Walks over the tree that every reading needs."""

from collections.abc import Iterator
from typing import assert_never

from pumpproof.verify.language import tree


def children(expression: tree.Expression) -> tuple[tree.Expression, ...]:
    """Direct subexpressions, in the order of evaluation; the body of a called function is not among them."""
    match expression:
        case tree.IntLiteral() | tree.BoolLiteral() | tree.EnumLiteral() | tree.Name():
            return ()
        case tree.FieldOf():
            return (expression.record,)
        case tree.Index():
            return (expression.items, expression.index)
        case tree.Slice():
            return (expression.items, expression.start, expression.stop)
        case tree.MakeTuple():
            return expression.items
        case tree.Concatenate():
            return (expression.left, expression.right)
        case tree.ForEach():
            return (expression.body,)
        case tree.MakeRecord():
            return tuple(value for _, value in expression.fields)
        case tree.ReplaceFields():
            return (expression.record, *(value for _, value in expression.changes))
        case tree.Arithmetic() | tree.Compare():
            return (expression.left, expression.right)
        case tree.Negate() | tree.Not():
            return (expression.operand,)
        case tree.AllOf() | tree.AnyOf():
            return expression.operands
        case tree.IfElse():
            return (expression.condition, expression.then, expression.otherwise)
        case tree.Let():
            return (expression.value, expression.body)
        case tree.Reduce():
            return (expression.items,)
        case tree.Call():
            return expression.arguments
        case _:
            assert_never(expression)


def nodes(expression: tree.Expression) -> Iterator[tree.Expression]:
    """Each node of the expression once, however often it is shared; no particular order."""
    seen: set[int] = set()
    pending = [expression]
    while pending:
        node = pending.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            pending.extend(children(node))


def mentioned_names(expression: tree.Expression) -> frozenset[str]:
    """Names that occur anywhere in the expression, bound inside it or not."""
    return frozenset(node.name for node in nodes(expression) if isinstance(node, tree.Name))


def is_total(expression: tree.Expression) -> bool:
    """Say whether evaluation certainly succeeds; calls are not followed and count as able to fail."""
    return not any(isinstance(node, tree.Index | tree.Call) for node in nodes(expression))


def called_functions(function: tree.Function) -> tuple[tree.Function, ...]:
    """The function and all it calls, directly or through others, each once; callees come before callers."""
    ordered: dict[tree.Function, None] = {}

    def visit(current: tree.Function) -> None:
        if current not in ordered:
            for node in nodes(current.body):
                if isinstance(node, tree.Call):
                    visit(node.function)
            ordered[current] = None

    visit(function)
    return tuple(ordered)
