"""Exact checks of a record against its annotations: types, lengths and declared ranges.

The proofs read ``int``, ``bool`` and enums as different types and assume the declared ranges of events.
Python enforces neither, so the executable machine does, before anything else sees the record.
"""

import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from pumpproof.spec.kernel.types import Length, Range

Check = Callable[[str, Any], str | None]
"""Takes the name of the value and the value; gives the problem in words, or None."""


class UncheckedType(TypeError):
    """An annotation that cannot be checked; the message names the field and what may stand there."""


def record_check(record: type) -> Callable[[Any], str | None]:
    """Make the check of one record class: it gives the first problem of a record in words, or None.

    Raises:
        UncheckedType: ``record`` is no dataclass, or a field is neither int, bool, an enum, a dataclass of
            such, nor a tuple of fixed length.
    """
    check = _record(record.__name__, record)
    return lambda value: check(record.__name__, value)


def _check(name: str, annotation: Any) -> Check:
    extras: tuple[object, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *rest = get_args(annotation)
        extras = tuple(rest)
    ranges = tuple(extra for extra in extras if isinstance(extra, Range))
    if ranges and annotation is not int:
        raise UncheckedType(f"{name}: a Range belongs on an int; for a tuple write it on the items")
    if annotation is int:
        return _integer(ranges)
    if annotation is bool:
        return _exactly(bool)
    if get_origin(annotation) is tuple:
        return _tuple(name, get_args(annotation), extras)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _exactly(annotation)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return _record(name, annotation)
    raise UncheckedType(
        f"{name}: {annotation!r} cannot be checked; "
        "use int, bool, an enum, a dataclass or a tuple of fixed length"
    )


def _wrong_type(name: str, value: object, expected: str) -> str:
    return f"{name} is {value!r}, of type {type(value).__name__}; expected {expected}"


def _integer(ranges: tuple[Range, ...]) -> Check:
    expected = "int" if not ranges else "int in " + " and ".join(str(one) for one in ranges)

    def check(name: str, value: Any) -> str | None:
        if type(value) is not int:
            return _wrong_type(name, value, expected)
        for one in ranges:
            if not one.holds(value):
                return f"{name} is {value}; allowed is {one}"
        return None

    return check


def _exactly(expected: type) -> Check:
    def check(name: str, value: Any) -> str | None:
        return None if type(value) is expected else _wrong_type(name, value, expected.__name__)

    return check


def _tuple(name: str, arguments: tuple[Any, ...], extras: tuple[object, ...]) -> Check:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        lengths = [extra.items for extra in extras if isinstance(extra, Length)]
        if len(lengths) != 1:
            raise UncheckedType(
                f"{name}: a tuple needs a fixed length, as in Annotated[tuple[int, ...], Length(48)]"
            )
        checks = tuple(_check(f"{name}[{i}]", arguments[0]) for i in range(lengths[0]))
    else:
        checks = tuple(_check(f"{name}[{i}]", argument) for i, argument in enumerate(arguments))

    def check(name: str, value: Any) -> str | None:
        if type(value) is not tuple or len(value) != len(checks):
            return _wrong_type(name, value, f"a tuple of {len(checks)} items")
        for number, (one, item) in enumerate(zip(checks, value, strict=True)):
            problem = one(f"{name}[{number}]", item)
            if problem is not None:
                return problem
        return None

    return check


def _record(name: str, record: type) -> Check:
    if not is_dataclass(record):
        raise UncheckedType(f"{name}: {record.__name__} is not a dataclass")
    hints = typing.get_type_hints(record, include_extras=True)
    checks = tuple((item.name, _check(f"{name}.{item.name}", hints[item.name])) for item in fields(record))

    def check(name: str, value: Any) -> str | None:
        if type(value) is not record:
            return _wrong_type(name, value, record.__name__)
        for field_name, one in checks:
            problem = one(f"{name}.{field_name}", getattr(value, field_name))
            if problem is not None:
                return problem
        return None

    return check
