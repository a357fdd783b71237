"""A pump that can do nothing but one bolus at a time, small enough to be read at a glance."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Any

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row


class Mode(Enum):
    IDLE = "idle"
    DELIVERING = "delivering"
    FAULT = "fault"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"
    RESERVOIR_TOO_LOW = "reservoir too low"
    BOLUS_RUNNING = "a bolus is running"
    FAULTY = "pump has a fault"


class Button(Enum):
    BOLUS = "bolus"
    EXTENDED = "extended"


@dataclass(frozen=True)
class Pump:
    mode: Mode
    remaining_pulses: int
    reservoir_pulses: int


@dataclass(frozen=True)
class Limits:
    max_bolus_pulses: int
    reservoir_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE
    finished: bool = False


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class BolusRequested:
    pulses: Annotated[int, Range(0, 500)]
    button: Button = Button.BOLUS


@dataclass(frozen=True)
class Cancelled:
    pass


@dataclass(frozen=True)
class Tick:
    delivery_inhibited: bool = False


@dataclass(frozen=True)
class DriveFailed:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.IDLE, 0, limits.reservoir_pulses)


def refuse_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Reason:
    if not 0 < request.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_LIMIT
    if request.pulses > pump.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    return Reason.NONE


def start_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=request.pulses))


def is_last(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return not tick.delivery_inhibited and pump.remaining_pulses == 1


def is_not_last(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return not tick.delivery_inhibited and pump.remaining_pulses > 1


def is_inhibited(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return tick.delivery_inhibited


def deliver(pump: Pump, tick: Tick, limits: Limits) -> Step:
    left = pump.remaining_pulses - 1
    return Step(
        replace(pump, remaining_pulses=left, reservoir_pulses=pump.reservoir_pulses - 1),
        Outputs(drive_pulses=1, finished=left == 0),
    )


def wait(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(pump)


def always(pump: Pump, event: Cancelled, limits: Limits) -> bool:
    return True


def drop_bolus(pump: Pump, event: Cancelled, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=0))


def failure_matters(pump: Pump, event: DriveFailed, limits: Limits) -> bool:
    return True


def fail(pump: Pump, event: DriveFailed, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=0))


BOLUS, STOP = "REQ-BOLUS-001", "REQ-SUSP-001"
REQUIREMENTS = (
    Requirement(BOLUS, "A bolus never exceeds the largest bolus.", "made up for tests"),
    Requirement(STOP, "Cancelling ends a bolus.", "made up for tests"),
)

TABLE: tuple[Entry, ...] = (
    Command("MDL-BOLUS-001", (Mode.IDLE,), BolusRequested, refuse_bolus, start_bolus, Mode.DELIVERING,
            "A bolus starts only within the limit and only if the reservoir holds it.", (BOLUS,)),
    Refused("MDL-BOLUS-002", (Mode.DELIVERING,), (BolusRequested,), Reason.BOLUS_RUNNING,
            "One bolus at a time.", (BOLUS,)),
    Row("MDL-BOLUS-003", (Mode.DELIVERING,), Tick, is_not_last, deliver, SAME_MODE,
        "One pulse a second.", (BOLUS,)),
    Row("MDL-BOLUS-004", (Mode.DELIVERING,), Tick, is_last, deliver, Mode.IDLE,
        "The last pulse ends the bolus.", (BOLUS,)),
    Row("MDL-BOLUS-005", (Mode.DELIVERING,), Tick, is_inhibited, wait, SAME_MODE,
        "A missed second delivers nothing.", (BOLUS,)),
    Row("MDL-SUSP-001", (Mode.DELIVERING,), Cancelled, always, drop_bolus, Mode.IDLE,
        "Cancelling ends the bolus.", (STOP,)),
    Row("MDL-SUSP-002", (Mode.IDLE, Mode.DELIVERING), DriveFailed, failure_matters, fail, Mode.FAULT,
        "A failed drive ends delivery for good.", (STOP,)),
    Refused("MDL-SUSP-003", (Mode.FAULT,), (BolusRequested,), Reason.FAULTY, "A fault stays.", (STOP,)),
    Ignored("MDL-SUSP-004", (Mode.FAULT,), (Tick, Cancelled, DriveFailed), "A fault stays.", (STOP,)),
    Ignored("MDL-SUSP-005", (Mode.IDLE,), (Tick, Cancelled), "Nothing is running.", (STOP,)),
)  # fmt: skip


@dataclass(frozen=True)
class Total:
    delivered_pulses: int


def no_pulse_yet(pump: Pump, limits: Limits) -> Total:
    return Total(0)


def add_pulses(total: Total, outputs: Outputs) -> Total:
    return Total(total.delivered_pulses + outputs.drive_pulses)


TOTAL = Observer("total", "All pulses since the beginning.", Total, no_pulse_yet, (), add_pulses)


@dataclass(frozen=True)
class Window:
    age_s: int
    delivered_pulses: int


def open_window(pump: Pump, limits: Limits) -> Window:
    return Window(0, 0)


def age_window(window: Window, event: Tick, outputs: Outputs) -> Window:
    if window.age_s == 4:
        return window
    return Window(window.age_s + 1, window.delivered_pulses + outputs.drive_pulses)


WINDOW = Observer(
    "window",
    "Pulses in any four seconds.",
    Window,
    open_window,
    ((Tick, age_window),),
    arbitrary_start=True,
)


@dataclass(frozen=True)
class Mark:
    reservoir_pulses: int


def mark(pump: Pump, limits: Limits) -> Mark:
    return Mark(pump.reservoir_pulses)


MARK = Observer("mark", "The reservoir at any moment.", Mark, mark, (), arbitrary_start=True)


@invariant("INV-RES-001", says="The reservoir never goes below empty.", formalizes=(BOLUS,))
def reservoir_not_negative(pump: Pump) -> bool:
    return pump.reservoir_pulses >= 0


@lemma("INV-RES-002", says="What was delivered has left the reservoir.")
def pulses_are_conserved(pump: Pump, total: Total, limits: Limits) -> bool:
    return total.delivered_pulses + pump.reservoir_pulses == limits.reservoir_pulses


def started(before: Pump, after: Pump, request: BolusRequested) -> bool:
    return before.mode is Mode.IDLE and after.mode is Mode.DELIVERING


@step_property(
    "INV-BOLUS-001",
    says="A bolus that starts is within the limit.",
    formalizes=(BOLUS,),
    when=started,
)
def bolus_within_limit(after: Pump, limits: Limits) -> bool:
    return after.remaining_pulses <= limits.max_bolus_pulses


@step_property("INV-SUSP-001", says="A step that ends in fault delivers nothing.", formalizes=(STOP,))
def nothing_in_fault(after: Pump, outputs: Outputs) -> bool:
    return after.mode is not Mode.FAULT or outputs.drive_pulses == 0


@invariant("INV-DOSE-001", says="Four seconds hold at most four pulses.", formalizes=(BOLUS,))
def window_is_bounded(window: Window) -> bool:
    return window.delivered_pulses <= 4


def has_a_bolus(limits: Limits) -> bool:
    return limits.max_bolus_pulses >= 1


SYSTEM = System(
    name="bolus pump",
    says="One bolus at a time.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(BolusRequested, Cancelled, Tick, DriveFailed),
    initial=initial,
    table=TABLE,
    conditions=(Condition("ASM-DOSE-001", "The largest bolus is at least one pulse.", has_a_bolus),),
    observers=(TOTAL, WINDOW, MARK),
    properties=(
        reservoir_not_negative,
        pulses_are_conserved,
        bolus_within_limit,
        nothing_in_fault,
        window_is_bounded,
    ),
    requirements=REQUIREMENTS,
)

LIMITS = Limits(max_bolus_pulses=10, reservoir_pulses=25)


def delivering(remaining_pulses: int) -> Pump:
    return Pump(Mode.DELIVERING, remaining_pulses, reservoir_pulses=20)


def with_entry(identifier: str, **changes: Any) -> System:
    """The pump with one entry of its table changed."""
    assert any(entry.id == identifier for entry in TABLE)
    return replace(SYSTEM, table=tuple(replace(e, **changes) if e.id == identifier else e for e in TABLE))
