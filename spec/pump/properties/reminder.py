"""The reminder: a pump that is on and gives no therapy says so, again and again, until a person lets therapy run."""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import AcknowledgeAlarm, Resume, StartDelivery, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, held, is_on
from pumpproof.spec.pump.state import NO_THERAPY, Alarm, AlarmPhase, Mode, Pump


@dataclass(frozen=True)
class TherapyGap:
    """For how many seconds no therapy could flow, since the person last knew of it: a resume, a start, an answer."""

    lasted_s: int


def begin_gap(pump: Pump) -> TherapyGap:
    """No second has passed."""
    return TherapyGap(lasted_s=0)


def therapy_may_flow(pump: Pump) -> bool:
    """Therapy was started and nothing holds it back."""
    return pump.mode is Mode.DELIVERING and not held(pump)


def second_of_gap(gap: TherapyGap, before: Pump) -> TherapyGap:
    """Every second in which the pump is on is one with therapy or one without."""
    if before.mode is Mode.OFF:
        return gap
    return TherapyGap(lasted_s=0 if therapy_may_flow(before) else gap.lasted_s + 1)


def note_answer(gap: TherapyGap, event: AcknowledgeAlarm, outputs: Outputs) -> TherapyGap:
    """The person knows of the gap as it is; from now on it counts anew."""
    return TherapyGap(lasted_s=0) if accepted(outputs) and event.alarm is Alarm.NO_THERAPY else gap


def note_resume(gap: TherapyGap, before: Pump, outputs: Outputs) -> TherapyGap:
    """A resume in idle lets nothing flow yet."""
    return TherapyGap(lasted_s=0) if accepted(outputs) and before.mode is Mode.DELIVERING else gap


def note_start(gap: TherapyGap, outputs: Outputs) -> TherapyGap:
    """Therapy was started."""
    return TherapyGap(lasted_s=0) if accepted(outputs) else gap


THERAPY_GAP = Observer(
    "therapy gap",
    says="Counts the seconds on without therapy since therapy ran, was let run, or its absence was acknowledged.",
    record=TherapyGap,
    begin=begin_gap,
    steps=(
        (Tick, second_of_gap),
        (AcknowledgeAlarm, note_answer),
        (Resume, note_resume),
        (StartDelivery, note_start),
    ),
)


def therapy_is_missing(gap: TherapyGap) -> bool:
    return gap.lasted_s > 0


@invariant(
    "INV-SUSP-040",
    says="The seconds without therapy since the person last knew of it are counted exactly, up to the reminder.",
    formalizes=("REQ-ALARM-011.d", "REQ-ALARM-012.a"),
    witness=therapy_is_missing,
)
def gap_is_counted(pump: Pump, gap: TherapyGap, limits: Limits) -> bool:
    return pump.reminder.without_therapy_s == min(gap.lasted_s, limits.reminder_s) and gap.lasted_s >= 0


def reminder_sounds(pump: Pump) -> bool:
    return pump.alarms.phases[NO_THERAPY] is AlarmPhase.SOUNDING


@lemma(
    "INV-SUSP-110",
    says="The reminder sounds or is silent: an acknowledgement ends it, because its time begins anew.",
    witness=reminder_sounds,
)
def reminder_is_never_quiet(pump: Pump) -> bool:
    return pump.alarms.phases[NO_THERAPY] is not AlarmPhase.ACKNOWLEDGED


@lemma(
    "INV-SUSP-111",
    says="While the reminder is silent, there has been no gap as long as it takes to remind.",
    uses=("INV-SUSP-040", "INV-SUSP-110"),
    witness=therapy_is_missing,
)
def silent_reminder_is_not_due(pump: Pump, gap: TherapyGap, limits: Limits) -> bool:
    return gap.lasted_s < limits.reminder_s or pump.alarms.phases[NO_THERAPY] is AlarmPhase.SOUNDING


def gap_is_too_long(before: Pump, event: Tick, limits: Limits, gap: TherapyGap) -> bool:
    return is_on(before) and not therapy_may_flow(before) and gap.lasted_s + 1 >= limits.reminder_s


@step_property(
    "INV-SUSP-041",
    says="After the limit without therapy, on in whatever mode, every second reminds until it is acknowledged.",
    formalizes=("REQ-ALARM-012.a", "REQ-ALARM-012.b"),
    when=gap_is_too_long,
    uses=("INV-SUSP-040", "INV-SUSP-110"),
)
def gap_is_announced(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    sounds = after.alarms.phases[NO_THERAPY] is AlarmPhase.SOUNDING
    return sounds and outputs.signal.light and outputs.signal.vibration


def reminder_is_answered(event: AcknowledgeAlarm, outputs: Outputs) -> bool:
    return accepted(outputs) and event.alarm is Alarm.NO_THERAPY


@step_property(
    "INV-SUSP-042",
    says="An acknowledgement silences the reminder at once, and its time begins anew.",
    formalizes=("REQ-ALARM-012.b",),
    when=reminder_is_answered,
)
def answer_silences_the_reminder(after: Pump, event: AcknowledgeAlarm, outputs: Outputs) -> bool:
    silent = after.alarms.phases[NO_THERAPY] is AlarmPhase.SILENT
    return silent and after.reminder.without_therapy_s == 0


def reminder_begins(before: Pump, after: Pump) -> bool:
    earlier = before.alarms.phases[NO_THERAPY]
    return earlier is AlarmPhase.SILENT and after.alarms.phases[NO_THERAPY] is not AlarmPhase.SILENT


@step_property(
    "INV-SUSP-043",
    says="The reminder begins only where no therapy may flow, and only after the whole limit without.",
    formalizes=("REQ-ALARM-012.c",),
    when=reminder_begins,
    uses=("INV-SUSP-040", "INV-SUSP-111"),
)
def reminder_begins_after_a_gap(before: Pump, after: Pump, limits: Limits, gap: TherapyGap) -> bool:
    return not therapy_may_flow(before) and gap.lasted_s + 1 >= limits.reminder_s


REMINDER_PROPERTIES: tuple[Property, ...] = (
    gap_is_counted,
    reminder_is_never_quiet,
    silent_reminder_is_not_due,
    gap_is_announced,
    answer_silences_the_reminder,
    reminder_begins_after_a_gap,
)
