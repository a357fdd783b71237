"""What must hold, whatever the rows do: requirements, limits that make sense, observers, properties.

No property calls a function of the rows, and none judges by the pump's own counters where it can count for itself:
the observers below see only what goes in and what comes out.
"""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement

from .model import (
    BolusRequested,
    CancelBolus,
    Limits,
    Mode,
    Outputs,
    Pump,
    Reason,
    Tick,
)

REQUIREMENTS = (
    Requirement("REQ-BOLUS-001", "A bolus gives at most what was asked for, within the limit.", "example"),
    Requirement("REQ-BOLUS-002", "A bolus that the limits allow is accepted.", "example"),
    Requirement("REQ-BOLUS-003", "Between the starts of two boluses lies at least the lockout.", "example"),
    Requirement("REQ-BOLUS-004", "After a bolus was stopped, nothing more of it is given.", "example"),
    Requirement("REQ-RES-001", "The reservoir is never driven below empty.", "example"),
)


def can_give_a_bolus(limits: Limits) -> bool:
    return 2 <= limits.max_bolus_pulses <= limits.reservoir_pulses


def has_a_lockout(limits: Limits) -> bool:
    return limits.lockout_s >= 1


CONDITIONS = (
    Condition("ASM-BOLUS-001", "A full reservoir holds the largest bolus.", can_give_a_bolus),
    Condition("ASM-BOLUS-002", "The lockout is at least a second.", has_a_lockout),
)


@dataclass(frozen=True)
class Ledger:
    """What the last accepted bolus asked for, and what was given of it."""

    asked_pulses: int
    given_pulses: int


def nothing_asked(pump: Pump) -> Ledger:
    return Ledger(0, 0)


def note_request(ledger: Ledger, request: BolusRequested, outputs: Outputs) -> Ledger:
    return Ledger(request.pulses, 0) if outputs.refusal is Reason.NONE else ledger


def note_stop(ledger: Ledger, cancel: CancelBolus) -> Ledger:
    return Ledger(ledger.given_pulses, ledger.given_pulses)


def note_pulses(ledger: Ledger, tick: Tick, outputs: Outputs) -> Ledger:
    return Ledger(ledger.asked_pulses, ledger.given_pulses + outputs.drive_pulses)


@dataclass(frozen=True)
class SinceStart:
    """Seconds since the last bolus started; ``started`` says whether there was one."""

    started: bool
    elapsed_s: int


def not_started(pump: Pump) -> SinceStart:
    return SinceStart(started=False, elapsed_s=0)


def note_start(since: SinceStart, request: BolusRequested, outputs: Outputs) -> SinceStart:
    return SinceStart(started=True, elapsed_s=0) if outputs.refusal is Reason.NONE else since


def note_second(since: SinceStart, tick: Tick) -> SinceStart:
    return SinceStart(since.started, since.elapsed_s + 1)


OBSERVERS = (
    Observer(
        "ledger",
        "What the last bolus asked for and what was given; a stopped bolus asks for no more than was given.",
        Ledger,
        nothing_asked,
        ((BolusRequested, note_request), (CancelBolus, note_stop), (Tick, note_pulses)),
    ),
    Observer(
        "since start",
        "Seconds since the last bolus started.",
        SinceStart,
        not_started,
        ((BolusRequested, note_start), (Tick, note_second)),
    ),
)


@lemma("INV-BOLUS-101", says="A running bolus has something left, and the reservoir holds it.")
def bolus_is_covered(pump: Pump) -> bool:
    return pump.mode is not Mode.DELIVERING or 1 <= pump.remaining_pulses <= pump.reservoir_pulses


@lemma("INV-BOLUS-102", says="Given and left add up to what was asked for.", uses=("INV-BOLUS-101",))
def given_and_left(pump: Pump, ledger: Ledger) -> bool:
    left_pulses = pump.remaining_pulses if pump.mode is Mode.DELIVERING else 0
    return ledger.given_pulses + left_pulses == ledger.asked_pulses


@lemma("INV-BOLUS-103", says="The lockout that is left covers the time that is missing.")
def lockout_covers(pump: Pump, since: SinceStart, limits: Limits) -> bool:
    return not since.started or pump.lockout_left_s >= limits.lockout_s - since.elapsed_s


@invariant(
    "INV-BOLUS-001",
    says="Never more is given of a bolus than was asked for.",
    formalizes=("REQ-BOLUS-001", "REQ-BOLUS-004"),
    uses=("INV-BOLUS-101", "INV-BOLUS-102"),
)
def never_more_than_asked(ledger: Ledger) -> bool:
    return ledger.given_pulses <= ledger.asked_pulses


@step_property("INV-BOLUS-002", says="An accepted bolus is within the limit.", formalizes=("REQ-BOLUS-001",))
def within_limit(request: BolusRequested, outputs: Outputs, limits: Limits) -> bool:
    return outputs.refusal is not Reason.NONE or 0 < request.pulses <= limits.max_bolus_pulses


def is_allowed(before: Pump, request: BolusRequested, limits: Limits) -> bool:
    small = 0 < request.pulses <= limits.max_bolus_pulses
    held = request.pulses <= before.reservoir_pulses
    return before.mode is Mode.READY and small and held and before.lockout_left_s == 0


@acceptance(
    "INV-BOLUS-003", says="A bolus that fits is accepted.", formalizes=("REQ-BOLUS-002",), when=is_allowed
)
def is_accepted(outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


def starts_another(since: SinceStart, request: BolusRequested, outputs: Outputs) -> bool:
    return since.started and outputs.refusal is Reason.NONE


@step_property(
    "INV-BOLUS-004",
    says="A bolus starts no sooner than the lockout after the last one started.",
    formalizes=("REQ-BOLUS-003",),
    when=starts_another,
    uses=("INV-BOLUS-103",),
)
def late_enough(since: SinceStart, request: BolusRequested, limits: Limits) -> bool:
    return since.elapsed_s >= limits.lockout_s


def nothing_runs(before: Pump) -> bool:
    return before.mode is Mode.READY


@step_property(
    "INV-BOLUS-005",
    says="Nothing is driven in a step that begins without a bolus.",
    formalizes=("REQ-BOLUS-004",),
    when=nothing_runs,
)
def nothing_driven(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


@invariant(
    "INV-RES-001",
    says="The reservoir is never below empty.",
    formalizes=("REQ-RES-001",),
    uses=("INV-BOLUS-101",),
)
def reservoir_not_negative(pump: Pump) -> bool:
    return pump.reservoir_pulses >= 0


PROPERTIES = (
    bolus_is_covered,
    given_and_left,
    lockout_covers,
    never_more_than_asked,
    within_limit,
    is_accepted,
    late_enough,
    nothing_driven,
    reservoir_not_negative,
)
