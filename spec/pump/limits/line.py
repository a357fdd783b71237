"""Limits of the line: from when on it counts as occluded."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def occlusion_persistence_is_positive(limits: Limits) -> bool:
    return limits.occlusion_persistence_s >= 1


def release_is_below_the_occlusion(limits: Limits) -> bool:
    return limits.occlusion_release_pa < limits.occlusion_pressure_pa


def release_is_positive(limits: Limits) -> bool:
    return limits.occlusion_release_pa >= 1


def window_of_repetition_is_positive(limits: Limits) -> bool:
    return limits.repeated_occlusion_window_s >= 1


LINE_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-DOSE-012",
        "The occlusion persistence is at least one second, because the pressure is judged once a second.",
        occlusion_persistence_is_positive,
    ),
    Condition(
        "ASM-OCC-001",
        "The release threshold lies below the occlusion threshold, because a reading that is high is no end of it.",
        release_is_below_the_occlusion,
    ),
    Condition(
        "ASM-OCC-002",
        "The release threshold is above zero, because a line at rest must not stay, nor become, occluded.",
        release_is_positive,
    ),
    Condition(
        "ASM-OCC-003",
        "The window of repeated occlusions is at least one second, because the pressure is judged once a second.",
        window_of_repetition_is_positive,
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
    Parameter(
        name="occlusion release pressure",
        meaning="The line pressure below which an occlusion is gone.",
        edge="occlusion_release_pa",
        fields=("occlusion_release_pa",),
        quantity=Quantity.PRESSURE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            50_000,
            rule="50 kPa",
            reason="Below 100 kPa also with the 30 kPa of error that Wellion publishes; above a metre of height.",
        ),
    ),
    Parameter(
        name="window of repeated occlusions",
        meaning="Three occlusions within this time are too many: then the line has to be confirmed first.",
        edge="repeated_occlusion_window_s",
        fields=("repeated_occlusion_window_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            600,
            rule="10 min",
            reason="The time of the public requirements (Open PCA Pump Requirements 1.0.0): three in ten minutes.",
        ),
    ),
)
