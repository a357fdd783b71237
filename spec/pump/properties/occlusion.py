"""Occlusion: how it is found, what it stops at once, and what it takes to go on."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import AcknowledgeAlarm, ConfirmLine, Resume, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, boluses_are_over, is_on, rest_is_reported
from pumpproof.spec.pump.state import OCCLUSION, Alarm, AlarmPhase, Mode, Pump


@dataclass(frozen=True)
class OcclusionWatch:
    """The specification's own account of the occlusion alarm.

    ``last_s`` and ``one_before_s`` are the seconds since the last occlusion was found and since the one before it.
    ``unconfirmed`` and ``repeated`` last until the person confirms the line.
    """

    high_s: int
    present: bool
    acknowledged: bool
    unresolved: bool
    last_s: int
    one_before_s: int
    unconfirmed: bool
    repeated: bool


def begin_watch(limits: Limits) -> OcclusionWatch:
    """Nothing was ever found, so nothing lies within the window."""
    return OcclusionWatch(
        high_s=0,
        present=False,
        acknowledged=True,
        unresolved=False,
        last_s=limits.repeated_occlusion_window_s,
        one_before_s=limits.repeated_occlusion_window_s,
        unconfirmed=False,
        repeated=False,
    )


def high_seconds(watch: OcclusionWatch, event: Tick, limits: Limits) -> int:
    """Seconds of high pressure without a break, this second included."""
    return watch.high_s + 1 if event.pressure_pa >= limits.occlusion_pressure_pa else 0


def occlusion_found(watch: OcclusionWatch, event: Tick, limits: Limits) -> bool:
    """The pressure has been high for the whole persistence."""
    return high_seconds(watch, event, limits) >= limits.occlusion_persistence_s


def occlusion_stays(watch: OcclusionWatch, event: Tick, limits: Limits) -> bool:
    """It was found and the pressure has not fallen below the release threshold since."""
    return watch.present and not event.pressure_pa < limits.occlusion_release_pa


def occlusion_begins(watch: OcclusionWatch, event: Tick, limits: Limits) -> bool:
    """It is found now and was not present."""
    return occlusion_found(watch, event, limits) and not watch.present


def is_third_of_window(watch: OcclusionWatch, limits: Limits) -> bool:
    """An occlusion that is found now and the two before it lie within one window."""
    return watch.one_before_s + 1 < limits.repeated_occlusion_window_s


def watch_pressure(watch: OcclusionWatch, before: Pump, event: Tick, limits: Limits) -> OcclusionWatch:
    """A new occlusion wants a new acknowledgement and puts the line in question; the third puts it out of use."""
    if before.mode is Mode.OFF:
        return watch
    begins = occlusion_begins(watch, event, limits)
    present = begins or occlusion_found(watch, event, limits) or occlusion_stays(watch, event, limits)
    return OcclusionWatch(
        high_s=high_seconds(watch, event, limits),
        present=present,
        acknowledged=watch.acknowledged and not begins,
        unresolved=watch.unresolved or present,
        last_s=0 if begins else watch.last_s + 1,
        one_before_s=(watch.last_s if begins else watch.one_before_s) + 1,
        unconfirmed=watch.unconfirmed or begins,
        repeated=watch.repeated or (begins and is_third_of_window(watch, limits)),
    )


def note_confirmation(watch: OcclusionWatch, outputs: Outputs) -> OcclusionWatch:
    """A line that the person has confirmed is out of question."""
    doubted = not accepted(outputs)
    return replace(watch, unconfirmed=watch.unconfirmed and doubted, repeated=watch.repeated and doubted)


def note_acknowledgement(watch: OcclusionWatch, event: AcknowledgeAlarm, outputs: Outputs) -> OcclusionWatch:
    """Only an acknowledgement of this alarm counts."""
    return replace(
        watch,
        acknowledged=watch.acknowledged or (accepted(outputs) and event.alarm is Alarm.OCCLUSION),
    )


def note_resume(watch: OcclusionWatch, outputs: Outputs) -> OcclusionWatch:
    """A resume resolves an occlusion that is gone and was acknowledged, and no other."""
    resolved = accepted(outputs) and watch.acknowledged and not watch.present
    return replace(watch, unresolved=watch.unresolved and not resolved)


OCCLUSION_WATCH = Observer(
    "occlusion watch",
    says="Counts the seconds of high pressure and since the last occlusions, and keeps what became of the last one.",
    record=OcclusionWatch,
    begin=begin_watch,
    steps=(
        (Tick, watch_pressure),
        (AcknowledgeAlarm, note_acknowledgement),
        (Resume, note_resume),
        (ConfirmLine, note_confirmation),
    ),
)


def occlusion_is_present(watch: OcclusionWatch) -> bool:
    return watch.present


@invariant(
    "INV-OCC-001",
    says="The pump counts the seconds of high pressure exactly, up to the persistence.",
    formalizes=("REQ-OCC-001.a", "REQ-DOSE-005.d", "REQ-ALARM-011.a"),
    witness=occlusion_is_present,
)
def pressure_is_counted(pump: Pump, watch: OcclusionWatch, limits: Limits) -> bool:
    return pump.line.pressure_high_s == min(watch.high_s, limits.occlusion_persistence_s)


@lemma(
    "INV-OCC-101",
    says="An occlusion is present whenever the pressure has been high for the persistence.",
    witness=occlusion_is_present,
)
def persistence_is_presence(watch: OcclusionWatch, limits: Limits) -> bool:
    return watch.present or watch.high_s < limits.occlusion_persistence_s


def occlusion_outlasts_high_pressure(watch: OcclusionWatch) -> bool:
    return watch.present and watch.high_s == 0


@invariant(
    "INV-OCC-020",
    says="An occlusion lasts from the second that finds it to the first one below the release threshold.",
    formalizes=("REQ-OCC-006.a", "REQ-OCC-002"),
    uses=("INV-OCC-001", "INV-OCC-101"),
    witness=occlusion_outlasts_high_pressure,
)
def presence_is_true(pump: Pump, watch: OcclusionWatch) -> bool:
    return pump.line.occluded == watch.present


@invariant(
    "INV-OCC-002",
    says="The occlusion alarm sounds until it is acknowledged, and is latched until its cause is gone too.",
    formalizes=("REQ-ALARM-001.a", "REQ-OCC-002"),
    uses=("INV-OCC-001", "INV-OCC-101", "INV-OCC-020"),
    witness=occlusion_is_present,
)
def occlusion_alarm_is_latched(pump: Pump, watch: OcclusionWatch) -> bool:
    sounding = (pump.alarms.phases[OCCLUSION] is AlarmPhase.SOUNDING) == (not watch.acknowledged)
    silent = (pump.alarms.phases[OCCLUSION] is AlarmPhase.SILENT) == (
        watch.acknowledged and not watch.present
    )
    return sounding and silent


def occlusion_is_found(before: Pump, event: Tick, limits: Limits, watch: OcclusionWatch) -> bool:
    return is_on(before) and occlusion_found(watch, event, limits)


@step_property(
    "INV-OCC-003",
    says="The step that finds an occlusion commands nothing, alarms, holds, and reports the rest of boluses.",
    formalizes=("REQ-OCC-001.a", "REQ-OCC-001.b", "REQ-BOLUS-003"),
    when=occlusion_is_found,
    uses=("INV-OCC-001",),
)
def occlusion_stops_at_once(before: Pump, after: Pump, event: Tick, outputs: Outputs, limits: Limits) -> bool:
    stopped = (
        outputs.drive_pulses == 0
        and after.holds.alarm
        and after.alarms.phases[OCCLUSION] is not AlarmPhase.SILENT
    )
    ended = boluses_are_over(after) and after.prime.remaining_pulses == 0
    return stopped and ended and rest_is_reported(before, after)


def occlusion_waits_for_resume(watch: OcclusionWatch) -> bool:
    return watch.unresolved


@lemma(
    "INV-OCC-102",
    says="An unresolved occlusion holds all insulin back.",
    uses=("INV-OCC-001", "INV-OCC-002", "INV-OCC-020"),
    witness=occlusion_waits_for_resume,
)
def unresolved_occlusion_holds(pump: Pump, watch: OcclusionWatch) -> bool:
    return pump.holds.alarm or not watch.unresolved


def occlusion_is_unresolved(watch: OcclusionWatch) -> bool:
    return watch.unresolved


@step_property(
    "INV-OCC-004",
    says="After an occlusion nothing is commanded until it is gone, acknowledged, and explicitly resumed.",
    formalizes=("REQ-OCC-002", "REQ-OCC-006.c"),
    when=occlusion_is_unresolved,
    uses=("INV-OCC-102", "INV-PRIME-009"),
)
def nothing_before_occlusion_is_resolved(watch: OcclusionWatch, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def occlusion_is_open(watch: OcclusionWatch) -> bool:
    return watch.present or not watch.acknowledged


@step_property(
    "INV-OCC-005",
    says="Resume is refused while an occlusion is present or not acknowledged.",
    formalizes=("REQ-OCC-002",),
    when=occlusion_is_open,
    uses=("INV-OCC-002",),
)
def no_resume_from_open_occlusion(watch: OcclusionWatch, event: Resume, outputs: Outputs) -> bool:
    return not accepted(outputs)


OCCLUSION_PROPERTIES: tuple[Property, ...] = (
    pressure_is_counted,
    persistence_is_presence,
    presence_is_true,
    occlusion_alarm_is_latched,
    occlusion_stops_at_once,
    unresolved_occlusion_holds,
    nothing_before_occlusion_is_resolved,
    no_resume_from_open_occlusion,
)
