"""The other alarms, acknowledgement, and what alarms may and may not stop."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import AcknowledgeAlarm, ReservoirReplaced, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.occlusion import OcclusionWatch, occlusion_found
from pumpproof.spec.pump.properties.words import accepted, held, is_on, request_is_accepted
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode, Pump


@dataclass(frozen=True)
class EmptyWatch:
    """The specification's own account of the empty alarm."""

    present: bool
    acknowledged: bool


@dataclass(frozen=True)
class LowWatch:
    """The specification's own account of the low-reservoir warning."""

    present: bool
    acknowledged: bool


def begin_empty(pump: Pump) -> EmptyWatch:
    """The reservoir is looked at from the first second on."""
    return EmptyWatch(present=False, acknowledged=True)


def look_for_empty(watch: EmptyWatch, pump: Pump) -> EmptyWatch:
    """A reservoir that is found empty anew wants a new acknowledgement."""
    present = pump.reservoir.pulses == 0
    return EmptyWatch(present=present, acknowledged=watch.acknowledged and (watch.present or not present))


def second_of_empty(watch: EmptyWatch, before: Pump) -> EmptyWatch:
    """Every second in which the pump is on, before its insulin."""
    return watch if before.mode is Mode.OFF else look_for_empty(watch, before)


def replacement_of_empty(watch: EmptyWatch, after: Pump, outputs: Outputs) -> EmptyWatch:
    """A new reservoir is looked at at once."""
    return look_for_empty(watch, after) if accepted(outputs) else watch


def acknowledgement_of_empty(
    watch: EmptyWatch, before: Pump, event: AcknowledgeAlarm, outputs: Outputs
) -> EmptyWatch:
    """Only an acknowledgement of this alarm counts; it looks at the reservoir again."""
    if event.alarm is not Alarm.EMPTY or not accepted(outputs):
        return watch
    return EmptyWatch(present=before.reservoir.pulses == 0, acknowledged=True)


EMPTY_WATCH = Observer(
    "empty watch",
    says="Keeps whether the reservoir is empty and whether that was acknowledged.",
    record=EmptyWatch,
    begin=begin_empty,
    steps=(
        (Tick, second_of_empty),
        (ReservoirReplaced, replacement_of_empty),
        (AcknowledgeAlarm, acknowledgement_of_empty),
    ),
)


def begin_low(pump: Pump) -> LowWatch:
    """The reservoir is looked at from the first second on."""
    return LowWatch(present=False, acknowledged=True)


def look_for_low(watch: LowWatch, pump: Pump, limits: Limits) -> LowWatch:
    """A reservoir that is found low anew wants a new acknowledgement."""
    present = pump.reservoir.pulses <= limits.low_reservoir_pulses
    return LowWatch(present=present, acknowledged=watch.acknowledged and (watch.present or not present))


def second_of_low(watch: LowWatch, before: Pump, limits: Limits) -> LowWatch:
    """Every second in which the pump is on, before its insulin."""
    return watch if before.mode is Mode.OFF else look_for_low(watch, before, limits)


def replacement_of_low(watch: LowWatch, after: Pump, outputs: Outputs, limits: Limits) -> LowWatch:
    """A new reservoir is looked at at once."""
    return look_for_low(watch, after, limits) if accepted(outputs) else watch


def acknowledgement_of_low(
    watch: LowWatch, before: Pump, event: AcknowledgeAlarm, outputs: Outputs, limits: Limits
) -> LowWatch:
    """Only an acknowledgement of this alarm counts; it looks at the reservoir again."""
    if event.alarm is not Alarm.LOW_RESERVOIR or not accepted(outputs):
        return watch
    return LowWatch(present=before.reservoir.pulses <= limits.low_reservoir_pulses, acknowledged=True)


LOW_WATCH = Observer(
    "low-reservoir watch",
    says="Keeps whether the reservoir is low and whether that was acknowledged.",
    record=LowWatch,
    begin=begin_low,
    steps=(
        (Tick, second_of_low),
        (ReservoirReplaced, replacement_of_low),
        (AcknowledgeAlarm, acknowledgement_of_low),
    ),
)


def empty_alarm_is_on(pump: Pump) -> bool:
    return pump.alarms.empty is not AlarmPhase.SILENT


@invariant(
    "INV-ALARM-001",
    says="The empty alarm sounds until it is acknowledged, and is latched until its cause is gone too.",
    formalizes=("REQ-ALARM-001.b",),
    witness=empty_alarm_is_on,
)
def empty_alarm_is_latched(pump: Pump, watch: EmptyWatch) -> bool:
    sounding = (pump.alarms.empty is AlarmPhase.SOUNDING) == (not watch.acknowledged)
    silent = (pump.alarms.empty is AlarmPhase.SILENT) == (watch.acknowledged and not watch.present)
    return sounding and silent


def low_reservoir_alarm_is_on(pump: Pump) -> bool:
    return pump.alarms.low_reservoir is not AlarmPhase.SILENT


