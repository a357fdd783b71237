"""The infusion set: what the person has confirmed of it, and what that permits and forbids."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import (
    ConfirmConnected,
    ConfirmDisconnected,
    PowerOff,
    SetChanged,
    StartPrime,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, request_is_accepted, therapy_pulses
from pumpproof.spec.pump.state import InfusionSet, Mode, Pump


@dataclass(frozen=True)
class Disconnection:
    """Whether the set is disconnected, by the person's last word; whether a prime may begin on it, and its age."""

    confirmed: bool
    usable: bool
    age_s: int


def begin_disconnection(pump: Pump) -> Disconnection:
    """Nobody has said anything of the set."""
    return Disconnection(confirmed=False, usable=False, age_s=0)


def note_disconnection(word: Disconnection, outputs: Outputs) -> Disconnection:
    """An accepted confirmation is fresh, whatever was confirmed before."""
    return Disconnection(confirmed=True, usable=True, age_s=0) if accepted(outputs) else word


def note_connection(word: Disconnection, outputs: Outputs) -> Disconnection:
    """The set is worn again."""
    return Disconnection(confirmed=False, usable=False, age_s=0) if accepted(outputs) else word


def use_up(word: Disconnection, outputs: Outputs) -> Disconnection:
    """A prime takes the confirmation, and power off lets it lapse; the set stays disconnected."""
    return replace(word, usable=False, age_s=0) if accepted(outputs) else word


def grow_older(word: Disconnection, before: Pump, limits: Limits) -> Disconnection:
    """A second in which the pump is on; with the last one of its time a prime may no longer begin."""
    if before.mode is Mode.OFF or not word.usable:
        return word
    too_old = word.age_s + 1 >= limits.prime_confirmation_s
    return replace(word, usable=not too_old, age_s=0 if too_old else word.age_s + 1)


DISCONNECTION = Observer(
    "disconnection",
    says="Keeps whether the person has said that the set is disconnected, how long ago, and whether a prime used it.",
    record=Disconnection,
    begin=begin_disconnection,
    steps=(
        (ConfirmDisconnected, note_disconnection),
        (ConfirmConnected, note_connection),
        (StartPrime, use_up),
        (PowerOff, use_up),
        (Tick, grow_older),
    ),
)


def prime_may_begin(word: Disconnection) -> bool:
    return word.usable


@lemma(
    "INV-PRIME-110",
    says="A confirmation that may still be used stands, and is younger than its time.",
    witness=prime_may_begin,
)
def usable_word_is_young(word: Disconnection, limits: Limits) -> bool:
    fresh = word.age_s == 0 or (word.usable and 0 < word.age_s < limits.prime_confirmation_s)
    return fresh and (word.confirmed or not word.usable)


def set_is_off_the_body(word: Disconnection) -> bool:
    return word.confirmed


@invariant(
    "INV-PRIME-026",
    says="The set counts as disconnected as the person says, and lets a prime begin for exactly the time of that word.",
    formalizes=("REQ-PRIME-004.c", "REQ-PRIME-004.f"),
    uses=("INV-PRIME-110",),
    witness=prime_may_begin,
)
def set_is_as_confirmed(pump: Pump, word: Disconnection, limits: Limits) -> bool:
    left_s = limits.prime_confirmation_s - word.age_s if word.usable else 0
    said = pump.infusion_set.disconnected == word.confirmed
    return said and pump.infusion_set.prime_permit_s == left_s


def prime_begins_now(event: StartPrime, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-PRIME-027",
    says="A prime begins only on a confirmed disconnection, young enough and not used before, and uses it up.",
    formalizes=("REQ-PRIME-004.c",),
    when=prime_begins_now,
    uses=("INV-PRIME-026", "INV-PRIME-110"),
)
def prime_uses_a_confirmation(
    after: Pump, event: StartPrime, outputs: Outputs, word: Disconnection, limits: Limits
) -> bool:
    young = word.usable and word.age_s < limits.prime_confirmation_s
    return young and after.infusion_set.prime_permit_s == 0


@step_property(
    "INV-PRIME-035",
    says="While the set is confirmed disconnected, neither basal nor bolus is given.",
    formalizes=("REQ-PRIME-004.f",),
    when=set_is_off_the_body,
    uses=("INV-PRIME-022",),
)
def no_therapy_off_the_body(word: Disconnection, outputs: Outputs) -> bool:
    return therapy_pulses(outputs) == 0


