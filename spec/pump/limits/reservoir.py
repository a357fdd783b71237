"""Limits of the reservoir."""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def low_reservoir_is_below_capacity(limits: Limits) -> bool:
    return limits.low_reservoir_pulses < limits.reservoir_capacity_pulses


def levels_may_agree(limits: Limits) -> bool:
    return limits.level_disagreement_pulses >= 1


def level_error_is_below_the_warning(limits: Limits) -> bool:
    return limits.level_disagreement_pulses <= limits.low_reservoir_pulses


RESERVOIR_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-010",
        "The low-reservoir threshold is below the capacity, because otherwise a full reservoir would warn.",
        low_reservoir_is_below_capacity,
    ),
    Condition(
        "ASM-RES-006",
        "Count and reading disagree from at least one pulse on, because otherwise equal levels would stop.",
        levels_may_agree,
    ),
    Condition(
        "ASM-RES-007",
        "They disagree at the latest from the low-reservoir threshold on, so that no empty reservoir goes unwarned.",
        level_error_is_below_the_warning,
    ),
)


def tenth_of_the_reservoir(device: Mapping[str, int]) -> int:
    return device["reservoir_capacity_mu"] // 10


def _twentieth_of_the_reservoir(device: Mapping[str, int]) -> int:
    return max(device["reservoir_capacity_mu"] // 20, device["pulse_mu"])


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
    Parameter(
        name="disagreement of levels",
        meaning="From which difference on a reading of the level and the count disagree.",
        edge="level_disagreement_mu",
        fields=("level_disagreement_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _twentieth_of_the_reservoir,
            rule="one twentieth of the reservoir capacity, and at least a pulse",
            reason="Half the default warning; in Open PCA the error is as large as the thresholds are apart.",
        ),
    ),
)
