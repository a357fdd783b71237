"""The types of the subset: a closed union. ``bool`` is not an ``int`` here."""

import typing
from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields, is_dataclass
from enum import Enum, EnumMeta
from functools import cache
from types import MemberDescriptorType
from typing import Annotated, Any, get_args, get_origin

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.verify.language.genuine import has_changed_defaults, own_in_enumeration, own_method


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


@dataclass(frozen=True)
class PlainField:
    """A field that is no record, by its ``path`` from an outer record, such as ``holds.user``, and by its ``owner``."""

    path: str
    owner: type
    name: str
    type: Type


def plain_fields(of: RecordType, path: str = "") -> Iterator[PlainField]:
    """The fields of a record and of the records in it, in their order; a tuple is one field."""
    for name, kind in of.fields:
        here = f"{path}.{name}" if path else name
        if isinstance(kind, RecordType):
            yield from plain_fields(kind, here)
        else:
            yield PlainField(here, of.record, name, kind)


INT = IntType()
BOOL = BoolType()


class UnsupportedType(TypeError):
    """An annotation outside the subset: what it is, and what to write instead."""

    def __init__(self, construct: str, instead: str) -> None:
        super().__init__(f"{construct} is outside the subset; {instead}")
        self.construct = construct
        self.instead = instead


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
    if get_origin(annotation) is not tuple and any(isinstance(extra, Length) for extra in extras):
        raise UnsupportedType(f"a Length on {_shown(annotation)}", "give a Length to a tuple only")
    if annotation is not int and any(isinstance(extra, Range) for extra in extras):
        raise UnsupportedType(
            f"a Range on {_shown(annotation)}",
            "give a Range to an int only; for a tuple write it on the items",
        )
    if sum(isinstance(extra, Range) for extra in extras) > 1:
        raise UnsupportedType("an int with two ranges", "write one Range")
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
        f"the type {_shown(annotation)}",
        "use int, bool, a plain Enum, a frozen dataclass, or a tuple of fixed length",
    )


def _shown(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) else repr(annotation)


def _tuple_type(arguments: tuple[object, ...], extras: tuple[object, ...]) -> TupleType:
    lengths = [extra.items for extra in extras if isinstance(extra, Length)]
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        if len(lengths) != 1:
            raise UnsupportedType(
                "a tuple of any length", "write Annotated[tuple[int, ...], Length(48)] or tuple[int, int]"
            )
        if type(lengths[0]) is not int or lengths[0] < 1:
            raise UnsupportedType(f"a tuple of length {lengths[0]}", "a tuple has at least one item")
        return TupleType(type_of_annotation(arguments[0]), lengths[0])
    items = {type_of_annotation(argument) for argument in arguments}
    if len(items) != 1 or lengths not in ([], [len(arguments)]):
        raise UnsupportedType("a tuple whose items have different types or number", "use a frozen dataclass")
    return TupleType(items.pop(), len(arguments))


@cache
def _enum_type(enum: type[Enum]) -> EnumType:
    found = _READ[enum] = _checked_enum_type(enum)
    return found


def _checked_enum_type(enum: type[Enum]) -> EnumType:
    name = enum.__name__
    if enum.__bases__ != (Enum,) or type(enum) is not EnumMeta:
        raise UnsupportedType(
            f"the enumeration {name}, which is not a plain Enum,", "derive it from Enum alone"
        )
    if "__eq__" in vars(enum) or "__ne__" in vars(enum):
        raise UnsupportedType(f"the enumeration {name} with its own equality", "remove __eq__ and __ne__")
    own = own_in_enumeration(enum)
    if own is not None:
        raise UnsupportedType(
            f"the enumeration {name} with its own {own}", "keep the one that every Enum has"
        )
    if len(enum.__members__) != len(list(enum)):
        raise UnsupportedType(f"the enumeration {name} with an alias", "give each member a value of its own")
    for known, member in enum.__members__.items():
        if type(member) is not enum or member.name != known:
            raise UnsupportedType(
                f"the enumeration {name}, whose member {known} was changed after its definition,",
                "leave it as it is written",
            )
    return EnumType(enum)


_GENERATED = frozenset({"__init__", "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__"})

_BEING_READ: list[type] = []
_READ: "dict[type, EnumType | RecordType]" = {}


@cache
def _record_type(record: type) -> RecordType:
    if record in _BEING_READ:
        raise UnsupportedType(
            f"the dataclass {record.__name__}, which contains itself,", "write it without recursion"
        )
    _BEING_READ.append(record)
    try:
        found = _READ[record] = _checked_record_type(record)
        return found
    finally:
        _BEING_READ.pop()


def changed_types() -> tuple[str, ...]:
    """Records and enumerations that were read and are now others; should be empty."""
    return tuple(
        f"{known.__module__}.{known.__qualname__}" for known, of in list(_READ.items()) if not _is_still(of)
    )


def _is_still(of: EnumType | RecordType) -> bool:
    try:
        if isinstance(of, EnumType):
            return tuple(_checked_enum_type(of.enum).enum) == of.members()
        return _checked_record_type(of.record).fields == of.fields
    except UnsupportedType:
        return False


def _checked_record_type(record: type) -> RecordType:
    name = record.__name__
    parameters = record.__dataclass_params__  # type: ignore[attr-defined]
    if not parameters.frozen or not parameters.eq:
        raise UnsupportedType(f"the dataclass {name}, which is not frozen,", "write @dataclass(frozen=True)")
    if record.__bases__ != (object,) or type(record) is not type:
        raise UnsupportedType(
            f"the dataclass {name}, which derives from another class,", "write one flat dataclass"
        )
    hints = typing.get_type_hints(record, include_extras=True)
    for item in fields(record):
        if not item.init or not item.compare:
            raise UnsupportedType(
                f"the field {name}.{item.name} with init=False or compare=False", "remove it"
            )
        if not _is_plain(record, item):
            raise UnsupportedType(
                f"the field {name}.{item.name}, hidden by a class attribute,", "rename one of them"
            )
    _require_generated(record)
    return RecordType(
        record, tuple((item.name, type_of_annotation(hints[item.name])) for item in fields(record))
    )


def _is_plain(record: type, item: "Field[Any]") -> bool:
    """Say whether reading the field gives what was stored: no descriptor but that of its own slot may answer."""
    stored = vars(record).get(item.name, item.default)
    if isinstance(stored, MemberDescriptorType):
        return stored.__objclass__ is record and stored.__name__ == item.name
    # A property written under the name of a field becomes the default of the field.
    return stored is item.default and not any(hasattr(type(stored), name) for name in ("__get__", "__set__"))


def _require_generated(record: type) -> None:
    """Refuse hand-written methods: only the generated ones mean what the tree says."""
    method = own_method(record)
    if method is not None:
        raise UnsupportedType(
            f"the dataclass {record.__name__} with its own {method}",
            "keep the one that @dataclass generates"
            if method in _GENERATED
            else "write a function at module level",
        )
    if has_changed_defaults(record):
        raise UnsupportedType(
            f"the dataclass {record.__name__} with defaults changed after its definition",
            "leave the generated __init__ as it is",
        )
