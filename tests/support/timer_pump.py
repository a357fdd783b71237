"""A pump with one fault of each kind to find: an off-by-one, a long wait, a row that is never taken."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row


class Mode(Enum):
    IDLE = "idle"
    RUNNING = "running"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"
    ALREADY_RUNNING = "already running"


@dataclass(frozen=True)
class Pump:
    mode: Mode
    left_s: int
    run_s: int
    delivered_pulses: int


@dataclass(frozen=True)
class Limits:
    longest_run_s: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Started:
    duration_s: int


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.IDLE, 0, 0, 0)


def refuse_start(pump: Pump, event: Started, limits: Limits) -> Reason:
    # The fault: a run may last one second longer than the limit.
    return Reason.NONE if 1 <= event.duration_s <= limits.longest_run_s + 1 else Reason.OUT_OF_LIMIT


def start(pump: Pump, event: Started, limits: Limits) -> Step:
    return Step(replace(pump, left_s=event.duration_s, run_s=0))


def is_last(pump: Pump, event: Tick, limits: Limits) -> bool:
    return pump.left_s == 1


def goes_on(pump: Pump, event: Tick, limits: Limits) -> bool:
    return pump.left_s > 1


def never(pump: Pump, event: Tick, limits: Limits) -> bool:
    return pump.left_s < 1


def second(pump: Pump, event: Tick, limits: Limits) -> Step:
    after = replace(pump, left_s=pump.left_s - 1, run_s=pump.run_s + 1)
    if after.run_s == 3600:
        # The fault: the 3600th second gives a pulse.
        return Step(replace(after, delivered_pulses=after.delivered_pulses + 1), Outputs(drive_pulses=1))
    return Step(after)


TIME = "REQ-CLOCK-001"

TABLE: tuple[Entry, ...] = (
    Command(
        "MDL-CLOCK-001", (Mode.IDLE,), Started, refuse_start, start, Mode.RUNNING, "A run starts.", (TIME,)
    ),
    Row("MDL-CLOCK-002", (Mode.RUNNING,), Tick, goes_on, second, SAME_MODE, "It goes on.", (TIME,)),
    Row("MDL-CLOCK-003", (Mode.RUNNING,), Tick, is_last, second, Mode.IDLE, "It ends.", (TIME,)),
    Row("MDL-CLOCK-004", (Mode.RUNNING,), Tick, never, second, Mode.IDLE, "It never is so.", (TIME,)),
    Refused("MDL-CLOCK-005", (Mode.RUNNING,), (Started,), Reason.ALREADY_RUNNING, "One at a time.", (TIME,)),
    Ignored("MDL-CLOCK-006", (Mode.IDLE,), (Tick,), "Nothing runs.", (TIME,)),
)


@dataclass(frozen=True)
class Elapsed:
    seconds: int


def begin(pump: Pump) -> Elapsed:
    return Elapsed(0)


def count(elapsed: Elapsed, before: Pump, event: Tick) -> Elapsed:
    return Elapsed(elapsed.seconds + 1) if before.mode is Mode.RUNNING else elapsed


ELAPSED = Observer("elapsed", "Seconds of running.", Elapsed, begin, ((Tick, count),), arbitrary_start=True)


@step_property("INV-CLOCK-001", says="No run is longer than the limit.", formalizes=(TIME,))
def within_limit(before: Pump, after: Pump, event: Started, limits: Limits) -> bool:
    return after.left_s <= limits.longest_run_s


@invariant("INV-CLOCK-002", says="Nothing is ever delivered.", formalizes=(TIME,))
def nothing_delivered(pump: Pump) -> bool:
    return pump.delivered_pulses == 0


def an_hour_has_run(elapsed: Elapsed) -> bool:
    return elapsed.seconds == 3600


@invariant(
    "INV-CLOCK-003", says="After an hour of running, time goes on.", formalizes=(TIME,), when=an_hour_has_run
)
def time_goes_on(pump: Pump, elapsed: Elapsed) -> bool:
    return elapsed.seconds >= 0


@invariant("INV-CLOCK-004", says="The rest of a run is never negative.", formalizes=(TIME,))
def rest_is_not_negative(pump: Pump) -> bool:
    return pump.left_s >= 0


def runs_last_a_second(limits: Limits) -> bool:
    return limits.longest_run_s >= 1


SYSTEM = System(
    name="timer pump",
    says="It runs for a while.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Started, Tick),
    initial=initial,
    table=TABLE,
    conditions=(Condition("ASM-CLOCK-001", "A run may last a second.", runs_last_a_second),),
    observers=(ELAPSED,),
    properties=(within_limit, nothing_delivered, time_goes_on, rest_is_not_negative),
    requirements=(Requirement(TIME, "Runs are bounded.", "made up for tests"),),
)

LIMITS = Limits(longest_run_s=7200)
