"""Stand-ins for values that are not known. Each defines every operation that it supports; any other raises by name.

Known integers, truth values and members of enumerations stay plain Python. A member of an enumeration is always plain:
where one is read that is not known, the path forks over the members, because ``is`` can not be intercepted.
"""

import sys
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, ClassVar, NoReturn, assert_never

from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.exploration import path
from pumpproof.verify.second_reader.expression import (
    Expression,
    add,
    at_most,
    below,
    conjunction,
    divide,
    equals,
    integer,
    modulo,
    multiply,
    negation,
    truth,
)
from pumpproof.verify.second_reader.shapes import (
    TRUTH,
    WHOLE,
    Choice,
    Fields,
    Group,
    Items,
    Shape,
    Truth,
    Value,
    Whole,
    alike,
    constant,
    fields_of,
    leaves_of,
    merged,
    shape_of,
    words,
)

_SPECIAL = (
    "abs add and bool bytes call ceil complex contains delitem divmod enter eq exit float floor floordiv format ge "
    "getitem gt hash index int invert iter le len lshift lt matmul mod mul ne neg next or pos pow radd rand rdivmod "
    "reversed rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub rtruediv rxor setitem str sub "
    "truediv trunc xor"
)


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(self: "Unknown", *_: object, **__: object) -> NoReturn:
        raise CanNotRead(f"__{name}__ of {self.what}", "use what the subset allows")

    return refuse


class Unknown:
    """Base of all stand-ins: whatever a class below does not define is refused by its name."""

    __slots__ = ()
    what: ClassVar[str] = "an unknown value"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise CanNotRead(f"an assignment to .{name}", "use replace(record, field=value)")


for _name in _SPECIAL.split():
    setattr(Unknown, f"__{_name}__", _refusal(_name))


class UnknownInt(Unknown):
    """An integer that is not known."""

    __slots__ = ("term",)
    what = "an unknown integer"
    term: Expression

    def __init__(self, term: Expression) -> None:
        object.__setattr__(self, "term", term)

    def __add__(self, other: object) -> "int | UnknownInt":
        return whole(add(self.term, number(other)))

    def __radd__(self, other: object) -> "int | UnknownInt":
        return whole(add(number(other), self.term))

    def __sub__(self, other: object) -> "int | UnknownInt":
        return whole(add(self.term, multiply(-1, number(other))))

    def __rsub__(self, other: object) -> "int | UnknownInt":
        return whole(add(number(other), multiply(-1, self.term)))

    def __neg__(self) -> "int | UnknownInt":
        return whole(multiply(-1, self.term))

    def __mul__(self, other: object) -> "int | UnknownInt":
        return whole(multiply(_known(other, "a product of two unknowns"), self.term))

    __rmul__ = __mul__

    def __floordiv__(self, other: object) -> "int | UnknownInt":
        return whole(divide(self.term, _positive(other)))

    def __mod__(self, other: object) -> "int | UnknownInt":
        return whole(modulo(self.term, _positive(other)))

    def __eq__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        return boolean(equals(self.term, number(other)))

    def __ne__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        return boolean(negation(equals(self.term, number(other))))

    def __lt__(self, other: object) -> "bool | UnknownBool":
        return boolean(below(self.term, number(other)))

    def __le__(self, other: object) -> "bool | UnknownBool":
        return boolean(at_most(self.term, number(other)))

    def __gt__(self, other: object) -> "bool | UnknownBool":
        return boolean(below(number(other), self.term))

    def __ge__(self, other: object) -> "bool | UnknownBool":
        return boolean(at_most(number(other), self.term))

    def __index__(self) -> int:
        return path().index(self.term, sys._getframe(1))

    __hash__ = _refusal("hash")


class UnknownBool(Unknown):
    """A truth value that is not known; asking for it forks the path."""

    __slots__ = ("term",)
    what = "an unknown truth value"
    term: Expression

    def __init__(self, term: Expression) -> None:
        object.__setattr__(self, "term", term)

    def __bool__(self) -> bool:
        return path().decide(self.term)

    def __eq__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        return boolean(equals(self.term, condition(other)))

    def __ne__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        return boolean(negation(equals(self.term, condition(other))))

    __hash__ = _refusal("hash")


