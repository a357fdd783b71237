"""A change of profile and a new time silently resume a pump that is held.

Two rows end in the wrong mode, each from another hold: both have to be found, also where one claim is asked of both.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import invariant
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Ignored, Row

SUBJECT = "INV-SUSP-001"


class Mode(Enum):
    DELIVERING = "delivering"
    USER_HELD = "user held"
    LOW_HELD = "low held"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    pass


@dataclass(frozen=True)
class Pump:
    mode: Mode
    slot: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Hold:
    pass


@dataclass(frozen=True)
class GlucoseLow:
    pass


@dataclass(frozen=True)
class Resume:
    pass


@dataclass(frozen=True)
class ProfileChanged:
    pass


@dataclass(frozen=True)
class ClockSet:
    slot: Annotated[int, Range(0, 47)]


def initial(limits: Limits) -> Pump:
    return Pump(Mode.DELIVERING, 0)


def on_hold(pump: Pump, event: Hold, limits: Limits) -> bool:
    return True


def hold(pump: Pump, event: Hold, limits: Limits) -> Step:
    return Step(pump)


def on_low(pump: Pump, event: GlucoseLow, limits: Limits) -> bool:
    return True


def hold_while_low(pump: Pump, event: GlucoseLow, limits: Limits) -> Step:
    return Step(pump)


def on_resume(pump: Pump, event: Resume, limits: Limits) -> bool:
    return True


def resume(pump: Pump, event: Resume, limits: Limits) -> Step:
    return Step(pump)


def on_profile(pump: Pump, event: ProfileChanged, limits: Limits) -> bool:
    return True


def change_profile(pump: Pump, event: ProfileChanged, limits: Limits) -> Step:
    return Step(pump)


def on_clock(pump: Pump, event: ClockSet, limits: Limits) -> bool:
    return True


def set_clock(pump: Pump, event: ClockSet, limits: Limits) -> Step:
    return Step(replace(pump, slot=event.slot))


@dataclass(frozen=True)
class Held:
    held: bool


def not_held(pump: Pump) -> Held:
    return Held(False)


def note_hold(held: Held, event: Hold) -> Held:
    return Held(True)


def note_low(held: Held, event: GlucoseLow) -> Held:
    return Held(True)


def note_resume(held: Held, event: Resume) -> Held:
    return Held(False)


HELD = Observer(
    "held",
    "Whether the pump was held and not resumed since.",
    Held,
    not_held,
    ((Hold, note_hold), (GlucoseLow, note_low), (Resume, note_resume)),
)


@invariant("INV-SUSP-001", says="A hold ends by a resume alone.", formalizes=("REQ-SUSP-001",))
def hold_lasts(pump: Pump, held: Held) -> bool:
    return not held.held or pump.mode is Mode.USER_HELD or pump.mode is Mode.LOW_HELD


SUSP = ("REQ-SUSP-001",)


SYSTEM = System(
    name="settings resume",
    says="A change of profile and a new time silently resume a pump that is held.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Hold, GlucoseLow, Resume, ProfileChanged, ClockSet),
    initial=initial,
    table=(
        Row(
            "MDL-SUSP-001",
            (Mode.DELIVERING, Mode.LOW_HELD),
            Hold,
            on_hold,
            hold,
            Mode.USER_HELD,
            "The user holds.",
            SUSP,
        ),
        Row(
            "MDL-SUSP-002",
            (Mode.DELIVERING,),
            GlucoseLow,
            on_low,
            hold_while_low,
            Mode.LOW_HELD,
            "Low glucose holds.",
            SUSP,
        ),
        Row(
            "MDL-SUSP-003",
            (Mode.USER_HELD, Mode.LOW_HELD),
            Resume,
            on_resume,
            resume,
            Mode.DELIVERING,
            "The user resumes.",
            SUSP,
        ),
        Row(
            "MDL-BASAL-001",
            (Mode.USER_HELD,),
            ProfileChanged,
            on_profile,
            change_profile,
            Mode.DELIVERING,
            "A new profile starts.",
            SUSP,
        ),
        Row(
            "MDL-BASAL-002",
            (Mode.DELIVERING, Mode.LOW_HELD),
            ProfileChanged,
            on_profile,
            change_profile,
            SAME_MODE,
            "A new profile starts.",
            SUSP,
        ),
        Row(
            "MDL-CLOCK-001",
            (Mode.LOW_HELD,),
            ClockSet,
            on_clock,
            set_clock,
            Mode.DELIVERING,
            "A new time selects another slot.",
            SUSP,
        ),
        Row(
            "MDL-CLOCK-002",
            (Mode.DELIVERING, Mode.USER_HELD),
            ClockSet,
            on_clock,
            set_clock,
            SAME_MODE,
            "A new time selects another slot.",
            SUSP,
        ),
        Ignored("MDL-SUSP-004", (Mode.USER_HELD, Mode.LOW_HELD), (GlucoseLow,), "It is held already.", SUSP),
        Ignored("MDL-SUSP-005", (Mode.USER_HELD,), (Hold,), "It is held already.", SUSP),
        Ignored("MDL-SUSP-006", (Mode.DELIVERING,), (Resume,), "Nothing is held.", SUSP),
    ),
    conditions=(),
    observers=(HELD,),
    properties=(hold_lasts,),
    requirements=(
        Requirement("REQ-SUSP-001", "A hold ends by an explicit resume and by nothing else.", "example"),
    ),
)
