"""Limits of supervision: how often the pump tests itself, and for how long its seconds may be late."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def self_test_interval_is_positive(limits: Limits) -> bool:
    return limits.self_test_interval_s >= 1


def self_test_bound_is_positive(limits: Limits) -> bool:
    return limits.self_test_bound_s >= 1


def watchdog_is_positive(limits: Limits) -> bool:
    return limits.watchdog_s >= 1


SUPERVISION_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-INTEG-006",
        "Self-tests are at least one second apart, because time is counted in seconds.",
        self_test_interval_is_positive,
    ),
    Condition(
        "ASM-INTEG-007",
        "A self-test may take at least one second, because otherwise its result would always come too late.",
        self_test_bound_is_positive,
    ),
    Condition(
        "ASM-INTEG-008",
        "It takes at least one late second to be a fault, because otherwise the pump could never deliver.",
        watchdog_is_positive,
    ),
)

SUPERVISION_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="interval of self-tests",
        meaning="How long after a self-test that passed the next one is due.",
        edge="self_test_interval_s",
        fields=("self_test_interval_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            780,
            rule="13 min",
            reason="With 1 min for the result, more than the four in an hour of a published case study.",
        ),
    ),
    Parameter(
        name="time for a self-test",
        meaning="How long the result of a self-test that is due may take.",
        edge="self_test_bound_s",
        fields=("self_test_bound_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            60,
            rule="1 min",
            reason="Time to confirm sound and light; the interval and this time leave room for four in an hour.",
        ),
    ),
    Parameter(
        name="watchdog",
        meaning="How many seconds in a row may come late before that is a fault.",
        edge="watchdog_s",
        fields=("watchdog_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            10,
            rule="10 s",
            reason="The longer of the two watchdogs that a public pump design has within its controller.",
        ),
    ),
)
