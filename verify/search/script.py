"""A search's own notation of a run: stretches of equal events, and the moments at which an observer opens anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pumpproof.verify.search.run import Run

Openings = tuple[tuple[str, int], ...]
"""Names of observers that may open anywhere, each with the number of steps taken when it opens."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The same event ``count`` times."""

    event: Any
    count: int


@dataclass(frozen=True, slots=True)
class Opening:
    """The observer at this position of the system opens, in place of an instance that was open."""

    observer: int


Part = Stretch | Opening
Script = tuple[Part, ...]


def steps(script: Script) -> int:
    """The number of steps."""
    return sum(part.count for part in script if isinstance(part, Stretch))


def events(script: Script) -> Iterator[Any]:
    """Every event, in order."""
    for part in script:
        if isinstance(part, Stretch):
            for _ in range(part.count):
                yield part.event


def is_beginning(script: Script, longer: Script) -> bool:
    """Say whether a script is how a longer one begins; False is no claim where stretches are written otherwise."""
    if not script or len(script) > len(longer) or script[:-1] != longer[: len(script) - 1]:
        return False
    last, there = script[-1], longer[len(script) - 1]
    if isinstance(last, Stretch) and isinstance(there, Stretch):
        return last.event == there.event and last.count <= there.count
    return last == there


def run_of(script: Script, limits: Any) -> Run:
    """The run that a script describes."""
    return Run.of(limits, events(script))


def openings_of(script: Script, names: tuple[str, ...]) -> Openings:
    """When observers open anew; ``names`` are those of the system's observers, in order."""
    found: list[tuple[str, int]] = []
    taken = 0
    for part in script:
        match part:
            case Stretch():
                taken += part.count
            case Opening():
                found.append((names[part.observer], taken))
    return tuple(found)
