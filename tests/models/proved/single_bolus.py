"""One bolus at a time: never above the limit, never more than was asked for, never from an empty reservoir."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row


class Mode(Enum):
    IDLE = "idle"
    DELIVERING = "delivering"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"
    RESERVOIR_TOO_LOW = "reservoir too low"
    BOLUS_RUNNING = "a bolus is running"


@dataclass(frozen=True)
class Limits:
    max_bolus_pulses: int
    reservoir_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    remaining_pulses: int
    reservoir_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class BolusRequested:
    pulses: int


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.IDLE, 0, limits.reservoir_pulses)


def refuse_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Reason:
    if not 0 < request.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_LIMIT
    if request.pulses > pump.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    return Reason.NONE


def start_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=request.pulses))


def more_follows(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses > 1


def is_last(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses <= 1


def give_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    left = replace(
        pump, remaining_pulses=pump.remaining_pulses - 1, reservoir_pulses=pump.reservoir_pulses - 1
    )
    return Step(left, Outputs(drive_pulses=1))


@dataclass(frozen=True)
class Ledger:
    asked_pulses: int
    given_pulses: int


def nothing_asked(pump: Pump) -> Ledger:
    return Ledger(0, 0)


def note_request(ledger: Ledger, request: BolusRequested, outputs: Outputs) -> Ledger:
    return Ledger(request.pulses, 0) if outputs.refusal is Reason.NONE else ledger


def note_pulse(ledger: Ledger, tick: Tick, outputs: Outputs) -> Ledger:
    return Ledger(ledger.asked_pulses, ledger.given_pulses + outputs.drive_pulses)


LEDGER = Observer(
    "ledger",
    "What the last bolus asked for and what it was given.",
    Ledger,
    nothing_asked,
    ((BolusRequested, note_request), (Tick, note_pulse)),
)


@lemma("INV-BOLUS-101", says="While a bolus runs, what is left is held by the reservoir.")
def bolus_is_covered(pump: Pump) -> bool:
    return pump.mode is Mode.IDLE or 1 <= pump.remaining_pulses <= pump.reservoir_pulses


@lemma("INV-BOLUS-102", says="Given and left add up to what was asked for.", uses=("INV-BOLUS-101",))
def given_and_left(pump: Pump, ledger: Ledger) -> bool:
    left = pump.remaining_pulses if pump.mode is Mode.DELIVERING else 0
    return ledger.given_pulses + left == ledger.asked_pulses


@invariant(
    "INV-RES-001",
    says="The reservoir is never below empty.",
    formalizes=("REQ-RES-001",),
    uses=("INV-BOLUS-101",),
)
def reservoir_not_negative(pump: Pump) -> bool:
    return pump.reservoir_pulses >= 0


@invariant(
    "INV-BOLUS-001",
    says="A bolus never gives more than was asked for.",
    formalizes=("REQ-BOLUS-001",),
    uses=("INV-BOLUS-101", "INV-BOLUS-102"),
)
def never_more_than_asked(ledger: Ledger) -> bool:
    return ledger.given_pulses <= ledger.asked_pulses


@step_property("INV-BOLUS-002", says="An accepted bolus is within the limit.", formalizes=("REQ-BOLUS-001",))
def within_limit(request: BolusRequested, outputs: Outputs, limits: Limits) -> bool:
    return outputs.refusal is not Reason.NONE or 0 < request.pulses <= limits.max_bolus_pulses


def fits(before: Pump, request: BolusRequested, limits: Limits) -> bool:
    small = 0 < request.pulses <= limits.max_bolus_pulses
    return before.mode is Mode.IDLE and small and request.pulses <= before.reservoir_pulses


@acceptance("INV-BOLUS-003", says="A bolus that fits is accepted.", formalizes=("REQ-BOLUS-002",), when=fits)
def accepted(outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


def can_give_a_bolus(limits: Limits) -> bool:
    return 2 <= limits.max_bolus_pulses <= limits.reservoir_pulses


BOLUS = ("REQ-BOLUS-001",)

SYSTEM = System(
    name="single bolus",
    says="A pump that gives one bolus at a time.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(BolusRequested, Tick),
    initial=initial,
    table=(
        Command("MDL-BOLUS-001", (Mode.IDLE,), BolusRequested, refuse_bolus, start_bolus, Mode.DELIVERING,
                "A bolus starts only within the limit and if the reservoir holds it.", BOLUS),
        Refused("MDL-BOLUS-002", (Mode.DELIVERING,), (BolusRequested,), Reason.BOLUS_RUNNING,
                "One bolus at a time.", BOLUS),
        Row("MDL-BOLUS-003", (Mode.DELIVERING,), Tick, more_follows, give_pulse, SAME_MODE,
            "One pulse a second.", BOLUS),
        Row("MDL-BOLUS-004", (Mode.DELIVERING,), Tick, is_last, give_pulse, Mode.IDLE,
            "The last pulse ends the bolus.", BOLUS),
        Ignored("MDL-BOLUS-005", (Mode.IDLE,), (Tick,), "Nothing is running.", BOLUS),
    ),
    conditions=(Condition("ASM-BOLUS-001", "A full pump can give a bolus.", can_give_a_bolus),),
    observers=(LEDGER,),
    properties=(
        bolus_is_covered,
        given_and_left,
        reservoir_not_negative,
        never_more_than_asked,
        within_limit,
        accepted,
    ),
    requirements=(
        Requirement("REQ-BOLUS-001", "A bolus gives at most what was asked for, within the limit.", "example"),
        Requirement("REQ-BOLUS-002", "A bolus that fits is accepted.", "example"),
        Requirement("REQ-RES-001", "Nothing is given from an empty reservoir.", "example"),
    ),
)  # fmt: skip
