"""A missed pulse an hour is owed without bound; the bound is passed only after two hours of seconds.

The counter of missed pulses has no upper end, so its bound of one fails, but not soon.
"""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Row

SUBJECT = "INV-BASAL-001"


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
    second_of_hour: int
    missed_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, 0, 0)


def within_hour(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.second_of_hour < 3599


def ends_hour(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.second_of_hour >= 3599


def count_second(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, second_of_hour=pump.second_of_hour + 1))


def miss_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, second_of_hour=0, missed_pulses=pump.missed_pulses + 1))


@invariant("INV-BASAL-001", says="At most one pulse is ever owed.", formalizes=("REQ-BASAL-001",))
def at_most_one_missed(pump: Pump) -> bool:
    return pump.missed_pulses <= 1


@step_property("INV-BASAL-002", says="What was missed is not given.", formalizes=("REQ-BASAL-001",))
def nothing_is_given(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


BASAL = ("REQ-BASAL-001",)


SYSTEM = System(
    name="slow counter",
    says="A missed pulse an hour is owed without bound; the bound is passed only after two hours of seconds.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Tick,),
    initial=initial,
    table=(
        Row(
            "MDL-BASAL-001", (Mode.ON,), Tick, within_hour, count_second, SAME_MODE, "A second passes.", BASAL
        ),
        Row(
            "MDL-BASAL-002",
            (Mode.ON,),
            Tick,
            ends_hour,
            miss_pulse,
            SAME_MODE,
            "An hour without delivery misses a pulse.",
            BASAL,
        ),
    ),
    conditions=(),
    observers=(),
    properties=(at_most_one_missed, nothing_is_given),
    requirements=(Requirement("REQ-BASAL-001", "Missed basal never makes a burst.", "example"),),
)

FIX = (
    "pump.missed_pulses + 1",
    "min(pump.missed_pulses + 1, 1)",
)
