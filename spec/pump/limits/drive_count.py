"""Limits of the second count: from when on the encoder of the drive and the commands of the pump disagree.

Tolerances are amounts, in whole pulses, and no part of what was given: a percentage would be none of a single pulse and
a whole bolus of a full reservoir. Their defaults are a percentage of one amount, and never less than a pulse.
"""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def tolerance_is_positive(limits: Limits) -> bool:
    return limits.count_tolerance_pulses >= 1


def gross_difference_is_beyond_the_tolerance(limits: Limits) -> bool:
    return limits.gross_difference_pulses >= limits.count_tolerance_pulses


def gross_difference_is_within_a_reservoir(limits: Limits) -> bool:
    return limits.gross_difference_pulses <= limits.reservoir_capacity_pulses


def surplus_persistence_is_positive(limits: Limits) -> bool:
    return limits.surplus_persistence_s >= 1


def shortfall_persistence_is_positive(limits: Limits) -> bool:
    return limits.shortfall_persistence_s >= 1


DRIVE_COUNT_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-INTEG-001",
        "The tolerance of the second count is at least a pulse, because a drive may be read before its last pulse.",
        tolerance_is_positive,
    ),
    Condition(
        "ASM-INTEG-002",
        "The gross difference is not below the tolerance, because what is tolerated must not stop the insulin.",
        gross_difference_is_beyond_the_tolerance,
    ),
    Condition(
        "ASM-INTEG-003",
        "The gross difference is no more than a full reservoir, because no more than that can be missing.",
        gross_difference_is_within_a_reservoir,
    ),
    Condition(
        "ASM-INTEG-004",
        "The persistence of a surplus is at least one second, because the counts are compared once a second.",
        surplus_persistence_is_positive,
    ),
    Condition(
        "ASM-INTEG-005",
        "The persistence of a shortfall is at least one second, because the counts are compared once a second.",
        shortfall_persistence_is_positive,
    ),
)


def _hundredth_of_the_largest_bolus(device: Mapping[str, int]) -> int:
    return max(device["max_bolus_mu"] // 100, device["pulse_mu"])


def _four_hundredths_of_the_largest_bolus(device: Mapping[str, int]) -> int:
    return 4 * _hundredth_of_the_largest_bolus(device)


DRIVE_COUNT_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="tolerance of the second count",
        meaning="How far the encoder of the drive may be ahead of or behind what was commanded.",
        edge="count_tolerance_mu",
        fields=("count_tolerance_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _hundredth_of_the_largest_bolus,
            rule="one hundredth of the largest bolus, and at least a pulse",
            reason="A public pump design stops at more than 1 %; here of an amount, so that it never grows.",
        ),
    ),
    Parameter(
        name="gross difference of the second count",
        meaning="A difference of more than this, either way, stops the insulin without waiting.",
        edge="gross_difference_mu",
        fields=("gross_difference_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _four_hundredths_of_the_largest_bolus,
            rule="four times the default tolerance",
            reason="Well beyond play and noise of a drive; 1 U where the largest bolus is 25 U.",
        ),
    ),
    Parameter(
        name="persistence of a surplus",
        meaning="How long the encoder must be ahead beyond the tolerance before it counts as over-delivery.",
        edge="surplus_persistence_s",
        fields=("surplus_persistence_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            10,
            rule="10 s",
            reason="The shortest of the times that Open PCA Pump Requirements 1.0.0 name for too large a bolus.",
        ),
    ),
    Parameter(
        name="persistence of a shortfall",
        meaning="How long the encoder must be behind beyond the tolerance before it counts as under-delivery.",
        edge="shortfall_persistence_s",
        fields=("shortfall_persistence_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            60,
            rule="1 min",
            reason="Open PCA Pump Requirements 1.0.0 allow a bolus 1 min and basal 5 min; the shorter serves both.",
        ),
    ),
)
