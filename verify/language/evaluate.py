"""Evaluation: the tree applied to plain Python values, independent of the code that it was read from."""

import dataclasses
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import assert_never, cast

from pumpproof.verify.language import tree
from pumpproof.verify.language.static import apply_arithmetic
from pumpproof.verify.language.tree import ComparisonOperator, Reduction
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type

Values = Mapping[str, object]


class DefinednessError(ArithmeticError):
    """A partial operation outside its domain: an index that is negative or beyond the tuple."""


def evaluate(function: tree.Function, arguments: Mapping[str, object]) -> object:
    """Value of ``function`` for plain Python arguments, by parameter name.

    Raises:
        DefinednessError: an index is negative or beyond its tuple.
        TypeError: an argument is missing, unknown, or not exactly of its declared type.
    """
    declared = {parameter.name: parameter.type for parameter in function.parameters}
    if set(arguments) != set(declared):
        raise TypeError(f"{function.name} takes {', '.join(declared)}, not {', '.join(arguments)}")
    for name, kind in declared.items():
        if not has_type(arguments[name], kind):
            raise TypeError(f"{function.name}: {name} must be of type {kind}, not {arguments[name]!r}")
    return _value(function.body, arguments)


def value_of(expression: tree.Expression, names: Values) -> object:
    """Value of an expression where its names have these values.

    Raises:
        DefinednessError: an index is negative or beyond its tuple.
        KeyError: a name has no value.
    """
    return _value(expression, names)


def has_type(value: object, kind: Type) -> bool:
    """Say whether a value is exactly of the type: no bool for an int, no subclass, no other length."""
    match kind:
        case IntType():
            return type(value) is int
        case BoolType():
            return type(value) is bool
        case EnumType():
            return type(value) is kind.enum
        case RecordType():
            return type(value) is kind.record and all(
                has_type(getattr(value, name), field_type) for name, field_type in kind.fields
            )
        case TupleType():
            return (
                type(value) is tuple
                and len(value) == kind.length
                and all(has_type(item, kind.item) for item in value)
            )
        case _:
            assert_never(kind)


def _value(node: tree.Expression, names: Values) -> object:
    while isinstance(node, tree.Let | tree.IfElse):
        # A long body is a long chain of these: follow it without recursion.
        if isinstance(node, tree.Let):
            names = {**names, node.name: _value(node.value, names)}
            node = node.body
        else:
            node = node.then if _value(node.condition, names) else node.otherwise
    match node:
        case tree.IntLiteral() | tree.BoolLiteral():
            return node.value
        case tree.EnumLiteral():
            return node.member
        case tree.Name():
            return names[node.name]
        case tree.FieldOf():
            return getattr(_value(node.record, names), node.name)
        case tree.Index():
            return _item(node, names)
        case tree.Slice():
            return _items(node.items, names)[_int(node.start, names) : _int(node.stop, names)]
        case tree.MakeTuple():
            return tuple(_value(item, names) for item in node.items)
        case tree.Concatenate():
            return _items(node.left, names) + _items(node.right, names)
        case tree.ForEach():
            return tuple(_each(node, names))
        case tree.MakeRecord():
            return node.type.record(**{name: _value(value, names) for name, value in node.fields})
        case tree.ReplaceFields():
            return _replaced(node, names)
        case tree.Arithmetic():
            return apply_arithmetic(node.operator, _int(node.left, names), _int(node.right, names))
        case tree.Negate():
            return -_int(node.operand, names)
        case tree.Compare():
            return _compare(node, names)
        case tree.AllOf():
            return all(_value(operand, names) for operand in node.operands)
        case tree.AnyOf():
            return any(_value(operand, names) for operand in node.operands)
        case tree.Not():
            return not _value(node.operand, names)
        case tree.Reduce():
            return _reduce(node, names)
        case tree.Call():
            values = [_value(argument, names) for argument in node.arguments]
            parameters = [parameter.name for parameter in node.function.parameters]
            return _value(node.function.body, dict(zip(parameters, values, strict=True)))
        case _:
            assert_never(node)


def _int(node: tree.Expression, names: Values) -> int:
    return cast("int", _value(node, names))


def _items(node: tree.Expression, names: Values) -> tuple[object, ...]:
    return cast("tuple[object, ...]", _value(node, names))


def _item(node: tree.Index, names: Values) -> object:
    items, index = _items(node.items, names), _int(node.index, names)
    if not 0 <= index < len(items):
        raise DefinednessError(f"{node.span}: index {index} of a tuple of {len(items)}")
    return items[index]


def _each(node: tree.ForEach, names: Values) -> Iterator[object]:
    for value in range(node.start, node.stop):
        yield _value(node.body, {**names, node.variable: value})


def _replaced(node: tree.ReplaceFields, names: Values) -> object:
    record = _value(node.record, names)
    changes = {name: _value(value, names) for name, value in node.changes}
    values = {item.name: getattr(record, item.name) for item in dataclasses.fields(node.type.record)}
    return node.type.record(**{**values, **changes})


def _compare(node: tree.Compare, names: Values) -> bool:
    left, right = _value(node.left, names), _value(node.right, names)
    match node.operator:
        case ComparisonOperator.EQUAL:
            return _equal(left, right)
        case ComparisonOperator.NOT_EQUAL:
            return not _equal(left, right)
        case ComparisonOperator.LESS:
            return cast("int", left) < cast("int", right)
        case ComparisonOperator.LESS_OR_EQUAL:
            return cast("int", left) <= cast("int", right)
        case ComparisonOperator.GREATER:
            return cast("int", left) > cast("int", right)
        case ComparisonOperator.GREATER_OR_EQUAL:
            return cast("int", left) >= cast("int", right)
        case _:
            assert_never(node.operator)


def _equal(left: object, right: object) -> bool:
    return left is right if isinstance(left, Enum) else left == right


def _reduce(node: tree.Reduce, names: Values) -> object:
    match node.reduction:
        case Reduction.ALL | Reduction.ANY:
            # Directly over a ForEach the search is lazy, as in Python.
            found = (
                _each(node.items, names)
                if isinstance(node.items, tree.ForEach)
                else _items(node.items, names)
            )
            return all(found) if node.reduction is Reduction.ALL else any(found)
        case Reduction.SUM:
            return sum(cast("tuple[int, ...]", _items(node.items, names)))
        case Reduction.MIN:
            return min(cast("tuple[int, ...]", _items(node.items, names)))
        case Reduction.MAX:
            return max(cast("tuple[int, ...]", _items(node.items, names)))
        case _:
            assert_never(node.reduction)
