"""A stroke is booked when it starts; an observer that opens in its middle sees pulses that nobody booked.

Every step keeps the claim and the initial state satisfies it: only the moment of opening breaks it.
"""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import invariant
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
    pass


@dataclass(frozen=True)
class Pump:
    mode: Mode
    owed_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class StrokeStarted:
    pass


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.ON, 0)


def is_still(pump: Pump, event: StrokeStarted, limits: Limits) -> bool:
    return pump.owed_pulses <= 0


def is_moving(pump: Pump, event: StrokeStarted, limits: Limits) -> bool:
    return pump.owed_pulses > 0


def book(pump: Pump, event: StrokeStarted, limits: Limits) -> Step:
    return Step(replace(pump, owed_pulses=3))


def keep(pump: Pump, event: StrokeStarted, limits: Limits) -> Step:
    return Step(pump)


def always(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def move(pump: Pump, tick: Tick, limits: Limits) -> Step:
    if pump.owed_pulses > 0:
        return Step(replace(pump, owed_pulses=pump.owed_pulses - 1), Outputs(drive_pulses=1))
    return Step(pump)


@dataclass(frozen=True)
class Books:
    booked_pulses: int


def nothing_booked(pump: Pump) -> Books:
    return Books(0)


def note_start(books: Books, event: StrokeStarted, before: Pump, after: Pump) -> Books:
    return Books(books.booked_pulses + after.owed_pulses - before.owed_pulses)


def note_pulse(books: Books, tick: Tick, outputs: Outputs) -> Books:
    return Books(books.booked_pulses - outputs.drive_pulses)


BOOKS = Observer(
    "books",
    "What was booked and not yet given, since any moment.",
    Books,
    nothing_booked,
    ((StrokeStarted, note_start), (Tick, note_pulse)),
    arbitrary_start=True,
)


@invariant("INV-DOSE-001", says="What the pump owes was booked.", formalizes=("REQ-DOSE-001",))
def owed_was_booked(pump: Pump, books: Books) -> bool:
    return pump.owed_pulses == books.booked_pulses


DOSE = ("REQ-DOSE-001",)


SYSTEM = System(
    name="window opens mid stroke",
    says="A stroke is booked when it starts; an observer that opens in its middle sees pulses that nobody booked.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(StrokeStarted, Tick),
    initial=initial,
    table=(
        Row(
            "MDL-DOSE-001",
            (Mode.ON,),
            StrokeStarted,
            is_still,
            book,
            SAME_MODE,
            "A stroke is booked as a whole.",
            DOSE,
        ),
        Row(
            "MDL-DOSE-002",
            (Mode.ON,),
            StrokeStarted,
            is_moving,
            keep,
            SAME_MODE,
            "One stroke at a time.",
            DOSE,
        ),
        Row("MDL-DOSE-003", (Mode.ON,), Tick, always, move, SAME_MODE, "The stroke moves on.", DOSE),
    ),
    conditions=(),
    observers=(BOOKS,),
    properties=(owed_was_booked,),
    requirements=(Requirement("REQ-DOSE-001", "What is given was booked before.", "example"),),
)

FIX = (
    "arbitrary_start=True",
    "arbitrary_start=False",
)
