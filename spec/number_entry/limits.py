"""The limits of the entry of one number, and what makes them valid. Numbers are in thousandths of the unit."""

from dataclasses import dataclass
from typing import Final

from pumpproof.spec.kernel.parameters import Condition

STEPS: Final = (1, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 5000, 15_000)
"""The grids in use, from a thousandth of a unit to a quarter of an hour in minutes."""

MOST_FACTOR: Final = 10


@dataclass(frozen=True)
class Limits:
    least: int
    most: int
    """Hard limits, both allowed."""
    soft_least: int
    soft_most: int
    """What lies beyond these asks again."""
    step: int
    start: int
    """The value in force before any entry."""
    factor: int
    """A number more than so many times the value in force, or the value in force more than so many times the number,
    asks again."""
    near: int
    """Numbers that differ by no more than this from the value in force are never far from it."""
    expiry_s: int
    """Seconds without a key after which an entry ends."""


def step_is_in_use(limits: Limits) -> bool:
    return any(limits.step == STEPS[i] for i in range(len(STEPS)))


def limits_are_in_order(limits: Limits) -> bool:
    soft = 0 <= limits.least <= limits.soft_least and limits.soft_least + 2 * limits.step <= limits.soft_most
    return soft and limits.soft_most + limits.step <= limits.most


def is_whole_number_of_steps(thousandths: int, limits: Limits) -> bool:
    if limits.step == 5:
        rest = thousandths % 5
    elif limits.step == 10:
        rest = thousandths % 10
    elif limits.step == 20:
        rest = thousandths % 20
    elif limits.step == 25:
        rest = thousandths % 25
    elif limits.step == 50:
        rest = thousandths % 50
    elif limits.step == 100:
        rest = thousandths % 100
    elif limits.step == 250:
        rest = thousandths % 250
    elif limits.step == 500:
        rest = thousandths % 500
    elif limits.step == 1000:
        rest = thousandths % 1000
    elif limits.step == 5000:
        rest = thousandths % 5000
    elif limits.step == 15_000:
        rest = thousandths % 15_000
    else:
        rest = 0
    return rest == 0


def value_to_start_with_is_usual(limits: Limits) -> bool:
    return limits.soft_least <= limits.start <= limits.soft_most and is_whole_number_of_steps(
        limits.start, limits
    )


def factor_is_small(limits: Limits) -> bool:
    return 2 <= limits.factor <= MOST_FACTOR


def neighbours_are_near(limits: Limits) -> bool:
    return limits.near >= limits.step


def entries_last(limits: Limits) -> bool:
    return limits.expiry_s >= 5


CONDITIONS: Final = (
    Condition(
        "ASM-ENTRY-001", "The step is one of the grids in use, so that none is rounded.", step_is_in_use
    ),
    Condition(
        "ASM-ENTRY-002",
        "Soft limits lie within hard ones and leave room for two steps, and the upper one is a step below the hard "
        "one, because otherwise it would never decide anything.",
        limits_are_in_order,
    ),
    Condition(
        "ASM-ENTRY-003",
        "The value before any entry is a usual one on the grid, because it is in force until another is confirmed.",
        value_to_start_with_is_usual,
    ),
    Condition(
        "ASM-ENTRY-004",
        "Far is more than twice to ten times as much, or as little, because a smaller factor asks all the time.",
        factor_is_small,
    ),
    Condition(
        "ASM-ENTRY-005", "A number one step away is not far, so that steps ask nothing.", neighbours_are_near
    ),
    Condition("ASM-ENTRY-006", "An entry lasts five seconds or more, because keys take time.", entries_last),
)
