"""Alarms: how they latch, what they stop, and how they are acknowledged."""

from dataclasses import replace

from pumpproof.spec.pump.events import AcknowledgeAlarm
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.doses import end_doses


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


def occlusion_persists(pump: Pump, limits: Limits) -> bool:
    """The pressure has been high for as long as it takes to declare an occlusion."""
    return pump.pressure_high_s >= limits.occlusion_persistence_s


def reservoir_is_empty(pump: Pump) -> bool:
    """No whole pulse is left."""
    return pump.reservoir_pulses == 0


def reservoir_is_low(pump: Pump, limits: Limits) -> bool:
    """The reservoir holds no more than the level of the warning."""
    return pump.reservoir_pulses <= limits.low_reservoir_pulses


def watch_alarms(pump: Pump, limits: Limits) -> Pump:
    """Move every alarm; an occlusion or an empty reservoir holds all insulin back and ends bolus and prime."""
    watched = replace(
        pump,
        occlusion_alarm=next_phase(pump.occlusion_alarm, occlusion_persists(pump, limits)),
        empty_alarm=next_phase(pump.empty_alarm, reservoir_is_empty(pump)),
        low_reservoir_alarm=next_phase(pump.low_reservoir_alarm, reservoir_is_low(pump, limits)),
    )
    if occlusion_persists(pump, limits) or reservoir_is_empty(pump):
        return replace(end_doses(watched), alarm_hold=True)
    return watched


def phase_of(pump: Pump, alarm: Alarm) -> AlarmPhase:
    """The phase of one alarm."""
    if alarm is Alarm.OCCLUSION:
        return pump.occlusion_alarm
    if alarm is Alarm.EMPTY:
        return pump.empty_alarm
    return pump.low_reservoir_alarm


def refuse_acknowledgement(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Reason:
    """Only an alarm that sounds can be acknowledged."""
    return Reason.NONE if phase_of(pump, event.alarm) is AlarmPhase.SOUNDING else Reason.NOT_SOUNDING


def acknowledge(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Step:
    """Acknowledge this alarm and no other."""
    if event.alarm is Alarm.OCCLUSION:
        return Step(replace(pump, occlusion_alarm=acknowledged_phase(occlusion_persists(pump, limits))))
    if event.alarm is Alarm.EMPTY:
        return Step(replace(pump, empty_alarm=acknowledged_phase(reservoir_is_empty(pump))))
    return Step(replace(pump, low_reservoir_alarm=acknowledged_phase(reservoir_is_low(pump, limits))))


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
