"""Limits of the infusion set: how long it is worn, and what is filled into its cannula."""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits
from pumpproof.spec.pump.limits.reservoir import tenth_of_the_reservoir


def largest_cannula_fill_is_positive(limits: Limits) -> bool:
    return limits.max_cannula_fill_pulses >= 1


def set_is_worn_for_a_while(limits: Limits) -> bool:
    return limits.set_change_s >= 1


def grace_is_not_negative(limits: Limits) -> bool:
    return limits.service_grace_s >= 0


INFUSION_SET_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-RES-003",
        "The largest filling of a cannula is at least one pulse, because otherwise none could be filled.",
        largest_cannula_fill_is_positive,
    ),
    Condition(
        "ASM-RES-004",
        "A set is worn for at least one second before its change is due, because time is counted in seconds.",
        set_is_worn_for_a_while,
    ),
    Condition(
        "ASM-RES-005",
        "The grace after that is not negative, because a set must not stop before it has reminded of its end.",
        grace_is_not_negative,
    ),
)


def _one_unit_at_most(device: Mapping[str, int]) -> int:
    return max(min(1000, tenth_of_the_reservoir(device)), device["pulse_mu"])


INFUSION_SET_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="largest cannula fill",
        meaning="The most insulin that fills the cannula of a new set.",
        edge="max_cannula_fill_mu",
        fields=("max_cannula_fill_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _one_unit_at_most,
            rule="1 U, of a small reservoir one tenth, and at least a pulse",
            reason="Twice what OmniBLE gives to insert a cannula (0.5 U), for longer cannulas.",
        ),
    ),
    Parameter(
        name="set change",
        meaning="For how long an infusion set is worn before its change is due.",
        edge="set_change_s",
        fields=("set_change_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            259_200,
            rule="3 days",
            reason="The time for which most sets are labelled, and the nominal life of a pod in OmniBLE: 72 h.",
        ),
    ),
    Parameter(
        name="service grace",
        meaning="How long after that a set stops the insulin; 0 for a set that never does.",
        edge="service_grace_s",
        fields=("service_grace_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            0,
            rule="none: the set never stops the insulin",
            reason="A tubed pump leaves the change to the person; a pod ends 8 h after its nominal life (OmniBLE).",
        ),
    ),
)
