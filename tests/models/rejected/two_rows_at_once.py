"""With one pulse left both rows of a second are enabled: `>=` where `>` was meant."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Ignored, Row

SUBJECT = "table"


class Mode(Enum):
    IDLE = "idle"
    DELIVERING = "delivering"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    pass


@dataclass(frozen=True)
class Pump:
    mode: Mode
    remaining_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Start:
    pass


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.IDLE, 0)


def may_start(pump: Pump, event: Start, limits: Limits) -> bool:
    return True


def start(pump: Pump, event: Start, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=3))


def more_follows(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses >= 1


def is_last(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses <= 1


def give_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=pump.remaining_pulses - 1), Outputs(drive_pulses=1))


@invariant("INV-BOLUS-001", says="What is left is never negative.", formalizes=("REQ-BOLUS-001",))
def not_negative(pump: Pump) -> bool:
    return (pump.mode is Mode.IDLE or pump.remaining_pulses >= 1) and pump.remaining_pulses >= 0


@step_property("INV-BOLUS-002", says="A second gives what is then no longer left.", formalizes=("REQ-BOLUS-001",))
def given_is_no_longer_left(before: Pump, after: Pump, tick: Tick, outputs: Outputs) -> bool:
    return outputs.drive_pulses == before.remaining_pulses - after.remaining_pulses


BOLUS = ("REQ-BOLUS-001",)


SYSTEM = System(
    name="two rows at once",
    says="With one pulse left both rows of a second are enabled: `>=` where `>` was meant.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Start, Tick),
    initial=initial,
    table=(
        Row("MDL-BOLUS-001", (Mode.IDLE,), Start, may_start, start, Mode.DELIVERING, "A bolus of three pulses starts.", BOLUS),
        Row("MDL-BOLUS-002", (Mode.DELIVERING,), Tick, more_follows, give_pulse, SAME_MODE, "One pulse a second.", BOLUS),
        Row("MDL-BOLUS-003", (Mode.DELIVERING,), Tick, is_last, give_pulse, Mode.IDLE, "The last pulse.", BOLUS),
        Ignored("MDL-BOLUS-004", (Mode.IDLE,), (Tick,), "Nothing is running.", BOLUS),
        Ignored("MDL-BOLUS-005", (Mode.DELIVERING,), (Start,), "It is running already.", BOLUS),
    ),
    conditions=(),
    observers=(),
    properties=(not_negative, given_is_no_longer_left),
    requirements=(
        Requirement("REQ-BOLUS-001", "One pulse a second.", "example"),
    ),
)

FIX = (
    'pump.remaining_pulses >= 1\n',
    'pump.remaining_pulses > 1\n',
)
