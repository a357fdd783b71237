"""The signals of alarms: which is signalled, on which channels, the pause of the sound, and escalation."""

from dataclasses import replace
from typing import Annotated

from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import PauseAudio
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Signal, Step
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    ALARMS,
    AUDIO_PAUSABLE,
    PRIORITIES,
    Alarm,
    AlarmPhase,
    AlarmPhases,
    Alarms,
    Mode,
    Priority,
    Pump,
)
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused

Priorities = Annotated[tuple[Priority, ...], Length(ALARM_COUNT)]
"""One for each alarm, in the order of the table."""


def something_sounds(phases: AlarmPhases) -> bool:
    """Some alarm waits for its acknowledgement."""
    return any(phases[k] is AlarmPhase.SOUNDING for k in range(ALARM_COUNT))


def second_of_signals(alarms: Alarms, limits: Limits) -> Alarms:
    """The wait for an acknowledgement and the pause of the sound go on."""
    waits = something_sounds(alarms.phases)
    return replace(
        alarms,
        unacknowledged_s=min(alarms.unacknowledged_s + 1, limits.escalation_s) if waits else 0,
        audio_paused_s=max(alarms.audio_paused_s - 1, 0),
    )


def is_escalated(alarms: Alarms, limits: Limits) -> bool:
    """Nobody has acknowledged for as long as it takes to escalate."""
    return alarms.unacknowledged_s >= limits.escalation_s


def priority_now(phase: AlarmPhase, priority: Priority, escalated: bool) -> Priority:
    """That of the table; none for a silent alarm, high for one that has sounded for too long."""
    if phase is AlarmPhase.SILENT:
        return Priority.NONE
    return Priority.HIGH if phase is AlarmPhase.SOUNDING and escalated else priority


def priorities_now(alarms: Alarms, limits: Limits) -> Priorities:
    """What each alarm is worth now."""
    escalated = is_escalated(alarms, limits)
    return tuple(priority_now(alarms.phases[k], PRIORITIES[k], escalated) for k in range(ALARM_COUNT))


def first_of(priorities: Priorities, priority: Priority) -> int:
    """The first place in the table with this priority; the number of alarms if there is none."""
    return min(k if priorities[k] == priority else ALARM_COUNT for k in range(ALARM_COUNT))


def highest(priorities: Priorities) -> Priority:
    """The highest priority among all alarms."""
    if first_of(priorities, Priority.HIGH) < ALARM_COUNT:
        return Priority.HIGH
    if first_of(priorities, Priority.MEDIUM) < ALARM_COUNT:
        return Priority.MEDIUM
    return Priority.LOW if first_of(priorities, Priority.LOW) < ALARM_COUNT else Priority.NONE


def is_heard(phase: AlarmPhase, paused: bool) -> bool:
    """An alarm that waits for its acknowledgement is heard unless a pause takes its sound away."""
    return phase is AlarmPhase.SOUNDING and not paused


def signal(alarms: Alarms, limits: Limits) -> Signal:
    """The latched alarm of the highest priority, the first in the table among equals.

    An acknowledged alarm whose cause persists is still shown. The sound and the vibration go with any alarm that waits
    for its acknowledgement, whichever is shown; a pause takes away the sound alone, and not that of an alarm that is
    not pausable or of one that nobody has acknowledged for too long. So no alarm can be silenced for good by pauses.
    """
    priorities = priorities_now(alarms, limits)
    priority = highest(priorities)
    latched = priority is not Priority.NONE
    paused = alarms.audio_paused_s > 0 and not is_escalated(alarms, limits)
    return Signal(
        alarm=ALARMS[first_of(priorities, priority)] if latched else Alarm.NONE,
        priority=priority,
        light=latched,
        vibration=something_sounds(alarms.phases),
        sound=any(is_heard(alarms.phases[k], paused and AUDIO_PAUSABLE[k]) for k in range(ALARM_COUNT)),
    )


def refuse_audio_pause(pump: Pump, event: PauseAudio, limits: Limits) -> Reason:
    """Something must sound, and not for so long that it has escalated."""
    if not something_sounds(pump.alarms.phases):
        return Reason.NOTHING_SOUNDS
    return Reason.ESCALATED if is_escalated(pump.alarms, limits) else Reason.NONE


def pause_audio(pump: Pump, event: PauseAudio, limits: Limits) -> Step:
    """The pause begins anew; what is latched stays latched."""
    return Step(replace(pump, alarms=replace(pump.alarms, audio_paused_s=limits.audio_pause_s)))


SIGNAL_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-ALARM-003",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        PauseAudio,
        refuse_audio_pause,
        pause_audio,
        to=SAME_MODE,
        why="The sound can be paused for a while, until an alarm has waited too long or another one begins.",
        requirements=("REQ-ALARM-008",),
    ),
    Refused(
        "MDL-ALARM-004",
        (Mode.OFF,),
        (PauseAudio,),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
)
