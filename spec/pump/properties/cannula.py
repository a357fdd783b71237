"""The cannula of a new set: filled once, with little, while it is worn."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import FillCannula, SetChanged, StartPrime
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.infusion_set import Disconnection
from pumpproof.spec.pump.properties.prime_fate import PrimeFate
from pumpproof.spec.pump.properties.words import accepted, held, request_is_accepted
from pumpproof.spec.pump.state import Mode, Pump


@dataclass(frozen=True)
class Cannula:
    """Of the set that is in use: whether it awaits its fill, whether a fill was begun last, and its pulses."""

    awaits_fill: bool
    fills: bool
    asked_pulses: int
    given_pulses: int


def begin_cannula(pump: Pump) -> Cannula:
    """No set was ever new."""
    return Cannula(awaits_fill=False, fills=False, asked_pulses=0, given_pulses=0)


def note_new_set(cannula: Cannula, outputs: Outputs) -> Cannula:
    """A new set has an empty cannula."""
    if not accepted(outputs):
        return cannula
    return Cannula(awaits_fill=True, fills=False, asked_pulses=0, given_pulses=0)


def note_fill(cannula: Cannula, event: FillCannula, outputs: Outputs) -> Cannula:
    """What is asked adds up, however often it is asked."""
    if not accepted(outputs):
        return cannula
    asked_pulses = cannula.asked_pulses + event.pulses
    return replace(cannula, awaits_fill=False, fills=True, asked_pulses=asked_pulses)


def note_prime(cannula: Cannula, outputs: Outputs) -> Cannula:
    """What follows is given to the set and not to the cannula."""
    return replace(cannula, fills=cannula.fills and not accepted(outputs))


def note_pulses(cannula: Cannula, outputs: Outputs) -> Cannula:
    """Whatever is given since a fill began is in the cannula."""
    given_pulses = outputs.prime_pulses if cannula.fills else 0
    return replace(cannula, given_pulses=cannula.given_pulses + given_pulses)


CANNULA = Observer(
    "cannula",
    says="Keeps what was asked for and given into the cannula of a set since it was new.",
    record=Cannula,
    begin=begin_cannula,
    steps=((SetChanged, note_new_set), (FillCannula, note_fill), (StartPrime, note_prime)),
    otherwise=note_pulses,
)


def cannula_is_filled(cannula: Cannula) -> bool:
    return cannula.given_pulses > 0


@lemma(
    "INV-PRIME-113",
    says="A set has one fill at most, of which no more was given than was asked.",
    uses=("INV-PRIME-010",),
    witness=cannula_is_filled,
)
def one_fill_for_a_set(pump: Pump, cannula: Cannula) -> bool:
    empty = cannula.asked_pulses == 0 or not cannula.awaits_fill
    rest_pulses = pump.prime.remaining_pulses if cannula.fills else 0
    return (
        pump.infusion_set.cannula_to_fill == cannula.awaits_fill
        and empty
        and cannula.given_pulses + rest_pulses <= cannula.asked_pulses
    )


@invariant(
    "INV-PRIME-036",
    says="Into the cannula of a set no more is given in all than the largest fill, from one new set to the next.",
    formalizes=("REQ-PRIME-005.a",),
    uses=("INV-PRIME-113", "INV-PRIME-010"),
    witness=cannula_is_filled,
)
def fill_is_bounded(cannula: Cannula, limits: Limits) -> bool:
    return 0 <= cannula.given_pulses <= cannula.asked_pulses <= limits.max_cannula_fill_pulses


@acceptance(
    "INV-PRIME-037",
    says="A fill is accepted exactly in idle, unlocked, unheld, for a new worn set, no failed prime, within limits.",
    formalizes=(
        "REQ-PRIME-005.a",
        "REQ-PRIME-005.b",
        "REQ-RES-001.c",
        "REQ-RES-008.a",
        "REQ-POWER-001.c",
        "REQ-UI-004.a",
    ),
    uses=("INV-PRIME-020", "INV-PRIME-026", "INV-PRIME-113"),
    witness=request_is_accepted,
)
def fill_is_accepted(
    before: Pump,
    event: FillCannula,
    outputs: Outputs,
    limits: Limits,
    word: Disconnection,
    fate: PrimeFate,
    cannula: Cannula,
) -> bool:
    ready = before.mode is Mode.IDLE and not held(before) and not before.key_lock.locked
    worn = cannula.awaits_fill and not word.confirmed and not fate.failed
    amount = event.pulses > 0 and event.pulses <= limits.max_cannula_fill_pulses
    held_in_full = before.hardware.reservoir_present and before.reservoir.pulses - event.pulses >= 0
    return accepted(outputs) == (ready and worn and amount and held_in_full)


def fill_starts_now(event: FillCannula, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-PRIME-038",
    says="An accepted fill remains to be given in full and in the time of a prime, and its set has had it; no more.",
    formalizes=("REQ-PRIME-005.a", "REQ-PRIME-005.b"),
    when=fill_starts_now,
)
def fill_does_this_alone(
    before: Pump, after: Pump, event: FillCannula, outputs: Outputs, limits: Limits
) -> bool:
    prime = replace(before.prime, remaining_pulses=event.pulses, left_s=limits.max_prime_s)
    infusion_set = replace(before.infusion_set, cannula_to_fill=False)
    expected = replace(before, mode=Mode.PRIMING, prime=prime, infusion_set=infusion_set)
    return after == expected and outputs == Outputs()


CANNULA_PROPERTIES: tuple[Property, ...] = (
    one_fill_for_a_set,
    fill_is_bounded,
    fill_is_accepted,
    fill_does_this_alone,
)
