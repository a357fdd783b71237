"""Alarms: how they latch, what they stop, and how they are acknowledged."""

from dataclasses import replace

from pumpproof.spec.pump.events import AcknowledgeAlarm
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Alarms, Line, Mode, Pump, Reservoir
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.doses import end_doses
from pumpproof.statemachine.pump.line import occlusion_persists


def next_phase(phase: AlarmPhase, cause: bool) -> AlarmPhase:
    """A cause wakes a silent alarm; an acknowledged alarm falls silent once its cause is gone."""
    if phase is AlarmPhase.SILENT and cause:
        return AlarmPhase.SOUNDING
    if phase is AlarmPhase.ACKNOWLEDGED and not cause:
        return AlarmPhase.SILENT
    return phase


def acknowledged_phase(cause: bool) -> AlarmPhase:
    """An acknowledged alarm stays latched while its cause persists."""
    return AlarmPhase.ACKNOWLEDGED if cause else AlarmPhase.SILENT


def reservoir_is_empty(reservoir: Reservoir) -> bool:
    """No whole pulse is left."""
    return reservoir.pulses == 0


def reservoir_is_low(reservoir: Reservoir, limits: Limits) -> bool:
    """The reservoir holds no more than the level of the warning."""
    return reservoir.pulses <= limits.low_reservoir_pulses


def move_alarms(alarms: Alarms, line: Line, reservoir: Reservoir, limits: Limits) -> Alarms:
    """Each alarm looks at its cause."""
    return Alarms(
        occlusion=next_phase(alarms.occlusion, occlusion_persists(line, limits)),
        empty=next_phase(alarms.empty, reservoir_is_empty(reservoir)),
        low_reservoir=next_phase(alarms.low_reservoir, reservoir_is_low(reservoir, limits)),
    )


def watch_alarms(pump: Pump, limits: Limits) -> Pump:
    """Move every alarm; an occlusion or an empty reservoir holds all insulin back and ends bolus and prime."""
    watched = replace(pump, alarms=move_alarms(pump.alarms, pump.line, pump.reservoir, limits))
    if occlusion_persists(pump.line, limits) or reservoir_is_empty(pump.reservoir):
        return replace(end_doses(watched), holds=replace(watched.holds, alarm=True))
    return watched


def phase_of(alarms: Alarms, alarm: Alarm) -> AlarmPhase:
    """The phase of one alarm."""
    if alarm is Alarm.OCCLUSION:
        return alarms.occlusion
    if alarm is Alarm.EMPTY:
        return alarms.empty
    return alarms.low_reservoir


def refuse_acknowledgement(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Reason:
    """Only an alarm that sounds can be acknowledged."""
    return Reason.NONE if phase_of(pump.alarms, event.alarm) is AlarmPhase.SOUNDING else Reason.NOT_SOUNDING


def acknowledged(pump: Pump, alarm: Alarm, limits: Limits) -> Alarms:
    """The alarms once this one is acknowledged, by what its cause is now."""
    if alarm is Alarm.OCCLUSION:
        return replace(pump.alarms, occlusion=acknowledged_phase(occlusion_persists(pump.line, limits)))
    if alarm is Alarm.EMPTY:
        return replace(pump.alarms, empty=acknowledged_phase(reservoir_is_empty(pump.reservoir)))
    return replace(pump.alarms, low_reservoir=acknowledged_phase(reservoir_is_low(pump.reservoir, limits)))


def acknowledge(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Step:
    """Acknowledge this alarm and no other."""
    return Step(replace(pump, alarms=acknowledged(pump, event.alarm, limits)))


ALARM_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-ALARM-001",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        AcknowledgeAlarm,
        refuse_acknowledgement,
        acknowledge,
        to=SAME_MODE,
        why="An alarm that sounds can be acknowledged in every mode; it falls silent when its cause is gone too.",
        requirements=("REQ-ALARM-001", "REQ-ALARM-002"),
    ),
    Refused(
        "MDL-ALARM-002",
        (Mode.OFF,),
        (AcknowledgeAlarm,),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
)
