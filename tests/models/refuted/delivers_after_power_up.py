"""After a change of batteries the pump delivers at once, although nobody resumed it.

Every step keeps the claim; the initial state breaks it.
"""

from dataclasses import dataclass
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Ignored, Row

SUBJECT = "INV-SUSP-001"


class Mode(Enum):
    HELD = "held"
    DELIVERING = "delivering"


class Reason(Enum):
    NONE = "accepted"


@dataclass(frozen=True)
class Limits:
    pass


@dataclass(frozen=True)
class Pump:
    mode: Mode


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Resume:
    pass


@dataclass(frozen=True)
class Hold:
    pass


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.DELIVERING)


def may_resume(pump: Pump, event: Resume, limits: Limits) -> bool:
    return True


def resume(pump: Pump, event: Resume, limits: Limits) -> Step:
    return Step(pump)


def may_hold(pump: Pump, event: Hold, limits: Limits) -> bool:
    return True


def hold(pump: Pump, event: Hold, limits: Limits) -> Step:
    return Step(pump)


def on_tick(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def give_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(pump, Outputs(drive_pulses=1))


@dataclass(frozen=True)
class Consent:
    resumed: bool


def not_yet(pump: Pump) -> Consent:
    return Consent(False)


def note_resume(consent: Consent, event: Resume) -> Consent:
    return Consent(True)


CONSENT = Observer(
    "consent", "Whether the user resumed since power-up.", Consent, not_yet, ((Resume, note_resume),)
)


@invariant(
    "INV-SUSP-001", says="The pump delivers only after the user resumed it.", formalizes=("REQ-SUSP-001",)
)
def delivers_by_consent(pump: Pump, consent: Consent) -> bool:
    return pump.mode is Mode.HELD or consent.resumed


@step_property("INV-SUSP-002", says="Nothing is given while the pump is held.", formalizes=("REQ-SUSP-001",))
def nothing_while_held(before: Pump, outputs: Outputs) -> bool:
    return before.mode is Mode.DELIVERING or outputs.drive_pulses == 0


SUSP = ("REQ-SUSP-001",)


SYSTEM = System(
    name="delivers after power up",
    says="After a change of batteries the pump delivers at once, although nobody resumed it.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Resume, Hold, Tick),
    initial=initial,
    table=(
        Row(
            "MDL-SUSP-001",
            (Mode.HELD, Mode.DELIVERING),
            Resume,
            may_resume,
            resume,
            Mode.DELIVERING,
            "The user resumes.",
            SUSP,
        ),
        Row(
            "MDL-SUSP-002",
            (Mode.DELIVERING,),
            Tick,
            on_tick,
            give_pulse,
            SAME_MODE,
            "One pulse a second.",
            SUSP,
        ),
        Row(
            "MDL-SUSP-003",
            (Mode.HELD, Mode.DELIVERING),
            Hold,
            may_hold,
            hold,
            Mode.HELD,
            "The user holds.",
            SUSP,
        ),
        Ignored("MDL-SUSP-004", (Mode.HELD,), (Tick,), "Nothing is given while held.", SUSP),
    ),
    conditions=(),
    observers=(CONSENT,),
    properties=(delivers_by_consent, nothing_while_held),
    requirements=(
        Requirement("REQ-SUSP-001", "After power-up nothing is given before the user resumes.", "example"),
    ),
)

FIX = (
    "return Pump(Mode.DELIVERING)",
    "return Pump(Mode.HELD)",
)
