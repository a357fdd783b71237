"""The part of a claim that is false, found by evaluating the claim, with the value of every name in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from pumpproof.verify.language import tree
from pumpproof.verify.language.evaluate import value_of
from pumpproof.verify.language.formula import to_text
from pumpproof.verify.language.tree import Expression, Function, Reduction, Span
from pumpproof.verify.language.types import BoolType, EnumType, IntType

Names = Mapping[str, object]


@dataclass(frozen=True)
class Valued:
    """A name, a field or a call in a formula, with its value."""

    text: str
    value: object


@dataclass(frozen=True)
class Clause:
    """A part of a claim that is false. ``function`` is the one in which it is written, at ``span``."""

    text: str
    function: str
    span: Span
    values: tuple[Valued, ...]


def violated_clause(claim: Function, arguments: Names) -> Clause:
    """The innermost part that makes ``claim`` false of these arguments, which it must be.

    Conjunctions are followed to the first false operand, conditions to the side that is taken, and calls into the
    function that is called. A disjunction is given as a whole, because all of it is false.
    """
    function, node, names = claim, claim.body, arguments
    meant: dict[str, tuple[Expression, Names]] = {}
    while True:
        inner = _false_part(node, names, meant)
        if inner is None:
            values = dict.fromkeys(_values(node, names))
            return Clause(to_text(node), function.name, node.span, tuple(values))
        if isinstance(node, tree.Call):
            function, meant = node.function, {}
        if isinstance(node, tree.Let):
            meant = {**meant, node.name: (node.value, names)}
        node, names = inner


def _false_part(
    node: Expression, names: Names, meant: Mapping[str, tuple[Expression, Names]]
) -> tuple[Expression, Names] | None:
    """A smaller part that is false and makes ``node`` false; ``meant`` is what local names stand for."""
    match node:
        case tree.Let():
            return node.body, {**names, node.name: value_of(node.value, names)}
        case tree.Name():
            return meant.get(node.name)
        case tree.IfElse():
            return (node.then if value_of(node.condition, names) else node.otherwise), names
        case tree.AllOf():
            return next(one for one in node.operands if not value_of(one, names)), names
        case tree.Call():
            given = (value_of(argument, names) for argument in node.arguments)
            named = (parameter.name for parameter in node.function.parameters)
            return node.function.body, dict(zip(named, given, strict=True))
        case tree.Reduce(reduction=Reduction.ALL, items=tree.ForEach() as each):
            turns = ({**names, each.variable: i} for i in range(each.start, each.stop))
            return each.body, next(turn for turn in turns if not value_of(each.body, turn))
        case _:
            return None


def _values(node: Expression, names: Names) -> Iterator[Valued]:
    """Every name that is read, as the longest path that holds a plain value; of calls and reductions the result."""
    match node:
        case tree.IntLiteral():
            if node.name is not None:
                yield Valued(node.name, node.value)
        case tree.BoolLiteral() | tree.EnumLiteral():
            return
        case tree.Name() | tree.FieldOf() | tree.Index() | tree.Slice():
            yield Valued(to_text(node), value_of(node, names))
            if isinstance(node, tree.Index):
                yield from _values(node.index, names)
        case tree.Call() | tree.Reduce():
            yield Valued(to_text(node), value_of(node, names))
            for argument in node.arguments if isinstance(node, tree.Call) else ():
                if isinstance(argument.type, IntType | BoolType | EnumType):
                    yield from _values(argument, names)
        case tree.Let():
            value = value_of(node.value, names)
            yield from _values(node.value, names)
            yield from _values(node.body, {**names, node.name: value})
        case tree.IfElse():
            yield from _values(node.condition, names)
            yield from _values(node.then if value_of(node.condition, names) else node.otherwise, names)
        case tree.ForEach():
            yield Valued(to_text(node), value_of(node, names))
        case tree.Arithmetic() | tree.Compare():
            yield from _values(node.left, names)
            yield from _values(node.right, names)
        case tree.Concatenate():
            yield from _values(node.left, names)
            yield from _values(node.right, names)
        case tree.Negate() | tree.Not():
            yield from _values(node.operand, names)
        case tree.AllOf() | tree.AnyOf():
            for operand in node.operands:
                yield from _values(operand, names)
        case tree.MakeTuple():
            for item in node.items:
                yield from _values(item, names)
        case tree.MakeRecord():
            for _, value in node.fields:
                yield from _values(value, names)
        case tree.ReplaceFields():
            yield from _values(node.record, names)
            for _, value in node.changes:
                yield from _values(value, names)
        case _:
            assert_never(node)
