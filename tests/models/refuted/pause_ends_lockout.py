"""A pause clears every timer, the lockout after a bolus included."""

from dataclasses import dataclass, replace
from enum import Enum

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row

SUBJECT = "INV-BOLUS-001"


class Mode(Enum):
    RUNNING = "running"
    PAUSED = "paused"


class Reason(Enum):
    NONE = "accepted"
    LOCKED = "locked"
    IS_PAUSED = "is paused"


@dataclass(frozen=True)
class Limits:
    lockout_s: int


@dataclass(frozen=True)
class Pump:
    mode: Mode
    lockout_s: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class BolusRequested:
    pass


@dataclass(frozen=True)
class Pause:
    pass


@dataclass(frozen=True)
class Resume:
    pass


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Pump:
    return Pump(Mode.RUNNING, 0)


def refuse_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Reason:
    return Reason.LOCKED if pump.lockout_s > 0 else Reason.NONE


def give_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Step:
    return Step(replace(pump, lockout_s=limits.lockout_s), Outputs(drive_pulses=1))


def may_pause(pump: Pump, event: Pause, limits: Limits) -> bool:
    return True


def pause(pump: Pump, event: Pause, limits: Limits) -> Step:
    return Step(replace(pump, lockout_s=0))


def may_resume(pump: Pump, event: Resume, limits: Limits) -> bool:
    return True


def resume(pump: Pump, event: Resume, limits: Limits) -> Step:
    return Step(pump)


def on_tick(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def count_down(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, lockout_s=max(pump.lockout_s - 1, 0)))


@dataclass(frozen=True)
class SinceBolus:
    given: bool
    seconds: int


def none_yet(pump: Pump) -> SinceBolus:
    return SinceBolus(False, 0)


def note_bolus(since: SinceBolus, request: BolusRequested, outputs: Outputs) -> SinceBolus:
    return SinceBolus(True, 0) if outputs.drive_pulses > 0 else since


def note_second(since: SinceBolus, tick: Tick) -> SinceBolus:
    return SinceBolus(since.given, since.seconds + 1)


SINCE_BOLUS = Observer(
    "since bolus",
    "Seconds since the last bolus.",
    SinceBolus,
    none_yet,
    ((BolusRequested, note_bolus), (Tick, note_second)),
)


@lemma("INV-BOLUS-101", says="The lockout that is left and the time since the bolus make the whole lockout.")
def lockout_runs(pump: Pump, since: SinceBolus, limits: Limits) -> bool:
    return not since.given or pump.lockout_s + since.seconds >= limits.lockout_s


def second_bolus(since: SinceBolus, request: BolusRequested, outputs: Outputs) -> bool:
    return since.given and outputs.drive_pulses > 0


@step_property(
    "INV-BOLUS-001",
    says="Two boluses are at least the lockout apart.",
    formalizes=("REQ-BOLUS-001",),
    when=second_bolus,
    uses=("INV-BOLUS-101",),
)
def lockout_is_kept(since: SinceBolus, limits: Limits) -> bool:
    return since.seconds >= limits.lockout_s


@step_property("INV-BOLUS-002", says="A bolus that is refused is not given.", formalizes=("REQ-BOLUS-001",))
def refused_is_not_given(outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE or outputs.drive_pulses == 0


def locks_out(limits: Limits) -> bool:
    return limits.lockout_s >= 60


BOLUS = ("REQ-BOLUS-001",)


SYSTEM = System(
    name="pause ends lockout",
    says="A pause clears every timer, the lockout after a bolus included.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(BolusRequested, Pause, Resume, Tick),
    initial=initial,
    table=(
        Command(
            "MDL-BOLUS-001",
            (Mode.RUNNING,),
            BolusRequested,
            refuse_bolus,
            give_bolus,
            SAME_MODE,
            "A bolus is given unless locked out.",
            BOLUS,
        ),
        Refused(
            "MDL-BOLUS-002",
            (Mode.PAUSED,),
            (BolusRequested,),
            Reason.IS_PAUSED,
            "Nothing is given while paused.",
            BOLUS,
        ),
        Row("MDL-SUSP-001", (Mode.RUNNING,), Pause, may_pause, pause, Mode.PAUSED, "The user pauses.", BOLUS),
        Row(
            "MDL-SUSP-002",
            (Mode.PAUSED,),
            Resume,
            may_resume,
            resume,
            Mode.RUNNING,
            "The user resumes.",
            BOLUS,
        ),
        Row(
            "MDL-SUSP-003",
            (Mode.RUNNING, Mode.PAUSED),
            Tick,
            on_tick,
            count_down,
            SAME_MODE,
            "A second passes.",
            BOLUS,
        ),
        Ignored("MDL-SUSP-004", (Mode.RUNNING,), (Resume,), "It is running already.", BOLUS),
        Ignored("MDL-SUSP-005", (Mode.PAUSED,), (Pause,), "It is paused already.", BOLUS),
    ),
    conditions=(Condition("ASM-BOLUS-001", "The lockout is at least a minute.", locks_out),),
    observers=(SINCE_BOLUS,),
    properties=(lockout_runs, lockout_is_kept, refused_is_not_given),
    requirements=(Requirement("REQ-BOLUS-001", "Two boluses are at least the lockout apart.", "example"),),
)

FIX = (
    "return Step(replace(pump, lockout_s=0))",
    "return Step(pump)",
)
