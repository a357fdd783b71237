"""The reservoir: its content is booked exactly and never overdrawn."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import ConfirmBolus, ReservoirReplaced, StartPrime, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import (
    accepted,
    boluses_are_over,
    is_on,
    request_is_accepted,
    rest_is_reported,
    something_is_driven,
)
from pumpproof.spec.pump.state import EMPTY, AlarmPhase, DriveCount, Mode, Pump, Reservoir


@dataclass(frozen=True)
class ReservoirLedger:
    """What the last reservoir held less what was driven since."""

    pulses: int


def begin_ledger(pump: Pump) -> ReservoirLedger:
    """No reservoir was put in yet."""
    return ReservoirLedger(pulses=0)


def note_replacement(ledger: ReservoirLedger, event: ReservoirReplaced, outputs: Outputs) -> ReservoirLedger:
    """An accepted replacement."""
    return ReservoirLedger(pulses=event.pulses) if accepted(outputs) else ledger


def note_drive(ledger: ReservoirLedger, outputs: Outputs) -> ReservoirLedger:
    """Whatever is driven is gone."""
    return ReservoirLedger(pulses=ledger.pulses - outputs.drive_pulses)


RESERVOIR_LEDGER = Observer(
    "reservoir ledger",
    says="Takes the content of each new reservoir and subtracts whatever is driven.",
    record=ReservoirLedger,
    begin=begin_ledger,
    steps=((ReservoirReplaced, note_replacement),),
    otherwise=note_drive,
)


def reservoir_is_filled(ledger: ReservoirLedger) -> bool:
    return ledger.pulses > 0


@invariant(
    "INV-RES-001",
    says="The content of the reservoir falls by what is driven, and rises by replacement only.",
    formalizes=("REQ-RES-003", "REQ-DOSE-007.b", "REQ-RES-009.a"),
    witness=reservoir_is_filled,
)
def reservoir_is_booked(pump: Pump, ledger: ReservoirLedger) -> bool:
    return pump.reservoir.pulses == ledger.pulses


def reservoir_is_full(pump: Pump, limits: Limits) -> bool:
    return pump.reservoir.pulses == limits.reservoir_capacity_pulses


@invariant(
    "INV-RES-002",
    says="The content of the reservoir is never negative and never above its capacity.",
    formalizes=("REQ-RES-001", "REQ-RES-002", "REQ-RES-007"),
    uses=("INV-PRIME-010", "INV-BOLUS-104", "INV-BOLUS-130"),
    witness=reservoir_is_full,
)
def reservoir_is_never_overdrawn(pump: Pump, limits: Limits) -> bool:
    return 0 <= pump.reservoir.pulses <= limits.reservoir_capacity_pulses


@step_property(
    "INV-RES-003",
    says="No step drives more than the reservoir holds, so nothing is driven when it is empty.",
    formalizes=("REQ-RES-001.a",),
    uses=("INV-RES-002", "INV-PRIME-010"),
    witness=something_is_driven,
)
def drive_stays_within_reservoir(before: Pump, outputs: Outputs) -> bool:
    return outputs.drive_pulses <= before.reservoir.pulses


def reservoir_is_found_empty(before: Pump, event: Tick, ledger: ReservoirLedger) -> bool:
    return is_on(before) and ledger.pulses == 0


@step_property(
    "INV-RES-009",
    says="A second that begins with an empty reservoir commands nothing, alarms, holds, and reports each bolus's rest.",
    formalizes=("REQ-RES-001.d", "REQ-BOLUS-003", "REQ-RES-005.a"),
    when=reservoir_is_found_empty,
    uses=("INV-RES-001", "INV-PRIME-010"),
)
def empty_reservoir_stops_at_once(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    stopped = (
        outputs.drive_pulses == 0
        and after.holds.alarm
        and after.alarms.phases[EMPTY] is not AlarmPhase.SILENT
    )
    ended = boluses_are_over(after) and after.prime.remaining_pulses == 0
    return stopped and ended and rest_is_reported(before, after)


def bolus_starts_now(event: ConfirmBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-RES-006",
    says="No bolus starts that the reservoir does not hold in full, beside what an extended bolus still owes.",
    formalizes=("REQ-RES-001.b",),
    when=bolus_starts_now,
    uses=("INV-RES-001",),
)
def bolus_is_in_reservoir(
    before: Pump, event: ConfirmBolus, outputs: Outputs, ledger: ReservoirLedger
) -> bool:
    return event.pulses + before.extended_bolus.remaining_pulses <= ledger.pulses


def prime_starts_now(event: StartPrime, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-RES-007",
    says="No prime starts that the reservoir does not hold in full.",
    formalizes=("REQ-RES-001.c",),
    when=prime_starts_now,
    uses=("INV-RES-001",),
)
def prime_is_in_reservoir(event: StartPrime, outputs: Outputs, ledger: ReservoirLedger) -> bool:
    return event.pulses <= ledger.pulses


@acceptance(
    "INV-RES-004",
    says="A new reservoir is accepted exactly in idle, with keys unlocked and a content of a pulse to the capacity.",
    formalizes=("REQ-RES-002", "REQ-DOSE-015.d", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def replacement_is_accepted(before: Pump, event: ReservoirReplaced, outputs: Outputs, limits: Limits) -> bool:
    content = event.pulses > 0 and event.pulses <= limits.reservoir_capacity_pulses
    return accepted(outputs) == (before.mode is Mode.IDLE and not before.key_lock.locked and content)


def replaced_now(event: ReservoirReplaced, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-RES-005",
    says="A new reservoir brings its content, forgets readings and counts of the old, may move alarms, and no more.",
    formalizes=("REQ-RES-002",),
    when=replaced_now,
    uses=(
        "INV-OCC-001",
        "INV-OCC-002",
        "INV-OCC-101",
        "INV-OCC-006",
        "INV-OCC-110",
        "INV-ALARM-008",
        "INV-INTEG-001",
        "INV-BOLUS-195",
        "INV-INTEG-035",
        "INV-PRIME-010",
        "INV-PRIME-011",
        "INV-PRIME-114",
        "INV-BOLUS-005",
        "INV-BOLUS-054",
        "INV-BOLUS-107",
    ),
)
def replacement_does_this_alone(
    before: Pump, after: Pump, event: ReservoirReplaced, outputs: Outputs
) -> bool:
    reservoir = Reservoir(pulses=event.pulses, level_error_pulses=0)
    alarms = replace(before.alarms, phases=after.alarms.phases, audio_paused_s=after.alarms.audio_paused_s)
    counts = DriveCount(
        commanded_pulses=0, counted_pulses=0, surplus_s=0, shortfall_s=0, last_second_pulses=0
    )
    expected = replace(before, reservoir=reservoir, drive_count=counts, alarms=alarms)
    return after == expected and outputs == Outputs()


RESERVOIR_PROPERTIES: tuple[Property, ...] = (
    reservoir_is_booked,
    reservoir_is_never_overdrawn,
    drive_stays_within_reservoir,
    empty_reservoir_stops_at_once,
    bolus_is_in_reservoir,
    prime_is_in_reservoir,
    replacement_is_accepted,
    replacement_does_this_alone,
)
