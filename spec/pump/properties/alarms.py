"""Alarms: how they latch and end, what each does to delivery, and acknowledgement."""

from dataclasses import dataclass, replace
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    ConfirmLine,
    EncoderRead,
    HardwareReported,
    ReservoirReplaced,
    Resume,
    StartDelivery,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import (
    asks_for,
    found,
    latched,
    seen_by_report,
    seen_by_second,
    stop_is_found,
)
from pumpproof.spec.pump.properties.words import (
    accepted,
    boluses_are_over,
    held,
    is_on,
    request_is_accepted,
)
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    ALARMS,
    EMPTY,
    LOW_RESERVOIR,
    NO_THERAPY,
    REPEATED_OCCLUSION,
    Action,
    Alarm,
    AlarmPhase,
    Mode,
    Pump,
    Question,
    Reminder,
)

Answers = Annotated[tuple[bool, ...], Length(ALARM_COUNT)]
"""One answer for each alarm, in the order of the table."""


@dataclass(frozen=True)
class AlarmWatch:
    """The specification's own account: of each alarm, whether its cause was there when last looked at, and whether
    this instance of it was acknowledged."""

    present: Answers
    acknowledged: Answers


def begin_watch(pump: Pump) -> AlarmWatch:
    """Nothing was looked at yet."""
    return AlarmWatch(
        present=tuple(False for k in range(ALARM_COUNT)),
        acknowledged=tuple(True for k in range(ALARM_COUNT)),
    )


def look(watch: AlarmWatch, seen: Pump, limits: Limits) -> AlarmWatch:
    """A cause that is found anew wants a new acknowledgement."""
    causes = found(seen, limits)
    return AlarmWatch(
        present=causes,
        acknowledged=tuple(
            watch.acknowledged[k] and (watch.present[k] or not causes[k]) for k in range(ALARM_COUNT)
        ),
    )


def look_in_second(watch: AlarmWatch, before: Pump, after: Pump, limits: Limits) -> AlarmWatch:
    """Every second in which the pump is on."""
    return watch if before.mode is Mode.OFF else look(watch, seen_by_second(before, after), limits)


def look_at_report(watch: AlarmWatch, before: Pump, after: Pump, limits: Limits) -> AlarmWatch:
    """A report is looked at at once, in every mode but off."""
    return watch if before.mode is Mode.OFF else look(watch, seen_by_report(before, after), limits)


def look_at_replacement(watch: AlarmWatch, after: Pump, outputs: Outputs, limits: Limits) -> AlarmWatch:
    """A new reservoir is looked at at once."""
    return look(watch, after, limits) if accepted(outputs) else watch


def look_at_line(watch: AlarmWatch, outputs: Outputs) -> AlarmWatch:
    """A line that the person has confirmed is no cause of the alarm of repeated occlusions any more."""
    if not accepted(outputs):
        return watch
    present = tuple(k != REPEATED_OCCLUSION and watch.present[k] for k in range(ALARM_COUNT))
    return replace(watch, present=present)


def note_acknowledgement(
    watch: AlarmWatch, after: Pump, event: AcknowledgeAlarm, outputs: Outputs, limits: Limits
) -> AlarmWatch:
    """An acknowledgement counts for its own alarm only, whose cause is looked at again."""
    if not accepted(outputs):
        return watch
    causes = found(after, limits)
    return AlarmWatch(
        present=tuple(
            causes[k] if event.alarm is ALARMS[k] else watch.present[k] for k in range(ALARM_COUNT)
        ),
        acknowledged=tuple(watch.acknowledged[k] or event.alarm is ALARMS[k] for k in range(ALARM_COUNT)),
    )


def reminder_is_over(watch: AlarmWatch) -> AlarmWatch:
    """Therapy runs again: the reminder has no cause, and who let it run has acknowledged that it did not."""
    return AlarmWatch(
        present=tuple(watch.present[k] and k != NO_THERAPY for k in range(ALARM_COUNT)),
        acknowledged=tuple(watch.acknowledged[k] or k == NO_THERAPY for k in range(ALARM_COUNT)),
    )


def note_resume(watch: AlarmWatch, before: Pump, outputs: Outputs) -> AlarmWatch:
    """A resume of therapy, not one in idle, where therapy has still to be started."""
    return reminder_is_over(watch) if accepted(outputs) and before.mode is Mode.DELIVERING else watch


def note_start(watch: AlarmWatch, outputs: Outputs) -> AlarmWatch:
    """A start of therapy."""
    return reminder_is_over(watch) if accepted(outputs) else watch


ALARM_WATCH = Observer(
    "alarm watch",
    says="Keeps of each alarm whether its cause is present and whether that was acknowledged.",
    record=AlarmWatch,
    begin=begin_watch,
    steps=(
        (Tick, look_in_second),
        (HardwareReported, look_at_report),
        (EncoderRead, look_at_report),
        (ReservoirReplaced, look_at_replacement),
        (ConfirmLine, look_at_line),
        (AcknowledgeAlarm, note_acknowledgement),
        (Resume, note_resume),
        (StartDelivery, note_start),
    ),
)


