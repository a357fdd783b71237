"""A small bolus pump that is proved as it stands; what the other systems here change, they change in this one."""

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition, Parameter, Quantity
from pumpproof.spec.kernel.parameters import Role as DecidedBy
from pumpproof.spec.kernel.profiles import ProfileLibrary
from pumpproof.spec.kernel.properties import acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Length, Range
from pumpproof.spec.kernel.units import Rounding
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row


class Mode(Enum):
    """Where the state machine is."""

    READY = "ready"
    DELIVERING = "delivering"


class Reason(Enum):
    """Why a request was refused."""

    NONE = "accepted"
    OUT_OF_LIMIT = "out of limit"
    TOO_LOW = "the reservoir is too low"
    RUNNING = "a bolus is running"


@dataclass(frozen=True)
class Limits:
    """What the device allows."""

    max_bolus_pulses: int
    reservoir_pulses: int
    cap_pulses: int


@dataclass(frozen=True)
class Pump:
    """What the pump remembers; ``last_pulses`` counts the last two seconds, the latest first."""

    mode: Mode
    remaining_pulses: int
    reservoir_pulses: int
    last_pulses: Annotated[tuple[int, ...], Length(2)]


@dataclass(frozen=True)
class Outputs:
    """What a step puts out."""

    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    """What an effect returns."""

    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Ask:
    """A person asks for a bolus."""

    pulses: Annotated[int, Range(1, 500)]


@dataclass(frozen=True)
class Stop:
    """A person stops the bolus."""


@dataclass(frozen=True)
class Tick:
    """One second has passed."""


def initial(limits: Limits) -> Pump:
    """A full reservoir, and nothing given yet."""
    return Pump(Mode.READY, 0, limits.reservoir_pulses, (0, 0))


def refuse_bolus(pump: Pump, ask: Ask, limits: Limits) -> Reason:
    """Within the limit, and in the reservoir."""
    if ask.pulses > limits.max_bolus_pulses:
        return Reason.OUT_OF_LIMIT
    if ask.pulses > pump.reservoir_pulses:
        return Reason.TOO_LOW
    return Reason.NONE


def start_bolus(pump: Pump, ask: Ask, limits: Limits) -> Step:
    """All of it is left to give."""
    return Step(replace(pump, remaining_pulses=ask.pulses))


def is_last(pump: Pump) -> bool:
    """Whether at most one pulse is left."""
    return pump.remaining_pulses <= 1


def fits(pump: Pump, limits: Limits) -> bool:
    """Whether a pulse fits under the cap of three seconds."""
    return sum(pump.last_pulses) + 1 <= limits.cap_pulses


