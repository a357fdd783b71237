"""What distinguishes two situations of a search: mode, enumerations, truth values, and the side of each boundary."""

import typing
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Annotated, Any, get_args, get_origin

from pumpproof.verify.search.forms import SCALAR, Form

MOST_LEAVES = 4
"""Longer forms, such as the sum of a window, are left out: they cost more than they guide."""

MOST_ITEMS = 4
"""Boundaries of further items of one tuple are left out: one slot of a table stands for all of them."""

Cell = tuple[Any, ...]


class Abstraction:
    """Maps situations to cells. It gets finer whenever a comparison is added."""

    def __init__(self, records: Sequence[tuple[int, type]]) -> None:
        self._plain = tuple(
            (source, getter) for source, record in records if (getter := _discrete(record)) is not None
        )
        self._integers = tuple(
            (source, attrgetter(*paths))
            for source, record in records
            if len(paths := _integer_paths(record)) > 1
        )
        self._known: dict[Form, int] = {}
        self._items: dict[tuple[int, str], set[int]] = {}
        self._signs: list[Callable[[Sequence[Any]], int]] = []

    def __len__(self) -> int:
        return len(self._signs)

    def add(self, form: Form) -> bool:
        """Distinguish the sides of one more boundary; False if that changes nothing."""
        if form in self._known or len(form.multiples) > MOST_LEAVES or self._is_one_item_more(form):
            return False
        self._known[form] = len(self._signs)
        self._signs.append(_value(form))
        return True

    def _is_one_item_more(self, form: Form) -> bool:
        """Whether the form speaks of an item of a tuple of which enough items are told apart."""
        for (source, path, index), _ in form.multiples:
            if index != SCALAR:
                items = self._items.setdefault((source, path), set())
                if index not in items and len(items) == MOST_ITEMS:
                    return True
                items.add(index)
        return False

    def number(self, form: Form) -> int | None:
        """The position of a boundary; None if it is left out."""
        return self._known.get(form)

    def values(self, sources: Sequence[Any]) -> list[int]:
        """The signed distance to each boundary."""
        return [value(sources) for value in self._signs]

    def discrete(self, sources: Sequence[Any]) -> Cell:
        """Mode, enumerations and truth values of the state alone."""
        return tuple(getter(sources[i]) for i, getter in self._plain if i == 0)

    def integers(self, sources: Sequence[Any]) -> list[int]:
        """Every integer of the records that are open, one after the other."""
        found: list[int] = []
        for source, getter in self._integers:
            if sources[source] is not None:
                found += getter(sources[source])
        return found

    def cell(self, sources: Sequence[Any]) -> Cell:
        """The cell of a situation; a record that is None is not open."""
        plain = [None if sources[i] is None else getter(sources[i]) for i, getter in self._plain]
        return (*plain, *[(v > 0) - (v < 0) for v in self.values(sources)])


def _value(form: Form) -> Callable[[Sequence[Any]], int]:
    constant = form.constant
    sources = {leaf[0] for leaf, _ in form.multiples}
    parts = [(leaf[0], attrgetter(leaf[1]), leaf[2], factor) for leaf, factor in form.multiples]
    if len(parts) == 1 and parts[0][2] == SCALAR and sources == {0}:
        _, getter, _, factor = parts[0]
        return lambda situation: constant + factor * getter(situation[0])

    def value(situation: Sequence[Any]) -> int:
        total = constant
        for source, getter, index, factor in parts:
            record = situation[source]
            if record is None:
                return 0
            leaf = getter(record)
            total += factor * (leaf if index == SCALAR else leaf[index])
        return total

    return value


def _integer_paths(record: type, prefix: str = "") -> list[str]:
    hints = typing.get_type_hints(record)
    paths: list[str] = []
    for item in fields(record):
        hint = hints[item.name]
        if hint is int:
            paths.append(prefix + item.name)
        elif isinstance(hint, type) and is_dataclass(hint):
            paths += _integer_paths(hint, f"{prefix}{item.name}.")
    return paths


def _discrete(record: type, prefix: str = "") -> Callable[[Any], Any] | None:
    """Reads all enumerations and truth values of a record at once; None where it has none."""
    paths = _discrete_paths(record, prefix)
    return attrgetter(*paths) if paths else None


def _discrete_paths(record: type, prefix: str) -> list[str]:
    hints = typing.get_type_hints(record, include_extras=True)
    paths: list[str] = []
    for item in fields(record):
        hint = hints[item.name]
        hint = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        if hint is bool or (isinstance(hint, type) and issubclass(hint, Enum)):
            paths.append(prefix + item.name)
        elif isinstance(hint, type) and is_dataclass(hint):
            paths += _discrete_paths(hint, f"{prefix}{item.name}.")
        elif get_origin(hint) is tuple and get_args(hint)[0] is not int:
            paths.append(prefix + item.name)
    return paths
