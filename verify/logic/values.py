"""Symbolic values: terms arranged as the records and tuples of the language."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import assert_never

from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Term,
    all_of,
    choose,
    equal,
    integer,
    less_or_equal,
    truth,
    variable,
)


@dataclass(frozen=True, eq=False)
class RecordValue:
    """A record with a symbolic value for each field."""

    type: RecordType
    fields: dict[str, "Value"]

    @cached_property
    def leaves(self) -> tuple[Term, ...]:
        """The terms of its fields, in the order of the type."""
        return tuple(leaf for item in self.fields.values() for leaf in leaves(item))


@dataclass(frozen=True, eq=False)
class TupleValue:
    """A tuple with a symbolic value for each item."""

    items: tuple["Value", ...]

    @cached_property
    def leaves(self) -> tuple[Term, ...]:
        """The terms of its items, in their order."""
        return tuple(leaf for item in self.items for leaf in leaves(item))


Value = Term | RecordValue | TupleValue


def enum_code(member: Enum) -> int:
    """The integer that stands for a member: its position in the definition."""
    return tuple(type(member)).index(member)


def unknown(of: Type, name: str) -> Value:
    """A value of which nothing is known: one variable per leaf, named by its path."""
    match of:
        case IntType() | EnumType():
            return variable(name, "Int")
        case BoolType():
            return variable(name, "Bool")
        case RecordType():
            return RecordValue(of, {field: unknown(kind, f"{name}.{field}") for field, kind in of.fields})
        case TupleType():
            return TupleValue(tuple(unknown(of.item, f"{name}[{i}]") for i in range(of.length)))
        case _:
            assert_never(of)


def well_typed(of: Type, value: Value) -> Term:
    """What the type alone says of a value: an enumeration holds one of its members."""
    match of:
        case IntType() | BoolType():
            return TRUE
        case EnumType():
            assert isinstance(value, Term)
            return all_of(
                (less_or_equal(integer(0), value), less_or_equal(value, integer(len(of.members()) - 1)))
            )
        case RecordType():
            assert isinstance(value, RecordValue)
            return all_of(well_typed(kind, value.fields[field]) for field, kind in of.fields)
        case TupleType():
            assert isinstance(value, TupleValue)
            return all_of(well_typed(of.item, item) for item in value.items)
        case _:
            assert_never(of)


def known(of: Type, value: object) -> Value:
    """The symbolic form of a Python value of the given type.

    Raises:
        TypeError: the Python value is not of the type.
    """
    match of:
        case IntType() if type(value) is int:
            return integer(value)
        case BoolType() if type(value) is bool:
            return truth(value)
        case EnumType() if isinstance(value, of.enum):
            return integer(enum_code(value))
        case RecordType() if type(value) is of.record:
            return RecordValue(of, {field: known(kind, getattr(value, field)) for field, kind in of.fields})
        case TupleType() if isinstance(value, tuple) and len(value) == of.length:
            return TupleValue(tuple(known(of.item, item) for item in value))
        case _:
            raise TypeError(f"{value!r} is not of type {of}")


def zero(of: Type) -> Value:
    """Some value of the type, for a place that is never reached."""
    match of:
        case IntType() | EnumType():
            return integer(0)
        case BoolType():
            return FALSE
        case RecordType():
            return RecordValue(of, {field: zero(kind) for field, kind in of.fields})
        case TupleType():
            return TupleValue(tuple(zero(of.item) for _ in range(of.length)))
        case _:
            assert_never(of)


def python_value(of: Type, value: Value) -> object:
    """The Python value of a symbolic value all of whose leaves are constants."""
    match of:
        case IntType():
            assert isinstance(value, Term)
            return value.integer
        case BoolType():
            assert isinstance(value, Term)
            return bool(value.integer)
        case EnumType():
            assert isinstance(value, Term)
            return of.members()[value.integer]
        case RecordType():
            assert isinstance(value, RecordValue)
            return of.record(**{field: python_value(kind, value.fields[field]) for field, kind in of.fields})
        case TupleType():
            assert isinstance(value, TupleValue)
            return tuple(python_value(of.item, item) for item in value.items)
        case _:
            assert_never(of)


def leaves(value: Value) -> tuple[Term, ...]:
    """The terms of a value, in the order of its type."""
    return (value,) if isinstance(value, Term) else value.leaves


def same(left: Value, right: Value) -> Term:
    """Equality of two values of one type."""
    return all_of(equal(a, b) for a, b in zip(leaves(left), leaves(right), strict=True))


def select(condition: Term, then: Value, otherwise: Value) -> Value:
    """``then`` where the condition holds, else ``otherwise``; both of one type."""
    if condition is TRUE or condition is FALSE or then is otherwise:
        return otherwise if condition is FALSE else then
    match then, otherwise:
        case Term(), Term():
            return choose(condition, then, otherwise)
        case RecordValue(), RecordValue():
            return RecordValue(
                then.type,
                {
                    field: select(condition, item, otherwise.fields[field])
                    for field, item in then.fields.items()
                },
            )
        case TupleValue(), TupleValue():
            pairs = zip(then.items, otherwise.items, strict=True)
            return TupleValue(tuple(select(condition, a, b) for a, b in pairs))
        case _:
            raise TypeError("the branches of a choice have different shapes")
