"""Which comparisons decide: found by running the code on integers that remember where they came from.

A probe is an integer that carries the linear form of the leaves (fields of the state, of an event, of a ghost) from
which it was computed, and notes each comparison that is made of it. So the boundaries of guards, effects and
properties come from the code that runs, for these limits, without a second reading of it. What is not linear
(quotients, remainders, products of two leaves) becomes an ordinary integer: it is then not noted, which costs
guidance and nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from operator import attrgetter
from typing import Any

Leaf = tuple[int, str, int]
"""A source, the dotted path of a field of it, and the index in a tuple or ``SCALAR``."""

SCALAR = -1


@dataclass(frozen=True, slots=True)
class Form:
    """``constant`` plus a multiple of each leaf; what is compared with zero."""

    multiples: tuple[tuple[Leaf, int], ...]
    constant: int

    def value(self, sources: Sequence[Any]) -> int:
        """The value of the form for these sources."""
        return self.constant + sum(factor * read(leaf, sources) for leaf, factor in self.multiples)


def read(leaf: Leaf, sources: Sequence[Any]) -> int:
    """The value of a leaf; 0 where the record is not there."""
    source, path, index = leaf
    if sources[source] is None:
        return 0
    value = attrgetter(path)(sources[source])
    return int(value if index == SCALAR else value[index])


def changed(leaf: Leaf, sources: Sequence[Any], value: int) -> tuple[Any, ...] | None:
    """The sources with another value of a leaf; None for a leaf inside a tuple or an inner record."""
    source, path, index = leaf
    if index != SCALAR or "." in path:
        return None
    return tuple(
        replace(record, **{path: value}) if i == source else record for i, record in enumerate(sources)
    )


Note = Callable[[Form], None]


class Probe(int):
    """An integer that remembers its linear form and notes what it is compared with."""

    multiples: dict[Leaf, int]
    constant: int
    note: Note

    @staticmethod
    def of(value: int, multiples: dict[Leaf, int], constant: int, note: Note) -> "Probe":
        """An integer of this value and form."""
        probe = Probe(value)
        probe.multiples, probe.constant, probe.note = multiples, constant, note
        return probe

    def _plus(self, other: int, sign: int, own_sign: int = 1) -> "Probe":
        multiples = {leaf: own_sign * factor for leaf, factor in self.multiples.items()}
        constant = own_sign * self.constant
        if isinstance(other, Probe):
            for leaf, factor in other.multiples.items():
                multiples[leaf] = multiples.get(leaf, 0) + sign * factor
            constant += sign * other.constant
        else:
            constant += sign * other
        return Probe.of(own_sign * int(self) + sign * int(other), multiples, constant, self.note)

    def __add__(self, other: int) -> "Probe":
        return self._plus(other, 1)

    def __radd__(self, other: int) -> "Probe":
        return self._plus(other, 1)

    def __sub__(self, other: int) -> "Probe":
        return self._plus(other, -1)

    def __rsub__(self, other: int) -> "Probe":
        return self._plus(other, 1, own_sign=-1)

    def __neg__(self) -> "Probe":
        return self._plus(0, 1, own_sign=-1)

    def __mul__(self, other: int) -> int:
        if isinstance(other, Probe):
            return int(self) * int(other)
        multiples = {leaf: other * factor for leaf, factor in self.multiples.items()}
        return Probe.of(other * int(self), multiples, other * self.constant, self.note)

    def __rmul__(self, other: int) -> int:
        return self * other

    def _noted(self, other: object) -> None:
        if not isinstance(other, int):
            return
        difference = self - other
        multiples = sorted((leaf, factor) for leaf, factor in difference.multiples.items() if factor)
        if multiples:
            sign = 1 if multiples[0][1] > 0 else -1
            form = Form(
                tuple((leaf, sign * factor) for leaf, factor in multiples), sign * difference.constant
            )
            self.note(form)

    def __lt__(self, other: int) -> bool:
        self._noted(other)
        return int.__lt__(self, other)

    def __le__(self, other: int) -> bool:
        self._noted(other)
        return int.__le__(self, other)

    def __gt__(self, other: int) -> bool:
        self._noted(other)
        return int.__gt__(self, other)

    def __ge__(self, other: int) -> bool:
        self._noted(other)
        return int.__ge__(self, other)

    def __eq__(self, other: object) -> bool:
        self._noted(other)
        return int.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        self._noted(other)
        return int.__ne__(self, other)

    __hash__ = int.__hash__


def probed(value: Any, source: int, note: Note, path: str = "") -> Any:
    """``value`` with a probe in place of every integer of a record or of a tuple of integers."""
    if type(value) is int:
        return Probe.of(value, {(source, path, SCALAR): 1}, 0, note)
    if type(value) is tuple:
        return tuple(
            Probe.of(item, {(source, path, index): 1}, 0, note) if type(item) is int else item
            for index, item in enumerate(value)
        )
    if is_dataclass(value) and not isinstance(value, type):
        below = f"{path}." if path else ""
        parts = {
            item.name: probed(getattr(value, item.name), source, note, below + item.name)
            for item in fields(value)
        }
        return type(value)(**parts)
    return value