def some_alarm_is_acknowledged(pump: Pump) -> bool:
    return any(pump.alarms.phases[k] is AlarmPhase.ACKNOWLEDGED for k in range(ALARM_COUNT))


@invariant(
    "INV-ALARM-009",
    says="Every alarm sounds until it is acknowledged, and is latched until its cause is gone too.",
    formalizes=("REQ-ALARM-001.d",),
    witness=some_alarm_is_acknowledged,
)
def every_alarm_is_latched(pump: Pump, watch: AlarmWatch) -> bool:
    return all(
        (pump.alarms.phases[k] is AlarmPhase.SOUNDING) == (not watch.acknowledged[k])
        and (pump.alarms.phases[k] is AlarmPhase.SILENT) == (watch.acknowledged[k] and not watch.present[k])
        for k in range(ALARM_COUNT)
    )


def empty_alarm_is_on(pump: Pump) -> bool:
    return pump.alarms.phases[EMPTY] is not AlarmPhase.SILENT


@invariant(
    "INV-ALARM-001",
    says="The empty alarm sounds until it is acknowledged, and is latched until its cause is gone too.",
    formalizes=("REQ-ALARM-001.b",),
    witness=empty_alarm_is_on,
)
def empty_alarm_is_latched(pump: Pump, watch: AlarmWatch) -> bool:
    phase = pump.alarms.phases[EMPTY]
    sounding = (phase is AlarmPhase.SOUNDING) == (not watch.acknowledged[EMPTY])
    return sounding and (phase is AlarmPhase.SILENT) == (
        watch.acknowledged[EMPTY] and not watch.present[EMPTY]
    )


def low_reservoir_alarm_is_on(pump: Pump) -> bool:
    return pump.alarms.phases[LOW_RESERVOIR] is not AlarmPhase.SILENT


@invariant(
    "INV-ALARM-002",
    says="The low-reservoir warning sounds until it is acknowledged, and is latched until its cause is gone too.",
    formalizes=("REQ-ALARM-001.c", "REQ-RES-004"),
    witness=low_reservoir_alarm_is_on,
)
def low_reservoir_alarm_is_latched(pump: Pump, watch: AlarmWatch) -> bool:
    phase = pump.alarms.phases[LOW_RESERVOIR]
    sounding = (phase is AlarmPhase.SOUNDING) == (not watch.acknowledged[LOW_RESERVOIR])
    return sounding and (phase is AlarmPhase.SILENT) == (
        watch.acknowledged[LOW_RESERVOIR] and not watch.present[LOW_RESERVOIR]
    )


def some_acknowledged_alarm_ends(before: Pump, after: Pump, event: Tick) -> bool:
    return any(
        before.alarms.phases[k] is AlarmPhase.ACKNOWLEDGED and after.alarms.phases[k] is AlarmPhase.SILENT
        for k in range(ALARM_COUNT)
    )


@step_property(
    "INV-ALARM-010",
    says="The second that no longer finds the cause of an acknowledged alarm ends it.",
    formalizes=("REQ-ALARM-002.c",),
    witness=some_acknowledged_alarm_ends,
)
def acknowledged_alarm_ends(before: Pump, after: Pump, event: Tick, limits: Limits) -> bool:
    causes = found(seen_by_second(before, after), limits)
    return before.mode is Mode.OFF or all(
        before.alarms.phases[k] is not AlarmPhase.ACKNOWLEDGED
        or causes[k]
        or after.alarms.phases[k] is AlarmPhase.SILENT
        for k in range(ALARM_COUNT)
    )


def stop_alarm_is_latched(before: Pump) -> bool:
    return latched(before, Action.STOP)


def stop_alarm_holds(pump: Pump) -> bool:
    return pump.holds.alarm


@invariant(
    "INV-ALARM-008",
    says="While an alarm that stops the insulin is latched, its hold is set.",
    formalizes=("REQ-ALARM-003", "REQ-BOLUS-011"),
    witness=stop_alarm_holds,
)
def latched_alarm_holds(pump: Pump) -> bool:
    return pump.holds.alarm or not latched(pump, Action.STOP)