def more_follows(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """A pulse, not the last."""
    return fits(pump, limits) and not is_last(pump)


def ends(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """The last pulse."""
    return fits(pump, limits) and is_last(pump)


def has_to_wait(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """The cap holds the pulse back."""
    return not fits(pump, limits)


def give_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    """One pulse."""
    given = replace(
        pump,
        remaining_pulses=pump.remaining_pulses - 1,
        reservoir_pulses=pump.reservoir_pulses - 1,
        last_pulses=(1, pump.last_pulses[0]),
    )
    return Step(given, Outputs(drive_pulses=1))


def always(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """In every state."""
    return True


def wait(pump: Pump, tick: Tick, limits: Limits) -> Step:
    """A second without a pulse."""
    return Step(replace(pump, last_pulses=(0, pump.last_pulses[0])))


def always_stops(pump: Pump, stop: Stop, limits: Limits) -> bool:
    """In every state."""
    return True


def stop_bolus(pump: Pump, stop: Stop, limits: Limits) -> Step:
    """Nothing is left to give."""
    return Step(replace(pump, remaining_pulses=0))


GIVE = ("REQ-BOLUS-001",)

TABLE: tuple[Entry, ...] = (
    Command(
        "MDL-BOLUS-001", (Mode.READY,), Ask, refuse_bolus, start_bolus, Mode.DELIVERING, "It starts.", GIVE
    ),
    Refused("MDL-BOLUS-002", (Mode.DELIVERING,), (Ask,), Reason.RUNNING, "One at a time.", GIVE),
    Row("MDL-BOLUS-003", (Mode.DELIVERING,), Tick, more_follows, give_pulse, SAME_MODE, "A pulse.", GIVE),
    Row("MDL-BOLUS-004", (Mode.DELIVERING,), Tick, ends, give_pulse, Mode.READY, "The last pulse.", GIVE),
    Row("MDL-BOLUS-005", (Mode.DELIVERING,), Tick, has_to_wait, wait, SAME_MODE, "The cap holds it.", GIVE),
    Row("MDL-BOLUS-006", (Mode.READY,), Tick, always, wait, SAME_MODE, "Nothing runs.", GIVE),
    Row("MDL-BOLUS-007", (Mode.DELIVERING,), Stop, always_stops, stop_bolus, Mode.READY, "It ends.", GIVE),
    Ignored("MDL-BOLUS-008", (Mode.READY,), (Stop,), "Nothing runs.", GIVE),
)


def holds_a_bolus(limits: Limits) -> bool:
    """A full reservoir holds the largest bolus."""
    return 2 <= limits.max_bolus_pulses <= limits.reservoir_pulses


def allows_a_pulse(limits: Limits) -> bool:
    """The cap allows a pulse."""
    return limits.cap_pulses >= 1


def _volume(edge: str, field: str) -> Parameter:
    return Parameter(field, "Known.", edge, (field,), Quantity.VOLUME, DecidedBy.DEVICE, Rounding.AT_MOST)


PROFILES = ProfileLibrary(
    (
        _volume("max_bolus_mu", "max_bolus_pulses"),
        _volume("reservoir_mu", "reservoir_pulses"),
        _volume("cap_mu", "cap_pulses"),
    ),
    Limits,
    Path(__file__).with_name("profiles"),
)
"""One that is covered, one of which a value is not published, one that violates a condition."""

CONDITIONS = (
    Condition("ASM-BOLUS-001", "A full reservoir holds the largest bolus.", holds_a_bolus),
    Condition("ASM-BOLUS-002", "The cap allows a pulse.", allows_a_pulse),
)


@dataclass(frozen=True)
class Ledger:
    """What was asked for, and what was given of it."""

    asked_pulses: int
    given_pulses: int


def nothing_asked(pump: Pump) -> Ledger:
    """Before the first bolus."""
    return Ledger(0, 0)


def note_ask(ledger: Ledger, ask: Ask, outputs: Outputs) -> Ledger:
    """A bolus that is accepted begins a new account."""
    return Ledger(ask.pulses, 0) if outputs.refusal is Reason.NONE else ledger


def note_second(ledger: Ledger, tick: Tick, outputs: Outputs) -> Ledger:
    """What the drive was told to give."""
    return replace(ledger, given_pulses=ledger.given_pulses + outputs.drive_pulses)


def note_stop(ledger: Ledger, stop: Stop) -> Ledger:
    """A bolus that was stopped asks for no more."""
    return Ledger(ledger.given_pulses, ledger.given_pulses)


@dataclass(frozen=True)
class Window:
    """Three seconds that may begin at any time."""

    age_s: int
    pulses: int


def open_window(pump: Pump) -> Window:
    """At its beginning."""
    return Window(0, 0)


def note_pulses(window: Window, tick: Tick, outputs: Outputs) -> Window:
    """Count while it is open."""
    if window.age_s < 3:
        return Window(window.age_s + 1, window.pulses + outputs.drive_pulses)
    return window


OBSERVERS = (
    Observer(
        "ledger",
        "What was asked for and what was given.",
        Ledger,
        nothing_asked,
        ((Ask, note_ask), (Tick, note_second), (Stop, note_stop)),
    ),
    Observer(
        "window", "Any three seconds.", Window, open_window, ((Tick, note_pulses),), arbitrary_start=True
    ),
)


@lemma("INV-BOLUS-101", says="A running bolus has something left, and the reservoir holds it.")
def bolus_is_covered(pump: Pump) -> bool:
    """Something is left."""
    return pump.mode is not Mode.DELIVERING or 1 <= pump.remaining_pulses <= pump.reservoir_pulses


@lemma("INV-BOLUS-102", says="Given and left add up to what was asked for.", uses=("INV-BOLUS-101",))
def adds_up(pump: Pump, ledger: Ledger) -> bool:
    """Nothing is lost."""
    left_pulses = pump.remaining_pulses if pump.mode is Mode.DELIVERING else 0
    return ledger.given_pulses + left_pulses == ledger.asked_pulses


@lemma("INV-DOSE-101", says="No second counts less than nothing.")
def counts_are_not_negative(pump: Pump) -> bool:
    """Each is at least 0."""
    return all(pump.last_pulses[i] >= 0 for i in range(2))


@lemma("INV-DOSE-102", says="What an open window counted is in the pump's memory.")
def memory_covers_window(pump: Pump, window: Window) -> bool:
    """For each age."""
    if window.age_s == 0:
        return window.pulses == 0
    if window.age_s == 1:
        return window.pulses == pump.last_pulses[0]
    return window.age_s == 3 or (window.age_s == 2 and window.pulses == sum(pump.last_pulses))


@invariant(
    "INV-BOLUS-001",
    says="Never more is given of a bolus than was asked for.",
    formalizes=("REQ-BOLUS-001",),
    uses=("INV-BOLUS-101", "INV-BOLUS-102"),
)
def never_more_than_asked(ledger: Ledger) -> bool:
    """Given is at most asked."""
    return ledger.given_pulses <= ledger.asked_pulses


def is_allowed(before: Pump, ask: Ask, limits: Limits) -> bool:
    """Ready, and within the limit and the reservoir."""
    return before.mode is Mode.READY and ask.pulses <= min(limits.max_bolus_pulses, before.reservoir_pulses)


@acceptance(
    "INV-BOLUS-002", says="A bolus that fits is accepted.", formalizes=("REQ-BOLUS-002",), when=is_allowed
)
def is_accepted(outputs: Outputs) -> bool:
    """Nothing is refused."""
    return outputs.refusal is Reason.NONE


@step_property("INV-BOLUS-003", says="What is accepted is within the limit.", formalizes=("REQ-BOLUS-001",))
def within_limit(ask: Ask, outputs: Outputs, limits: Limits) -> bool:
    """Refused, or at most the largest bolus."""
    return outputs.refusal is not Reason.NONE or ask.pulses <= limits.max_bolus_pulses


def nothing_runs(before: Pump) -> bool:
    """No bolus."""
    return before.mode is Mode.READY


@step_property(
    "INV-BOLUS-004",
    says="Without a bolus nothing is given.",
    formalizes=("REQ-BOLUS-001",),
    when=nothing_runs,
)
def nothing_given(outputs: Outputs) -> bool:
    """The drive stands still."""
    return outputs.drive_pulses == 0


@invariant(
    "INV-RES-001",
    says="The reservoir is never below empty.",
    formalizes=("REQ-RES-001",),
    uses=("INV-BOLUS-101",),
)
def not_below_empty(pump: Pump) -> bool:
    """At least 0."""
    return pump.reservoir_pulses >= 0


@invariant(
    "INV-DOSE-001",
    says="No three seconds hold more than the cap.",
    formalizes=("REQ-DOSE-001",),
    uses=("INV-DOSE-101", "INV-DOSE-102"),
)
def under_the_cap(window: Window, limits: Limits) -> bool:
    """At most the cap."""
    return window.pulses <= limits.cap_pulses


REQUIREMENTS = (
    Requirement("REQ-BOLUS-001", "A bolus gives what was asked for, within the limit.", "known answer"),
    Requirement("REQ-BOLUS-002", "A bolus that fits is accepted.", "known answer"),
    Requirement("REQ-RES-001", "The reservoir is never below empty.", "known answer"),
    Requirement("REQ-DOSE-001", "No three seconds hold more than the cap.", "known answer"),
)

SYSTEM = System(
    name="known answer",
    says="A bolus pump of which it is known that it is proved.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Ask, Stop, Tick),
    initial=initial,
    table=TABLE,
    conditions=CONDITIONS,
    observers=OBSERVERS,
    properties=(
        bolus_is_covered,
        adds_up,
        counts_are_not_negative,
        memory_covers_window,
        never_more_than_asked,
        is_accepted,
        within_limit,
        nothing_given,
        not_below_empty,
        under_the_cap,
    ),
    requirements=REQUIREMENTS,
)
