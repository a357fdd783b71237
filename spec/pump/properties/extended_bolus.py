"""The extended bolus: its limits, its admission, its books and its end."""

from dataclasses import replace

from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import CancelExtendedBolus, ConfirmExtendedBolus, ExtendedBolusRequested
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.bolus import may_begin, may_take
from pumpproof.spec.pump.properties.bolus_starts import BolusClock
from pumpproof.spec.pump.properties.confirmation import Asked, time_for_a_bolus
from pumpproof.spec.pump.properties.day import DayOfTherapy, fits_the_day, is_within_the_day
from pumpproof.spec.pump.properties.extended_ledger import ExtendedLedger
from pumpproof.spec.pump.properties.hour import HourWindow, fits, is_within_the_hour
from pumpproof.spec.pump.properties.reservoir import ReservoirLedger
from pumpproof.spec.pump.properties.words import (
    accepted,
    extended_rest_cancelled,
    held,
    nothing_shown,
    request_is_accepted,
    suggestion_ended,
)
from pumpproof.spec.pump.state import Bolus, Confirmation, ExtendedBolus, Mode, Pump, Question


def both_parts_were_requested(ledger: ExtendedLedger) -> bool:
    return ledger.immediate > 0 and ledger.requested > 0


@invariant(
    "INV-BOLUS-051",
    says="The immediate and the extended part of a bolus together are never larger than the largest bolus.",
    formalizes=("REQ-BOLUS-013", "REQ-BOLUS-001.a"),
    uses=("INV-BOLUS-107",),
    witness=both_parts_were_requested,
)
def parts_are_within_limit(ledger: ExtendedLedger, limits: Limits) -> bool:
    positive = ledger.immediate >= 0 and ledger.requested >= 0
    return positive and ledger.immediate + ledger.requested <= limits.max_bolus_pulses


def some_was_requested(ledger: ExtendedLedger) -> bool:
    return ledger.requested > 0


@invariant(
    "INV-BOLUS-069",
    says="The time of an extended bolus lies within its limits.",
    formalizes=("REQ-BOLUS-009",),
    uses=("INV-BOLUS-107",),
    when=some_was_requested,
)
def time_is_within_limits(ledger: ExtendedLedger, limits: Limits) -> bool:
    return limits.min_extended_s <= ledger.duration_s <= limits.max_extended_s


def some_was_given(ledger: ExtendedLedger) -> bool:
    return ledger.given > 0


@invariant(
    "INV-BOLUS-052",
    says="Of an extended bolus no more is given than was requested, and never a negative amount.",
    formalizes=("REQ-BOLUS-004.a", "REQ-DOSE-014.b"),
    uses=("INV-BOLUS-053", "INV-BOLUS-130", "INV-RES-002", "INV-BOLUS-107"),
    witness=some_was_given,
)
def extended_bolus_is_never_exceeded(ledger: ExtendedLedger) -> bool:
    return 0 <= ledger.given <= ledger.requested


def extended_bolus_is_owed(pump: Pump) -> bool:
    return pump.extended_bolus.remaining_pulses > 0


@invariant(
    "INV-BOLUS-053",
    says="The books of the extended bolus are true: requested is given plus remaining plus cancelled.",
    formalizes=("REQ-BOLUS-003.a", "REQ-BOLUS-004"),
    witness=extended_bolus_is_owed,
)
def extended_books_are_true(pump: Pump, ledger: ExtendedLedger) -> bool:
    bolus = pump.extended_bolus
    booked = bolus.programmed_pulses == ledger.requested and bolus.delivered_pulses == ledger.given
    balance = bolus.delivered_pulses + bolus.remaining_pulses + bolus.cancelled_pulses
    return booked and balance == bolus.programmed_pulses and bolus.duration_s == ledger.duration_s


@lemma(
    "INV-BOLUS-130",
    says="Neither the rest of an extended bolus nor what was cancelled of it is negative.",
    uses=("INV-BOLUS-107",),
    witness=extended_bolus_is_owed,
)
def extended_rest_is_not_negative(pump: Pump) -> bool:
    return pump.extended_bolus.remaining_pulses >= 0 and pump.extended_bolus.cancelled_pulses >= 0