@step_property(
    "INV-ALARM-003",
    says="Nothing is commanded while an alarm that stops the insulin is latched.",
    formalizes=("REQ-ALARM-003",),
    when=stop_alarm_is_latched,
    uses=("INV-ALARM-008", "INV-PRIME-009"),
)
def nothing_while_stop_alarm_is_latched(before: Pump, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def pump_is_on(before: Pump) -> bool:
    return is_on(before)


@step_property(
    "INV-ALARM-004",
    says="A second sets the hold of the alarms for the cause of an alarm that stops the insulin, and for nothing else.",
    formalizes=("REQ-ALARM-003", "REQ-ALARM-004.b", "REQ-ALARM-006.a"),
    when=pump_is_on,
)
def only_stop_alarms_hold(before: Pump, after: Pump, event: Tick, limits: Limits) -> bool:
    return after.holds.alarm == (before.holds.alarm or stop_is_found(before, after, limits))


def only_a_warning(before: Pump, after: Pump, event: Tick, limits: Limits) -> bool:
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    warned = latched(before, Action.CONTINUE) or latched(before, Action.BASAL_ONLY)
    return free and warned and not stop_is_found(before, after, limits)


@step_property(
    "INV-ALARM-005",
    says="An alarm that does not stop the insulin withholds no basal and ends no therapy.",
    formalizes=("REQ-ALARM-004.a", "REQ-ALARM-006.c", "REQ-POWER-006.b"),
    when=only_a_warning,
)
def warning_stops_nothing(before: Pump, after: Pump, event: Tick) -> bool:
    missed = after.basal.missed_pulses != before.basal.missed_pulses
    missed_part = after.basal.missed_accumulator != before.basal.missed_accumulator
    return after.mode is Mode.DELIVERING and not missed and not missed_part


def basal_alone_is_left(pump: Pump) -> bool:
    return latched(pump, Action.BASAL_ONLY) and pump.mode is Mode.DELIVERING


@invariant(
    "INV-ALARM-011",
    says="While an alarm is latched that leaves basal only, no bolus runs or waits for its confirmation.",
    formalizes=("REQ-ALARM-006.c", "REQ-POWER-006.b"),
    uses=(
        "INV-RES-002",
        "INV-BOLUS-107",
    ),
    witness=basal_alone_is_left,
)
def no_bolus_where_basal_alone_is_left(pump: Pump) -> bool:
    none = boluses_are_over(pump) and pump.confirmation.question is not Question.BOLUS
    return none or not latched(pump, Action.BASAL_ONLY)


def bolus_runs_on_through_a_warning(before: Pump, after: Pump, event: Tick, limits: Limits) -> bool:
    asked = stop_is_found(before, after, limits) or asks_for(
        seen_by_second(before, after), limits, Action.BASAL_ONLY
    )
    return not boluses_are_over(before) and not asked


@step_property(
    "INV-ALARM-012",
    says="A second ends a bolus before its last pulse only for an alarm that stops the insulin or leaves basal only.",
    formalizes=("REQ-ALARM-006.d",),
    when=bolus_runs_on_through_a_warning,
)
def warning_ends_no_bolus(before: Pump, after: Pump, event: Tick) -> bool:
    extended = after.extended_bolus.cancelled_pulses == before.extended_bolus.cancelled_pulses
    return extended and after.bolus.cancelled_pulses == before.bolus.cancelled_pulses


@acceptance(
    "INV-ALARM-006",
    says="An alarm can be acknowledged exactly while the pump is on and it waits for its acknowledgement.",
    formalizes=("REQ-ALARM-002.a", "REQ-POWER-001.c", "REQ-UI-006.c"),
    uses=("INV-ALARM-009",),
    witness=request_is_accepted,
)
def sounding_alarm_can_be_acknowledged(
    before: Pump, event: AcknowledgeAlarm, outputs: Outputs, watch: AlarmWatch
) -> bool:
    waits = any(ALARMS[k] is event.alarm and not watch.acknowledged[k] for k in range(ALARM_COUNT))
    return accepted(outputs) == (is_on(before) and waits)


@step_property(
    "INV-ALARM-007",
    says="An acknowledgement touches its own alarm, the time of a reminder, the wait once nothing sounds, and no more.",
    formalizes=("REQ-ALARM-002.b",),
    witness=request_is_accepted,
)
def acknowledgement_touches_one_alarm(
    before: Pump, after: Pump, event: AcknowledgeAlarm, outputs: Outputs
) -> bool:
    others = all(
        after.alarms.phases[k] == before.alarms.phases[k] or ALARMS[k] is event.alarm
        for k in range(ALARM_COUNT)
    )
    waited = after.alarms.unacknowledged_s == before.alarms.unacknowledged_s or all(
        after.alarms.phases[k] is not AlarmPhase.SOUNDING for k in range(ALARM_COUNT)
    )
    alarms = replace(
        before.alarms,
        phases=after.alarms.phases,
        unacknowledged_s=after.alarms.unacknowledged_s,
    )
    reminded = event.alarm is Alarm.NO_THERAPY and accepted(outputs)
    reminder = Reminder(without_therapy_s=0) if reminded else before.reminder
    expected = replace(before, alarms=alarms, reminder=reminder)
    return others and waited and after == expected and outputs.drive_pulses == 0


ALARM_PROPERTIES: tuple[Property, ...] = (
    every_alarm_is_latched,
    empty_alarm_is_latched,
    low_reservoir_alarm_is_latched,
    acknowledged_alarm_ends,
    latched_alarm_holds,
    nothing_while_stop_alarm_is_latched,
    only_stop_alarms_hold,
    warning_stops_nothing,
    no_bolus_where_basal_alone_is_left,
    warning_ends_no_bolus,
    sounding_alarm_can_be_acknowledged,
    acknowledgement_touches_one_alarm,
)
