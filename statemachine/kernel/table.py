"""A table: one row per arrow of the state machine, and an account of every (mode, event) pair.

Guard, refusal and effect are plain typed functions of the subset, called as ``f(state, event, limits)``. An effect
returns a step record with the fields ``state`` and ``outputs``; it never writes the mode, which is the row's target.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pumpproof.spec.kernel.declared import check_tuples, refuse_derived
from pumpproof.spec.kernel.identifiers import check_id


class Target(Enum):
    """A target that is not a mode."""

    SAME_MODE = "same mode"


SAME_MODE = Target.SAME_MODE


@dataclass(frozen=True)
class Row:
    """An arrow taken when its guard holds. At most one row of a (mode, event) pair may be enabled: this is proved."""

    id: str
    modes: tuple[Enum, ...]
    event: type
    guard: Callable[[Any, Any, Any], bool]
    effect: Callable[[Any, Any, Any], Any]
    to: Enum
    why: str
    requirements: tuple[str, ...]

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Row)

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class Command:
    """A request that is accepted when ``refuse`` returns the reason ``NONE``, and refused with that reason otherwise.

    A refusal changes nothing; the reason is recorded in ``outputs.refusal``.
    """

    id: str
    modes: tuple[Enum, ...]
    event: type
    refuse: Callable[[Any, Any, Any], Enum]
    effect: Callable[[Any, Any, Any], Any]
    to: Enum
    why: str
    requirements: tuple[str, ...]

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Command)

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class Refused:
    """Events that are refused in some modes, always with the same reason. Nothing else changes."""

    id: str
    modes: tuple[Enum, ...]
    events: tuple[type, ...]
    reason: Enum
    why: str
    requirements: tuple[str, ...]

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Refused)

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class Ignored:
    """Events that have no meaning in some modes: neither state nor outputs change."""

    id: str
    modes: tuple[Enum, ...]
    events: tuple[type, ...]
    why: str
    requirements: tuple[str, ...]

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Ignored)

    def __post_init__(self) -> None:
        _check(self)


Entry = Row | Command | Refused | Ignored


def events_of(entry: Entry) -> tuple[type, ...]:
    """The event types that an entry speaks of."""
    match entry:
        case Row() | Command():
            return (entry.event,)
        case Refused() | Ignored():
            return entry.events


def _check(entry: Entry) -> None:
    check_id(entry.id, "MDL")
    check_tuples(entry.id, entry, "modes", "requirements")
    if isinstance(entry, Refused | Ignored):
        check_tuples(entry.id, entry, "events")
    if not entry.modes:
        raise ValueError(f"{entry.id}: names no mode")
    if len(set(entry.modes)) != len(entry.modes):
        raise ValueError(f"{entry.id}: names a mode twice")
    if not entry.requirements:
        raise ValueError(f"{entry.id}: names no requirement; a row must say which requirement it serves")
    for requirement in entry.requirements:
        check_id(requirement, "REQ")
    if not entry.why.endswith("."):
        raise ValueError(f"{entry.id}: `why` must be a sentence that ends in a full stop")
