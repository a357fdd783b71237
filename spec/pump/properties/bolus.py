"""The bolus: its limit, its admission, its advance and its books."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    ClockFailed,
    ConfirmBolus,
    ConfirmExtendedBolus,
    FaultDetected,
    PowerOff,
    RemoteStop,
    SelfTestFinished,
    StopDelivery,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.bolus_starts import BolusClock
from pumpproof.spec.pump.properties.causes import latched, stop_is_found
from pumpproof.spec.pump.properties.confirmation import Asked, time_for_a_bolus
from pumpproof.spec.pump.properties.day import day_takes
from pumpproof.spec.pump.properties.strokes import StrokeClock, stroke_may_come
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    boluses_are_over,
    extended_rest_cancelled,
    gives_nothing,
    held,
    nothing_shown,
    passes,
    request_is_accepted,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import Action, Bolus, Confirmation, Mode, Pump, Question


@dataclass(frozen=True)
class BolusLedger:
    """The last bolus that was confirmed: pulses requested at once, pulses given, and whether it was stopped."""

    requested: int
    given: int
    stopped: bool


def begin_ledger(pump: Pump) -> BolusLedger:
    """No bolus yet."""
    return BolusLedger(requested=0, given=0, stopped=False)


def note_start(ledger: BolusLedger, event: ConfirmBolus, outputs: Outputs) -> BolusLedger:
    """A confirmed bolus opens a new page."""
    return BolusLedger(requested=event.pulses, given=0, stopped=False) if accepted(outputs) else ledger


def note_immediate_part(ledger: BolusLedger, event: ConfirmExtendedBolus, outputs: Outputs) -> BolusLedger:
    """So does the immediate part of an extended bolus, also if there is none of it."""
    part = BolusLedger(requested=event.immediate_pulses, given=0, stopped=False)
    return part if accepted(outputs) else ledger


def note_pulses(ledger: BolusLedger, after: Pump, outputs: Outputs) -> BolusLedger:
    """Whatever is given counts; an alarm that holds insulin back, or leaves basal only, stops the bolus."""
    stopped = ledger.stopped or after.holds.alarm or latched(after, Action.BASAL_ONLY)
    return replace(ledger, given=ledger.given + outputs.bolus_pulses, stopped=stopped)


def note_stop(ledger: BolusLedger, outputs: Outputs) -> BolusLedger:
    """A cancelled bolus, a suspend, a stop of therapy, power off, a fault."""
    return replace(
        ledger, given=ledger.given + outputs.bolus_pulses, stopped=ledger.stopped or accepted(outputs)
    )


def note_self_test(ledger: BolusLedger, event: SelfTestFinished, outputs: Outputs) -> BolusLedger:
    """A self-test that fails is a fault."""
    failed = accepted(outputs) and not passes(event)
    return replace(ledger, given=ledger.given + outputs.bolus_pulses, stopped=ledger.stopped or failed)


BOLUS_LEDGER = Observer(
    "bolus ledger",
    says="Keeps what was requested, what was given, and whether the bolus was stopped.",
    record=BolusLedger,
    begin=begin_ledger,
    steps=(
        (ConfirmBolus, note_start),
        (ConfirmExtendedBolus, note_immediate_part),
        (CancelBolus, note_stop),
        (Suspend, note_stop),
        (SuspendFor, note_stop),
        (RemoteStop, note_stop),
        (StopDelivery, note_stop),
        (PowerOff, note_stop),
        (FaultDetected, note_stop),
        (SelfTestFinished, note_self_test),
        (ClockFailed, note_stop),
    ),
    otherwise=note_pulses,
)


def some_bolus_was_requested(ledger: BolusLedger) -> bool:
    return ledger.requested > 0


@invariant(
    "INV-BOLUS-001",
    says="No bolus is larger than the largest bolus.",
    formalizes=("REQ-BOLUS-001.a",),
    witness=some_bolus_was_requested,
    uses=("INV-BOLUS-107",),
)
def bolus_is_within_limit(ledger: BolusLedger, limits: Limits) -> bool:
    return 0 <= ledger.requested <= limits.max_bolus_pulses


def some_bolus_was_given(ledger: BolusLedger) -> bool:
    return ledger.given > 0


@invariant(
    "INV-BOLUS-002",
    says="Of a bolus no more is given than was requested, and never a negative amount.",
    formalizes=("REQ-BOLUS-004.a", "REQ-DOSE-014.b"),
    uses=(
        "INV-BOLUS-003",
        "INV-BOLUS-104",
        "INV-RES-002",
        "INV-BOLUS-107",
    ),
    witness=some_bolus_was_given,
)
def bolus_is_never_exceeded(ledger: BolusLedger) -> bool:
    return 0 <= ledger.given <= ledger.requested


def bolus_is_owed(pump: Pump) -> bool:
    return pump.bolus.remaining_pulses > 0


@invariant(
    "INV-BOLUS-003",
    says="The books of the bolus are true: requested is given plus remaining plus cancelled.",
    formalizes=("REQ-BOLUS-003.a", "REQ-BOLUS-004"),
    witness=bolus_is_owed,
)
def bolus_books_are_true(pump: Pump, ledger: BolusLedger) -> bool:
    booked = pump.bolus.programmed_pulses == ledger.requested and pump.bolus.delivered_pulses == ledger.given
    balance = pump.bolus.delivered_pulses + pump.bolus.remaining_pulses + pump.bolus.cancelled_pulses
    return booked and balance == pump.bolus.programmed_pulses


@lemma(
    "INV-BOLUS-104",
    says="Neither the rest of a bolus nor what was cancelled is negative.",
    witness=bolus_is_owed,
    uses=("INV-BOLUS-107",),
)
def bolus_rest_is_not_negative(pump: Pump) -> bool:
    return pump.bolus.remaining_pulses >= 0 and pump.bolus.cancelled_pulses >= 0


@invariant(
    "INV-BOLUS-005",
    says="A bolus runs only while the pump delivers and nothing is held.",
    formalizes=("REQ-BOLUS-002", "REQ-SUSP-001", "REQ-BOLUS-011"),
    witness=bolus_is_owed,
    uses=("INV-BOLUS-107",),
)
def bolus_runs_only_in_therapy(pump: Pump) -> bool:
    return pump.bolus.remaining_pulses == 0 or (pump.mode is Mode.DELIVERING and not held(pump))


def bolus_is_stopped(ledger: BolusLedger) -> bool:
    return ledger.stopped and ledger.requested > 0


@lemma(
    "INV-BOLUS-103",
    says="Of a stopped bolus nothing remains.",
    uses=("INV-BOLUS-005", "INV-BOLUS-104", "INV-RES-002", "INV-ALARM-011"),
    witness=bolus_is_stopped,
)
def stopped_bolus_has_no_rest(pump: Pump, ledger: BolusLedger) -> bool:
    return pump.bolus.remaining_pulses == 0 or not ledger.stopped


def rest_was_cancelled(pump: Pump) -> bool:
    return pump.bolus.cancelled_pulses > 0


@lemma(
    "INV-BOLUS-105",
    says="Only of a stopped bolus anything is cancelled.",
    witness=rest_was_cancelled,
)
def only_a_stop_cancels(pump: Pump, ledger: BolusLedger) -> bool:
    return pump.bolus.cancelled_pulses == 0 or ledger.stopped


def bolus_was_stopped(ledger: BolusLedger) -> bool:
    return ledger.stopped


@step_property(
    "INV-BOLUS-004",
    says="A bolus that was stopped is never taken up again.",
    formalizes=("REQ-BOLUS-003.b", "REQ-SUSP-004.c"),
    when=bolus_was_stopped,
    uses=("INV-BOLUS-103", "INV-RES-002"),
)
def stopped_bolus_stays_stopped(ledger: BolusLedger, outputs: Outputs) -> bool:
    return outputs.bolus_pulses == 0


def bolus_is_shown(pump: Pump) -> bool:
    return pump.confirmation.question is Question.BOLUS


def shown_amount_is_allowed(pump: Pump, limits: Limits) -> bool:
    """Something is shown, no part of it is negative, and both together are no more than the largest bolus."""
    now = pump.confirmation.pulses
    extended = pump.confirmation.extended_pulses
    return now >= 0 and extended >= 0 and 1 <= now + extended <= limits.max_bolus_pulses


def shown_time_is_allowed(pump: Pump, limits: Limits) -> bool:
    """An extended part is shown only while no other one runs, and with a time that it can be given in."""
    time = may_take(pump.confirmation.extended_pulses, pump.confirmation.duration_s, limits)
    return pump.confirmation.extended_pulses == 0 or (pump.extended_bolus.remaining_pulses == 0 and time)


@lemma(
    "INV-BOLUS-107",
    says="A bolus that is shown still meets all of its admission that waiting could not change; else no part is shown.",
    uses=(
        "INV-BOLUS-017",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-BOLUS-108",
        "INV-RES-002",
        "INV-UI-021",
        "INV-UI-101",
    ),
    witness=bolus_is_shown,
)
def shown_bolus_was_admitted(pump: Pump, limits: Limits) -> bool:
    therapy = pump.mode is Mode.DELIVERING and not held(pump) and not pump.key_lock.locked
    barred = latched(pump, Action.BASAL_ONLY)
    amount = shown_amount_is_allowed(pump, limits) and shown_time_is_allowed(pump, limits)
    starts = pump.bolus_starts.lockout_s == 0 and sum(pump.bolus_starts.by_hour) < limits.max_boluses_per_day
    clear = not barred and not pump.line.holds_insulin
    free = therapy and clear and amount and starts and pump.bolus.remaining_pulses == 0
    if pump.confirmation.question is not Question.BOLUS:
        return pump.confirmation.extended_pulses == 0
    return free


def may_take(pulses: int, duration_s: int, limits: Limits) -> bool:
    """A time of an extended bolus within its limits, in which the drive can give so many pulses one by one."""
    enough = all(limits.stroke_interval_s != k or k * pulses <= duration_s for k in range(1, 61))
    return limits.min_extended_s <= duration_s and duration_s <= limits.max_extended_s and enough


def may_begin(before: Pump, pulses: int, limits: Limits, clock: BolusClock) -> bool:
    """The admission: therapy, alarms, line, keys, limit, lockout, day, reservoir and hour, equality included.

    What an extended bolus still owes counts in full beside it: nobody can say when it will be given.
    """
    owed = before.extended_bolus.remaining_pulses + pulses
    free = before.mode is Mode.DELIVERING and not held(before) and before.bolus.remaining_pulses == 0
    barred = latched(before, Action.BASAL_ONLY) or before.line.holds_insulin
    amount = pulses >= 1 and pulses <= limits.max_bolus_pulses
    day = limits.max_boluses_per_day - sum(before.bolus_starts.by_hour) >= 1
    soon = clock.since_s < limits.bolus_lockout_s or before.key_lock.locked
    reservoir = before.reservoir.pulses - owed >= 0
    hour = all(
        60_000 * (limits.max_hour_pulses - owed - sum(before.accounts.minute_pulses[: k + 1]))
        >= (61 - k) * limits.max_basal_millipulses_per_h
        for k in range(1, 61)
    )
    room = reservoir and hour and day_takes(before, owed, limits)
    return free and not barred and amount and day and not soon and room


@acceptance(
    "INV-BOLUS-014",
    says="A bolus is shown exactly when keys, alarms, line, limit, lockout, day, reservoir, hour and moment allow it.",
    formalizes=(
        "REQ-BOLUS-001",
        "REQ-BOLUS-010.a",
        "REQ-BOLUS-002.c",
        "REQ-DOSE-008.c",
        "REQ-BOLUS-006.b",
        "REQ-DOSE-015.a",
        "REQ-POWER-001.c",
        "REQ-UI-004.a",
    ),
    uses=("INV-BOLUS-104", "INV-BOLUS-017"),
    witness=request_is_accepted,
)
def bolus_request_is_accepted(
    before: Pump, event: BolusRequested, outputs: Outputs, limits: Limits, clock: BolusClock
) -> bool:
    return accepted(outputs) == may_begin(before, event.pulses, limits, clock)


def bolus_is_asked_now(event: BolusRequested, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-015",
    says="A bolus that is asked for is shown, for no longer than a suggestion stands, and nothing else changes.",
    formalizes=("REQ-UI-006.a",),
    when=bolus_is_asked_now,
    uses=("INV-BOLUS-195",),
)
def bolus_request_does_this_alone(
    before: Pump, after: Pump, event: BolusRequested, outputs: Outputs, limits: Limits
) -> bool:
    shown = Confirmation(
        question=Question.BOLUS,
        pulses=event.pulses,
        extended_pulses=0,
        duration_s=0,
        remaining_s=time_for_a_bolus(before, limits),
    )
    return after == replace(before, confirmation=shown) and outputs == Outputs()


@acceptance(
    "INV-BOLUS-006",
    says="A bolus is accepted exactly when it is the one shown and still meets the same admission.",
    formalizes=(
        "REQ-BOLUS-001",
        "REQ-BOLUS-002.a",
        "REQ-BOLUS-002.c",
        "REQ-POWER-006.b",
        "REQ-DOSE-015.a",
        "REQ-POWER-001.c",
        "REQ-UI-004.a",
        "REQ-UI-006.a",
    ),
    uses=("INV-BOLUS-107", "INV-BOLUS-017", "INV-UI-021"),
    witness=request_is_accepted,
)
def bolus_is_accepted(
    before: Pump, event: ConfirmBolus, outputs: Outputs, limits: Limits, asked: Asked, clock: BolusClock
) -> bool:
    shown = asked.bolus and asked.pulses == event.pulses and asked.extended_pulses == 0
    return accepted(outputs) == (shown and may_begin(before, event.pulses, limits, clock))


def bolus_starts_now(event: ConfirmBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-016",
    says="A bolus starts only if exactly this amount was asked for, less than the time to confirm ago.",
    formalizes=("REQ-BOLUS-012", "REQ-UI-006.a"),
    when=bolus_starts_now,
    uses=("INV-UI-021", "INV-UI-101", "INV-BOLUS-107"),
)
def bolus_is_the_one_shown(event: ConfirmBolus, outputs: Outputs, asked: Asked, limits: Limits) -> bool:
    shown = asked.bolus and asked.pulses == event.pulses and asked.extended_pulses == 0
    return shown and asked.age_s < limits.confirmation_s


@step_property(
    "INV-BOLUS-007",
    says="A confirmed bolus remains to be given, on a new page, starts lockout and count, ends a suggestion, no more.",
    formalizes=("REQ-BOLUS-004", "REQ-BOLUS-010.b"),
    when=bolus_starts_now,
)
def bolus_does_this_alone(
    before: Pump, after: Pump, event: ConfirmBolus, outputs: Outputs, limits: Limits
) -> bool:
    new_page = Bolus(
        programmed_pulses=event.pulses,
        remaining_pulses=event.pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
    )
    starts = replace(
        before.bolus_starts,
        lockout_s=limits.bolus_lockout_s,
        by_hour=(before.bolus_starts.by_hour[0] + 1,) + before.bolus_starts.by_hour[1:],
    )
    expected = replace(
        before,
        bolus=new_page,
        bolus_starts=starts,
        calculator=suggestion_ended(before.calculator),
        confirmation=nothing_shown(),
    )
    return after == expected and outputs == Outputs()


@step_property(
    "INV-BOLUS-012",
    says="No bolus is accepted before the last one was given in full or stopped.",
    formalizes=("REQ-BOLUS-002.b",),
    when=bolus_starts_now,
    uses=("INV-BOLUS-003", "INV-BOLUS-104", "INV-BOLUS-105", "INV-BOLUS-107"),
)
def one_bolus_at_a_time(event: ConfirmBolus, outputs: Outputs, ledger: BolusLedger) -> bool:
    return ledger.given == ledger.requested or ledger.stopped


@acceptance(
    "INV-BOLUS-008",
    says="Boluses can be cancelled exactly while some of one remains or one is shown.",
    formalizes=("REQ-BOLUS-003.c", "REQ-POWER-001.c", "REQ-UI-006.c"),
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-BOLUS-005", "INV-BOLUS-054", "INV-BOLUS-107", "INV-UI-021"),
    witness=request_is_accepted,
)
def cancelling_is_accepted(before: Pump, event: CancelBolus, outputs: Outputs, asked: Asked) -> bool:
    return accepted(outputs) == (not boluses_are_over(before) or asked.bolus)


def bolus_is_cancelled_now(event: CancelBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-009",
    says="Cancelling reports the rest of all boluses as cancelled, withdraws one that is shown, and no more.",
    formalizes=("REQ-BOLUS-003.c",),
    when=bolus_is_cancelled_now,
)
def cancelling_does_this_alone(before: Pump, after: Pump, event: CancelBolus, outputs: Outputs) -> bool:
    withdrawn = bolus_withdrawn(before.confirmation)
    expected = replace(
        before,
        bolus=rest_cancelled(before.bolus),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        confirmation=withdrawn,
    )
    return after == expected and gives_nothing(outputs)


def second_of_free_therapy(before: Pump, after: Pump, event: Tick, limits: Limits) -> bool:
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    return free and not stop_is_found(before, after, limits)


@step_property(
    "INV-BOLUS-011",
    says="A running bolus advances by one full stroke when the interval is over, as far as the reservoir reaches.",
    formalizes=("REQ-BOLUS-004.c", "REQ-RES-005.b"),
    when=second_of_free_therapy,
    uses=("INV-BOLUS-013", "INV-BOLUS-104", "INV-ALARM-011", "INV-POWER-017"),
)
def bolus_advances(before: Pump, event: Tick, outputs: Outputs, limits: Limits, clock: StrokeClock) -> bool:
    left = before.reservoir.pulses - outputs.basal_pulses
    stroke = min(limits.stroke_pulses, left, before.bolus.remaining_pulses)
    return outputs.bolus_pulses == (stroke if stroke_may_come(clock, limits) else 0)


BOLUS_PROPERTIES: tuple[Property, ...] = (
    bolus_is_within_limit,
    bolus_is_never_exceeded,
    bolus_books_are_true,
    bolus_rest_is_not_negative,
    bolus_runs_only_in_therapy,
    stopped_bolus_has_no_rest,
    only_a_stop_cancels,
    stopped_bolus_stays_stopped,
    shown_bolus_was_admitted,
    bolus_request_is_accepted,
    bolus_request_does_this_alone,
    bolus_is_accepted,
    bolus_is_the_one_shown,
    bolus_does_this_alone,
    one_bolus_at_a_time,
    cancelling_is_accepted,
    cancelling_does_this_alone,
    bolus_advances,
)
