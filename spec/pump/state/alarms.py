"""The alarms: one table of what they are, and the phase that each is in.

To add an alarm, add its name to ``Alarm`` and its line to ``ALARM_TABLE``, and its cause to ``causes`` of the pump and
to ``found`` of the specification, at its place in the table. Whatever holds of every alarm then holds of it.

Priorities are those of IEC 60601-1-8: how soon the person has to act. A device's own risk analysis has to confirm them.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Final

from pumpproof.spec.kernel.types import Length


class AlarmPhase(Enum):
    """An alarm is latched until it is silent: its cause is gone and it was acknowledged."""

    SILENT = "silent"
    SOUNDING = "sounding"
    ACKNOWLEDGED = "acknowledged"


class Alarm(Enum):
    """What the pump can alarm of; ``NONE`` stands for no alarm where one would be named."""

    NONE = "none"
    FAULT = "fault"
    REPEATED_OCCLUSION = "repeated occlusion"
    OCCLUSION = "occlusion"
    EMPTY = "empty"
    RESERVOIR_REMOVED = "reservoir removed"
    DRIVE = "drive stalled or out of step"
    OVER_DELIVERY = "more was given than commanded"
    NO_FLOW = "far less was given than commanded"
    TEMPERATURE = "temperature out of range"
    LEVEL_IN_DOUBT = "the levels of the reservoir disagree"
    SET_EXPIRED = "end of the service of the infusion set"
    BATTERY_CRITICAL = "battery critical"
    AIR_IN_LINE = "air in line"
    BATTERY_LOW = "battery low"
    UNDER_DELIVERY = "less was given than commanded"
    NO_THERAPY = "no therapy for too long"
    LOW_RESERVOIR = "low reservoir"
    SET_CHANGE_DUE = "change of the infusion set due"


class Priority(Enum):
    """How soon the person has to act: at once, promptly, or in good time."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Action(Enum):
    """What an alarm does to delivery: it stops all of it, leaves basal alone, or leaves all as it is."""

    STOP = "stop"
    BASAL_ONLY = "basal only"
    CONTINUE = "continue"


@dataclass(frozen=True)
class AlarmLine:
    """One line of the table. The sound of an alarm that is not ``audio_pausable`` goes on through a pause."""

    alarm: Alarm
    priority: Priority
    action: Action
    audio_pausable: bool = True


ALARM_TABLE: Final = (
    AlarmLine(Alarm.FAULT, Priority.HIGH, Action.STOP),
    # Before the occlusion that it comes with: the line is to be changed, not only to be looked at.
    AlarmLine(Alarm.REPEATED_OCCLUSION, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.OCCLUSION, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.EMPTY, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.RESERVOIR_REMOVED, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.DRIVE, Priority.HIGH, Action.STOP),
    # The safe rate of a drive that gives more than it is told is none: it can be trusted with no other.
    AlarmLine(Alarm.OVER_DELIVERY, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.NO_FLOW, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.TEMPERATURE, Priority.HIGH, Action.STOP),
    # Who does not know the content may drive a reservoir that is empty, and nobody would notice for hours.
    AlarmLine(Alarm.LEVEL_IN_DOUBT, Priority.HIGH, Action.STOP),
    AlarmLine(Alarm.SET_EXPIRED, Priority.HIGH, Action.STOP),
    # Its sound can not be paused: the pump may be off before the pause is over.
    AlarmLine(Alarm.BATTERY_CRITICAL, Priority.HIGH, Action.BASAL_ONLY, audio_pausable=False),
    # Medium, as in a published table: the bubble itself does little harm, and missing insulin does it later.
    AlarmLine(Alarm.AIR_IN_LINE, Priority.MEDIUM, Action.STOP),
    AlarmLine(Alarm.BATTERY_LOW, Priority.MEDIUM, Action.CONTINUE),
    # A warning: to stop for a little missing insulin would make more of it miss. Far less than commanded stops.
    AlarmLine(Alarm.UNDER_DELIVERY, Priority.MEDIUM, Action.CONTINUE),
    # A reminder stops nothing: nothing is given. Medium, because missing insulin does harm within hours, not at once.
    AlarmLine(Alarm.NO_THERAPY, Priority.MEDIUM, Action.CONTINUE),
    AlarmLine(Alarm.LOW_RESERVOIR, Priority.LOW, Action.CONTINUE),
    AlarmLine(Alarm.SET_CHANGE_DUE, Priority.LOW, Action.CONTINUE),
)
"""Among alarms of one priority, the first in the table is signalled."""

ALARM_COUNT: Final = len(ALARM_TABLE)
ALARMS: Final = tuple(line.alarm for line in ALARM_TABLE)
PRIORITIES: Final = tuple(line.priority for line in ALARM_TABLE)
ACTIONS: Final = tuple(line.action for line in ALARM_TABLE)
AUDIO_PAUSABLE: Final = tuple(line.audio_pausable for line in ALARM_TABLE)

REPEATED_OCCLUSION: Final = ALARMS.index(Alarm.REPEATED_OCCLUSION)
OVER_DELIVERY: Final = ALARMS.index(Alarm.OVER_DELIVERY)
NO_FLOW: Final = ALARMS.index(Alarm.NO_FLOW)
UNDER_DELIVERY: Final = ALARMS.index(Alarm.UNDER_DELIVERY)
FAULT: Final = ALARMS.index(Alarm.FAULT)
OCCLUSION: Final = ALARMS.index(Alarm.OCCLUSION)
EMPTY: Final = ALARMS.index(Alarm.EMPTY)
RESERVOIR_REMOVED: Final = ALARMS.index(Alarm.RESERVOIR_REMOVED)
NO_THERAPY: Final = ALARMS.index(Alarm.NO_THERAPY)
LOW_RESERVOIR: Final = ALARMS.index(Alarm.LOW_RESERVOIR)
LEVEL_IN_DOUBT: Final = ALARMS.index(Alarm.LEVEL_IN_DOUBT)
SET_EXPIRED: Final = ALARMS.index(Alarm.SET_EXPIRED)
SET_CHANGE_DUE: Final = ALARMS.index(Alarm.SET_CHANGE_DUE)

AlarmPhases = Annotated[tuple[AlarmPhase, ...], Length(ALARM_COUNT)]
AlarmCauses = Annotated[tuple[bool, ...], Length(ALARM_COUNT)]


@dataclass(frozen=True)
class Alarms:
    """The phase of each alarm, in the order of the table, and the timers of their signals.

    ``unacknowledged_s`` counts the seconds for which something has been sounding without a break, up to the limit of
    escalation. ``audio_paused_s`` are the seconds that remain of a pause of the sound.
    """

    phases: AlarmPhases
    unacknowledged_s: int
    audio_paused_s: int
