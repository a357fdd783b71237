"""Limits of the line: from when on it counts as occluded."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def occlusion_pressure_is_positive(limits: Limits) -> bool:
    return limits.occlusion_pressure_pa >= 1


def occlusion_persistence_is_positive(limits: Limits) -> bool:
    return limits.occlusion_persistence_s >= 1


LINE_CONDITIONS: Final[tuple[Condition, ...]] = (
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
)

LINE_PARAMETERS: Final[tuple[Parameter, ...]] = (
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
)
