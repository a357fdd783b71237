"""Long runs on few lines: events that come again and again in the same order are told once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pumpproof.verify.results.trace import Stretch
from pumpproof.verify.results.values import Change

_LONGEST_PATTERN = 4
_FEWEST_REPEATS = 3


@dataclass(frozen=True)
class Folded:
    """Steps ``first`` to ``last``: the ``events``, each with how often it comes in a row, all of it ``repeats`` times.

    ``taken``, ``changes`` and ``outputs`` are those of all the steps together, as in a ``Stretch``.
    """

    first: int
    last: int
    events: tuple[tuple[object, int], ...]
    repeats: int
    taken: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]
    outputs: tuple[tuple[str, object], ...]


def folded(stretches: Sequence[Stretch], apart: Collection[int] = ()) -> tuple[Folded, ...]:
    """The stretches in order, repeated patterns of them as one; a stretch with a step of ``apart`` stands alone."""
    lines: list[Folded] = []
    start = 0
    while start < len(stretches):
        size, repeats = _pattern(stretches, start, apart)
        lines.append(_together(stretches[start : start + size * repeats], size, repeats))
        start += size * repeats
    return tuple(lines)


def _pattern(stretches: Sequence[Stretch], start: int, apart: Collection[int]) -> tuple[int, int]:
    """The pattern that repeats from here and covers most: its number of stretches, and how often it comes."""
    best = (1, 1)
    for size in range(2, _LONGEST_PATTERN + 1):
        repeats = 1
        while _alike(stretches, start, start + size * repeats, size, apart):
            repeats += 1
        if repeats >= _FEWEST_REPEATS and size * repeats > best[0] * best[1]:
            best = (size, repeats)
    return best


def _alike(stretches: Sequence[Stretch], start: int, other: int, size: int, apart: Collection[int]) -> bool:
    one, two = stretches[start : start + size], stretches[other : other + size]
    return len(two) == size and all(
        left.event == right.event
        and left.last - left.first == right.last - right.first
        and not any(part.first <= step <= part.last for step in apart for part in (left, right))
        for left, right in zip(one, two, strict=True)
    )


def _together(stretches: Sequence[Stretch], size: int, repeats: int) -> Folded:
    events = tuple((one.event, one.last - one.first + 1) for one in stretches[:size])
    return Folded(
        stretches[0].first,
        stretches[-1].last,
        events,
        repeats,
        _taken(stretches),
        _changes(stretches),
        _outputs(stretches),
    )


def _taken(stretches: Iterable[Stretch]) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = {}
    for one in stretches:
        for entry, times in one.taken:
            counted[entry] = counted.get(entry, 0) + times
    return tuple(counted.items())


def _changes(stretches: Iterable[Stretch]) -> tuple[Change, ...]:
    """Each value that is another at the end than at the beginning."""
    joined: dict[str, Change] = {}
    for one in stretches:
        for change in one.changes:
            first = joined.get(change.path, change)
            joined[change.path] = Change(change.path, first.before, change.after)
    return tuple(change for change in joined.values() if change.before != change.after)


def _outputs(stretches: Iterable[Stretch]) -> tuple[tuple[str, object], ...]:
    """Sums of integers, otherwise the last value, as in each stretch."""
    joined: dict[str, object] = {}
    for one in stretches:
        for name, value in one.outputs:
            before = joined.get(name)
            joined[name] = before + value if type(before) is int and type(value) is int else value
    return tuple(joined.items())
