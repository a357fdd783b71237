"""Generated tests as JSON: every event and limit by name, what a step changes as paths and values."""

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.results.values import as_json, differences

Changes = dict[str, object]


class Unreadable(ValueError):
    """Stored data that does not fit the system; the message says what and where."""


def encoded(of: Type, value: Any) -> Any:
    """A value as JSON; records by the names of their fields."""
    match of:
        case IntType() | BoolType():
            return value
        case EnumType():
            return value.name
        case RecordType():
            return {name: encoded(kind, getattr(value, name)) for name, kind in of.fields}
        case TupleType():
            return [encoded(of.item, item) for item in value]
        case _:
            assert_never(of)


def decoded(of: Type, stored: Any, where: str) -> Any:
    """The value that ``encoded`` wrote.

    Raises:
        Unreadable: it is not of the type.
    """
    match of:
        case IntType() if type(stored) is int:
            return stored
        case BoolType() if type(stored) is bool:
            return stored
        case EnumType() if stored in of.enum.__members__:
            return of.enum[stored]
        case RecordType() if isinstance(stored, dict) and stored.keys() == {name for name, _ in of.fields}:
            return of.record(
                **{name: decoded(kind, stored[name], f"{where}.{name}") for name, kind in of.fields}
            )
        case TupleType() if isinstance(stored, list) and len(stored) == of.length:
            return tuple(decoded(of.item, item, f"{where}[{i}]") for i, item in enumerate(stored))
        case _:
            raise Unreadable(f"{where}: {stored!r} is not of type {of}")


def changes(before: object, after: object) -> Changes:
    """What differs: the new value by the path of each field or item; equal neighbours in a tuple share a path."""
    found: Changes = {}
    for value, paths in _neighbours((one.path, as_json(one.after)) for one in differences(before, after)):
        first, last = paths[0], paths[-1]
        found[first if first == last else f"{first[:-1]}..{_place(last)[1]}]"] = value
    return found


def _neighbours(items: Iterable[tuple[str, object]]) -> Iterator[tuple[object, list[str]]]:
    """Values with the paths that have them, where these are items in a row."""
    value: object = None
    paths: list[str] = []
    for path, new in items:
        owner, index = _place(path)
        if paths and new == value and index >= 0 and _place(paths[-1]) == (owner, index - 1):
            paths.append(path)
            continue
        if paths:
            yield value, paths
        value, paths = new, [path]
    if paths:
        yield value, paths


def _place(path: str) -> tuple[str, int]:
    """The tuple and the index that a path ends with; -1 for a field."""
    owner, bracket, index = path.rpartition("[")
    return (owner, int(index[:-1])) if bracket and index.endswith("]") else (path, -1)
