"""The memory is one second too short: four seconds can hold more than the cap.

The same mistake as an hourly cap over 59 minutes. The last second is remembered but not counted.
"""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, lemma
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Row

SUBJECT = "INV-DOSE-001"


class Mode(Enum):
    DELIVERING = "delivering"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    cap_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    last_pulses: tuple[int, int, int]


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
    wanted: bool


def initial(limits: Limits) -> Pump:
    return Pump(Mode.DELIVERING, (0, 0, 0))


def always(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def one_second(pump: Pump, tick: Tick, limits: Limits) -> Step:
    given = sum(pump.last_pulses[:2])
    pulses = 1 if tick.wanted and given < limits.cap_pulses else 0
    kept = (pulses, pump.last_pulses[0], pump.last_pulses[1])
    return Step(replace(pump, last_pulses=kept), Outputs(drive_pulses=pulses))


@dataclass(frozen=True)
class Window:
    age_s: int
    pulses: int


def open_window(pump: Pump) -> Window:
    return Window(0, 0)


def age(window: Window, tick: Tick, outputs: Outputs) -> Window:
    if window.age_s == 4:
        return window
    return Window(window.age_s + 1, window.pulses + outputs.drive_pulses)


WINDOW = Observer(
    "window", "Pulses in any four seconds.", Window, open_window, ((Tick, age),), arbitrary_start=True
)


@lemma("INV-DOSE-102", says="The memory holds no negative count.")
def memory_is_not_negative(pump: Pump) -> bool:
    return all(pump.last_pulses[i] >= 0 for i in range(3))


@lemma("INV-DOSE-101", says="What a window that is still open counted is in the pump's memory.")
def memory_covers_window(pump: Pump, window: Window) -> bool:
    if window.age_s == 0:
        return window.pulses == 0
    if window.age_s == 1:
        return window.pulses == pump.last_pulses[0]
    if window.age_s == 2:
        return window.pulses == sum(pump.last_pulses[:2])
    return window.age_s == 4 or (window.age_s == 3 and window.pulses == sum(pump.last_pulses))


@invariant(
    "INV-DOSE-001",
    says="No four seconds hold more than the cap.",
    formalizes=("REQ-DOSE-001",),
    uses=("INV-DOSE-101", "INV-DOSE-102"),
)
def window_is_capped(window: Window, limits: Limits) -> bool:
    return window.pulses <= limits.cap_pulses


def cap_allows_a_pulse(limits: Limits) -> bool:
    return limits.cap_pulses >= 1


DOSE = ("REQ-DOSE-001",)

SYSTEM = System(
    name="short window",
    says="A pump that gives at most so many pulses in any four seconds.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Tick,),
    initial=initial,
    table=(
        Row(
            "MDL-DOSE-001",
            (Mode.DELIVERING,),
            Tick,
            always,
            one_second,
            SAME_MODE,
            "One second passes.",
            DOSE,
        ),
    ),
    conditions=(Condition("ASM-DOSE-001", "The cap allows a pulse.", cap_allows_a_pulse),),
    observers=(WINDOW,),
    properties=(memory_is_not_negative, memory_covers_window, window_is_capped),
    requirements=(Requirement("REQ-DOSE-001", "No four seconds hold more than the cap.", "example"),),
)

FIX = ("given = sum(pump.last_pulses[:2])", "given = sum(pump.last_pulses)")
