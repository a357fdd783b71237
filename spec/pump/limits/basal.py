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
)
