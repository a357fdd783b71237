"""What a value is made of: the declared types, and formulas arranged as these types are.

A value is a formula, or a group of values: the fields of a record or the items of a tuple. An enumeration is an
integer, the position of the member in its definition.
"""

import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum, EnumMeta
from functools import cache, cached_property
from types import MemberDescriptorType
from typing import Annotated, Any, assert_never, get_args, get_origin

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.expression import (
    Expression,
    at_most,
    conjunction,
    equals,
    if_else,
    integer,
    truth,
    variable,
)


@dataclass(frozen=True)
class Whole:
    """An integer; ``ranges`` are declared, and assumed of events only."""

    ranges: tuple[Range, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Truth:
    """A truth value, which is no integer here."""


@dataclass(frozen=True)
class Choice:
    """A plain enumeration."""

    enum: type[Enum]
    members: tuple[Enum, ...] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Fields:
    """A frozen dataclass, with the shape of each field."""

    record: type
    parts: "dict[str, Shape]" = field(compare=False, repr=False)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each field stands among all."""
        return {name: number for number, name in enumerate(self.parts)}


@dataclass(frozen=True)
class Items:
    """A tuple of fixed length with items of one shape."""

    item: "Shape"
    length: int


Shape = Whole | Truth | Choice | Fields | Items
WHOLE = Whole()
TRUTH = Truth()


class Group:
    """The values of the fields of a record, or of the items of a tuple."""

    __slots__ = ("_leaves", "parts")

    def __init__(self, parts: "tuple[Value, ...]") -> None:
        self.parts = parts
        self._leaves: tuple[Expression, ...] | None = None

    @property
    def leaves(self) -> tuple[Expression, ...]:
        """All formulas of the group, in its order."""
        if self._leaves is None:
            self._leaves = tuple(leaf for part in self.parts for leaf in leaves_of(part))
        return self._leaves


Value = Expression | Group


def leaves_of(value: Value) -> tuple[Expression, ...]:
    """The formulas of a value, in the order of its shape."""
    return (value,) if isinstance(value, Expression) else value.leaves


def shape_of(annotation: object) -> Shape:
    """The shape that a resolved annotation declares.

    Raises:
        CanNotRead: it is neither int, bool, a plain enumeration, a plain frozen dataclass nor a tuple of fixed length.
    """
    extras: tuple[object, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *rest = get_args(annotation)
        extras = tuple(rest)
    if annotation is int:
        ranges = tuple(extra for extra in extras if isinstance(extra, Range))
        return Whole(ranges) if ranges else WHOLE
    if annotation is bool:
        return TRUTH
    if get_origin(annotation) is tuple:
        return _items(get_args(annotation), [extra.items for extra in extras if isinstance(extra, Length)])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice(annotation)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return fields_of(annotation)
    raise CanNotRead(
        f"the type {annotation!r}", "use int, bool, an Enum, a frozen dataclass or a fixed tuple"
    )


def _items(arguments: tuple[object, ...], lengths: list[int]) -> Items:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        if len(lengths) != 1:
            raise CanNotRead("a tuple of any length", "write Annotated[tuple[int, ...], Length(48)]")
        return Items(shape_of(arguments[0]), lengths[0])
    shapes = {shape_of(argument) for argument in arguments}
    if len(shapes) != 1:
        raise CanNotRead("a tuple with items of different types", "use a frozen dataclass")
    return Items(shapes.pop(), len(arguments))


@cache
def _choice(enum: type[Enum]) -> Choice:
    members = tuple(enum)
    own = {"__eq__", "__ne__", "__bool__", "__hash__"} & vars(enum).keys() - {"__hash__"}
    if (
        enum.__bases__ != (Enum,)
        or type(enum) is not EnumMeta
        or own
        or len(enum.__members__) != len(members)
    ):
        raise CanNotRead(f"the enumeration {enum.__name__}", "make it a plain Enum without aliases")
    return Choice(enum, members)


@cache
def fields_of(record: type) -> Fields:
    """The shape of a dataclass.

    Raises:
        CanNotRead: it is not frozen, has code of its own where generated code is expected, or a field has no shape.
    """
    parameters: Any = getattr(record, "__dataclass_params__", None)
    name = record.__name__
    if (
        not is_dataclass(record)
        or not parameters.frozen
        or not parameters.eq
        or record.__bases__ != (object,)
    ):
        raise CanNotRead(f"the class {name}", "make it a frozen dataclass that derives from nothing")
    for method in ("__init__", "__eq__"):
        code = getattr(vars(record).get(method), "__code__", None)
        if code is None or code.co_filename != "<string>":
            raise CanNotRead(f"the dataclass {name} with its own {method}", "keep the generated one")
    for method in ("__post_init__", "__getattribute__", "__getattr__", "__new__", "__ne__", "__bool__"):
        if method in vars(record):
            raise CanNotRead(f"the dataclass {name} with its own {method}", "write a function instead")
    for item in fields(record):
        stored = vars(record).get(item.name)
        plain = isinstance(stored, MemberDescriptorType) or not hasattr(type(stored), "__get__")
        if not item.init or not item.compare or not plain:
            raise CanNotRead(f"the field {name}.{item.name}", "make it a plain field")
    hints = typing.get_type_hints(record, include_extras=True)
    return Fields(record, {item.name: shape_of(hints[item.name]) for item in fields(record)})


def paths(shape: Shape, name: str) -> Iterator[tuple[str, Shape]]:
    """The path of each leaf below ``name``, with the shape of the leaf."""
    match shape:
        case Whole() | Truth() | Choice():
            yield name, shape
        case Fields():
            for part_name, part in shape.parts.items():
                yield from paths(part, f"{name}.{part_name}")
        case Items():
            for number in range(shape.length):
                yield from paths(shape.item, f"{name}[{number}]")
        case _:
            assert_never(shape)


def arranged(shape: Shape, leaves: Iterator[Expression]) -> Value:
    """Leaves in their order, as a value of the shape."""
    match shape:
        case Whole() | Truth() | Choice():
            return next(leaves)
        case Fields():
            return Group(tuple(arranged(part, leaves) for part in shape.parts.values()))
        case Items():
            return Group(tuple(arranged(shape.item, leaves) for _ in range(shape.length)))
        case _:
            assert_never(shape)


def variables(shape: Shape, name: str) -> Value:
    """A value of which nothing is known: a variable for each leaf, called by its path."""
    return arranged(
        shape,
        iter(
            tuple(
                variable(path, "Bool" if isinstance(leaf, Truth) else "Int")
                for path, leaf in paths(shape, name)
            )
        ),
    )


def typed(shape: Shape, value: Value) -> Expression:
    """What the type alone says: an enumeration is one of its members."""
    bounds = []
    for (_, leaf), term in zip(paths(shape, ""), leaves_of(value), strict=True):
        if isinstance(leaf, Choice):
            bounds += [at_most(integer(0), term), at_most(term, integer(len(leaf.members) - 1))]
    return conjunction(bounds)


def within_ranges(shape: Fields, value: Value) -> Expression:
    """What is declared of the fields of an event beyond their types."""
    assert isinstance(value, Group)
    bounds = []
    for part, term in zip(shape.parts.values(), value.parts, strict=True):
        if isinstance(part, Whole) and isinstance(term, Expression):
            for one in part.ranges:
                bounds += [] if one.low is None else [at_most(integer(one.low), term)]
                bounds += [] if one.high is None else [at_most(term, integer(one.high))]
    return conjunction(bounds)


def constant(shape: Shape, plain: object) -> Value:
    """A plain Python value of exactly this shape.

    Raises:
        CanNotRead: it is of another type.
    """
    match shape:
        case Whole() if type(plain) is int:
            return integer(plain)
        case Truth() if type(plain) is bool:
            return truth(plain)
        case Choice() if type(plain) is shape.enum:
            return integer(position(shape, plain))
        case Fields() if type(plain) is shape.record:
            return Group(tuple(constant(part, getattr(plain, name)) for name, part in shape.parts.items()))
        case Items() if type(plain) is tuple and len(plain) == shape.length:
            return Group(tuple(constant(shape.item, item) for item in plain))
        case _:
            raise CanNotRead(
                f"{plain!r} where {words(shape)} is declared", "give a value of the declared type"
            )


def position(shape: Choice, member: object) -> int:
    """The position of a member in the definition of its enumeration."""
    return next(number for number, known in enumerate(shape.members) if known is member)


def words(shape: Shape) -> str:
    """A shape as messages name it."""
    match shape:
        case Whole():
            return "int"
        case Truth():
            return "bool"
        case Choice():
            return shape.enum.__name__
        case Fields():
            return shape.record.__name__
        case Items():
            return f"tuple of {shape.length} {words(shape.item)}"
        case _:
            assert_never(shape)


def merged(condition: Expression, then: Value, otherwise: Value) -> Value:
    """``then`` where the condition holds, else ``otherwise``; both of one shape."""
    if then is otherwise:
        return then
    if isinstance(then, Expression) and isinstance(otherwise, Expression):
        return if_else(condition, then, otherwise)
    assert isinstance(then, Group) and isinstance(otherwise, Group)
    pairs = zip(then.parts, otherwise.parts, strict=True)
    return Group(tuple(merged(condition, one, other) for one, other in pairs))


def alike(left: Iterable[Expression], right: Iterable[Expression]) -> Expression:
    """Equality of the leaves of two values of one shape."""
    return conjunction(equals(one, other) for one, other in zip(left, right, strict=True))
