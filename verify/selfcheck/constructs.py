"""A function for each construct of the subset, and some outside it: what the readers have to read, and to refuse."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Length


class Light(Enum):
    """Three members, so that neither of two is the opposite of the other."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True)
class Lamp:
    """A field of every type."""

    on: bool
    level: int
    light: Light
    levels: Annotated[tuple[int, ...], Length(3)] = (0, 0, 0)


@dataclass(frozen=True)
class Room:
    """A record in a record."""

    lamp: Lamp
    lights: Annotated[tuple[Light, ...], Length(2)]
    marks: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True)
class Named:
    """Fields that are given by name."""

    level: int = 4
    on: bool = False


BOUND = 6
LEVELS = (3, -1, 4)


def bounded(x: int) -> bool:
    """Speaks of a constant."""
    return x < BOUND


def arithmetic(x: int, y: int) -> int:
    """Sums, differences, products and a sign."""
    return -(3 * x - y) + (x + y) * 2 - 10


def quotients(x: int) -> int:
    """Rounded towards minus infinity, as Python rounds."""
    return (x - 7) // 4 + 5 * ((x - 7) % 4) + 7 * (x // 3) - x % 3


def chain(x: int, y: int) -> bool:
    """Three comparisons in one."""
    return -3 < x <= y < 10


def comparisons(x: int, y: int) -> int:
    """Each comparison alone."""
    order = (1 if x < y else 0) + (2 if x <= y else 0) + (4 if x > y else 0) + (8 if x >= y else 0)
    return order + (16 if x == y else 0) + (32 if x != y else 0)


def junctions(a: bool, b: bool, x: int) -> bool:
    """And, or, not."""
    return (a and not b and x > 2) or (not a and (b or x < 0))


def members(light: Light, other: Light, go: bool) -> bool:
    """Identity, equality and membership."""
    chosen = Light.GREEN if go and light is not Light.RED else other
    return chosen is Light.AMBER or light == other or other not in (Light.RED, Light.AMBER)


def branches(x: int, y: int) -> int:
    """Early returns, names bound in branches, and changed in place."""
    low = min(x, y)
    if x > 10:
        return low
    if y > 10:
        high = max(x, y, 3)
        high += 1
        return high
    if low > 0:
        total = low
    else:
        total = -1
    total -= 2
    return total


def loop(x: int) -> int:
    """Four turns, of which some add."""
    total = 0
    for i in range(1, 5):
        total = total + (i if x > i else 0)
    return total


def indexed(lamp: Lamp, i: int) -> int:
    """An index that has to be in range."""
    return lamp.levels[i] + (lamp.levels[0] if lamp.on else 0)


def guarded_index(lamp: Lamp, i: int) -> bool:
    """An index that is evaluated only where an earlier condition holds."""
    return i >= 0 and i < 2 and lamp.levels[i + 1] > 0


def excused_index(lamp: Lamp, i: int) -> bool:
    """An index that is evaluated only where no earlier condition holds."""
    return i < 0 or i > 2 or lamp.levels[i] > 0


def stops_at_the_first(lamp: Lamp, i: int) -> bool:
    """Indices of which the later ones are evaluated only if the first does not decide."""
    if i < 0 or i > 2:
        return False
    return any(lamp.levels[i + k] > 3 for k in range(2)) or all(lamp.levels[i - k] > -3 for k in range(2))


def sums(lamp: Lamp) -> int:
    """Slices, sums, the least, the greatest and the length."""
    return (
        sum(lamp.levels[:2])
        - 3 * max(lamp.levels[1:])
        + 5 * min(level + 1 for level in lamp.levels)
        + len(lamp.levels)
    )


def over_items(lamp: Lamp) -> bool:
    """All and any."""
    return any(level > 3 for level in lamp.levels) and all(lamp.levels[k] >= k for k in range(2))


def rewritten(lamp: Lamp, x: int) -> Lamp:
    """Records and tuples made anew."""
    shifted = (x,) + lamp.levels[:2]
    return replace(lamp, on=not lamp.on, levels=tuple(level + x if lamp.on else level for level in shifted))


def made(x: int, light: Light) -> Lamp:
    """A record with a default, and a concatenation."""
    return Lamp(x > 0, light=light, level=x + 1, levels=(x, 1) + (2,))


def equal_records(lamp: Lamp, other: Lamp) -> bool:
    """Equality of records and of tuples."""
    return lamp == other or (lamp.level, 1) != (other.level, 1)


def discarded(lamp: Lamp, i: int) -> int:
    """An index whose item nobody uses has to be in range all the same."""
    if lamp.on:
        unused = indexed(lamp, i)  # noqa: F841  on purpose
        level = 1
    else:
        level = 2
    return level


def calls(lamp: Lamp, x: int) -> int:
    """Calls with arguments by position and by name."""
    return branches(y=x, x=2) - loop(lamp.level)


def inner(room: Room, x: int) -> Room:
    """A record in a record, read and written."""
    mark: int = room.marks[1]
    lamp = replace(room.lamp, level=room.lamp.level + x + mark)
    return replace(room, lamp=lamp, marks=(mark, 1), lights=(room.lamp.light, room.lights[0]))


def given_by_name(x: int) -> int:
    """Defaults of fields that are given by name."""
    return Named(on=x > 0).level + (x if Named(level=x).on else 1)


def constants(x: int, i: int) -> int:
    """A tuple that is known, at an index that is not."""
    return LEVELS[i] + (len(LEVELS) if LEVELS[0] < x else sum(LEVELS))


READ = (
    inner,
    given_by_name,
    constants,
    bounded,
    arithmetic,
    quotients,
    chain,
    comparisons,
    junctions,
    members,
    branches,
    loop,
    indexed,
    guarded_index,
    excused_index,
    stops_at_the_first,
    sums,
    over_items,
    rewritten,
    made,
    equal_records,
    discarded,
    calls,
)


def product(x: int, y: int) -> int:
    """Two unknowns multiplied."""
    return x * y


def divided_by_unknown(x: int, y: int) -> int:
    """A division by an unknown."""
    return x // y


def negative_divisor(x: int) -> int:
    """Where SMT-LIB and Python differ."""
    return x % -3


def truth_of_an_int(x: int) -> int:
    """An int as a condition."""
    return 1 if x else 2


def truth_as_int(x: int, a: bool) -> int:
    """A bool as a number."""
    return x + a


def negative_index(lamp: Lamp) -> int:
    """An index from the end."""
    return lamp.levels[-1]


def caught(lamp: Lamp, i: int) -> int:
    """An exception as a value."""
    try:
        return lamp.levels[i]
    except IndexError:
        return 0


def while_unknown(x: int) -> int:
    """A loop of unknown length."""
    while x > 0:
        x = x - 1
    return x


def endless(x: int) -> int:
    """Recursion."""
    return endless(x - 1)


REFUSED = (
    product,
    divided_by_unknown,
    negative_divisor,
    truth_of_an_int,
    truth_as_int,
    negative_index,
    caught,
    while_unknown,
    endless,
)
