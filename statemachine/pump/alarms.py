"""Alarms: their causes, how they latch, what they do to delivery, and how they are acknowledged."""

from dataclasses import replace

from pumpproof.spec.pump.events import AcknowledgeAlarm, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import (
    ACTIONS,
    ALARM_COUNT,
    ALARMS,
    Action,
    Alarm,
    AlarmCauses,
    AlarmPhase,
    AlarmPhases,
    Alarms,
    Battery,
    InfusionSet,
    Mode,
    Motion,
    Pump,
    Reminder,
    Reservoir,
    Temperature,
)
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.confirmation import withdraw_bolus
from pumpproof.statemachine.pump.doses import break_prime, end_bolus, end_extended_bolus
from pumpproof.statemachine.pump.drive_count import gives_far_too_little, gives_too_little, gives_too_much
from pumpproof.statemachine.pump.reminder import reminder_is_due, time_begins_anew
from pumpproof.statemachine.pump.second import second_passes
from pumpproof.statemachine.pump.signals import something_sounds
from pumpproof.statemachine.pump.suggestion import end_suggestion
from pumpproof.statemachine.pump.supervision import supervision_fails


def reservoir_is_empty(reservoir: Reservoir) -> bool:
    """No whole pulse is left."""
    return reservoir.pulses == 0


def reservoir_is_low(reservoir: Reservoir, limits: Limits) -> bool:
    """The reservoir holds no more than the level of the warning."""
    return reservoir.pulses <= limits.low_reservoir_pulses


def reservoir_is_missed(pump: Pump) -> bool:
    """It was removed while the pump may drive it; in idle it is taken out to be replaced, which is no alarm."""
    may_drive = pump.mode is Mode.DELIVERING or pump.mode is Mode.PRIMING
    return may_drive and not pump.hardware.reservoir_present


def levels_disagree(reservoir: Reservoir, limits: Limits) -> bool:
    """The last reading of the level was too far from the count, whichever of the two was the larger."""
    error_pulses = reservoir.level_error_pulses
    return max(error_pulses, -error_pulses) >= limits.level_disagreement_pulses


def set_change_is_due(infusion_set: InfusionSet, limits: Limits) -> bool:
    """The set has been in use for as long as it should."""
    return infusion_set.age_s >= limits.set_change_s


def set_is_expired(infusion_set: InfusionSet, limits: Limits) -> bool:
    """The grace that follows is over too, where the set has an end at all."""
    ends = limits.service_grace_s > 0
    end_s = limits.set_change_s + limits.service_grace_s
    return ends and infusion_set.age_s >= end_s


def causes(pump: Pump, limits: Limits) -> AlarmCauses:
    """Which alarms have their cause now, in the order of the table."""
    return (
        pump.mode is Mode.FAULT or supervision_fails(pump.supervision, limits),
        pump.line.occluded_repeatedly,
        pump.line.occluded,
        reservoir_is_empty(pump.reservoir),
        reservoir_is_missed(pump),
        pump.hardware.motion is not Motion.FOLLOWS,
        gives_too_much(pump.drive_count, limits),
        gives_far_too_little(pump.drive_count, limits),
        pump.hardware.temperature is not Temperature.IN_RANGE,
        levels_disagree(pump.reservoir, limits),
        set_is_expired(pump.infusion_set, limits),
        pump.hardware.battery is Battery.CRITICAL,
        pump.hardware.air_in_line,
        pump.hardware.battery is not Battery.GOOD,
        gives_too_little(pump.drive_count, limits),
        reminder_is_due(pump.reminder, limits),
        reservoir_is_low(pump.reservoir, limits),
        set_change_is_due(pump.infusion_set, limits),
    )


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


def is_latched(phases: AlarmPhases, action: Action) -> bool:
    """Some alarm with this action is latched."""
    return any(phases[k] is not AlarmPhase.SILENT and ACTIONS[k] is action for k in range(ALARM_COUNT))


def move_alarms(alarms: Alarms, found: AlarmCauses) -> Alarms:
    """Each alarm looks at its cause; one that begins to sound ends a pause of the sound."""
    begins = any(alarms.phases[k] is AlarmPhase.SILENT and found[k] for k in range(ALARM_COUNT))
    return replace(
        alarms,
        phases=tuple(next_phase(alarms.phases[k], found[k]) for k in range(ALARM_COUNT)),
        audio_paused_s=0 if begins else alarms.audio_paused_s,
    )


def any_cause(found: AlarmCauses, action: Action) -> bool:
    """Some alarm with this action has its cause now."""
    return any(found[k] and ACTIONS[k] is action for k in range(ALARM_COUNT))


def finds_stop(pump: Pump, limits: Limits) -> bool:
    """Some alarm that stops the insulin has its cause now."""
    return any_cause(causes(pump, limits), Action.STOP)


def second_finds_stop(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """Once this second has passed, and before its insulin, there is a reason to stop."""
    return finds_stop(second_passes(pump, tick, limits), limits)


def watch_alarms(pump: Pump, limits: Limits) -> Pump:
    """Move every alarm, and do to delivery what they ask for.

    A cause to stop holds all insulin back and ends boluses and prime; one that leaves basal only ends boluses. A bolus
    that waits for its confirmation ends with them: it would be refused, and nobody is to confirm what cannot be given.
    So does a suggestion: after an interruption its glucose may be old before anybody looks at it again.
    """
    found = causes(pump, limits)
    stops = any_cause(found, Action.STOP)
    ends_bolus = stops or any_cause(found, Action.BASAL_ONLY)
    return replace(
        pump,
        alarms=move_alarms(pump.alarms, found),
        holds=replace(pump.holds, alarm=pump.holds.alarm or stops),
        bolus=end_bolus(pump.bolus) if ends_bolus else pump.bolus,
        calculator=end_suggestion(pump.calculator) if ends_bolus else pump.calculator,
        extended_bolus=end_extended_bolus(pump.extended_bolus) if ends_bolus else pump.extended_bolus,
        confirmation=withdraw_bolus(pump.confirmation) if ends_bolus else pump.confirmation,
        prime=break_prime(pump.prime) if stops else pump.prime,
    )


def refuse_acknowledgement(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Reason:
    """Only an alarm that sounds can be acknowledged."""
    sounds = any(
        ALARMS[k] is event.alarm and pump.alarms.phases[k] is AlarmPhase.SOUNDING for k in range(ALARM_COUNT)
    )
    return Reason.NONE if sounds else Reason.NOT_SOUNDING


def reminder_after(pump: Pump, alarm: Alarm) -> Reminder:
    """A reminder that was acknowledged comes again, when its whole time has passed once more."""
    return time_begins_anew() if alarm is Alarm.NO_THERAPY else pump.reminder


def acknowledge(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Step:
    """Acknowledge this alarm and no other, by what its cause is now; the last one ends the wait for escalation."""
    reminder = reminder_after(pump, event.alarm)
    found = causes(replace(pump, reminder=reminder), limits)
    phases = tuple(
        acknowledged_phase(found[k]) if ALARMS[k] is event.alarm else pump.alarms.phases[k]
        for k in range(ALARM_COUNT)
    )
    waited_s = pump.alarms.unacknowledged_s if something_sounds(phases) else 0
    alarms = replace(pump.alarms, phases=phases, unacknowledged_s=waited_s)
    return Step(replace(pump, alarms=alarms, reminder=reminder))


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
