"""The line after an occlusion: what may be stored in it, how often it was occluded, and its confirmation."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import ConfirmLine, Resume, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.properties.occlusion import (
    OcclusionWatch,
    is_third_of_window,
    occlusion_begins,
    occlusion_found,
)
from pumpproof.spec.pump.properties.words import (
    accepted,
    boluses_are_over,
    held,
    is_on,
    open_for_settings,
    request_is_accepted,
)
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    OCCLUSION,
    REPEATED_OCCLUSION,
    AlarmPhase,
    Mode,
    Priority,
    Pump,
    Question,
)


@dataclass(frozen=True)
class LineWindow:
    """Occlusions that are found in a window, and whether the line was confirmed since a third one in it."""

    passed_s: int
    high_s: int
    present: bool
    found: int
    closed: bool
    third: bool


def open_window(pump: Pump) -> LineWindow:
    """A window may open at any moment, also during an occlusion, which then was found before it."""
    return LineWindow(
        passed_s=0,
        high_s=pump.line.pressure_high_s,
        present=pump.line.occluded,
        found=0,
        closed=False,
        third=False,
    )


def second_of_window(window: LineWindow, before: Pump, event: Tick, limits: Limits) -> LineWindow:
    """Count a second in which the pump is on, and the occlusion that is found in it, up to the length of the window."""
    if before.mode is Mode.OFF or window.closed:
        return window
    if window.passed_s == limits.repeated_occlusion_window_s:
        return replace(window, closed=True)
    high_s = window.high_s + 1 if event.pressure_pa >= limits.occlusion_pressure_pa else 0
    is_high = high_s >= limits.occlusion_persistence_s
    begins = is_high and not window.present
    return LineWindow(
        passed_s=window.passed_s + 1,
        high_s=high_s,
        present=is_high or (window.present and event.pressure_pa >= limits.occlusion_release_pa),
        found=window.found + (1 if begins else 0),
        closed=False,
        third=window.third or (begins and window.found >= 2),
    )


def confirm_in_window(window: LineWindow, outputs: Outputs) -> LineWindow:
    """Whoever has confirmed the line may go on; what was found stays found."""
    return replace(window, third=window.third and not accepted(outputs))


LINE_WINDOW = Observer(
    "line window",
    says="Opens at any moment and counts the occlusions that are found in the window of repeated ones.",
    record=LineWindow,
    begin=open_window,
    steps=((Tick, second_of_window), (ConfirmLine, confirm_in_window)),
    arbitrary_start=True,
)


def two_occlusions_lie_in_the_window(pump: Pump, limits: Limits) -> bool:
    return pump.line.since_one_before_s < limits.repeated_occlusion_window_s


@invariant(
    "INV-OCC-021",
    says="The pump knows exactly how long ago the last two occlusions were found, up to the window of repeated ones.",
    formalizes=("REQ-OCC-006.d", "REQ-DOSE-005"),
    uses=("INV-OCC-001", "INV-OCC-101", "INV-OCC-020"),
    witness=two_occlusions_lie_in_the_window,
)
def occlusions_are_dated(pump: Pump, watch: OcclusionWatch, limits: Limits) -> bool:
    last_s = min(watch.last_s, limits.repeated_occlusion_window_s)
    one_before_s = min(watch.one_before_s, limits.repeated_occlusion_window_s)
    return pump.line.since_last_s == last_s and pump.line.since_one_before_s == one_before_s


def line_was_occluded_thrice(watch: OcclusionWatch) -> bool:
    return watch.repeated


@invariant(
    "INV-OCC-022",
    says="From the third occlusion within the window until the line is confirmed it is out of use, and else never.",
    formalizes=("REQ-OCC-006.b", "REQ-OCC-006.d"),
    uses=("INV-OCC-001", "INV-OCC-020", "INV-OCC-021"),
    witness=line_was_occluded_thrice,
)
def repetition_is_true(pump: Pump, watch: OcclusionWatch) -> bool:
    return pump.line.occluded_repeatedly == watch.repeated


@lemma(
    "INV-OCC-110",
    says="The alarms of the line are latched while it is occluded, and while it is out of use.",
    witness=line_was_occluded_thrice,
)
def line_alarms_are_latched(pump: Pump, watch: OcclusionWatch) -> bool:
    occluded = pump.alarms.phases[OCCLUSION] is not AlarmPhase.SILENT or not pump.line.occluded
    repeated = pump.alarms.phases[REPEATED_OCCLUSION]
    silent = repeated is not AlarmPhase.SILENT or not pump.line.occluded_repeatedly
    return occluded and silent and (repeated is not AlarmPhase.ACKNOWLEDGED or pump.line.occluded_repeatedly)


def third_occlusion_is_found(before: Pump, event: Tick, limits: Limits, watch: OcclusionWatch) -> bool:
    third = occlusion_begins(watch, event, limits) and is_third_of_window(watch, limits)
    return is_on(before) and third and not watch.repeated


@step_property(
    "INV-OCC-023",
    says="The second that finds the third occlusion of a window holds all insulin back and sounds an alarm for it.",
    formalizes=("REQ-OCC-006.b",),
    when=third_occlusion_is_found,
    uses=("INV-OCC-001", "INV-OCC-020", "INV-OCC-021", "INV-OCC-022", "INV-OCC-110"),
)
def third_occlusion_stops(after: Pump, event: Tick, outputs: Outputs) -> bool:
    sounds = after.alarms.phases[REPEATED_OCCLUSION] is AlarmPhase.SOUNDING
    signalled = outputs.signal.light and outputs.signal.priority is Priority.HIGH
    return sounds and signalled and after.holds.alarm and outputs.drive_pulses == 0


@lemma(
    "INV-OCC-111",
    says="The last two occlusions of the pump are no older than those of the window, and it sees the same pressure.",
    uses=("INV-OCC-001",),
)
def window_and_pump_agree(pump: Pump, window: LineWindow, limits: Limits) -> bool:
    counted = pump.line.pressure_high_s == min(window.high_s, limits.occlusion_persistence_s)
    one = window.found == 0 or pump.line.since_last_s < window.passed_s
    two = window.found <= 1 or pump.line.since_one_before_s < window.passed_s
    together = counted and pump.line.occluded == window.present and one and two
    known = window.found >= 0 and window.passed_s >= 0
    return known and window.passed_s <= limits.repeated_occlusion_window_s and (window.closed or together)


def third_occlusion_was_found(window: LineWindow) -> bool:
    return window.third


@invariant(
    "INV-OCC-024",
    says="No window holds three occlusions, wherever it begins, unless the line is out of use until it is confirmed.",
    formalizes=("REQ-OCC-006.b",),
    uses=("INV-OCC-001", "INV-OCC-111"),
    witness=third_occlusion_was_found,
)
def three_occlusions_are_noticed(pump: Pump, window: LineWindow) -> bool:
    return pump.line.occluded_repeatedly or not window.third


@step_property(
    "INV-OCC-025",
    says="Nothing is commanded from the third occlusion of a window until the person has confirmed the line.",
    formalizes=("REQ-OCC-006.c",),
    when=third_occlusion_was_found,
    uses=("INV-OCC-024", "INV-OCC-110", "INV-ALARM-008", "INV-PRIME-009"),
)
def nothing_before_the_line_is_confirmed(window: LineWindow, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def resume_would_follow_the_third(before: Pump, watch: OcclusionWatch) -> bool:
    place = before.mode is Mode.IDLE or before.mode is Mode.DELIVERING
    return watch.repeated and place and not before.key_lock.locked


@step_property(
    "INV-OCC-026",
    says="Until the line is confirmed after a third occlusion, resume is refused, and this is the reason given.",
    formalizes=("REQ-OCC-006.c",),
    when=resume_would_follow_the_third,
    uses=("INV-OCC-022", "INV-OCC-110", "INV-ALARM-008"),
)
def repeated_occlusion_is_the_reason(event: Resume, outputs: Outputs) -> bool:
    return outputs.refusal is Reason.OCCLUDED_REPEATEDLY


def line_is_unconfirmed(watch: OcclusionWatch) -> bool:
    return watch.unconfirmed


def basal_runs_on_an_unconfirmed_line(pump: Pump, watch: OcclusionWatch) -> bool:
    return watch.unconfirmed and pump.mode is Mode.DELIVERING and not held(pump)


@invariant(
    "INV-OCC-027",
    says="The line is in question from the second that finds an occlusion until the person confirms it.",
    formalizes=("REQ-OCC-005.a",),
    uses=("INV-OCC-001", "INV-OCC-020"),
    witness=basal_runs_on_an_unconfirmed_line,
)
def insulin_in_line_is_true(pump: Pump, watch: OcclusionWatch) -> bool:
    return pump.line.holds_insulin == watch.unconfirmed


def line_is_occluded(pump: Pump) -> bool:
    return pump.line.occluded


@lemma("INV-OCC-113", says="A line that is occluded is in question.", witness=line_is_occluded)
def occluded_line_is_in_question(pump: Pump) -> bool:
    return pump.line.holds_insulin or not pump.line.occluded


def pump_is_on(before: Pump) -> bool:
    return is_on(before)


def insulin_in_line_is_told(outputs: Outputs) -> bool:
    return outputs.insulin_in_line


@step_property(
    "INV-OCC-028",
    says="Every second from the one that finds an occlusion to the confirmation tells that insulin may be in the line.",
    formalizes=("REQ-OCC-005.a",),
    when=pump_is_on,
    uses=("INV-OCC-001", "INV-OCC-020", "INV-OCC-027", "INV-OCC-113"),
    witness=insulin_in_line_is_told,
)
def insulin_in_line_is_announced(
    event: Tick, outputs: Outputs, watch: OcclusionWatch, limits: Limits
) -> bool:
    return outputs.insulin_in_line == (watch.unconfirmed or occlusion_found(watch, event, limits))


@lemma(
    "INV-OCC-112",
    says="While the line is in question no bolus runs or is shown.",
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002", "INV-BOLUS-107"),
    witness=basal_runs_on_an_unconfirmed_line,
)
def no_bolus_into_a_line_in_question(pump: Pump) -> bool:
    none = boluses_are_over(pump) and pump.confirmation.question is not Question.BOLUS
    return none or not pump.line.holds_insulin


@step_property(
    "INV-OCC-029",
    says="No bolus is shown, begins or gives anything from an occlusion until the person has confirmed the line.",
    formalizes=("REQ-OCC-005.c",),
    when=line_is_unconfirmed,
    uses=("INV-OCC-027", "INV-OCC-112", "INV-BOLUS-104", "INV-BOLUS-107", "INV-BOLUS-130", "INV-RES-002"),
)
def no_bolus_before_the_line_is_confirmed(watch: OcclusionWatch, after: Pump, outputs: Outputs) -> bool:
    shown = after.confirmation.question is Question.BOLUS
    gives_none = outputs.bolus_pulses == 0 and outputs.extended_pulses == 0
    return boluses_are_over(after) and gives_none and not shown


def occlusion_begins_now(before: Pump, event: Tick, limits: Limits, watch: OcclusionWatch) -> bool:
    return is_on(before) and occlusion_begins(watch, event, limits)


@step_property(
    "INV-OCC-030",
    says="The second that finds an occlusion takes nothing off the account of therapy, nor off insulin on board.",
    formalizes=("REQ-OCC-005.b",),
    when=occlusion_begins_now,
    uses=("INV-OCC-001", "INV-OCC-020"),
)
def occlusion_leaves_the_books(before: Pump, after: Pump, event: Tick) -> bool:
    account = before.accounts.therapy_delivered_pulses
    kept = before.insulin_on_board.account_pulses
    on_board = after.insulin_on_board.account_pulses
    same = on_board == kept or on_board == (account,) + kept[:96]
    curve = after.insulin_on_board.curve is before.insulin_on_board.curve
    return after.accounts.therapy_delivered_pulses == account and same and curve


@acceptance(
    "INV-OCC-031",
    says="The line can be confirmed exactly after an occlusion that is gone, keys unlocked, where settings are open.",
    formalizes=("REQ-OCC-005.a", "REQ-OCC-006.c", "REQ-POWER-001.c", "REQ-UI-006.b"),
    uses=("INV-OCC-020", "INV-OCC-027"),
    witness=request_is_accepted,
)
def line_is_confirmed(before: Pump, event: ConfirmLine, outputs: Outputs, watch: OcclusionWatch) -> bool:
    in_question = watch.unconfirmed and not watch.present
    return accepted(outputs) == (open_for_settings(before) and not before.key_lock.locked and in_question)


def line_is_confirmed_now(event: ConfirmLine, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-OCC-032",
    says="The confirmation puts the line out of question, ends an acknowledged repetition's alarm, and does no more.",
    formalizes=("REQ-OCC-005.b", "REQ-OCC-006.c"),
    when=line_is_confirmed_now,
    uses=("INV-OCC-110",),
)
def confirmation_does_this_alone(before: Pump, after: Pump, event: ConfirmLine, outputs: Outputs) -> bool:
    phases = before.alarms.phases
    still = tuple(
        AlarmPhase.SILENT if k == REPEATED_OCCLUSION and phases[k] is not AlarmPhase.SOUNDING else phases[k]
        for k in range(ALARM_COUNT)
    )
    line = replace(before.line, holds_insulin=False, occluded_repeatedly=False)
    expected = replace(before, line=line, alarms=replace(before.alarms, phases=still))
    return after == expected and outputs == Outputs()


def pressure_is_high_in_an_occlusion(
    before: Pump, event: Tick, limits: Limits, watch: OcclusionWatch
) -> bool:
    return is_on(before) and watch.present and event.pressure_pa >= limits.occlusion_pressure_pa


@step_property(
    "INV-OCC-033",
    says="No reading that is as high as the threshold of the alarm ends an occlusion.",
    formalizes=("REQ-OCC-006.a",),
    when=pressure_is_high_in_an_occlusion,
    uses=("INV-OCC-020",),
)
def high_reading_ends_no_occlusion(after: Pump, event: Tick) -> bool:
    return after.line.occluded


def line_is_at_rest(before: Pump, event: Tick) -> bool:
    return is_on(before) and event.pressure_pa == 0


@step_property(
    "INV-OCC-034",
    says="One second of a line at rest ends an occlusion, so that no pressure can keep a pump stopped for good.",
    formalizes=("REQ-OCC-002",),
    when=line_is_at_rest,
    uses=("INV-OCC-001", "INV-OCC-101"),
)
def line_at_rest_is_open(after: Pump, event: Tick) -> bool:
    return not after.line.occluded


LINE_PROPERTIES: tuple[Property, ...] = (
    occlusions_are_dated,
    repetition_is_true,
    line_alarms_are_latched,
    third_occlusion_stops,
    window_and_pump_agree,
    three_occlusions_are_noticed,
    nothing_before_the_line_is_confirmed,
    repeated_occlusion_is_the_reason,
    insulin_in_line_is_true,
    occluded_line_is_in_question,
    insulin_in_line_is_announced,
    no_bolus_into_a_line_in_question,
    no_bolus_before_the_line_is_confirmed,
    occlusion_leaves_the_books,
    line_is_confirmed,
    confirmation_does_this_alone,
    high_reading_ends_no_occlusion,
    line_at_rest_is_open,
)
