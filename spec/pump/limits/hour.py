"""The hourly cap."""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def hourly_cap_covers_an_hour_of_basal(limits: Limits) -> bool:
    return 1000 * limits.max_hour_pulses >= limits.max_basal_millipulses_per_h + 1000


HOUR_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-005",
        "The hourly cap covers an hour of the largest basal and a pulse, so that it never withholds basal.",
        hourly_cap_covers_an_hour_of_basal,
    ),
)


def _largest_bolus_beside_the_largest_basal(device: Mapping[str, int]) -> int:
    basal_of_62_minutes_mu = -(-62 * device["max_basal_mu_per_h"] // 60)
    return basal_of_62_minutes_mu + device["max_bolus_mu"] + 2 * device["pulse_mu"]


HOUR_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="hourly cap",
        meaning="The most therapy, basal and bolus together, in any window of one hour.",
        edge="max_hour_mu",
        fields=("max_hour_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _largest_bolus_beside_the_largest_basal,
            rule="62 minutes of the largest basal, one largest bolus and two pulses",
            reason="Beside any steady basal, one largest bolus an hour is admitted, which is counted by the minute.",
        ),
    ),
)
