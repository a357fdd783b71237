"""The slot of the day is counted up and never starts again: midnight is slot 4 of four."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Row

SUBJECT = "code"


class Mode(Enum):
    ON = "on"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    pass


@dataclass(frozen=True)
class Pump:
    mode: Mode
    slot: int
    rates: tuple[int, int, int, int]


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class SlotBegins:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, 0, (1, 1, 0, 1))


def always(pump: Pump, event: SlotBegins, limits: Limits) -> bool:
    return True


def begin(pump: Pump, event: SlotBegins, limits: Limits) -> Step:
    pulses = pump.rates[pump.slot]
    slot = pump.slot + 1
    return Step(replace(pump, slot=slot), Outputs(drive_pulses=pulses))


@invariant("INV-BASAL-001", says="No rate is negative.", formalizes=("REQ-BASAL-001",))
def rates_not_negative(pump: Pump) -> bool:
    return all(pump.rates[i] >= 0 for i in range(4))


@lemma("INV-BASAL-101", says="The slot is one of the day.")
def slot_of_the_day(pump: Pump) -> bool:
    return 0 <= pump.slot < 4


@step_property(
    "INV-BASAL-002", says="No slot takes back.", formalizes=("REQ-BASAL-001",), uses=("INV-BASAL-001",)
)
def nothing_is_taken_back(outputs: Outputs) -> bool:
    return outputs.drive_pulses >= 0


BASAL = ("REQ-BASAL-001",)


SYSTEM = System(
    name="index out of range",
    says="The slot of the day is counted up and never starts again: midnight is slot 4 of four.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(SlotBegins,),
    initial=initial,
    table=(
        Row("MDL-BASAL-001", (Mode.ON,), SlotBegins, always, begin, SAME_MODE, "Each slot has its rate.", BASAL),
    ),
    conditions=(),
    observers=(),
    properties=(rates_not_negative, slot_of_the_day, nothing_is_taken_back),
    requirements=(
        Requirement("REQ-BASAL-001", "Each slot of the day has its rate.", "example"),
    ),
)

FIX = (
    'slot = pump.slot + 1\n',
    'slot = (pump.slot + 1) % 4\n',
)