@invariant(
    "INV-BOLUS-054",
    says="An extended bolus runs only while the pump delivers and nothing is held.",
    formalizes=("REQ-BOLUS-002", "REQ-SUSP-001", "REQ-BOLUS-011"),
    uses=("INV-BOLUS-107",),
    witness=extended_bolus_is_owed,
)
def extended_bolus_runs_only_in_therapy(pump: Pump) -> bool:
    therapy = pump.mode is Mode.DELIVERING and not held(pump)
    return pump.extended_bolus.remaining_pulses == 0 or therapy


def is_stopped(ledger: ExtendedLedger) -> bool:
    return ledger.stopped and ledger.requested > 0


@lemma(
    "INV-BOLUS-131",
    says="Of a stopped extended bolus nothing remains.",
    uses=("INV-BOLUS-054", "INV-BOLUS-130", "INV-RES-002", "INV-ALARM-011"),
    witness=is_stopped,
)
def stopped_extended_bolus_has_no_rest(pump: Pump, ledger: ExtendedLedger) -> bool:
    return pump.extended_bolus.remaining_pulses == 0 or not ledger.stopped


def rest_was_cancelled(pump: Pump) -> bool:
    return pump.extended_bolus.cancelled_pulses > 0


@lemma(
    "INV-BOLUS-132",
    says="Only of a stopped extended bolus anything is cancelled.",
    witness=rest_was_cancelled,
)
def only_a_stop_cancels_it(pump: Pump, ledger: ExtendedLedger) -> bool:
    return pump.extended_bolus.cancelled_pulses == 0 or ledger.stopped


def it_was_stopped(ledger: ExtendedLedger) -> bool:
    return is_stopped(ledger)


@step_property(
    "INV-BOLUS-055",
    says="An extended bolus that was stopped is never taken up again.",
    formalizes=("REQ-BOLUS-003.b", "REQ-SUSP-004.c"),
    when=it_was_stopped,
    uses=("INV-BOLUS-131", "INV-RES-002"),
)
def stopped_extended_bolus_stays_stopped(ledger: ExtendedLedger, outputs: Outputs) -> bool:
    return outputs.extended_pulses == 0


def may_extend(
    before: Pump, now: int, extended: int, duration_s: int, limits: Limits, clock: BolusClock
) -> bool:
    """Both parts may begin as one bolus, the time is allowed, and no other extended bolus runs."""
    parts = now >= 0 and extended >= 1 and may_begin(before, now + extended, limits, clock)
    return parts and may_take(extended, duration_s, limits) and before.extended_bolus.remaining_pulses == 0


@acceptance(
    "INV-BOLUS-056",
    says="An extended bolus is shown exactly when both parts may begin as one, none runs, and its time is allowed.",
    formalizes=(
        "REQ-BOLUS-009",
        "REQ-BOLUS-013",
        "REQ-BOLUS-002.c",
        "REQ-DOSE-008.c",
        "REQ-BOLUS-006.b",
        "REQ-DOSE-015.a",
        "REQ-POWER-001.c",
        "REQ-UI-004.a",
    ),
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-BOLUS-017"),
    witness=request_is_accepted,
)
def extended_request_is_accepted(
    before: Pump, event: ExtendedBolusRequested, outputs: Outputs, limits: Limits, clock: BolusClock
) -> bool:
    return accepted(outputs) == may_extend(
        before, event.immediate_pulses, event.extended_pulses, event.duration_s, limits, clock
    )


def extended_bolus_is_asked_now(event: ExtendedBolusRequested, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-057",
    says="An extended bolus that is asked for is shown in full, no longer than a suggestion stands, and no more.",
    formalizes=("REQ-UI-006.a",),
    when=extended_bolus_is_asked_now,
    uses=("INV-BOLUS-195",),
)
def extended_request_does_this_alone(
    before: Pump, after: Pump, event: ExtendedBolusRequested, outputs: Outputs, limits: Limits
) -> bool:
    shown = Confirmation(
        question=Question.BOLUS,
        pulses=event.immediate_pulses,
        extended_pulses=event.extended_pulses,
        duration_s=event.duration_s,
        remaining_s=time_for_a_bolus(before, limits),
    )
    return after == replace(before, confirmation=shown) and outputs == Outputs()


def is_the_one_shown(asked: Asked, event: ConfirmExtendedBolus) -> bool:
    """The person confirms both parts and the time as they were asked for."""
    parts = asked.pulses == event.immediate_pulses and asked.extended_pulses == event.extended_pulses
    return asked.bolus and parts and event.extended_pulses >= 1 and asked.duration_s == event.duration_s


