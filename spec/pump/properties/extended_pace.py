"""The pace of the extended bolus: even, never ahead of its time, and given way to by any other bolus."""

from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import latched, stop_is_found
from pumpproof.spec.pump.properties.extended_ledger import (
    ExtendedLedger,
    a_pulse_is_earned,
    earn,
    is_owed,
)
from pumpproof.spec.pump.properties.strokes import StrokeClock, stroke_may_come
from pumpproof.spec.pump.properties.words import extended_rest_cancelled, held
from pumpproof.spec.pump.state import Action, Mode, Pump


def it_is_owed(ledger: ExtendedLedger) -> bool:
    return is_owed(ledger)


@lemma(
    "INV-BOLUS-133",
    says="Of the time of an extended bolus no more passes than there is, and it has a second for each pulse.",
    uses=("INV-BOLUS-107",),
    witness=it_is_owed,
)
def time_ends(ledger: ExtendedLedger) -> bool:
    return 0 <= ledger.passed_s <= ledger.duration_s and 0 <= ledger.requested <= ledger.duration_s


@invariant(
    "INV-BOLUS-068",
    says="While an extended bolus is owed, the pump counts the seconds of its time, and what they earned, exactly.",
    formalizes=("REQ-BOLUS-004.d",),
    uses=(
        "INV-BOLUS-052",
        "INV-BOLUS-053",
        "INV-BOLUS-054",
        "INV-BOLUS-130",
        "INV-BOLUS-131",
        "INV-BOLUS-132",
        "INV-BOLUS-133",
        "INV-ALARM-103",
        "INV-ALARM-011",
        "INV-RES-002",
    ),
    when=it_is_owed,
)
def pace_is_kept(pump: Pump, ledger: ExtendedLedger) -> bool:
    left_s = ledger.duration_s - ledger.passed_s
    earned = ledger.earned - ledger.spent
    return pump.extended_bolus.remaining_s == left_s and pump.extended_bolus.accumulator == earned


def its_time_runs(ledger: ExtendedLedger) -> bool:
    return is_owed(ledger) and ledger.given > 0 and ledger.passed_s < ledger.duration_s


@invariant(
    "INV-BOLUS-064",
    says="While its time runs, an extended bolus has given no more than an even pace earns: it is never ahead.",
    formalizes=("REQ-BOLUS-004.d",),
    uses=(
        "INV-BOLUS-052",
        "INV-BOLUS-053",
        "INV-BOLUS-068",
        "INV-BOLUS-131",
        "INV-BOLUS-132",
        "INV-BOLUS-133",
        "INV-ALARM-011",
        "INV-ALARM-103",
    ),
    witness=its_time_runs,
)
def it_is_never_ahead(ledger: ExtendedLedger) -> bool:
    return ledger.spent <= ledger.earned or ledger.passed_s >= ledger.duration_s


def second_of_free_therapy(before: Pump, after: Pump, event: Tick, limits: Limits) -> bool:
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    return free and not stop_is_found(before, after, limits)


@step_property(
    "INV-BOLUS-065",
    says="An extended bolus gives a pulse in the second that earns it, once other bolus and drive are done, no other.",
    formalizes=("REQ-BOLUS-004.d", "REQ-BOLUS-010.b"),
    when=second_of_free_therapy,
    uses=(
        "INV-BOLUS-013",
        "INV-BOLUS-052",
        "INV-BOLUS-053",
        "INV-BOLUS-068",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-BOLUS-131",
        "INV-BOLUS-132",
        "INV-BOLUS-133",
        "INV-ALARM-103",
        "INV-ALARM-011",
        "INV-POWER-017",
        "INV-OCC-001",
    ),
)
def extended_bolus_advances(
    before: Pump,
    event: Tick,
    outputs: Outputs,
    limits: Limits,
    clock: StrokeClock,
    ledger: ExtendedLedger,
) -> bool:
    alone = is_owed(ledger) and before.bolus.remaining_pulses == 0
    due = alone and a_pulse_is_earned(earn(ledger, before, event)) and stroke_may_come(clock, limits)
    left = before.reservoir.pulses - outputs.basal_pulses
    return outputs.extended_pulses == (min(1, left) if due else 0)


def another_bolus_runs(before: Pump, event: Tick) -> bool:
    return before.bolus.remaining_pulses > 0 and before.extended_bolus.remaining_pulses > 0


@step_property(
    "INV-BOLUS-066",
    says="While another bolus runs, an extended one gives nothing, and keeps what remains of it and of its time.",
    formalizes=("REQ-BOLUS-010.a", "REQ-BOLUS-010.b"),
    when=another_bolus_runs,
    uses=("INV-BOLUS-005", "INV-ALARM-011"),
)
def extended_bolus_gives_way(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    stopped = after.holds.alarm or latched(after, Action.BASAL_ONLY)
    rest = extended_rest_cancelled(before.extended_bolus) if stopped else before.extended_bolus
    return outputs.extended_pulses == 0 and after.extended_bolus == rest


EXTENDED_PACE_PROPERTIES: tuple[Property, ...] = (
    time_ends,
    pace_is_kept,
    it_is_never_ahead,
    extended_bolus_advances,
    extended_bolus_gives_way,
)
