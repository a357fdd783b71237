"""A bolus in two parts, admitted as a whole."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row


class Mode(Enum):
    IDLE = "idle"
    DELIVERING = "delivering"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"
    RESERVOIR_TOO_LOW = "reservoir too low"


@dataclass(frozen=True)
class Limits:
    max_bolus_pulses: int
    reservoir_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    now_pulses: int
    extended_pulses: int
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
class DualBolusRequested:
    now_pulses: Annotated[int, Range(0, 500)]
    extended_pulses: Annotated[int, Range(0, 500)]


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.IDLE, 0, 0, limits.reservoir_pulses)


def refuse_dual(pump: Pump, request: DualBolusRequested, limits: Limits) -> Reason:
    whole = request.now_pulses + request.extended_pulses
    if whole > limits.max_bolus_pulses:
        return Reason.OUT_OF_LIMIT
    if whole > pump.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    if request.now_pulses < 1:
        return Reason.OUT_OF_LIMIT
    return Reason.NONE


def start_dual(pump: Pump, request: DualBolusRequested, limits: Limits) -> Step:
    return Step(replace(pump, now_pulses=request.now_pulses, extended_pulses=request.extended_pulses))


def owes(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.now_pulses > 0 or pump.extended_pulses > 0


def owes_nothing(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return not owes(pump, tick, limits)


def give_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    left = replace(pump, reservoir_pulses=pump.reservoir_pulses - 1)
    if pump.now_pulses > 0:
        return Step(replace(left, now_pulses=pump.now_pulses - 1), Outputs(drive_pulses=1))
    return Step(replace(left, extended_pulses=pump.extended_pulses - 1), Outputs(drive_pulses=1))


def finish(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(pump)


@lemma("INV-BOLUS-101", says="What is owed is never negative, and the reservoir holds it.")
def owed_is_held(pump: Pump) -> bool:
    return (
        pump.now_pulses >= 0
        and pump.extended_pulses >= 0
        and pump.now_pulses + pump.extended_pulses <= pump.reservoir_pulses
    )


@invariant(
    "INV-RES-001",
    says="The reservoir is never below empty.",
    formalizes=("REQ-RES-001",),
    uses=("INV-BOLUS-101",),
)
def reservoir_not_negative(pump: Pump) -> bool:
    return pump.reservoir_pulses >= 0


@step_property("INV-RES-002", says="The reservoir falls by what is given.", formalizes=("REQ-RES-001",))
def reservoir_falls_by_what_is_given(before: Pump, after: Pump, outputs: Outputs) -> bool:
    return before.reservoir_pulses - after.reservoir_pulses == outputs.drive_pulses


def is_accepted(request: DualBolusRequested, outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


@step_property(
    "INV-BOLUS-001",
    says="An accepted dual bolus is within the limit as a whole.",
    formalizes=("REQ-BOLUS-001",),
    when=is_accepted,
)
def whole_is_within_limit(request: DualBolusRequested, limits: Limits) -> bool:
    return request.now_pulses + request.extended_pulses <= limits.max_bolus_pulses


def can_give_both(limits: Limits) -> bool:
    return 2 <= limits.max_bolus_pulses and 2 * limits.max_bolus_pulses <= limits.reservoir_pulses


BOLUS = ("REQ-BOLUS-001",)


SYSTEM = System(
    name="dual bolus",
    says="A bolus in two parts, admitted as a whole.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(DualBolusRequested, Tick),
    initial=initial,
    table=(
        Command(
            "MDL-BOLUS-001",
            (Mode.IDLE,),
            DualBolusRequested,
            refuse_dual,
            start_dual,
            Mode.DELIVERING,
            "A dual bolus starts only if all of it is allowed.",
            BOLUS,
        ),
        Refused(
            "MDL-BOLUS-002",
            (Mode.DELIVERING,),
            (DualBolusRequested,),
            Reason.OUT_OF_LIMIT,
            "One dual bolus at a time.",
            BOLUS,
        ),
        Row(
            "MDL-BOLUS-003",
            (Mode.DELIVERING,),
            Tick,
            owes,
            give_pulse,
            SAME_MODE,
            "One pulse a second.",
            BOLUS,
        ),
        Row(
            "MDL-BOLUS-004",
            (Mode.DELIVERING,),
            Tick,
            owes_nothing,
            finish,
            Mode.IDLE,
            "Nothing is left.",
            BOLUS,
        ),
        Ignored("MDL-BOLUS-005", (Mode.IDLE,), (Tick,), "Nothing is running.", BOLUS),
    ),
    conditions=(
        Condition("ASM-BOLUS-001", "A full reservoir holds two of the largest boluses.", can_give_both),
    ),
    observers=(),
    properties=(
        owed_is_held,
        reservoir_not_negative,
        whole_is_within_limit,
        reservoir_falls_by_what_is_given,
    ),
    requirements=(
        Requirement("REQ-BOLUS-001", "Both parts of a dual bolus together keep within the limit.", "example"),
        Requirement("REQ-RES-001", "Nothing is given from an empty reservoir.", "example"),
    ),
)
