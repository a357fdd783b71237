"""A run: limits and events from the initial state, with equal events in a row written once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, repeat


@dataclass(frozen=True)
class Run:
    """Events from the initial state of the machine with these limits; each with the number of times it repeats."""

    limits: object
    parts: tuple[tuple[object, int], ...]

    @staticmethod
    def of(limits: object, events: Iterable[object]) -> "Run":
        """The run of these events, one after the other."""
        return Run(limits, tuple((event, sum(1 for _ in group)) for event, group in groupby(events)))

    def events(self) -> Iterator[object]:
        """Every event, in order."""
        for event, count in self.parts:
            yield from repeat(event, count)

    def __len__(self) -> int:
        return sum(count for _, count in self.parts)
