"""Limits of a prime."""

from collections.abc import Mapping
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits
from pumpproof.spec.pump.limits.reservoir import tenth_of_the_reservoir


def largest_prime_is_positive(limits: Limits) -> bool:
    return limits.max_prime_pulses >= 1


def prime_confirmation_has_time(limits: Limits) -> bool:
    return limits.prime_confirmation_s >= 1


def prime_has_time_for_a_stroke(limits: Limits) -> bool:
    return limits.max_prime_s > limits.stroke_interval_s


PRIME_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-008",
        "The largest prime is at least one pulse, because otherwise no infusion set could be filled.",
        largest_prime_is_positive,
    ),
    Condition(
        "ASM-RES-001",
        "A set that is confirmed disconnected lets a prime begin for at least one second, because time is counted so.",
        prime_confirmation_has_time,
    ),
    Condition(
        "ASM-RES-002",
        "The time of a prime is longer than a wait between strokes, because otherwise one might end without a stroke.",
        prime_has_time_for_a_stroke,
    ),
)


def _twice_the_time_of_a_tenth(device: Mapping[str, int]) -> int:
    return max(2 * 60 * tenth_of_the_reservoir(device) // device["bolus_speed_mu_per_min"], 120)


PRIME_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="largest prime",
        meaning="The most insulin that one prime may push through the infusion set.",
        edge="max_prime_mu",
        fields=("max_prime_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            tenth_of_the_reservoir,
            rule="one tenth of the reservoir capacity",
            reason="It fills an infusion set; one repeated by mistake does not empty the reservoir.",
        ),
    ),
    Parameter(
        name="time of a prime",
        meaning="How long a prime may take before it counts as failed.",
        edge="max_prime_s",
        fields=("max_prime_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            _twice_the_time_of_a_tenth,
            rule="twice the time of a tenth of the reservoir at the speed of a bolus, at least 2 minutes",
            reason="The public requirements leave the number open; a largest prime ends in it with room to spare.",
        ),
    ),
    Parameter(
        name="time to begin a prime",
        meaning="How long a confirmation that the set is disconnected lets a prime begin.",
        edge="prime_confirmation_s",
        fields=("prime_confirmation_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            180,
            rule="3 minutes",
            reason="The time-out of an edit in the public requirements; who needs longer looks again.",
        ),
    ),
)