@acceptance(
    "INV-BOLUS-058",
    says="An extended bolus is accepted exactly when it is the one shown and still meets the same admission.",
    formalizes=(
        "REQ-BOLUS-009",
        "REQ-BOLUS-013",
        "REQ-BOLUS-002.a",
        "REQ-BOLUS-002.c",
        "REQ-POWER-006.b",
        "REQ-DOSE-015.a",
        "REQ-POWER-001.c",
        "REQ-UI-004.a",
        "REQ-UI-006.a",
    ),
    uses=("INV-BOLUS-107", "INV-BOLUS-017", "INV-UI-021", "INV-BOLUS-130"),
    witness=request_is_accepted,
)
def extended_bolus_is_accepted(
    before: Pump,
    event: ConfirmExtendedBolus,
    outputs: Outputs,
    limits: Limits,
    asked: Asked,
    clock: BolusClock,
) -> bool:
    now = event.immediate_pulses
    extended = event.extended_pulses
    allowed = may_extend(before, now, extended, event.duration_s, limits, clock)
    return accepted(outputs) == (is_the_one_shown(asked, event) and allowed)


def extended_bolus_starts_now(event: ConfirmExtendedBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-059",
    says="An extended bolus starts only if exactly this one was asked for, less than the time to confirm ago.",
    formalizes=("REQ-BOLUS-012", "REQ-UI-006.a"),
    when=extended_bolus_starts_now,
    uses=(
        "INV-UI-021",
        "INV-UI-101",
        "INV-BOLUS-107",
    ),
)
def extended_bolus_is_the_one_shown(
    event: ConfirmExtendedBolus, outputs: Outputs, asked: Asked, limits: Limits
) -> bool:
    return is_the_one_shown(asked, event) and asked.age_s < limits.confirmation_s


@step_property(
    "INV-BOLUS-060",
    says="A confirmed extended bolus remains in full, starts lockout and count once, ends a suggestion, and no more.",
    formalizes=("REQ-BOLUS-004", "REQ-BOLUS-008"),
    when=extended_bolus_starts_now,
)
def extended_bolus_does_this_alone(
    before: Pump, after: Pump, event: ConfirmExtendedBolus, outputs: Outputs, limits: Limits
) -> bool:
    now = Bolus(
        programmed_pulses=event.immediate_pulses,
        remaining_pulses=event.immediate_pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
    )
    extended = ExtendedBolus(
        programmed_pulses=event.extended_pulses,
        duration_s=event.duration_s,
        remaining_pulses=event.extended_pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
        remaining_s=event.duration_s,
        accumulator=0,
    )
    starts = replace(
        before.bolus_starts,
        lockout_s=limits.bolus_lockout_s,
        by_hour=(before.bolus_starts.by_hour[0] + 1,) + before.bolus_starts.by_hour[1:],
    )
    expected = replace(
        before,
        bolus=now,
        extended_bolus=extended,
        bolus_starts=starts,
        calculator=suggestion_ended(before.calculator),
        confirmation=nothing_shown(),
    )
    return after == expected and outputs == Outputs()


@step_property(
    "INV-BOLUS-061",
    says="No extended bolus starts before the last one was given in full or stopped, or too soon after a bolus.",
    formalizes=("REQ-BOLUS-002.b", "REQ-BOLUS-006.a", "REQ-BOLUS-007"),
    when=extended_bolus_starts_now,
    uses=("INV-BOLUS-017", "INV-BOLUS-053", "INV-BOLUS-130", "INV-BOLUS-132", "INV-BOLUS-107"),
)
def one_extended_bolus_at_a_time(
    event: ConfirmExtendedBolus,
    outputs: Outputs,
    ledger: ExtendedLedger,
    clock: BolusClock,
    limits: Limits,
) -> bool:
    over = ledger.given == ledger.requested or ledger.stopped
    return over and clock.since_s >= limits.bolus_lockout_s


@step_property(
    "INV-BOLUS-070",
    says="No extended bolus starts that the reservoir does not hold in full, both parts together.",
    formalizes=("REQ-RES-001.b",),
    when=extended_bolus_starts_now,
    uses=("INV-RES-001", "INV-BOLUS-107"),
)
def extended_bolus_is_in_reservoir(
    event: ConfirmExtendedBolus, outputs: Outputs, reservoir: ReservoirLedger
) -> bool:
    return event.immediate_pulses + event.extended_pulses <= reservoir.pulses


