"""Limits of the holds: how long a suspension may be set for, and how soon the pump reminds that no therapy is given."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def longest_timed_suspension_is_positive(limits: Limits) -> bool:
    return limits.max_timed_suspension_s >= 1


def reminder_has_time(limits: Limits) -> bool:
    return limits.reminder_s >= 1


HOLDS_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-SUSP-001",
        "The longest timed suspension is at least one second, because otherwise none could ever be set.",
        longest_timed_suspension_is_positive,
    ),
    Condition(
        "ASM-SUSP-002",
        "The reminder comes after at least one second, because without a wait an acknowledgement would not end it.",
        reminder_has_time,
    ),
)

HOLDS_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="longest timed suspension",
        meaning="The longest time for which all insulin may be suspended so that it runs again by itself.",
        edge="max_timed_suspension_s",
        fields=("max_timed_suspension_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            7_200,
            rule="2 h",
            reason="As long as published pumps suspend for low glucose (MiniMed 640G): longer does harm.",
        ),
    ),
    Parameter(
        name="reminder",
        meaning="How long a pump that is on may give no therapy before it reminds of that, and from then on again.",
        edge="reminder_s",
        fields=("reminder_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            900,
            rule="15 min",
            reason="A published pump (t:slim X2) reminds again 15 min after an acknowledgement without a resume.",
        ),
    ),
)
