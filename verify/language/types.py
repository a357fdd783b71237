"""The types of the subset: a closed union. ``bool`` is not an ``int`` here."""

import typing
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Annotated, get_args, get_origin

from pumpproof.spec.kernel.types import Length


@dataclass(frozen=True)
class IntType:
    """Unbounded integer, as in Python and as in SMT."""

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True)
class BoolType:
    """Truth value; no arithmetic is defined on it."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True)
class EnumType:
    """A plain ``Enum`` without aliases; a member is known by its position in the definition."""

    enum: type[Enum]

    def members(self) -> tuple[Enum, ...]:
        """All members, in the order of their definition."""
        return tuple(self.enum)

    def __str__(self) -> str:
        return self.enum.__name__


@dataclass(frozen=True)
class RecordType:
    """A frozen dataclass; equality is by the class, the fields follow from it."""

    record: type
    fields: tuple[tuple[str, "Type"], ...] = field(compare=False, repr=False)

    def field_type(self, name: str) -> "Type | None":
        """Type of the field ``name``, or None where the record has no such field."""
        return next((field_type for known, field_type in self.fields if known == name), None)

    def __str__(self) -> str:
        return self.record.__name__


@dataclass(frozen=True)
class TupleType:
    """A tuple of fixed length whose items have one type."""

    item: "Type"
    length: int

    def __str__(self) -> str:
        return f"tuple of {self.length} {self.item}"


Type = IntType | BoolType | EnumType | RecordType | TupleType

INT = IntType()
BOOL = BoolType()


class UnsupportedType(TypeError):
    """An annotation outside the subset; the message says which and what to write instead."""


def type_of_annotation(annotation: object) -> Type:
    """Translate a resolved annotation (see ``typing.get_type_hints(..., include_extras=True)``).

    Raises:
        UnsupportedType: for anything but int, bool, a plain Enum, a frozen dataclass of such, a homogeneous
            ``tuple[int, int]`` or ``Annotated[tuple[int, ...], Length(n)]``.
    """
    extras: tuple[object, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *rest = get_args(annotation)
        extras = tuple(rest)
    if annotation is int:
        return INT
    if annotation is bool:
        return BOOL
    if get_origin(annotation) is tuple:
        return _tuple_type(get_args(annotation), extras)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enum_type(annotation)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return _record_type(annotation)
    raise UnsupportedType(
        f"{annotation!r} is outside the subset: use int, bool, a plain Enum, a frozen dataclass, "
        "or a tuple of fixed length"
    )


def _tuple_type(arguments: tuple[object, ...], extras: tuple[object, ...]) -> TupleType:
    lengths = [extra.items for extra in extras if isinstance(extra, Length)]
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        if len(lengths) != 1:
            raise UnsupportedType(
                "a tuple needs a fixed length: write Annotated[tuple[int, ...], Length(48)] or tuple[int, int]"
            )
        return TupleType(type_of_annotation(arguments[0]), lengths[0])
    items = {type_of_annotation(argument) for argument in arguments}
    if len(items) != 1:
        raise UnsupportedType("the items of a tuple must have one type; use a frozen dataclass for a record")
    return TupleType(items.pop(), len(arguments))


@cache
def _enum_type(enum: type[Enum]) -> EnumType:
    if enum.__bases__ != (Enum,) or enum.__eq__ is not Enum.__eq__:
        raise UnsupportedType(f"{enum.__name__} must derive from Enum alone and keep its equality")
    if len(enum.__members__) != len(list(enum)):
        raise UnsupportedType(f"{enum.__name__} has an alias: two names for one member")
    return EnumType(enum)


@cache
def _record_type(record: type) -> RecordType:
    parameters = record.__dataclass_params__  # type: ignore[attr-defined]
    if not parameters.frozen or not parameters.eq or "__eq__" not in vars(record):
        raise UnsupportedType(f"{record.__name__} must be @dataclass(frozen=True) with its generated equality")
    for forbidden in ("__post_init__", "__getattribute__", "__getattr__", "__new__"):
        if forbidden in vars(record):
            raise UnsupportedType(f"{record.__name__} must not define {forbidden}")
    if record.__bases__ != (object,):
        raise UnsupportedType(f"{record.__name__} must not inherit from another class")
    hints = typing.get_type_hints(record, include_extras=True)
    if not all(item.init and item.compare for item in fields(record)):
        raise UnsupportedType(f"{record.__name__} must not have fields with init=False or compare=False")
    return RecordType(record, tuple((item.name, type_of_annotation(hints[item.name])) for item in fields(record)))
