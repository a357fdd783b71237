"""A pump that drips: no stretch of seconds goes on as it begins, and its ends are far away."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row

LIFE_S = 30_000
DRIP_S = 45


class Mode(Enum):
    PACKAGED = "in its package"
    RUNNING = "running"
    STOPPED = "stopped for good"


class Reason(Enum):
    NONE = "accepted"
    NOT_POSSIBLE = "not possible"


@dataclass(frozen=True)
class Pump:
    mode: Mode
    drops: int
    age_s: int
    since_drip_s: int
    dose_drops: int


@dataclass(frozen=True)
class Limits:
    least_drops: int
    most_drops: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Fill:
    drops: Annotated[int, Range(0, 10_000)]


@dataclass(frozen=True)
class Dose:
    drops: Annotated[int, Range(0, 10_000)]


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.PACKAGED, 0, 0, 0, 0)


def refuse_fill(pump: Pump, fill: Fill, limits: Limits) -> Reason:
    return Reason.NONE if limits.least_drops <= fill.drops <= limits.most_drops else Reason.NOT_POSSIBLE


def take_fill(pump: Pump, fill: Fill, limits: Limits) -> Step:
    return Step(replace(pump, drops=fill.drops))


def refuse_dose(pump: Pump, dose: Dose, limits: Limits) -> Reason:
    fits = 0 < dose.drops <= 200 and dose.drops <= pump.drops and pump.dose_drops == 0
    return Reason.NONE if fits else Reason.NOT_POSSIBLE


def start_dose(pump: Pump, dose: Dose, limits: Limits) -> Step:
    return Step(replace(pump, dose_drops=dose.drops))


def due_drops(pump: Pump) -> int:
    return (1 if pump.since_drip_s + 1 >= DRIP_S else 0) + min(1, pump.dose_drops)


def is_worn_out(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.age_s + 1 >= LIFE_S


def is_dry(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.age_s + 1 < LIFE_S and pump.drops < due_drops(pump)


def goes_on(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.age_s + 1 < LIFE_S and pump.drops >= due_drops(pump)


def second(pump: Pump, tick: Tick, limits: Limits) -> Step:
    drops = due_drops(pump)
    after = replace(
        pump,
        drops=pump.drops - drops,
        age_s=pump.age_s + 1,
        since_drip_s=0 if pump.since_drip_s + 1 >= DRIP_S else pump.since_drip_s + 1,
        dose_drops=max(0, pump.dose_drops - 1),
    )
    return Step(after, Outputs(drops))


def stop(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, dose_drops=0))


LIFE = "REQ-DRIP-001"
RUNNING = (Mode.RUNNING,)
TABLE = (
    Command(
        "MDL-DRIP-001", (Mode.PACKAGED,), Fill, refuse_fill, take_fill, Mode.RUNNING, "Fill it.", (LIFE,)
    ),
    Command("MDL-DRIP-002", RUNNING, Dose, refuse_dose, start_dose, SAME_MODE, "A dose.", (LIFE,)),
    Row("MDL-DRIP-003", RUNNING, Tick, goes_on, second, SAME_MODE, "It goes on.", (LIFE,)),
    Row("MDL-DRIP-004", RUNNING, Tick, is_worn_out, stop, Mode.STOPPED, "It is worn out.", (LIFE,)),
    Row("MDL-DRIP-005", RUNNING, Tick, is_dry, stop, Mode.STOPPED, "It is dry.", (LIFE,)),
    Refused("MDL-DRIP-006", (Mode.RUNNING, Mode.STOPPED), (Fill,), Reason.NOT_POSSIBLE, "Once.", (LIFE,)),
    Refused("MDL-DRIP-007", (Mode.PACKAGED, Mode.STOPPED), (Dose,), Reason.NOT_POSSIBLE, "Off.", (LIFE,)),
    Ignored("MDL-DRIP-008", (Mode.PACKAGED, Mode.STOPPED), (Tick,), "Nothing runs.", (LIFE,)),
)


@dataclass(frozen=True)
class Wear:
    seconds: int


def unworn(pump: Pump) -> Wear:
    return Wear(0)


def wear_on(wear: Wear, before: Pump, tick: Tick) -> Wear:
    return Wear(wear.seconds + 1) if before.mode is Mode.RUNNING else wear


def is_old(wear: Wear) -> bool:
    return wear.seconds == 25_555


@step_property("INV-DRIP-001", says="An old pump takes a dose.", formalizes=(LIFE,), when=is_old)
def old_pump_doses(before: Pump, dose: Dose, outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE or dose.drops > before.drops


def holds_enough(limits: Limits) -> bool:
    return 200 <= limits.least_drops <= limits.most_drops <= 10_000


SYSTEM = System(
    name="drip pump",
    says="It drips until it is dry or worn out.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Fill, Dose, Tick),
    initial=initial,
    table=TABLE,
    conditions=(Condition("ASM-DRIP-001", "It can be filled.", holds_enough),),
    observers=(Observer("wear", "Seconds of running.", Wear, unworn, ((Tick, wear_on),)),),
    properties=(old_pump_doses,),
    requirements=(Requirement(LIFE, "It ends.", "made up for tests"),),
)

LIMITS = Limits(least_drops=300, most_drops=2_000)