def set_may_be_handled(pump: Pump) -> bool:
    """In idle, with the keys unlocked."""
    return pump.mode is Mode.IDLE and not pump.key_lock.locked


@acceptance(
    "INV-PRIME-029",
    says="That the set is disconnected can be confirmed exactly in idle, with keys unlocked, as often as one likes.",
    formalizes=("REQ-PRIME-004.c", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def disconnection_is_accepted(before: Pump, event: ConfirmDisconnected, outputs: Outputs) -> bool:
    return accepted(outputs) == set_may_be_handled(before)


def disconnected_now(event: ConfirmDisconnected, outputs: Outputs) -> bool:
    return accepted(outputs)


def with_set(pump: Pump, disconnected: bool, permit_s: int) -> Pump:
    """The same pump, but with another word about its set."""
    infusion_set = InfusionSet(
        disconnected=disconnected,
        prime_permit_s=permit_s,
        cannula_to_fill=pump.infusion_set.cannula_to_fill,
        age_s=pump.infusion_set.age_s,
    )
    return replace(pump, infusion_set=infusion_set)


@step_property(
    "INV-PRIME-030",
    says="Confirming the disconnection bars therapy, lets a prime begin for a while, and changes nothing else.",
    formalizes=("REQ-PRIME-004.c", "REQ-PRIME-004.f"),
    when=disconnected_now,
)
def disconnection_does_this_alone(
    before: Pump, after: Pump, event: ConfirmDisconnected, outputs: Outputs, limits: Limits
) -> bool:
    expected = with_set(before, disconnected=True, permit_s=limits.prime_confirmation_s)
    return after == expected and outputs == Outputs()


@acceptance(
    "INV-PRIME-031",
    says="That the set is connected can be confirmed exactly in idle, with keys unlocked, while it is disconnected.",
    formalizes=("REQ-PRIME-004.f", "REQ-POWER-001.c"),
    uses=("INV-PRIME-026",),
    witness=request_is_accepted,
)
def connection_is_accepted(
    before: Pump, event: ConfirmConnected, outputs: Outputs, word: Disconnection
) -> bool:
    return accepted(outputs) == (set_may_be_handled(before) and word.confirmed)


def connected_now(event: ConfirmConnected, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-PRIME-032",
    says="Confirming the connection lets therapy start, and no prime, and changes nothing else.",
    formalizes=("REQ-PRIME-004.f",),
    when=connected_now,
)
def connection_does_this_alone(before: Pump, after: Pump, event: ConfirmConnected, outputs: Outputs) -> bool:
    return after == with_set(before, disconnected=False, permit_s=0) and outputs == Outputs()


@acceptance(
    "INV-PRIME-033",
    says="A new set is taken exactly in idle, with keys unlocked, while the set is confirmed disconnected.",
    formalizes=("REQ-PRIME-005.a", "REQ-POWER-001.c"),
    uses=("INV-PRIME-026",),
    witness=request_is_accepted,
)
def new_set_is_accepted(before: Pump, event: SetChanged, outputs: Outputs, word: Disconnection) -> bool:
    return accepted(outputs) == (set_may_be_handled(before) and word.confirmed)


def set_is_new_now(event: SetChanged, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-PRIME-034",
    says="A new set begins its time, may have its cannula filled, forgets a failed prime, and changes nothing else.",
    formalizes=("REQ-PRIME-005.a", "REQ-PRIME-006.a"),
    when=set_is_new_now,
)
def new_set_does_this_alone(before: Pump, after: Pump, event: SetChanged, outputs: Outputs) -> bool:
    infusion_set = replace(before.infusion_set, cannula_to_fill=True, age_s=0)
    expected = replace(before, infusion_set=infusion_set, prime=replace(before.prime, failed=False))
    return after == expected and outputs == Outputs()


INFUSION_SET_PROPERTIES: tuple[Property, ...] = (
    usable_word_is_young,
    set_is_as_confirmed,
    prime_uses_a_confirmation,
    no_therapy_off_the_body,
    disconnection_is_accepted,
    disconnection_does_this_alone,
    connection_is_accepted,
    connection_does_this_alone,
    new_set_is_accepted,
    new_set_does_this_alone,
)
