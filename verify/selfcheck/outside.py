"""What the first reader has to refuse because of where it stands or of what it speaks, though each line is harmless."""

from dataclasses import dataclass, field
from typing import Annotated

from pumpproof.spec.kernel.types import Length
from pumpproof.verify.selfcheck.constructs import Lamp, bounded

TWICE = 1
TWICE = 2
LEVELS = [1, 2]


def bound_twice(x: int) -> bool:
    """Speaks of a name whose value depends on when it is read."""
    return x < TWICE


def changes_elsewhere(x: int) -> bool:
    """Speaks of a list, which anybody may change."""
    return x < LEVELS[0]


@dataclass(frozen=True, eq=False)
class Equal:
    """Says itself what equals it."""

    level: int

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def own_equality(one: Equal, other: Equal) -> bool:
    """Compares records that say themselves what equals them."""
    return one == other


@dataclass(frozen=True, init=False)
class Made:
    """Says itself how it is made."""

    level: int

    def __init__(self, level: int) -> None:
        object.__setattr__(self, "level", level + 1)


def own_making(x: int) -> int:
    """Reads what was not stored."""
    return Made(x).level


@dataclass(frozen=True)
class Computed:
    """A field that is computed when it is read."""

    level: int = 0


Computed.level = property(lambda _: 7)  # type: ignore[assignment]


def computed_field(one: Computed) -> int:
    """Reads a field that holds nothing."""
    return one.level


@dataclass(frozen=True)
class Changed:
    """A default that was changed after the definition."""

    level: int = 1


Changed.__init__.__defaults__ = (2,)


def changed_default(x: int) -> int:
    """Relies on a default that the definition does not show."""
    return Changed().level + x


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """The same, of a default that is given by name."""

    level: int = 1


Renewed.__init__.__kwdefaults__ = {"level": 2}


def renewed_default(x: int) -> int:
    """Relies on a default that the definition does not show."""
    return Renewed().level + x


@dataclass(frozen=True)
class Hidden:
    """A property that is written under the name of a field."""

    level: int  # pyright: ignore[reportRedeclaration]

    @property  # type: ignore[no-redef]
    def level(self) -> int:
        """Whatever was stored."""
        return 7


def hidden_field(one: Hidden) -> int:
    """Reads a field that a property hides."""
    return one.level


@dataclass(frozen=True)
class Open:
    """Tuples that have no one length or type."""

    levels: tuple[int, ...] = ()
    pair: tuple[int, bool] = (0, False)


def of_any_length(one: Open) -> int:
    """Adds up what may be any number of items."""
    return sum(one.levels)


@dataclass(frozen=True)
class Short:
    """A tuple that says two lengths."""

    levels: Annotated[tuple[int, int], Length(3)] = field(default=(0, 0))


def of_two_lengths(one: Short) -> int:
    """Reads an item that may not be there."""
    return one.levels[1]


def by_method(x: int) -> int:
    """Calls a method."""
    return x.bit_length()


def starred(lamp: Lamp) -> int:
    """Arguments that are not written out."""
    return max(*lamp.levels)


def hides_a_builtin(x: int) -> int:
    """A local that hides a function of the subset."""
    min = x  # noqa: A001
    return min + 1


def never_assigned(x: int) -> int:
    """A local that may be bound or not."""
    if x > 0:
        level = 1
    return level  # type: ignore[possibly-undefined]


def without_return(x: int) -> int:  # type: ignore[return]
    """Returns nothing where the condition fails."""
    if x > 0:
        return 1


def other_type(x: int) -> int:
    """Gives a truth where it says a number."""
    return bounded(x)


def wrong_item(lamp: Lamp, x: int) -> int:
    """Joins numbers and truths."""
    return len(lamp.levels + (x > 0,))


def empty_slice(lamp: Lamp) -> int:
    """The least of nothing."""
    return min(lamp.levels[2:2])


def endless_loop(n: int) -> int:
    """A range that is not known."""
    total = 0
    for i in range(n):
        total += i
    return total


def nested() -> object:
    """Makes a function that is not at module level."""

    def inside(x: int) -> int:
        return x

    return inside


REFUSED = (
    bound_twice,
    changes_elsewhere,
    own_equality,
    own_making,
    computed_field,
    changed_default,
    renewed_default,
    hidden_field,
    of_any_length,
    of_two_lengths,
    by_method,
    starred,
    hides_a_builtin,
    never_assigned,
    without_return,
    other_type,
    wrong_item,
    empty_slice,
    endless_loop,
    nested(),
)
