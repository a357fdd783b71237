"""Limits of the signals of alarms: how long a pause lasts, and how long an alarm may wait."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def audio_pause_is_positive(limits: Limits) -> bool:
    return limits.audio_pause_s >= 1


def escalation_comes_after_a_pause(limits: Limits) -> bool:
    return limits.escalation_s > limits.audio_pause_s


ALARM_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-ALARM-001",
        "A pause of the sound lasts for at least one second, because time is counted in seconds.",
        audio_pause_is_positive,
    ),
    Condition(
        "ASM-ALARM-002",
        "Escalation takes longer than a pause of the sound, because otherwise it would cut short every pause.",
        escalation_comes_after_a_pause,
    ),
)

ALARM_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="audio pause",
        meaning="How long a pause of the sound of alarms lasts.",
        edge="audio_pause_s",
        fields=("audio_pause_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            120,
            rule="2 min",
            reason="Time to reach for supplies; a fifth of the 10 min that Open PCA Pump Requirements 1.0.0 allow.",
        ),
    ),
    Parameter(
        name="escalation",
        meaning="How long an alarm waits for its acknowledgement before it is signalled with high priority.",
        edge="escalation_s",
        fields=("escalation_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            600,
            rule="10 min",
            reason="Five pauses; short beside the hours in which missing insulin does harm.",
        ),
    ),
)
