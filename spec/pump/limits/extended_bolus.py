"""Limits of the time over which an extended bolus is given."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def some_time_is_left_to_choose(limits: Limits) -> bool:
    return limits.min_extended_s <= limits.max_extended_s


def strokes_come_within_a_minute(limits: Limits) -> bool:
    return limits.stroke_interval_s <= 60


EXTENDED_BOLUS_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-BOLUS-010",
        "The shortest extended bolus is no longer than the longest, because otherwise none could ever be given.",
        some_time_is_left_to_choose,
    ),
    Condition(
        "ASM-BOLUS-011",
        "Strokes are at most a minute apart, because it is known up to there how long a number of them takes.",
        strokes_come_within_a_minute,
    ),
)

EXTENDED_BOLUS_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="shortest extended bolus",
        meaning="The least time over which an extended bolus is given.",
        edge="min_extended_s",
        fields=("min_extended_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            1_800,
            rule="30 min",
            reason="The least of the published ranges, 30 min to 8 h, in which the drives known give a largest bolus.",
        ),
    ),
    Parameter(
        name="longest extended bolus",
        meaning="The most time over which an extended bolus is given, its pauses not counted.",
        edge="max_extended_s",
        fields=("max_extended_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            28_800,
            rule="8 h",
            reason="The longest of the published ranges; Open PCA Pump Requirements 1.0.0 ask for some bound.",
        ),
    ),
)