class UnknownRecord(Unknown):
    """A record some of whose fields are not known."""

    __slots__ = ("__shape", "__value")
    what = "an unknown record"

    def __init__(self, shape: Fields, value: Group) -> None:
        object.__setattr__(self, "_UnknownRecord__shape", shape)
        object.__setattr__(self, "_UnknownRecord__value", value)

    def __getattribute__(self, name: str) -> Any:
        shape, value = record_parts(self)
        number = shape.positions.get(name)
        if number is not None:
            return shown(shape.parts[name], value.parts[number])
        if name in ("__class__", "what"):
            return object.__getattribute__(self, name)
        raise CanNotRead(f"{words(shape)}.{name}, no field", "name a field")

    def __eq__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        shape, value = record_parts(self)
        return boolean(alike(value.leaves, leaves_of(hidden(shape, other))))

    def __ne__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        shape, value = record_parts(self)
        return boolean(negation(alike(value.leaves, leaves_of(hidden(shape, other)))))

    __hash__ = _refusal("hash")


def record_parts(record: UnknownRecord) -> tuple[Fields, Group]:
    """The shape and the value behind a record, past its fields."""
    return (
        object.__getattribute__(record, "_UnknownRecord__shape"),
        object.__getattribute__(record, "_UnknownRecord__value"),
    )


class UnknownTuple(Unknown):
    """A tuple of known length some of whose items are not known."""

    __slots__ = ("shape", "value")
    what = "an unknown tuple"
    shape: Items
    value: Group

    def __init__(self, shape: Items, value: Group) -> None:
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "value", value)

    def __len__(self) -> int:
        return self.shape.length

    def __iter__(self) -> "Items_":
        return Items_(self.shape.item, self.value.parts)

    def __getitem__(self, index: object) -> Any:
        parts = self.value.parts
        if isinstance(index, slice):
            start, stop, step = index.indices(len(parts)) if _is_plain(index) else (0, 0, 0)
            if step != 1 or any(type(end) is int and end < 0 for end in (index.start, index.stop)):
                raise CanNotRead(
                    "a slice with a step, or with unknown or negative bounds", "use known bounds"
                )
            chosen = parts[start:stop]
            return UnknownTuple(Items(self.shape.item, len(chosen)), Group(chosen))
        if type(index) is int:
            if index < 0:
                raise CanNotRead(f"a negative index ({index})", "count from the front")
            if index >= len(parts):
                raise IndexError(f"index {index} of a tuple of {len(parts)}")
            return shown(self.shape.item, parts[index])
        return shown(self.shape.item, _selected(parts, number(index)))

    def __contains__(self, wanted: object) -> bool:
        return any(bool(item == wanted) for item in self)

    def __add__(self, other: object) -> "UnknownTuple":
        return _tuple(self.shape.item, self.value.parts + _parts(self.shape.item, other))

    def __radd__(self, other: object) -> "UnknownTuple":
        return _tuple(self.shape.item, _parts(self.shape.item, other) + self.value.parts)

    def __eq__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        return boolean(alike(self.value.leaves, leaves_of(hidden(self.shape, other))))

    def __ne__(self, other: object) -> "bool | UnknownBool":  # type: ignore[override]
        return boolean(negation(alike(self.value.leaves, leaves_of(hidden(self.shape, other)))))

    __hash__ = _refusal("hash")


class Items_:  # noqa: N801
    """Iterator of an unknown tuple; ``rest`` are the items that were not read yet."""

    def __init__(self, shape: Shape, parts: tuple[Value, ...]) -> None:
        self.shape = shape
        self.rest = list(parts)

    def __iter__(self) -> "Items_":
        return self

    def __next__(self) -> Any:
        path().turns += 1
        if not self.rest:
            raise StopIteration
        return shown(self.shape, self.rest.pop(0))


def _is_plain(index: slice) -> bool:
    return all(end is None or type(end) is int for end in (index.start, index.stop, index.step))


def _selected(parts: tuple[Value, ...], index: Expression) -> Value:
    """The item at an unknown index; beyond the tuple the code raises, and below zero the subset has no meaning."""
    inside = conjunction((at_most(integer(0), index), below(index, integer(len(parts)))))
    path().may_raise(negation(inside))
    if not parts:
        raise IndexError("an index into the empty tuple")
    chosen = parts[-1]
    for place in range(len(parts) - 2, -1, -1):
        chosen = merged(equals(index, integer(place)), parts[place], chosen)
    return chosen


def _tuple(item: Shape, parts: tuple[Value, ...]) -> UnknownTuple:
    return UnknownTuple(Items(item, len(parts)), Group(parts))


