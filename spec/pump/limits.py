"""The limits of the reference pump, what makes them valid, and where a device profile gives them.

All limits are in core units (see ``spec.kernel.units``): volumes in pulses, basal rates in millipulses per
hour, times in s, pressure in Pa. The core adds and compares them; it never multiplies one of them by a value
of the state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.profiles import ProfileLibrary
from pumpproof.spec.kernel.units import Rounding


@dataclass(frozen=True)
class Limits:
    """The limits under which the pump is proved, in core units."""

    max_bolus_pulses: int
    """Largest single bolus."""
    max_basal_millipulses_per_h: int
    """Largest basal rate, scheduled or temporary."""
    max_hour_pulses: int
    """Most therapy (basal and bolus) delivered in any window of 3600 s."""
    stroke_pulses: int
    """Most pulses of a bolus or a prime that one stroke delivers."""
    stroke_interval_s: int
    """Seconds from one stroke of a bolus or a prime to the next."""
    max_prime_pulses: int
    """Largest single prime."""
    reservoir_capacity_pulses: int
    """Content of a full reservoir."""
    low_reservoir_pulses: int
    """The low-reservoir warning is given at this content or less."""
    occlusion_pressure_pa: int
    """A line pressure of this much or more suggests an occlusion."""
    occlusion_persistence_s: int
    """The pressure must stay there for this long before an occlusion is declared."""
    max_temporary_basal_s: int
    """Longest temporary basal."""


def largest_bolus_is_positive(limits: Limits) -> bool:
    return limits.max_bolus_pulses >= 1


def largest_bolus_fits_a_full_reservoir(limits: Limits) -> bool:
    return limits.max_bolus_pulses <= limits.reservoir_capacity_pulses


def largest_basal_is_positive(limits: Limits) -> bool:
    return limits.max_basal_millipulses_per_h >= 1


def largest_basal_is_one_pulse_a_second(limits: Limits) -> bool:
    return limits.max_basal_millipulses_per_h <= 3_600_000


def hourly_cap_covers_an_hour_of_basal(limits: Limits) -> bool:
    return 1000 * limits.max_hour_pulses >= limits.max_basal_millipulses_per_h + 1000


def stroke_is_positive(limits: Limits) -> bool:
    return limits.stroke_pulses >= 1


def stroke_interval_is_positive(limits: Limits) -> bool:
    return limits.stroke_interval_s >= 1


def largest_prime_is_positive(limits: Limits) -> bool:
    return limits.max_prime_pulses >= 1


def low_reservoir_is_not_negative(limits: Limits) -> bool:
    return limits.low_reservoir_pulses >= 0


def low_reservoir_is_below_capacity(limits: Limits) -> bool:
    return limits.low_reservoir_pulses < limits.reservoir_capacity_pulses


def occlusion_pressure_is_positive(limits: Limits) -> bool:
    return limits.occlusion_pressure_pa >= 1


def occlusion_persistence_is_positive(limits: Limits) -> bool:
    return limits.occlusion_persistence_s >= 1


def longest_temporary_basal_is_positive(limits: Limits) -> bool:
    return limits.max_temporary_basal_s >= 1


CONDITIONS: Final[tuple[Condition, ...]] = (
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
        "ASM-DOSE-005",
        "The hourly cap covers an hour of the largest basal and a pulse, so that it never withholds basal.",
        hourly_cap_covers_an_hour_of_basal,
    ),
    Condition(
        "ASM-DOSE-006",
        "A stroke delivers at least one pulse, because otherwise a bolus would never end.",
        stroke_is_positive,
    ),
    Condition(
        "ASM-DOSE-007",
        "Strokes are at least one second apart, because the core decides once a second.",
        stroke_interval_is_positive,
    ),
    Condition(
        "ASM-DOSE-008",
        "The largest prime is at least one pulse, because otherwise no infusion set could be filled.",
        largest_prime_is_positive,
    ),
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
    Condition(
        "ASM-DOSE-011",
        "The occlusion threshold is above zero, because an open line at rest must not count as occluded.",
        occlusion_pressure_is_positive,
    ),
    Condition(
        "ASM-DOSE-012",
        "The occlusion persistence is at least one second, because the pressure is judged once a second.",
        occlusion_persistence_is_positive,
    ),
    Condition(
        "ASM-DOSE-013",
        "The longest temporary basal is at least one second, because otherwise none could ever be set.",
        longest_temporary_basal_is_positive,
    ),
)
"""The conjunction of these is what "for all valid limits" means in every verdict."""


def _largest_bolus_beside_the_largest_basal(device: Mapping[str, int]) -> int:
    basal_of_62_minutes_mu = -(-62 * device["max_basal_mu_per_h"] // 60)
    return basal_of_62_minutes_mu + device["max_bolus_mu"] + 2 * device["pulse_mu"]


def _tenth_of_the_reservoir(device: Mapping[str, int]) -> int:
    return device["reservoir_capacity_mu"] // 10


PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="largest bolus",
        meaning="The most insulin that one bolus may deliver.",
        edge="max_bolus_mu",
        fields=("max_bolus_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.DEVICE,
        rounding=Rounding.AT_MOST,
    ),
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
        name="bolus speed",
        meaning="The speed at which a bolus or a prime is delivered.",
        edge="bolus_speed_mu_per_min",
        fields=("stroke_pulses", "stroke_interval_s"),
        quantity=Quantity.SPEED,
        role=Role.DEVICE,
        rounding=Rounding.EXACT,
    ),
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
    Parameter(
        name="largest prime",
        meaning="The most insulin that one prime may push through the infusion set.",
        edge="max_prime_mu",
        fields=("max_prime_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            _tenth_of_the_reservoir,
            rule="one tenth of the reservoir capacity",
            reason="It fills an infusion set; one repeated by mistake does not empty the reservoir.",
        ),
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
            _tenth_of_the_reservoir,
            rule="one tenth of the reservoir capacity",
            reason="Always below the capacity; 20 U of a reservoir of 200 U.",
        ),
    ),
    Parameter(
        name="occlusion pressure",
        meaning="The line pressure from which an occlusion is suspected.",
        edge="occlusion_pressure_pa",
        fields=("occlusion_pressure_pa",),
        quantity=Quantity.PRESSURE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            100_000,
            rule="100 kPa",
            reason="The Wellion Micro-Pump publishes 100 kPa; few devices publish a pressure at all.",
        ),
    ),
    Parameter(
        name="occlusion persistence",
        meaning="How long the pressure must persist before an occlusion is declared.",
        edge="occlusion_persistence_s",
        fields=("occlusion_persistence_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            3,
            rule="3 s",
            reason="One noisy sample does not stop therapy; at 1.5 U/min a bolus runs on by 0.075 U.",
        ),
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
"""Which value of a profile becomes which limit. All are symbolic in the proofs."""

PROFILES: Final = ProfileLibrary(PARAMETERS, Limits, Path(__file__).resolve().parent / "profiles")
"""The device profiles shipped with the reference pump."""
