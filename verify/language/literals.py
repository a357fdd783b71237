"""Plain values as nodes: module constants and the defaults of fields."""

from dataclasses import fields, is_dataclass
from enum import Enum

from pumpproof.spec.kernel.types import MOST_DIGITS
from pumpproof.verify.language import tree
from pumpproof.verify.language.types import (
    EnumType,
    RecordType,
    TupleType,
    UnsupportedType,
    type_of_annotation,
)


class NotALiteral(ValueError):
    """A value that has no reading; what it is and what to write instead."""

    def __init__(self, construct: str, instead: str) -> None:
        super().__init__(f"{construct}; {instead}")
        self.construct = construct
        self.instead = instead


def literal(
    value: object, span: tree.Span, name: str | None = None, *, records: bool = False
) -> tree.Expression:
    """Read a plain value; ``name`` is kept on an integer, ``records`` admits frozen dataclasses.

    Raises:
        NotALiteral: for anything but an int, a bool, an enum member or a tuple of these.
    """
    if type(value) is bool:
        return tree.BoolLiteral(value, span)
    if type(value) is int:
        if abs(value) >= 10**MOST_DIGITS:
            raise NotALiteral(f"an integer of more than {MOST_DIGITS} digits", "use a smaller one")
        return tree.IntLiteral(value, span, name)
    if type(value) is tuple:
        return _tuple(value, span, records)
    try:
        if isinstance(value, Enum):
            kind = type_of_annotation(type(value))
            if isinstance(kind, EnumType):
                return tree.EnumLiteral(value, kind, span)
        elif records and is_dataclass(value) and not isinstance(value, type):
            kind = type_of_annotation(type(value))
            if isinstance(kind, RecordType):
                return _record(value, kind, span)
    except UnsupportedType as error:
        raise NotALiteral(error.construct, error.instead) from error
    raise NotALiteral(
        f"a value of type {type(value).__name__}", "use an int, a bool, an enum member or a tuple of these"
    )


def _tuple(value: tuple[object, ...], span: tree.Span, records: bool) -> tree.Expression:
    if not value:
        raise NotALiteral("an empty tuple", "a tuple has at least one item, so that its type is known")
    items = tuple(literal(item, span, records=records) for item in value)
    if any(item.type != items[0].type for item in items):
        raise NotALiteral("a tuple with items of different types", "use a frozen dataclass")
    return tree.MakeTuple(items, TupleType(items[0].type, len(items)), span)


def _record(value: object, kind: RecordType, span: tree.Span) -> tree.Expression:
    given = []
    for item in fields(kind.record):
        read = literal(getattr(value, item.name), span, records=True)
        wanted = kind.field_type(item.name)
        if read.type != wanted:
            raise NotALiteral(
                f"{kind}.{item.name} of type {read.type} where {wanted} is declared", "give it that type"
            )
        given.append((item.name, read))
    return tree.MakeRecord(tuple(given), kind, span)
