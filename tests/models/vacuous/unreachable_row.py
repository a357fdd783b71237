"""The row that stops an overfilled pump has a guard that is never true, so the bound is never checked.

`>` and `<` were exchanged.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.properties import invariant
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Ignored, Row

SUBJECT = "twins"


class Mode(Enum):
    ON = "on"
    FAULT = "fault"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    reservoir_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
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
class Filled:
    pulses: Annotated[int, Range(0, None)]


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, 0)


def too_much(pump: Pump, event: Filled, limits: Limits) -> bool:
    return event.pulses < 0


def not_too_much(pump: Pump, event: Filled, limits: Limits) -> bool:
    return event.pulses >= 0


def fill(pump: Pump, event: Filled, limits: Limits) -> Step:
    return Step(replace(pump, reservoir_pulses=event.pulses))


def reject(pump: Pump, event: Filled, limits: Limits) -> Step:
    return Step(pump)


@invariant("INV-RES-001", says="The reservoir is never below empty.", formalizes=("REQ-RES-001",))
def reservoir_not_negative(pump: Pump) -> bool:
    return pump.reservoir_pulses >= 0


RES = ("REQ-RES-001",)


SYSTEM = System(
    name="unreachable row",
    says="The row that stops an overfilled pump has a guard that is never true, so the bound is never checked.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Filled,),
    initial=initial,
    table=(
        Row("MDL-RES-001", (Mode.ON,), Filled, not_too_much, fill, SAME_MODE, "A new reservoir.", RES),
        Row(
            "MDL-RES-002",
            (Mode.ON,),
            Filled,
            too_much,
            reject,
            Mode.FAULT,
            "A reservoir that can not be.",
            RES,
        ),
        Ignored("MDL-RES-003", (Mode.FAULT,), (Filled,), "A fault stays.", RES),
    ),
    conditions=(),
    observers=(),
    properties=(reservoir_not_negative,),
    requirements=(Requirement("REQ-RES-001", "An impossible reservoir is refused.", "example"),),
)
