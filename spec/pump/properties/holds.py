"""The holds beside that of the person: for a chosen time, from outside, and of an alarm; none of them ends another."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import (
    EncoderRead,
    HardwareReported,
    RemoteResumeAsked,
    RemoteStop,
    ReservoirReplaced,
    Resume,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import asks_for, seen_by_report, seen_by_second
from pumpproof.spec.pump.properties.suspension import UserHold
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    boluses_are_over,
    extended_rest_cancelled,
    gives_nothing,
    is_on,
    prime_broken,
    request_is_accepted,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import Action, Holds, Mode, Pump


@dataclass(frozen=True)
class TimedHold:
    """Seconds in which the pump was on, ever, and the one of them with which the last timed suspension ends."""

    passed_s: int
    end_s: int


def begin_timed_hold(pump: Pump) -> TimedHold:
    """No time was asked for yet."""
    return TimedHold(passed_s=0, end_s=0)


def note_timed_suspension(hold: TimedHold, event: SuspendFor, outputs: Outputs) -> TimedHold:
    """It ends after its time, or with an earlier one that lasts longer."""
    end_s = hold.passed_s + event.duration_s
    return replace(hold, end_s=max(hold.end_s, end_s)) if accepted(outputs) else hold


def end_timed_hold(hold: TimedHold, outputs: Outputs) -> TimedHold:
    """A resume ends it now."""
    return replace(hold, end_s=hold.passed_s) if accepted(outputs) else hold


def second_of_timed_hold(hold: TimedHold, before: Pump) -> TimedHold:
    """Seconds in which the pump is off do not count."""
    return hold if before.mode is Mode.OFF else replace(hold, passed_s=hold.passed_s + 1)


TIMED_HOLD = Observer(
    "timed hold",
    says="Counts the seconds in which the pump is on, and writes down with which of them a timed suspension ends.",
    record=TimedHold,
    begin=begin_timed_hold,
    steps=((SuspendFor, note_timed_suspension), (Resume, end_timed_hold), (Tick, second_of_timed_hold)),
)


@dataclass(frozen=True)
class RemoteHold:
    """Whether a controller has stopped the pump, and no person has resumed since."""

    stopped: bool


def begin_remote_hold(pump: Pump) -> RemoteHold:
    """Nobody has stopped it yet."""
    return RemoteHold(stopped=False)


def note_remote_stop(hold: RemoteHold, outputs: Outputs) -> RemoteHold:
    """An accepted stop from outside."""
    return RemoteHold(stopped=hold.stopped or accepted(outputs))


def end_remote_hold(hold: RemoteHold, outputs: Outputs) -> RemoteHold:
    """An accepted resume."""
    return RemoteHold(stopped=hold.stopped and not accepted(outputs))


REMOTE_HOLD = Observer(
    "remote hold",
    says="Remembers a stop from outside until the next accepted resume, and no other event.",
    record=RemoteHold,
    begin=begin_remote_hold,
    steps=((RemoteStop, note_remote_stop), (Resume, end_remote_hold)),
)


@dataclass(frozen=True)
class AlarmHold:
    """Whether an alarm has stopped the insulin, and nobody has resumed since."""

    stopped: bool


def begin_alarm_hold(pump: Pump) -> AlarmHold:
    """No alarm yet."""
    return AlarmHold(stopped=False)


def stopped_by_second(hold: AlarmHold, before: Pump, after: Pump, limits: Limits) -> AlarmHold:
    """A second may find a cause to stop."""
    stops = is_on(before) and asks_for(seen_by_second(before, after), limits, Action.STOP)
    return AlarmHold(stopped=hold.stopped or stops)


def stopped_by_report(hold: AlarmHold, before: Pump, after: Pump, limits: Limits) -> AlarmHold:
    """So may a report of the hardware."""
    stops = is_on(before) and asks_for(seen_by_report(before, after), limits, Action.STOP)
    return AlarmHold(stopped=hold.stopped or stops)


def stopped_by_replacement(hold: AlarmHold, after: Pump, outputs: Outputs, limits: Limits) -> AlarmHold:
    """So may the look at the alarms when a reservoir is replaced."""
    return AlarmHold(stopped=hold.stopped or (accepted(outputs) and asks_for(after, limits, Action.STOP)))


def end_alarm_hold(hold: AlarmHold, outputs: Outputs) -> AlarmHold:
    """An accepted resume."""
    return AlarmHold(stopped=hold.stopped and not accepted(outputs))


ALARM_HOLD = Observer(
    "alarm hold",
    says="Remembers a cause to stop until the next accepted resume, and no other event.",
    record=AlarmHold,
    begin=begin_alarm_hold,
    steps=(
        (Tick, stopped_by_second),
        (HardwareReported, stopped_by_report),
        (EncoderRead, stopped_by_report),
        (ReservoirReplaced, stopped_by_replacement),
        (Resume, end_alarm_hold),
    ),
)


def timed_suspension_runs(hold: TimedHold) -> bool:
    return hold.end_s > hold.passed_s


@invariant(
    "INV-SUSP-020",
    says="A timed suspension lasts exactly its time, the longest that was asked for, in seconds on, or to a resume.",
    formalizes=("REQ-SUSP-005.a", "REQ-SUSP-005.c"),
    witness=timed_suspension_runs,
)
def timed_hold_lasts_its_time(pump: Pump, hold: TimedHold) -> bool:
    return pump.holds.timed_s == max(hold.end_s - hold.passed_s, 0)


@invariant(
    "INV-SUSP-021",
    says="No timed suspension has longer to run than the longest one: it always ends.",
    formalizes=("REQ-SUSP-005.a",),
    witness=timed_suspension_runs,
)
def timed_hold_is_bounded(hold: TimedHold, limits: Limits) -> bool:
    return hold.end_s - hold.passed_s <= limits.max_timed_suspension_s


@acceptance(
    "INV-SUSP-022",
    says="A timed suspension is obeyed in every mode but off, exactly if its time lies within the limit.",
    formalizes=("REQ-SUSP-005.b", "REQ-POWER-001.c", "REQ-UI-006.c"),
    witness=request_is_accepted,
)
def timed_suspension_is_accepted(before: Pump, event: SuspendFor, outputs: Outputs, limits: Limits) -> bool:
    within = event.duration_s >= 1 and event.duration_s <= limits.max_timed_suspension_s
    return accepted(outputs) == (is_on(before) and within)


def stopped_with(before: Pump, holds: Holds) -> Pump:
    """The pump with these holds, its doses over, the rest reported, and a bolus shown or suggested withdrawn."""
    return replace(
        before,
        mode=Mode.IDLE if before.mode is Mode.PRIMING else before.mode,
        holds=holds,
        bolus=rest_cancelled(before.bolus),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        prime=replace(before.prime, remaining_pulses=0),
        calculator=suggestion_ended(before.calculator),
        confirmation=bolus_withdrawn(before.confirmation),
    )


def suspended_for_a_time_now(event: SuspendFor, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-SUSP-023",
    says="A timed suspension holds for its time or a longer rest, ends bolus and prime, reports the rest, and no more.",
    formalizes=("REQ-SUSP-005.b", "REQ-BOLUS-003"),
    when=suspended_for_a_time_now,
)
def timed_suspension_does_this_alone(before: Pump, after: Pump, event: SuspendFor, outputs: Outputs) -> bool:
    holds = replace(before.holds, timed_s=max(before.holds.timed_s, event.duration_s))
    return after == stopped_with(before, holds) and gives_nothing(outputs)


def timed_suspension_ends_by_itself(before: Pump, after: Pump, event: Tick) -> bool:
    return before.holds.timed_s >= 1 and after.holds.timed_s == 0


@step_property(
    "INV-SUSP-024",
    says="The second with which a timed suspension ends gives nothing, ends no other hold and leaves no dose to go on.",
    formalizes=("REQ-SUSP-005.c", "REQ-SUSP-005.d"),
    when=timed_suspension_ends_by_itself,
    uses=(
        "INV-BOLUS-005",
        "INV-BOLUS-054",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-PRIME-009",
        "INV-PRIME-010",
    ),
)
def end_of_timed_suspension_does_no_more(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    person = after.holds.user == before.holds.user and after.holds.remote == before.holds.remote
    alarm = after.holds.alarm or not before.holds.alarm
    doses = boluses_are_over(after) and after.prime.remaining_pulses == 0
    return person and alarm and doses and after.mode is before.mode and outputs.drive_pulses == 0


def nothing_holds_after_its_time(
    before: Pump,
    after: Pump,
    event: Tick,
    limits: Limits,
    person: UserHold,
    timed: TimedHold,
    remote: RemoteHold,
    alarm: AlarmHold,
) -> bool:
    over = timed.end_s > 0 and timed.passed_s >= timed.end_s
    free = not (person.suspended or remote.stopped or alarm.stopped)
    stops = asks_for(seen_by_second(before, after), limits, Action.STOP)
    in_time = before.mode is Mode.DELIVERING and not event.delivery_inhibited
    return over and free and in_time and not stops


@step_property(
    "INV-SUSP-025",
    says="Once the time of a suspension is over and nothing else holds, every second gives basal again, by itself.",
    formalizes=("REQ-SUSP-005.d",),
    when=nothing_holds_after_its_time,
    uses=("INV-SUSP-003", "INV-SUSP-020", "INV-SUSP-026", "INV-SUSP-031"),
)
def basal_goes_on_by_itself(before: Pump, after: Pump, event: Tick) -> bool:
    missed = after.basal.missed_pulses != before.basal.missed_pulses
    return not missed and after.basal.missed_accumulator == before.basal.missed_accumulator


def controller_has_stopped(hold: RemoteHold) -> bool:
    return hold.stopped


@invariant(
    "INV-SUSP-026",
    says="A stop from outside holds until a person resumes at the pump, whatever else happens.",
    formalizes=("REQ-COMM-006.b", "REQ-SUSP-005.c"),
    witness=controller_has_stopped,
)
def remote_hold_ends_by_resume_only(pump: Pump, hold: RemoteHold) -> bool:
    return pump.holds.remote == hold.stopped


@acceptance(
    "INV-SUSP-027",
    says="A stop from outside is obeyed in every mode but off, also with locked keys.",
    formalizes=("REQ-COMM-006.a", "REQ-POWER-001.c", "REQ-UI-006.c"),
    witness=request_is_accepted,
)
def remote_stop_is_obeyed(before: Pump, event: RemoteStop, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before)


def stopped_from_outside_now(event: RemoteStop, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-SUSP-028",
    says="A stop from outside sets its hold, ends bolus and prime, reports the rest, withdraws a bolus shown, no more.",
    formalizes=("REQ-COMM-006.a", "REQ-BOLUS-003"),
    when=stopped_from_outside_now,
)
def remote_stop_does_this_alone(before: Pump, after: Pump, event: RemoteStop, outputs: Outputs) -> bool:
    holds = replace(before.holds, remote=True)
    expected = replace(stopped_with(before, holds), prime=prime_broken(before.prime))
    return after == expected and gives_nothing(outputs)


def asked_while_stopped(before: Pump, event: RemoteResumeAsked, hold: RemoteHold) -> bool:
    return hold.stopped


@step_property(
    "INV-SUSP-029",
    says="A resume that is asked for from outside is refused and changes nothing: no hold ends without a person.",
    formalizes=("REQ-COMM-006.c",),
    witness=asked_while_stopped,
)
def no_resume_from_outside(before: Pump, after: Pump, event: RemoteResumeAsked, outputs: Outputs) -> bool:
    return not accepted(outputs) and after == before and outputs.drive_pulses == 0


@step_property(
    "INV-SUSP-030",
    says="From a stop from outside on nothing is commanded until a person resumes at the pump.",
    formalizes=("REQ-COMM-006.b",),
    when=controller_has_stopped,
    uses=("INV-SUSP-026", "INV-PRIME-009"),
)
def nothing_after_remote_stop(hold: RemoteHold, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def alarm_has_stopped(hold: AlarmHold) -> bool:
    return hold.stopped


@invariant(
    "INV-SUSP-031",
    says="The hold of the alarms begins with a cause to stop and ends with an accepted resume, whatever else happens.",
    formalizes=("REQ-SUSP-003", "REQ-SUSP-005.c"),
    witness=alarm_has_stopped,
)
def alarm_hold_ends_by_resume_only(pump: Pump, hold: AlarmHold) -> bool:
    return pump.holds.alarm == hold.stopped


HOLDS_PROPERTIES: tuple[Property, ...] = (
    timed_hold_lasts_its_time,
    timed_hold_is_bounded,
    timed_suspension_is_accepted,
    timed_suspension_does_this_alone,
    end_of_timed_suspension_does_no_more,
    basal_goes_on_by_itself,
    remote_hold_ends_by_resume_only,
    remote_stop_is_obeyed,
    remote_stop_does_this_alone,
    no_resume_from_outside,
    nothing_after_remote_stop,
    alarm_hold_ends_by_resume_only,
)
