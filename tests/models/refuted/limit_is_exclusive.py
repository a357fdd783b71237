"""The largest basal itself is refused: `<` where `<=` was meant."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import acceptance, invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command

SUBJECT = "INV-BASAL-002"


class Mode(Enum):
    ON = "on"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"


@dataclass(frozen=True)
class Limits:
    max_basal_millipulses_per_h: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    rate_millipulses_per_h: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class RateProgrammed:
    rate_millipulses_per_h: int


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, 0)


def refuse_rate(pump: Pump, request: RateProgrammed, limits: Limits) -> Reason:
    if 0 <= request.rate_millipulses_per_h < limits.max_basal_millipulses_per_h:
        return Reason.NONE
    return Reason.OUT_OF_LIMIT


def programme(pump: Pump, request: RateProgrammed, limits: Limits) -> Step:
    return Step(replace(pump, rate_millipulses_per_h=request.rate_millipulses_per_h))


@invariant("INV-BASAL-001", says="The rate is never above the largest basal.", formalizes=("REQ-BASAL-001",))
def rate_is_limited(pump: Pump, limits: Limits) -> bool:
    return 0 <= pump.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h


def is_allowed(request: RateProgrammed, limits: Limits) -> bool:
    return 0 <= request.rate_millipulses_per_h and (
        request.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h
    )


@acceptance(
    "INV-BASAL-002",
    says="A rate equal to the limit is accepted.",
    formalizes=("REQ-BASAL-002",),
    when=is_allowed,
)
def rate_is_accepted(outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


@step_property("INV-BASAL-003", says="To programme a rate gives nothing.", formalizes=("REQ-BASAL-001",))
def nothing_is_given(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def allows_a_rate(limits: Limits) -> bool:
    return limits.max_basal_millipulses_per_h >= 1


BASAL = ("REQ-BASAL-001",)


SYSTEM = System(
    name="limit is exclusive",
    says="The largest basal itself is refused: `<` where `<=` was meant.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(RateProgrammed,),
    initial=initial,
    table=(
        Command(
            "MDL-BASAL-001",
            (Mode.ON,),
            RateProgrammed,
            refuse_rate,
            programme,
            SAME_MODE,
            "A rate is taken if the limit allows it.",
            BASAL,
        ),
    ),
    conditions=(Condition("ASM-BASAL-001", "Some rate is allowed.", allows_a_rate),),
    observers=(),
    properties=(rate_is_limited, rate_is_accepted, nothing_is_given),
    requirements=(
        Requirement("REQ-BASAL-001", "The rate is never above the largest basal.", "example"),
        Requirement(
            "REQ-BASAL-002", "Every rate up to and including the largest basal is accepted.", "example"
        ),
    ),
)

FIX = (
    "request.rate_millipulses_per_h < limits",
    "request.rate_millipulses_per_h <= limits",
)
