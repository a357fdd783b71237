"""Payloads worth trying: the values at which a comparison that the code makes changes its outcome."""

import random
import typing
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.verify.search.forms import SCALAR, Form, Leaf, read

EVENT = 1
"""The source number of the event in a form; 0 is the state, 2 and more are the observers' records."""

_FIRST_GUESSES = (0, 1)


class Payloads:
    """Candidates for the fields of each event type of a system; forms are added as they are found."""

    def __init__(self, events: Sequence[type]) -> None:
        self._hints = {event: typing.get_type_hints(event, include_extras=True) for event in events}
        self._forms: dict[type, dict[Form, None]] = {event: {} for event in events}
        self._quiet = {event: self._built(event, lambda _path, hint: _quietest(hint)) for event in events}

    def add(self, event: type, form: Form) -> bool:
        """Remember a comparison that involves the payload; False if it was known."""
        if form in self._forms[event]:
            return False
        self._forms[event][form] = None
        return True

    def quiet(self, event: type) -> Any:
        """The event with the least of everything: the lower end of each range, 0, False, the first member."""
        return self._quiet[event]

    def draw(self, event: type, sources: Sequence[Any], choice: random.Random) -> Any:
        """An event whose integers lie at boundaries in this situation."""
        candidates = self.candidates(event, sources)

        def pick(path: tuple[str, int], hint: Any) -> Any:
            if hint is bool:
                return choice.random() < 0.5
            if isinstance(hint, type) and issubclass(hint, Enum):
                return choice.choice(list(hint))
            return choice.choice(
                candidates.get(path)
                or [value for value in _FIRST_GUESSES if _allowed(hint, value)]
                or [_quietest(hint)]
            )

        return self._built(event, pick)

    def candidates(self, event: type, sources: Sequence[Any]) -> dict[tuple[str, int], list[int]]:
        """For each integer of the event: ends of its range, 0, 1, and the boundaries of the known comparisons."""
        found: dict[tuple[str, int], dict[int, None]] = {}

        def first(path: tuple[str, int], hint: Any) -> Any:
            if get_origin(hint) is Annotated or hint is int:
                low, high = _bounds(hint)
                ends = [end for end in (low, high) if end is not None]
                found[path] = dict.fromkeys((*ends, *(v for v in _FIRST_GUESSES if _allowed(hint, v))))
            return _quietest(hint)

        with_quiet = [*sources]
        with_quiet[EVENT] = self._built(event, first)
        hints = dict(self._leaves(event))
        for form in self._forms[event]:
            rest = form.value(with_quiet)
            for leaf, factor in form.multiples:
                if leaf[0] == EVENT:
                    path = leaf[1:]
                    others = rest - factor * read(leaf, with_quiet)
                    for value in _around(others, factor):
                        if _allowed(hints[path], value):
                            found[path][value] = None
        return {path: sorted(values) for path, values in found.items()}

    def _leaves(self, event: type) -> list[tuple[tuple[str, int], Any]]:
        leaves: list[tuple[tuple[str, int], Any]] = []

        def note(path: tuple[str, int], hint: Any) -> Any:
            leaves.append((path, hint))
            return _quietest(hint)

        self._built(event, note)
        return leaves

    def _built(self, event: type, value_of: Any, prefix: str = "") -> Any:
        hints = self._hints.get(event) or typing.get_type_hints(event, include_extras=True)
        values: dict[str, Any] = {}
        for item in fields(event):
            hint, path = hints[item.name], prefix + item.name
            if (length := _tuple_length(hint)) is not None:
                values[item.name] = tuple(value_of((path, index), _item(hint)) for index in range(length))
            elif is_dataclass(hint) and isinstance(hint, type):
                values[item.name] = self._built(hint, value_of, f"{path}.")
            else:
                values[item.name] = value_of((path, SCALAR), hint)
        return event(**values)


def _around(constant: int, factor: int) -> tuple[int, ...]:
    """The integers at and beside the zero of ``constant + factor * x``."""
    zero = -constant // factor
    return (zero - 1, zero, zero + 1)


def _bounds(hint: Any) -> tuple[int | None, int | None]:
    for extra in get_args(hint)[1:] if get_origin(hint) is Annotated else ():
        if isinstance(extra, Range):
            return extra.low, extra.high
    return None, None


def _allowed(hint: Any, value: int) -> bool:
    low, high = _bounds(hint)
    return Range(low, high).holds(value)


def _quietest(hint: Any) -> Any:
    if hint is bool:
        return False
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    low, high = _bounds(hint)
    return low if low is not None else min(0, high or 0)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _tuple_length(hint: Any) -> int | None:
    bare = _bare(hint)
    if get_origin(bare) is not tuple:
        return None
    arguments = get_args(bare)
    lengths = [extra.items for extra in get_args(hint) if isinstance(extra, Length)]
    return lengths[0] if arguments[-1] is Ellipsis else len(arguments)


def _item(hint: Any) -> Any:
    return get_args(_bare(hint))[0]


__all__ = ["EVENT", "Leaf", "Payloads"]
