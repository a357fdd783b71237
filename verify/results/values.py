"""Values of a running system as text and as JSON, and what differs between two of them."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from itertools import groupby
from typing import Any

_SHORT = 6
_EXACT_IN_EVERY_READER = 2**53 - 1


@dataclass(frozen=True)
class Change:
    """One value that a step changed; ``path`` is such as ``mode`` or ``basal_rates[3]``."""

    path: str
    before: object
    after: object


def show(value: object) -> str:
    """A value on one line; equal neighbours in a long tuple are counted, as in ``(0 ×47, 12)``."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        return f"({', '.join(_items(value))})"
    if is_dataclass(value) and not isinstance(value, type):
        inside = ", ".join(f"{name}={show(item)}" for name, item in record_fields(value))
        return f"{type(value).__name__}({inside})" if inside else type(value).__name__
    return str(value)


def record_fields(record: object) -> tuple[tuple[str, Any], ...]:
    """Names and values of a record, in the order of its fields."""
    assert is_dataclass(record)
    return tuple((item.name, getattr(record, item.name)) for item in fields(record))


def plain_values(record: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a record and of the records in it, by path such as ``bolus.remaining_pulses``."""
    for name, value in record_fields(record):
        here = f"{path}.{name}" if path else name
        if is_dataclass(value):
            yield from plain_values(value, here)
        else:
            yield here, value


def differences(before: object, after: object, path: str = "") -> Iterator[Change]:
    """Every value that differs, field by field and item by item."""
    if type(before) is type(after):
        if is_dataclass(before):
            for (name, old), (_, new) in zip(record_fields(before), record_fields(after), strict=True):
                yield from differences(old, new, f"{path}.{name}" if path else name)
            return
        if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
            for index, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from differences(old, new, f"{path}[{index}]")
            return
        if before == after:
            return
    yield Change(path, before, after)


def as_json(value: object) -> object:
    """A value as JSON: a record as its type and fields, an enum member by name, a tuple as an array.

    An integer that not every JSON reader holds exactly is written as a string of digits.
    """
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_IN_EVERY_READER else str(value)
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            "record": type(value).__name__,
            "fields": {name: as_json(item) for name, item in record_fields(value)},
        }
    return str(value)


def _items(items: tuple[object, ...]) -> Iterator[str]:
    if len(items) <= _SHORT:
        yield from map(show, items)
        return
    for text, equal in groupby(map(show, items)):
        count = sum(1 for _ in equal)
        yield text if count == 1 else f"{text} ×{count}"
