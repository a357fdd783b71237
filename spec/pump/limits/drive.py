"""Limits of the drive: how fast a bolus or a prime is delivered."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def stroke_is_positive(limits: Limits) -> bool:
    return limits.stroke_pulses >= 1


def stroke_interval_is_positive(limits: Limits) -> bool:
    return limits.stroke_interval_s >= 1


DRIVE_CONDITIONS: Final[tuple[Condition, ...]] = (
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
)

DRIVE_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="bolus speed",
        meaning="The speed at which a bolus or a prime is delivered.",
        edge="bolus_speed_mu_per_min",
        fields=("stroke_pulses", "stroke_interval_s"),
        quantity=Quantity.SPEED,
        role=Role.DEVICE,
        rounding=Rounding.EXACT,
    ),
)
