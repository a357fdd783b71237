"""Limits of a prime."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits
from pumpproof.spec.pump.limits.reservoir import tenth_of_the_reservoir


def largest_prime_is_positive(limits: Limits) -> bool:
    return limits.max_prime_pulses >= 1


PRIME_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-008",
        "The largest prime is at least one pulse, because otherwise no infusion set could be filled.",
        largest_prime_is_positive,
    ),
)

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
)
