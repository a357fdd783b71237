"""Source text of small systems, written to a file where a test needs one on the command line."""

from pathlib import Path

_VALVE = '''"""A valve that can be opened and closed."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Row


class Mode(Enum):
    READY = "ready"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Valve:
    mode: Mode
    given: int
    spare: int


@dataclass(frozen=True)
class Limits:
    most: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Valve
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Valve:
    return Valve(Mode.READY, 0, 0)


def has_room(valve: Valve, tick: Tick, limits: Limits) -> bool:
    return valve.given < 3


def is_full(valve: Valve, tick: Tick, limits: Limits) -> bool:
    return valve.given >= 3


def give(valve: Valve, tick: Tick, limits: Limits) -> Step:
    return Step(replace(valve, given=valve.given + 1), Outputs(drive_pulses=1))


def wait(valve: Valve, tick: Tick, limits: Limits) -> Step:
    return Step(replace(valve, spare=valve.spare + valve.spare))


@invariant("INV-DOSE-001", says="CLAIM.", formalizes=("REQ-DOSE-001",))
def claim(valve: Valve) -> bool:
    return CONDITION


@step_property("INV-BOLUS-001", says="A pulse leaves the spare alone.", formalizes=("REQ-BOLUS-001",))
def pulse_leaves_the_spare(before: Valve, after: Valve, outputs: Outputs, limits: Limits) -> bool:
    return outputs.drive_pulses == 0 or (outputs.drive_pulses <= limits.most and after.spare == before.spare)


def one_at_least(limits: Limits) -> bool:
    return limits.most >= 1


SYSTEM = System(
    name="valve",
    says="It gives three pulses and then no more.",
    state=Valve,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Tick,),
    initial=initial,
    table=(
        Row("MDL-DOSE-001", (Mode.READY,), Tick, has_room, give, SAME_MODE, "Give a pulse.", ("REQ-DOSE-001",)),
        Row("MDL-DOSE-002", (Mode.READY,), Tick, is_full, wait, SAME_MODE, "Enough was given.", ("REQ-DOSE-001",)),
    ),
    conditions=(Condition("ASM-RES-001", "A pulse can be given.", one_at_least),),
    observers=(),
    properties=(claim, pulse_leaves_the_spare),
    requirements=(
        Requirement("REQ-DOSE-001", "At most three pulses.", "made up for tests"),
        Requirement("REQ-BOLUS-001", "A pulse is a pulse.", "made up for tests"),
    ),
)
'''


def valve(folder: Path, name: str, says: str, condition: str) -> str:
    """Write a valve that claims ``condition`` of its fields ``given`` and ``spare``; returns its address."""
    text = _VALVE.replace("CLAIM", says).replace("CONDITION", condition)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return f"{name}:SYSTEM"


def proved_valve(folder: Path, name: str = "proved_valve") -> str:
    """It keeps what it claims."""
    return valve(folder, name, "At most three pulses are given", "valve.given <= 3")


def refuted_valve(folder: Path) -> str:
    """Three ticks break what it claims."""
    return valve(folder, "refuted_valve", "At most two pulses are given", "valve.given <= 2")


def undecided_valve(folder: Path) -> str:
    """What it claims is true, but not kept by every step from a state in which it is true."""
    return valve(folder, "undecided_valve", "The spare never reaches two", "valve.spare != 2")