def extended_bolus_does_not_fit_the_hour(
    window: HourWindow, event: ConfirmExtendedBolus, limits: Limits
) -> bool:
    pulses = event.immediate_pulses + event.extended_pulses
    return is_within_the_hour(window) and not fits(window, pulses, limits)


@step_property(
    "INV-BOLUS-071",
    says="An extended bolus is refused if both parts do not fit a window beside what was given and basal to come.",
    formalizes=("REQ-DOSE-001.c", "REQ-BOLUS-002"),
    when=extended_bolus_does_not_fit_the_hour,
    uses=(
        "INV-DOSE-101",
        "INV-DOSE-102",
        "INV-DOSE-014",
        "INV-DOSE-106",
        "INV-DOSE-109",
        "INV-DOSE-114",
        "INV-DOSE-116",
        "INV-BOLUS-107",
        "INV-BOLUS-130",
    ),
)
def extended_bolus_beyond_the_hour_is_refused(
    window: HourWindow, event: ConfirmExtendedBolus, outputs: Outputs
) -> bool:
    return not accepted(outputs)


def extended_bolus_does_not_fit_the_day(
    day: DayOfTherapy, event: ConfirmExtendedBolus, limits: Limits
) -> bool:
    pulses = event.immediate_pulses + event.extended_pulses
    return is_within_the_day(day) and not fits_the_day(day, pulses, limits)


@step_property(
    "INV-BOLUS-072",
    says="An extended bolus is refused if both parts do not fit a day beside what was given and the basal to come.",
    formalizes=("REQ-DOSE-008.c", "REQ-BOLUS-002"),
    when=extended_bolus_does_not_fit_the_day,
    uses=(
        "INV-DOSE-120",
        "INV-DOSE-121",
        "INV-DOSE-122",
        "INV-DOSE-123",
        "INV-DOSE-124",
        "INV-DOSE-125",
        "INV-DOSE-127",
        "INV-BOLUS-107",
        "INV-BOLUS-108",
        "INV-BOLUS-130",
    ),
)
def extended_bolus_beyond_the_day_is_refused(
    day: DayOfTherapy, event: ConfirmExtendedBolus, outputs: Outputs
) -> bool:
    return not accepted(outputs)


@acceptance(
    "INV-BOLUS-062",
    says="An extended bolus can be cancelled alone exactly while some of it remains.",
    formalizes=("REQ-BOLUS-003.c", "REQ-POWER-001.c", "REQ-UI-006.c"),
    uses=("INV-BOLUS-130", "INV-BOLUS-054"),
    witness=request_is_accepted,
)
def cancelling_it_is_accepted(before: Pump, event: CancelExtendedBolus, outputs: Outputs) -> bool:
    return accepted(outputs) == (before.extended_bolus.remaining_pulses != 0)


def extended_bolus_is_cancelled_now(event: CancelExtendedBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-063",
    says="Cancelling an extended bolus alone reports its rest as cancelled, and no more.",
    formalizes=("REQ-BOLUS-003.c",),
    when=extended_bolus_is_cancelled_now,
)
def cancelling_it_does_this_alone(
    before: Pump, after: Pump, event: CancelExtendedBolus, outputs: Outputs
) -> bool:
    rest = extended_rest_cancelled(before.extended_bolus)
    return after == replace(before, extended_bolus=rest) and outputs == Outputs()


EXTENDED_BOLUS_PROPERTIES: tuple[Property, ...] = (
    parts_are_within_limit,
    time_is_within_limits,
    extended_bolus_is_never_exceeded,
    extended_books_are_true,
    extended_rest_is_not_negative,
    extended_bolus_runs_only_in_therapy,
    stopped_extended_bolus_has_no_rest,
    only_a_stop_cancels_it,
    stopped_extended_bolus_stays_stopped,
    extended_request_is_accepted,
    extended_request_does_this_alone,
    extended_bolus_is_accepted,
    extended_bolus_is_the_one_shown,
    extended_bolus_does_this_alone,
    one_extended_bolus_at_a_time,
    extended_bolus_is_in_reservoir,
    extended_bolus_beyond_the_hour_is_refused,
    extended_bolus_beyond_the_day_is_refused,
    cancelling_it_is_accepted,
    cancelling_it_does_this_alone,
)
