"""A small pump of which every check is proved; the tests spoil it in one place at a time."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row


class Mode(Enum):
    READY = "ready"
    STOPPED = "stopped"


class Reason(Enum):
    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"
    BUSY = "busy"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Limits:
    most_pulses: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    left_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Asked:
    pulses: Annotated[int, Range(0, 500)]


@dataclass(frozen=True)
class Tick:
    pass


@dataclass(frozen=True)
class Stopped:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.READY, 0)


def refuse(pump: Pump, asked: Asked, limits: Limits) -> Reason:
    if not 1 <= asked.pulses <= limits.most_pulses:
        return Reason.OUT_OF_LIMIT
    if pump.left_pulses > 0:
        return Reason.BUSY
    return Reason.NONE


def begin(pump: Pump, asked: Asked, limits: Limits) -> Step:
    return Step(replace(pump, left_pulses=asked.pulses))


def owes(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.left_pulses > 0


def owes_nothing(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return not owes(pump, tick, limits)


def give(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, left_pulses=pump.left_pulses - 1), Outputs(drive_pulses=1))


def rest(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(pump)


def always(pump: Pump, stopped: Stopped, limits: Limits) -> bool:
    return True


def stop(pump: Pump, stopped: Stopped, limits: Limits) -> Step:
    return Step(replace(pump, left_pulses=0))


@dataclass(frozen=True)
class Ledger:
    asked: int
    given: int


@dataclass(frozen=True)
class Since:
    given: int


def empty(pump: Pump) -> Ledger:
    return Ledger(0, 0)


def note_asked(ledger: Ledger, asked: Asked, outputs: Outputs) -> Ledger:
    return Ledger(asked.pulses, 0) if outputs.refusal is Reason.NONE else ledger


def note_given(ledger: Ledger, outputs: Outputs) -> Ledger:
    return replace(ledger, given=ledger.given + outputs.drive_pulses)


def some_moment(pump: Pump) -> Since:
    return Since(0)


def count(since: Since, outputs: Outputs) -> Since:
    return Since(since.given + outputs.drive_pulses)


LEDGER = Observer("ledger", "The last request.", Ledger, empty, ((Asked, note_asked),), otherwise=note_given)
SINCE = Observer("since", "Pulses since a moment.", Since, some_moment, (), count, arbitrary_start=True)


@lemma("INV-BOLUS-101", says="Nothing negative is left.")
def not_negative(pump: Pump) -> bool:
    return pump.left_pulses >= 0


@invariant(
    "INV-BOLUS-001",
    says="What is left is what was asked for and not given, or nothing.",
    formalizes=("REQ-BOLUS-001",),
)
def books_are_true(pump: Pump, ledger: Ledger) -> bool:
    return pump.left_pulses == 0 or pump.left_pulses == ledger.asked - ledger.given


@invariant("INV-BOLUS-002", says="A bolus is within the limit.", formalizes=("REQ-BOLUS-001",))
def within_limit(ledger: Ledger, limits: Limits) -> bool:
    return 0 <= ledger.asked <= limits.most_pulses


@step_property(
    "INV-BOLUS-003",
    says="A second gives no more than is left.",
    formalizes=("REQ-BOLUS-001",),
    uses=("INV-BOLUS-101",),
)
def given_is_left(before: Pump, outputs: Outputs) -> bool:
    return outputs.drive_pulses <= before.left_pulses


@invariant("INV-BOLUS-004", says="What was given counts up.", formalizes=("REQ-BOLUS-001",))
def counts_up(since: Since) -> bool:
    return since.given >= 0


def gives_something(limits: Limits) -> bool:
    return limits.most_pulses >= 1


BOLUS = ("REQ-BOLUS-001",)

SYSTEM = System(
    name="sound",
    says="It gives a bolus, a pulse a second.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Asked, Tick, Stopped),
    initial=initial,
    table=(
        Command("MDL-BOLUS-001", (Mode.READY,), Asked, refuse, begin, SAME_MODE, "A bolus begins.", BOLUS),
        Refused("MDL-BOLUS-002", (Mode.STOPPED,), (Asked,), Reason.STOPPED, "It was stopped.", BOLUS),
        Row("MDL-BOLUS-003", (Mode.READY,), Tick, owes, give, SAME_MODE, "A pulse a second.", BOLUS),
        Row("MDL-BOLUS-004", (Mode.READY,), Tick, owes_nothing, rest, SAME_MODE, "Nothing is left.", BOLUS),
        Row("MDL-BOLUS-005", (Mode.READY,), Stopped, always, stop, Mode.STOPPED, "It stops.", BOLUS),
        Ignored("MDL-BOLUS-006", (Mode.STOPPED,), (Tick, Stopped), "It is stopped.", BOLUS),
    ),
    conditions=(Condition("ASM-BOLUS-001", "A pulse can be given.", gives_something),),
    observers=(LEDGER, SINCE),
    properties=(not_negative, books_are_true, within_limit, given_is_left, counts_up),
    requirements=(Requirement("REQ-BOLUS-001", "A bolus is given as asked.", "example"),),
)
