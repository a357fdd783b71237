"""Limits of basal."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def largest_basal_is_positive(limits: Limits) -> bool:
    return limits.max_basal_millipulses_per_h >= 1


def largest_basal_is_one_pulse_a_second(limits: Limits) -> bool:
    return limits.max_basal_millipulses_per_h <= 3_600_000


def longest_temporary_basal_is_positive(limits: Limits) -> bool:
    return limits.max_temporary_basal_s >= 1


def multiple_of_the_highest_is_small(limits: Limits) -> bool:
    return 1 <= limits.temporary_highest_times <= 10


def multiple_of_the_current_is_small(limits: Limits) -> bool:
    return 1 <= limits.temporary_current_times <= 10


BASAL_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-003",
        "The largest basal rate is above zero, because otherwise no basal could ever be given.",
        largest_basal_is_positive,
    ),
    Condition(
        "ASM-DOSE-004",
        "The largest basal is at most one pulse a second, because a second releases at most one basal pulse.",
        largest_basal_is_one_pulse_a_second,
    ),
    Condition(
        "ASM-DOSE-013",
        "The longest temporary basal is at least one second, because otherwise none could ever be set.",
        longest_temporary_basal_is_positive,
    ),
    Condition(
        "ASM-BASAL-001",
        "A temporary basal is at most 1 to 10 times the highest scheduled rate, because more would be no ceiling.",
        multiple_of_the_highest_is_small,
    ),
    Condition(
        "ASM-BASAL-002",
        "A temporary basal is at most 1 to 10 times the current scheduled rate, because more would be no ceiling.",
        multiple_of_the_current_is_small,
    ),
)

BASAL_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="largest basal rate",
        meaning="The highest rate of scheduled and of temporary basal.",
        edge="max_basal_mu_per_h",
        fields=("max_basal_millipulses_per_h",),
        quantity=Quantity.RATE,
        role=Role.DEVICE,
        rounding=Rounding.AT_MOST,
    ),
    Parameter(
        name="longest temporary basal",
        meaning="The longest time for which a temporary basal may be set.",
        edge="max_temporary_basal_s",
        fields=("max_temporary_basal_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            86_400,
            rule="24 h",
            reason="A temporary rate that nobody renews ends within a day.",
        ),
    ),
    Parameter(
        name="multiple of the highest scheduled rate",
        meaning="A temporary basal is at most so many times the highest rate of the programme.",
        edge="temporary_highest_times",
        fields=("temporary_highest_times",),
        quantity=Quantity.FACTOR,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            3, rule="3 times", reason="The published default of an open automated system (oref0)."
        ),
    ),
    Parameter(
        name="multiple of the current scheduled rate",
        meaning="A temporary basal is at most so many times the rate that is programmed for the same second.",
        edge="temporary_current_times",
        fields=("temporary_current_times",),
        quantity=Quantity.FACTOR,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            4, rule="4 times", reason="The published default of an open automated system (oref0)."
        ),
    ),
)
