"""A lamp that can be dimmed, written in as many shapes as rows may have; what it claims is too weak on purpose."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import acceptance, invariant
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Row


class Mode(Enum):
    DARK = "dark"
    LIT = "lit"


class Reason(Enum):
    NONE = "accepted"
    TOO_BRIGHT = "too bright"


@dataclass(frozen=True)
class Lamp:
    mode: Mode
    level: int
    child_lock: bool
    heat_alarm: bool


@dataclass(frozen=True)
class Limits:
    max_level: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Lamp
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Press:
    pass


@dataclass(frozen=True)
class Dim:
    level: int


def initial(limits: Limits) -> Lamp:
    return Lamp(mode=Mode.DARK, level=2, child_lock=False, heat_alarm=False)


def can_light(lamp: Lamp, event: Press, limits: Limits) -> bool:
    return (lamp.level > 1 or lamp.heat_alarm) and not lamp.child_lock


def cannot_light(lamp: Lamp, event: Press, limits: Limits) -> bool:
    return not can_light(lamp, event, limits)


def light(lamp: Lamp, event: Press, limits: Limits) -> Step:
    return Step(lamp, Outputs(drive_pulses=1))


def stay(lamp: Lamp, event: Press, limits: Limits) -> Step:
    return Step(lamp)


def any_press(lamp: Lamp, event: Press, limits: Limits) -> bool:
    return True


def cooled(lamp: Lamp) -> Lamp:
    return replace(lamp, heat_alarm=False) if lamp.heat_alarm else lamp


def darken(lamp: Lamp, event: Press, limits: Limits) -> Step:
    return Step(cooled(lamp))


def refuse_dimming(lamp: Lamp, event: Dim, limits: Limits) -> Reason:
    if not 0 < event.level <= limits.max_level:
        return Reason.TOO_BRIGHT
    return Reason.NONE


def dim(lamp: Lamp, event: Dim, limits: Limits) -> Step:
    return Step(
        replace(
            lamp,
            level=event.level,
            heat_alarm=event.level >= 90,
        )
    )


REQUIREMENT = "REQ-UI-001"

TABLE: tuple[Entry, ...] = (
    Row("MDL-UI-001", (Mode.DARK,), Press, can_light, light, Mode.LIT, "A press lights it.", (REQUIREMENT,)),
    Row("MDL-UI-002", (Mode.DARK,), Press, cannot_light, stay, SAME_MODE, "Or not.", (REQUIREMENT,)),
    Row("MDL-UI-003", (Mode.LIT,), Press, any_press, darken, to=Mode.DARK, why="Off.", requirements=(REQUIREMENT,)),
    Command("MDL-UI-004", (Mode.LIT,), Dim, refuse_dimming, dim, SAME_MODE, "It is dimmed.", (REQUIREMENT,)),
    Ignored("MDL-UI-005", (Mode.DARK,), (Dim,), "It is dark.", (REQUIREMENT,)),
)  # fmt: skip


@invariant("INV-UI-001", says="It is never brighter than allowed.", formalizes=(REQUIREMENT,))
def not_too_bright(lamp: Lamp, limits: Limits) -> bool:
    return lamp.level <= limits.max_level


@acceptance("INV-UI-002", says="Every level up to the brightest is accepted.", formalizes=(REQUIREMENT,))
def level_is_accepted(before: Lamp, event: Dim, outputs: Outputs, limits: Limits) -> bool:
    good = before.mode is Mode.DARK or 1 <= event.level <= limits.max_level
    return good == (outputs.refusal is Reason.NONE)


def can_be_lit(limits: Limits) -> bool:
    return limits.max_level >= 100


SYSTEM = System(
    name="lamp",
    says="A lamp.",
    state=Lamp,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Press, Dim),
    initial=initial,
    table=TABLE,
    conditions=(Condition("ASM-UI-001", "It can be lit.", can_be_lit),),
    observers=(),
    properties=(not_too_bright, level_is_accepted),
    requirements=(Requirement(REQUIREMENT, "It gives light.", "made up for tests"),),
)
