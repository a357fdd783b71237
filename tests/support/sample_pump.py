"""A pump of which it is known what its proofs need, and what they do not."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored


class Mode(Enum):
    READY = "ready"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_RANGE = "out of range"
    TOO_MUCH = "too much"
    TOO_OFTEN = "too often"


@dataclass(frozen=True)
class Pump:
    mode: Mode
    given_pulses: int
    requests: int
    last_pulses: int


@dataclass(frozen=True)
class Limits:
    most_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Asked:
    pulses: Annotated[int, Range(0, 500)]


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.READY, given_pulses=0, requests=0, last_pulses=0)


def refuse(pump: Pump, asked: Asked, limits: Limits) -> Reason:
    if asked.pulses <= 0:
        return Reason.OUT_OF_RANGE
    if pump.given_pulses + asked.pulses > limits.most_pulses:
        return Reason.TOO_MUCH
    if pump.requests >= 100:
        return Reason.TOO_OFTEN
    return Reason.NONE


def give(pump: Pump, asked: Asked, limits: Limits) -> Step:
    return Step(
        replace(
            pump,
            given_pulses=pump.given_pulses + asked.pulses,
            requests=pump.requests + 1,
            last_pulses=asked.pulses,
        ),
        Outputs(drive_pulses=asked.pulses),
    )


@lemma("INV-DOSE-101", says="Requests are counted from nothing up.")
def requests_are_counted(pump: Pump) -> bool:
    return pump.requests >= 0


@invariant(
    "INV-DOSE-001",
    says="No more is given than the most.",
    formalizes=("REQ-DOSE-001",),
    uses=("INV-DOSE-101",),
)
def at_most(pump: Pump, limits: Limits) -> bool:
    return pump.given_pulses <= limits.most_pulses


@step_property("INV-DOSE-002", says="Nothing is sucked back.", formalizes=("REQ-DOSE-001",))
def never_back(outputs: Outputs) -> bool:
    return outputs.drive_pulses >= 0


def some(limits: Limits) -> bool:
    return limits.most_pulses >= 1


def not_too_much(limits: Limits) -> bool:
    return limits.most_pulses <= 50


SYSTEM = System(
    name="sample pump",
    says="It gives what is asked for, up to a limit.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Asked, Tick),
    initial=initial,
    table=(
        Command(
            "MDL-DOSE-001",
            (Mode.READY,),
            Asked,
            refuse,
            give,
            to=SAME_MODE,
            why="What is asked for is given within the limit.",
            requirements=("REQ-DOSE-001",),
        ),
        Ignored("MDL-DOSE-002", (Mode.READY,), (Tick,), "Time means nothing.", ("REQ-DOSE-001",)),
    ),
    conditions=(
        Condition("ASM-DOSE-001", "The most is at least one pulse.", some),
        Condition("ASM-DOSE-002", "The most is at most 50.", not_too_much),
    ),
    observers=(),
    properties=(requests_are_counted, at_most, never_back),
    requirements=(Requirement("REQ-DOSE-001", "It gives no more than its limit.", "made up for tests"),),
)
