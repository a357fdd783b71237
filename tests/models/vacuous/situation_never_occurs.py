"""The alarm is asked for where it can never be needed: below empty, where no reservoir ever is.

`< 0` stands where `<= limits.low_pulses` was meant.
"""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command

SUBJECT = "INV-RES-002"


class Mode(Enum):
    ON = "on"


class Reason(Enum):
    NONE = "accepted"
    EMPTY = "empty"


@dataclass(frozen=True)
class Limits:
    reservoir_pulses: int
    low_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    reservoir_pulses: int
    low_alarm: bool


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Pulse:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, limits.reservoir_pulses, False)


def refuse_pulse(pump: Pump, event: Pulse, limits: Limits) -> Reason:
    return Reason.NONE if pump.reservoir_pulses > 0 else Reason.EMPTY


def give_pulse(pump: Pump, event: Pulse, limits: Limits) -> Step:
    left = pump.reservoir_pulses - 1
    return Step(
        replace(pump, reservoir_pulses=left, low_alarm=left <= limits.low_pulses), Outputs(drive_pulses=1)
    )


@invariant("INV-RES-001", says="The reservoir is never below empty.", formalizes=("REQ-RES-002",))
def reservoir_not_negative(pump: Pump) -> bool:
    return pump.reservoir_pulses >= 0


def is_low(pump: Pump, limits: Limits) -> bool:
    return pump.reservoir_pulses < 0


@invariant(
    "INV-RES-002",
    says="A low reservoir alarms.",
    formalizes=("REQ-RES-001",),
    when=is_low,
    uses=("INV-RES-001",),
)
def low_is_alarmed(pump: Pump) -> bool:
    return pump.low_alarm


@step_property("INV-RES-003", says="A pulse is given unless it is refused.", formalizes=("REQ-RES-002",))
def given_unless_refused(outputs: Outputs) -> bool:
    return outputs.drive_pulses == (1 if outputs.refusal is Reason.NONE else 0)


def full_is_not_low(limits: Limits) -> bool:
    return 0 <= limits.low_pulses < limits.reservoir_pulses


RES = ("REQ-RES-001",)


SYSTEM = System(
    name="situation never occurs",
    says="The alarm is asked for where it can never be needed: below empty, where no reservoir ever is.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Pulse,),
    initial=initial,
    table=(
        Command(
            "MDL-RES-001",
            (Mode.ON,),
            Pulse,
            refuse_pulse,
            give_pulse,
            SAME_MODE,
            "A pulse leaves the reservoir.",
            RES,
        ),
    ),
    conditions=(Condition("ASM-RES-001", "A full reservoir is not low.", full_is_not_low),),
    observers=(),
    properties=(reservoir_not_negative, low_is_alarmed, given_unless_refused),
    requirements=(
        Requirement("REQ-RES-001", "A low reservoir raises an alarm.", "example"),
        Requirement("REQ-RES-002", "Nothing is given from an empty reservoir.", "example"),
    ),
)

FIX = (
    "return pump.reservoir_pulses < 0",
    "return pump.reservoir_pulses <= limits.low_pulses",
)
