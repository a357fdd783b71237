"""Payloads worth trying: the values at which a comparison that the code makes changes its outcome."""

import random
import typing
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.verify.search.forms import SCALAR, Form, read

EVENT = 1
"""The source number of the event in a form; 0 is the state, 2 and more are the observers' records."""

_FIRST_GUESSES = (0, 1)

Path = tuple[str, int]
"""The dotted path of a field of an event, and the index in a tuple or ``SCALAR``."""


class Payloads:
    """Candidates for the fields of each event type of a system; forms are added as they are found."""

    def __init__(self, events: Sequence[type]) -> None:
        self._forms: dict[type, dict[Form, None]] = {event: {} for event in events}
        self._boundaries: dict[type, dict[Path, list[tuple[Form, int]]]] = {event: {} for event in events}
        self._first = {event: {path: _first(hint) for path, hint in self._leaves(event)} for event in events}
        self._quiet = {event: self._built(event, lambda _path, hint: _quietest(hint)) for event in events}

    def add(self, event: type, form: Form) -> bool:
        """Remember a comparison that involves the payload; False if it was known."""
        if form in self._forms[event]:
            return False
        self._forms[event][form] = None
        for leaf, factor in form.multiples:
            if leaf[0] == EVENT:
                self._boundaries[event].setdefault(leaf[1:], []).append((form, factor))
        return True

    def quiet(self, event: type) -> Any:
        """The event with the least of everything: the lower end of each range, 0, False, the first member."""
        return self._quiet[event]

    def draw(self, event: type, sources: Sequence[Any], choice: random.Random) -> Any:
        """An event whose integers lie at boundaries in this situation, or at 0, 1 or an end of their range."""
        return self._built(event, lambda path, hint: self._pick(event, path, hint, sources, choice))

    def _pick(self, event: type, path: Path, hint: Any, sources: Sequence[Any], choice: random.Random) -> Any:
        if hint is bool:
            return choice.random() < 0.5
        if isinstance(hint, type) and issubclass(hint, Enum):
            return choice.choice(list(hint))
        first = self._first[event][path]
        boundaries = self._boundaries[event].get(path)
        if not boundaries or choice.random() < 1 / (1 + min(len(boundaries), 4)):
            return choice.choice(first)
        form, factor = choice.choice(boundaries)
        situation = [*sources]
        situation[EVENT] = self._quiet[event]
        others = form.value(situation) - factor * read((EVENT, *path), situation)
        value = -others // factor + choice.choice((-1, 0, 0, 0, 1, 1))
        return value if _allowed(hint, value) else choice.choice(first)

    def _leaves(self, event: type) -> list[tuple[Path, Any]]:
        leaves: list[tuple[Path, Any]] = []

        def note(path: Path, hint: Any) -> Any:
            leaves.append((path, hint))
            return _quietest(hint)

        self._built(event, note)
        return leaves

    def _built(self, event: type, value_of: Any, prefix: str = "") -> Any:
        hints = _hints(event)
        values: dict[str, Any] = {}
        for item in fields(event):
            values[item.name] = self._value(hints[item.name], value_of, (prefix + item.name, SCALAR))
        return event(**values)

    def _value(self, hint: Any, value_of: Any, path: Path) -> Any:
        name, index = path
        inside = name if index == SCALAR else f"{name}[{index}]"
        if (length := _tuple_length(hint)) is not None:
            return tuple(self._value(_item(hint), value_of, (inside, number)) for number in range(length))
        if is_dataclass(hint) and isinstance(hint, type):
            return self._built(hint, value_of, f"{inside}.")
        return value_of(path, hint)


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record, include_extras=True)


def _first(hint: Any) -> list[int]:
    low, high = _bounds(hint)
    ends = [end for end in (low, high) if end is not None]
    return sorted({*ends, *(value for value in _FIRST_GUESSES if _allowed(hint, value))})


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
