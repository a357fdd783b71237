"""Limits of a bolus."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def largest_bolus_is_positive(limits: Limits) -> bool:
    return limits.max_bolus_pulses >= 1


def largest_bolus_fits_a_full_reservoir(limits: Limits) -> bool:
    return limits.max_bolus_pulses <= limits.reservoir_capacity_pulses


BOLUS_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-001",
        "The largest bolus is at least one pulse, because otherwise no bolus could ever be given.",
        largest_bolus_is_positive,
    ),
    Condition(
        "ASM-DOSE-002",
        "The largest bolus fits a full reservoir, because a larger limit would never decide anything.",
        largest_bolus_fits_a_full_reservoir,
    ),
)

BOLUS_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="largest bolus",
        meaning="The most insulin that one bolus may deliver.",
        edge="max_bolus_mu",
        fields=("max_bolus_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.DEVICE,
        rounding=Rounding.AT_MOST,
    ),
)
