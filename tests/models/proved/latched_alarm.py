"""An alarm that ends only when its cause is gone and it was itself acknowledged."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Row


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
    alarm: bool
    acknowledged: bool


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
    blocked: bool


@dataclass(frozen=True)
class Acknowledged:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, False, False)


def on_tick(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def watch(pump: Pump, tick: Tick, limits: Limits) -> Step:
    if tick.blocked:
        return Step(replace(pump, alarm=True, acknowledged=pump.alarm and pump.acknowledged))
    ends = pump.acknowledged
    return Step(replace(pump, alarm=pump.alarm and not ends, acknowledged=not ends and pump.acknowledged))


def on_key(pump: Pump, event: Acknowledged, limits: Limits) -> bool:
    return True


def acknowledge(pump: Pump, event: Acknowledged, limits: Limits) -> Step:
    return Step(replace(pump, acknowledged=pump.alarm))


@dataclass(frozen=True)
class Watch:
    raised: bool
    answered: bool


def nothing_raised(pump: Pump) -> Watch:
    return Watch(False, False)


def watch_line(watch: Watch, tick: Tick, after: Pump) -> Watch:
    if tick.blocked:
        return Watch(True, watch.raised and watch.answered)
    if watch.answered:
        return Watch(False, False)
    return watch


def note_answer(watch: Watch, event: Acknowledged) -> Watch:
    return Watch(watch.raised, watch.raised)


WATCH = Observer(
    "watch",
    "Whether a blocked line was seen, and answered since.",
    Watch,
    nothing_raised,
    ((Tick, watch_line), (Acknowledged, note_answer)),
)


@invariant(
    "INV-ALARM-001",
    says="The alarm is on until its cause is gone and it was acknowledged.",
    formalizes=("REQ-ALARM-001",),
    uses=("INV-ALARM-101",),
)
def alarm_stays(pump: Pump, watch: Watch) -> bool:
    return pump.alarm or not watch.raised


@step_property(
    "INV-ALARM-002", says="A blocked line raises the alarm in the same second.", formalizes=("REQ-ALARM-002",)
)
def alarm_is_raised(tick: Tick, after: Pump) -> bool:
    return after.alarm or not tick.blocked


@lemma("INV-ALARM-101", says="The pump knows whether its alarm was acknowledged.")
def same_answer(pump: Pump, watch: Watch) -> bool:
    known = pump.acknowledged == watch.answered and pump.alarm == watch.raised
    return known and (watch.raised or not watch.answered)


@step_property("INV-ALARM-003", says="An alarm gives nothing.", formalizes=("REQ-ALARM-001",))
def nothing_is_given(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


ALARM = ("REQ-ALARM-001",)


SYSTEM = System(
    name="latched alarm",
    says="An alarm that ends only when its cause is gone and it was itself acknowledged.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Tick, Acknowledged),
    initial=initial,
    table=(
        Row("MDL-ALARM-001", (Mode.ON,), Tick, on_tick, watch, SAME_MODE, "Every second is judged.", ALARM),
        Row(
            "MDL-ALARM-002",
            (Mode.ON,),
            Acknowledged,
            on_key,
            acknowledge,
            SAME_MODE,
            "The user answers.",
            ALARM,
        ),
    ),
    conditions=(),
    observers=(WATCH,),
    properties=(alarm_stays, alarm_is_raised, same_answer, nothing_is_given),
    requirements=(
        Requirement(
            "REQ-ALARM-001", "An alarm stays until its cause is gone and it was acknowledged.", "example"
        ),
        Requirement("REQ-ALARM-002", "A blocked line raises the alarm.", "example"),
    ),
)
