"""The daily cap."""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def daily_cap_covers_a_day_of_basal(limits: Limits) -> bool:
    return 1000 * limits.max_day_pulses >= 24 * limits.max_basal_millipulses_per_h + 1000


DAY_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-014",
        "The daily cap covers a day of the largest basal and a pulse, so that it never withholds basal.",
        daily_cap_covers_a_day_of_basal,
    ),
)


def _four_largest_boluses_beside_the_largest_basal(device: Mapping[str, int]) -> int:
    return 26 * device["max_basal_mu_per_h"] + 4 * device["max_bolus_mu"] + 2 * device["pulse_mu"]


DAY_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="daily cap",
        meaning="The most therapy, basal and bolus together, in any window of 24 hours.",
        edge="max_day_mu",
        fields=("max_day_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _four_largest_boluses_beside_the_largest_basal,
            rule="26 hours of the largest basal, four largest boluses and two pulses",
            reason="Three meals and a correction; public models name one figure, 25 U, less than the basal of some.",
        ),
    ),
)
