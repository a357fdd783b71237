"""Limits of how often boluses begin, and of how long one may wait for its confirmation."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def lockout_is_positive(limits: Limits) -> bool:
    return limits.bolus_lockout_s >= 1


def some_bolus_is_left_for_a_day(limits: Limits) -> bool:
    return limits.max_boluses_per_day >= 1


def confirmation_has_time(limits: Limits) -> bool:
    return limits.confirmation_s >= 1


BOLUS_STARTS_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-BOLUS-001",
        "The lockout is at least one second, because a shorter one would never decide anything.",
        lockout_is_positive,
    ),
    Condition(
        "ASM-BOLUS-002",
        "A day holds at least one bolus, because otherwise no bolus could ever be given.",
        some_bolus_is_left_for_a_day,
    ),
    Condition(
        "ASM-UI-001",
        "What is asked can be confirmed for at least one second, because the pump looks at time once a second.",
        confirmation_has_time,
    ),
)

BOLUS_STARTS_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="bolus lockout",
        meaning="The least time from the start of one bolus to the start of the next.",
        edge="bolus_lockout_s",
        fields=("bolus_lockout_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            360,
            rule="6 minutes",
            reason="The shortest lockout of the public requirements: a meal may need a second bolus soon.",
        ),
    ),
    Parameter(
        name="boluses of a day",
        meaning="The most boluses that may begin in any 24 hours.",
        edge="max_boluses_per_day",
        fields=("max_boluses_per_day",),
        quantity=Quantity.COUNT,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            24,
            rule="24",
            reason="One an hour on average, more than meals and corrections need; a stuck key reaches it.",
        ),
    ),
    Parameter(
        name="time to confirm",
        meaning="How long a request that the pump shows can be confirmed.",
        edge="confirmation_s",
        fields=("confirmation_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            180,
            rule="3 minutes",
            reason="The time-out of an edit in the public requirements, well below the five minutes of a request.",
        ),
    ),
)