@invariant(
    "INV-ALARM-002",
    says="The low-reservoir warning sounds until it is acknowledged, and is latched until its cause is gone too.",
    formalizes=("REQ-ALARM-001.c", "REQ-RES-004"),
    witness=low_reservoir_alarm_is_on,
)
def low_reservoir_alarm_is_latched(pump: Pump, watch: LowWatch) -> bool:
    sounding = (pump.alarms.low_reservoir is AlarmPhase.SOUNDING) == (not watch.acknowledged)
    silent = (pump.alarms.low_reservoir is AlarmPhase.SILENT) == (watch.acknowledged and not watch.present)
    return sounding and silent


def stop_alarm_is_latched(before: Pump) -> bool:
    return before.alarms.occlusion is not AlarmPhase.SILENT or before.alarms.empty is not AlarmPhase.SILENT


def stop_alarm_holds(pump: Pump) -> bool:
    return pump.holds.alarm


@invariant(
    "INV-ALARM-008",
    says="While an alarm that stops the insulin is latched, its hold is set.",
    formalizes=("REQ-ALARM-003", "REQ-BOLUS-011"),
    witness=stop_alarm_holds,
)
def latched_alarm_holds(pump: Pump) -> bool:
    silent = pump.alarms.occlusion is AlarmPhase.SILENT and pump.alarms.empty is AlarmPhase.SILENT
    return pump.holds.alarm or silent


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
    says="A second sets the hold of the alarms for an occlusion or an empty reservoir, and for nothing else.",
    formalizes=("REQ-ALARM-003", "REQ-ALARM-004.b", "REQ-ALARM-006.a"),
    when=pump_is_on,
    uses=("INV-OCC-001",),
)
def only_stop_alarms_hold(
    before: Pump, after: Pump, event: Tick, limits: Limits, watch: OcclusionWatch
) -> bool:
    stop = occlusion_found(watch, event, limits) or before.reservoir.pulses == 0
    return after.holds.alarm == (before.holds.alarm or stop)


def only_a_warning(before: Pump, event: Tick, limits: Limits, watch: OcclusionWatch) -> bool:
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    warned = before.alarms.low_reservoir is not AlarmPhase.SILENT
    return free and warned and before.reservoir.pulses >= 1 and not occlusion_found(watch, event, limits)


@step_property(
    "INV-ALARM-005",
    says="A low-reservoir warning withholds no basal and stops nothing.",
    formalizes=("REQ-ALARM-004.a",),
    when=only_a_warning,
    uses=("INV-OCC-001",),
)
def warning_stops_nothing(before: Pump, after: Pump, event: Tick) -> bool:
    missed = after.basal.missed_pulses != before.basal.missed_pulses
    missed_part = after.basal.missed_accumulator != before.basal.missed_accumulator
    return after.mode is Mode.DELIVERING and not missed and not missed_part


@acceptance(
    "INV-ALARM-006",
    says="An alarm can be acknowledged exactly while the pump is on and it waits for its acknowledgement.",
    formalizes=("REQ-ALARM-002.a", "REQ-POWER-001.c", "REQ-UI-006.c"),
    uses=("INV-OCC-002", "INV-ALARM-001", "INV-ALARM-002"),
    witness=request_is_accepted,
)
def sounding_alarm_can_be_acknowledged(
    before: Pump,
    event: AcknowledgeAlarm,
    outputs: Outputs,
    occlusion: OcclusionWatch,
    empty: EmptyWatch,
    low: LowWatch,
) -> bool:
    if event.alarm is Alarm.OCCLUSION:
        return accepted(outputs) == (is_on(before) and not occlusion.acknowledged)
    if event.alarm is Alarm.EMPTY:
        return accepted(outputs) == (is_on(before) and not empty.acknowledged)
    return accepted(outputs) == (is_on(before) and not low.acknowledged)


@step_property(
    "INV-ALARM-007",
    says="An acknowledgement touches that alarm and nothing else.",
    formalizes=("REQ-ALARM-002.b",),
    witness=request_is_accepted,
)
def acknowledgement_touches_one_alarm(
    before: Pump, after: Pump, event: AcknowledgeAlarm, outputs: Outputs
) -> bool:
    if event.alarm is Alarm.OCCLUSION:
        expected = replace(before.alarms, occlusion=after.alarms.occlusion)
    elif event.alarm is Alarm.EMPTY:
        expected = replace(before.alarms, empty=after.alarms.empty)
    else:
        expected = replace(before.alarms, low_reservoir=after.alarms.low_reservoir)
    return after == replace(before, alarms=expected) and outputs.drive_pulses == 0


ALARM_PROPERTIES: tuple[Property, ...] = (
    empty_alarm_is_latched,
    low_reservoir_alarm_is_latched,
    latched_alarm_holds,
    nothing_while_stop_alarm_is_latched,
    only_stop_alarms_hold,
    warning_stops_nothing,
    sounding_alarm_can_be_acknowledged,
    acknowledgement_touches_one_alarm,
)
