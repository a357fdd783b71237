"""Limits of the reservoir."""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def low_reservoir_is_not_negative(limits: Limits) -> bool:
    return limits.low_reservoir_pulses >= 0


def low_reservoir_is_below_capacity(limits: Limits) -> bool:
    return limits.low_reservoir_pulses < limits.reservoir_capacity_pulses


RESERVOIR_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-009",
        "The low-reservoir threshold is not negative, because the reservoir's content never is.",
        low_reservoir_is_not_negative,
    ),
    Condition(
        "ASM-DOSE-010",
        "The low-reservoir threshold is below the capacity, because otherwise a full reservoir would warn.",
        low_reservoir_is_below_capacity,
    ),
)


def tenth_of_the_reservoir(device: Mapping[str, int]) -> int:
    return device["reservoir_capacity_mu"] // 10


RESERVOIR_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="reservoir capacity",
        meaning="The content of a full reservoir.",
        edge="reservoir_capacity_mu",
        fields=("reservoir_capacity_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.DEVICE,
        rounding=Rounding.AT_MOST,
    ),
    Parameter(
        name="low-reservoir threshold",
        meaning="The content of the reservoir at which the pump begins to warn.",
        edge="low_reservoir_mu",
        fields=("low_reservoir_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_LEAST,
        default=Default(
            tenth_of_the_reservoir,
            rule="one tenth of the reservoir capacity",
            reason="Always below the capacity; 20 U of a reservoir of 200 U.",
        ),
    ),
)