def _parts(item: Shape, other: object) -> tuple[Value, ...]:
    if isinstance(other, UnknownTuple) and other.shape.item == item:
        return other.value.parts
    if type(other) is tuple:
        return tuple(hidden(item, one) for one in other)
    raise CanNotRead(f"a concatenation with {_kind(other)}", "join tuples with items of one type")


def whole(term: Expression) -> "int | UnknownInt":
    """An integer as the code sees it."""
    return term.number if term.head == "known" else UnknownInt(term)


def boolean(term: Expression) -> "bool | UnknownBool":
    """A truth value as the code sees it."""
    return bool(term.number) if term.head == "known" else UnknownBool(term)


def number(value: object) -> Expression:
    """The formula of an integer; a truth value is none."""
    if isinstance(value, UnknownInt):
        return value.term
    if type(value) is int:
        return integer(value)
    raise CanNotRead(f"{_kind(value)} used as an integer", "use an integer")


def condition(value: object) -> Expression:
    """The formula of a truth value; an integer is none."""
    if isinstance(value, UnknownBool):
        return value.term
    if type(value) is bool:
        return truth(value)
    raise CanNotRead(f"{_kind(value)} used as a truth value", "write a comparison")


def _known(value: object, what: str) -> int:
    term = number(value)
    if term.head != "known":
        raise CanNotRead(what, "multiply by a literal or a constant")
    return term.number


def _positive(value: object) -> int:
    term = number(value)
    if term.head != "known" or term.number <= 0:
        raise CanNotRead("a division by something unknown or not positive", "divide by a positive constant")
    return term.number


def _kind(value: object) -> str:
    return value.what if isinstance(value, Unknown) else f"a value of type {type(value).__name__}"


def shown(shape: Shape, value: Value) -> Any:
    """A value as the code sees it; a member of an enumeration is made known, by a fork if need be."""
    match shape:
        case Whole():
            assert isinstance(value, Expression)
            return whole(value)
        case Truth():
            assert isinstance(value, Expression)
            return boolean(value)
        case Choice():
            assert isinstance(value, Expression)
            return shape.members[path().member(shape, value)]
        case Fields():
            assert isinstance(value, Group)
            return UnknownRecord(shape, value)
        case Items():
            assert isinstance(value, Group)
            return UnknownTuple(shape, value)
        case _:
            assert_never(shape)


def hidden(shape: Shape, seen: object) -> Value:
    """The value behind what the code sees.

    Raises:
        CanNotRead: it is not exactly of this shape.
    """
    match shape:
        case Whole():
            return number(seen)
        case Truth():
            return condition(seen)
        case Choice():
            return constant(shape, seen)
        case Fields():
            if isinstance(seen, UnknownRecord):
                found, value = record_parts(seen)
                if found == shape:
                    return value
            elif type(seen) is shape.record:
                return Group(tuple(hidden(part, getattr(seen, name)) for name, part in shape.parts.items()))
        case Items():
            if isinstance(seen, UnknownTuple) and seen.shape == shape:
                return seen.value
            if type(seen) is tuple and len(seen) == shape.length:
                return Group(tuple(hidden(shape.item, item) for item in seen))
        case _:
            assert_never(shape)
    raise CanNotRead(f"{_kind(seen)} where {words(shape)} is declared", "give a value of the declared type")


def shape_seen(seen: object) -> Shape:
    """The shape of what the code sees, where nothing declares it."""
    match seen:
        case bool() | UnknownBool():
            return TRUTH
        case UnknownInt():
            return WHOLE
        case int() if type(seen) is int:
            return WHOLE
        case UnknownTuple():
            return seen.shape
        case tuple() if seen:
            shapes = {shape_seen(item) for item in seen}
            if len(shapes) == 1:
                return Items(shapes.pop(), len(seen))
        case Enum():
            return shape_of(type(seen))
        case _:
            if type(seen) is UnknownRecord:
                return record_parts(seen)[0]
            kind: type = type(seen)
            if hasattr(kind, "__dataclass_fields__"):
                return fields_of(kind)
    raise CanNotRead(_kind(seen), "use int, bool, an Enum, a record or a tuple of one type")


def items_seen(seen: object) -> Iterator[Any]:
    """The items of a tuple."""
    if isinstance(seen, UnknownTuple) or type(seen) is tuple:
        return iter(seen)
    raise CanNotRead(f"{_kind(seen)} used as a tuple", "use a tuple")
