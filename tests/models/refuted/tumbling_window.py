"""A cap on each four seconds of the clock is no cap on any four seconds.

The count starts again every four seconds, so a window across the change holds up to twice the cap. It is seen
only by an observer that may open its window at any moment.
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
    ON = "on"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    cap_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    second: int
    given_pulses: int


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
    return Pump(Mode.ON, 0, 0)


def always(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def one_second(pump: Pump, tick: Tick, limits: Limits) -> Step:
    pulses = 1 if tick.wanted and pump.given_pulses < limits.cap_pulses else 0
    if pump.second == 3:
        return Step(replace(pump, second=0, given_pulses=0), Outputs(drive_pulses=pulses))
    later = replace(pump, second=pump.second + 1, given_pulses=pump.given_pulses + pulses)
    return Step(later, Outputs(drive_pulses=pulses))


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


@lemma("INV-DOSE-101", says="An open window counted what the pump counted.")
def same_count(pump: Pump, window: Window) -> bool:
    return window.age_s == 4 or (window.age_s == pump.second and window.pulses == pump.given_pulses)


@invariant(
    "INV-DOSE-001",
    says="No four seconds hold more than the cap.",
    formalizes=("REQ-DOSE-001",),
    uses=("INV-DOSE-101",),
)
def window_is_capped(window: Window, limits: Limits) -> bool:
    return window.pulses <= limits.cap_pulses


def cap_allows_a_pulse(limits: Limits) -> bool:
    return limits.cap_pulses >= 1


DOSE = ("REQ-DOSE-001",)


SYSTEM = System(
    name="tumbling window",
    says="A cap on each four seconds of the clock is no cap on any four seconds.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Tick,),
    initial=initial,
    table=(Row("MDL-DOSE-001", (Mode.ON,), Tick, always, one_second, SAME_MODE, "One second passes.", DOSE),),
    conditions=(Condition("ASM-DOSE-001", "The cap allows a pulse.", cap_allows_a_pulse),),
    observers=(WINDOW,),
    properties=(same_count, window_is_capped),
    requirements=(Requirement("REQ-DOSE-001", "No four seconds hold more than the cap.", "example"),),
)
