"""A function for each construct of the subset, and some that only one of the readers takes."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Length

TEN = 10
PRIMES = (2, 3, 5, 7)


class Light(Enum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True)
class Inner:
    count: int
    light: Light


@dataclass(frozen=True)
class Lamp:
    on: bool
    level: int
    inner: Inner
    light: Light = Light.RED
    levels: Annotated[tuple[int, ...], Length(4)] = (0, 0, 0, 0)


def arithmetic(x: int, y: int) -> int:
    return -(3 * x - y) + (x + y) * 2 - TEN


def quotient(x: int) -> int:
    return (x - 7) // 4 + x // 3


def remainder(x: int) -> int:
    return (x - 7) % 4 - x % 3


def chain(x: int, y: int) -> bool:
    return -3 < x <= y < TEN


def comparisons(x: int, y: int) -> bool:
    return (x < y) != (x > y) or (x <= y) == (x >= y) or x == y + 1 or x != y - 1


def junctions(a: bool, b: bool, x: int) -> bool:
    return (a and not b and x > 2) or (not a and (b or x < 0))


def equal_truths(a: bool, b: bool) -> bool:
    return (a == b) != (a != b)


def conditional(a: bool, x: int) -> int:
    return x if a else 1 if x > 3 else -x


def identity(light: Light, other: Light) -> bool:
    return light is Light.RED or other is not light or light == other


def chosen_member(light: Light, go: bool) -> Light:
    return Light.GREEN if go and light is not Light.RED else light


def identity_of_choice(light: Light, go: bool) -> bool:
    return light is (Light.GREEN if go else Light.RED)


def membership(light: Light, x: int) -> bool:
    return light in (Light.RED, Light.AMBER) and x not in (1, 2, 5)


def locals_and_returns(x: int, y: int) -> int:
    low = min(x, y)
    if x > 10:
        return low
    if y > 10:
        high = max(x, y, 3)
        high += 1
        return high
    total = low
    total -= 2
    return total


def branches_bind(x: int) -> int:
    if x > 0:
        step = 1
    else:
        step = -1
    return x + step


def loop(x: int) -> int:
    total = 0
    for i in range(1, 5):
        total = total + i * x
    return total


def forking_loop(x: int) -> int:
    total = 0
    for i in range(4):
        total = total + (i if x > i else 0)
    return total


def items(lamp: Lamp) -> int:
    return lamp.levels[0] + lamp.levels[3]


def unknown_index(lamp: Lamp, i: int) -> int:
    return lamp.levels[i] if i > 1 else 0


def constant_tuple(i: int) -> int:
    return PRIMES[i]


def written_tuple(i: int, x: int) -> int:
    return (x, x + 1, 7)[i]


def two_written_tuples(i: int, j: int, x: int) -> int:
    return (x, 1, 7)[i] - (x, 2)[j]


def slices(lamp: Lamp) -> int:
    return sum(lamp.levels[:2]) - sum(lamp.levels[1:3]) + max(lamp.levels[2:])


def ragged(lamp: Lamp) -> bool:
    return all(sum(lamp.levels[: k + 1]) <= 10 for k in range(4))


def concatenation(lamp: Lamp, x: int) -> Lamp:
    return replace(lamp, levels=(x, x + 1) + lamp.levels[:2])


def shifted(lamp: Lamp, x: int) -> Lamp:
    return replace(lamp, levels=(x,) + tuple(lamp.levels[k - 1] for k in range(1, 4)))


def set_item(lamp: Lamp, i: int, x: int) -> Lamp:
    return replace(lamp, levels=tuple(x if k == i else lamp.levels[k] for k in range(4)))


def over_items(lamp: Lamp) -> bool:
    return any(level > 3 for level in lamp.levels) and all(lamp.levels[k] >= 0 for k in range(2))


def stops_early(lamp: Lamp, i: int) -> bool:
    return all(k < 2 and lamp.levels[i + k] > 0 for k in range(4))


def any_stops_early(lamp: Lamp, i: int) -> bool:
    return any(lamp.levels[i + k] > 0 for k in range(3))


def nested(lamp: Lamp) -> int:
    return sum(sum(lamp.levels[j] if j <= k else 0 for j in range(4)) for k in range(4))


def least(lamp: Lamp) -> int:
    return min(max(0, level) for level in lamp.levels) + max(lamp.levels) + len(lamp.levels)


def constructed(x: int, light: Light) -> Lamp:
    return Lamp(x > 0, level=x, inner=Inner(count=1, light=light))


def deep(lamp: Lamp) -> Lamp:
    return replace(lamp, inner=replace(lamp.inner, count=lamp.inner.count + 1), on=not lamp.on)


def records_equal(lamp: Lamp, other: Lamp) -> bool:
    return lamp == other or lamp.inner != other.inner


def tuples_equal(lamp: Lamp, other: Lamp) -> bool:
    return lamp.levels == other.levels or (lamp.level, 1) != (other.level, 1)


def helper(lamp: Lamp, x: int) -> int:
    if lamp.inner.light is Light.GREEN:
        return lamp.levels[x]
    return x


def calls(lamp: Lamp, x: int) -> int:
    return helper(lamp, x) + helper(x=2, lamp=lamp)


def member_of_call(lamp: Lamp) -> bool:
    return chosen_member(lamp.light, lamp.on) is Light.GREEN


def recursive_choice(light: Light, a: bool) -> Light:
    first = chosen_member(light, a)
    return chosen_member(first, not a)


READ_BY_BOTH = (
    arithmetic,
    quotient,
    remainder,
    chain,
    comparisons,
    junctions,
    equal_truths,
    conditional,
    identity,
    chosen_member,
    identity_of_choice,
    membership,
    locals_and_returns,
    branches_bind,
    loop,
    forking_loop,
    items,
    unknown_index,
    constant_tuple,
    written_tuple,
    two_written_tuples,
    slices,
    ragged,
    concatenation,
    shifted,
    set_item,
    over_items,
    stops_early,
    any_stops_early,
    nested,
    least,
    constructed,
    deep,
    records_equal,
    tuples_equal,
    calls,
    member_of_call,
    recursive_choice,
)


def product(x: int, y: int) -> int:
    return x * y


def divided_by_unknown(x: int, y: int) -> int:
    return x // y


def unknown_divisor(y: int) -> int:
    return 7 // y


def negative_divisor(x: int) -> int:
    return x % -3


def truth_of_an_int(x: int) -> int:
    return 1 if x else 2


def truth_as_int(x: int, a: bool) -> int:
    return x + a


def int_as_truth(x: int, a: bool) -> bool:
    return a == x


def power(x: int) -> int:
    return x**2


def bits(a: bool, b: bool) -> bool:
    return a & b


def absolute(x: int) -> int:
    return abs(x)


def true_division(x: int) -> int:
    return x / 2  # type: ignore[return-value]


def identity_of_truths(a: bool, b: bool) -> bool:
    return a is b


def identity_of_locals(light: Light, other: Light) -> bool:
    one = light if other == Light.RED else other
    two = other
    return one is two


def identity_of_integers(x: int, y: int) -> bool:
    return x is y


def caught(lamp: Lamp, i: int) -> int:
    try:
        return lamp.levels[i]
    except IndexError:
        return 0


def unknown_range(x: int) -> int:
    total = 0
    for i in range(x):
        total += i
    return total


def unknown_slice(lamp: Lamp, x: int) -> int:
    return sum(lamp.levels[:x])


def negative_index(lamp: Lamp) -> int:
    return lamp.levels[-1]


def filtered(lamp: Lamp) -> int:
    return sum(level for level in lamp.levels if level > 0)


def as_text(x: int) -> bool:
    return f"{x}" == "1"


def as_key(x: int) -> int:
    return {1: 2}[x]


def ordered_truths(a: bool, b: bool) -> bool:
    return a < b


def unknown_field(lamp: Lamp) -> int:
    return lamp.colour  # type: ignore[attr-defined, no-any-return]


def assigned_field(lamp: Lamp) -> Lamp:
    lamp.level = 3  # type: ignore[misc]
    return lamp


def wrong_result(x: int) -> bool:
    return x  # type: ignore[return-value]


def two_types(x: int) -> int:
    return x if x > 0 else x > 3


def with_default(x: int = 3) -> int:
    return x


def endless(x: int) -> int:
    return endless(x - 1)


def too_many_paths(lamp: Lamp, x: int) -> int:
    total = 0
    for i in range(14):
        total = total + (i if x * i > lamp.level else 0)
    return total


def written_tuple_in_a_loop(x: int) -> int:
    total = 0
    for i in range(3):
        total = total + (i, x)[x]
    return total


def while_unknown(x: int) -> int:
    while x > 0:
        x = x - 1
    return x


_seen = 0


def writes_global(x: int) -> int:
    global _seen  # noqa: PLW0603 -- what has to be refused
    _seen = 1
    return x
