"""After a loss of power: nothing begins by itself, and what may not have been given is told."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, lemma, step_property
from pumpproof.spec.pump.events import (
    FillCannula,
    PowerOff,
    PowerOn,
    ReservoirReplaced,
    StartDelivery,
    StartPrime,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, something_is_driven, therapy_pulses
from pumpproof.spec.pump.state import Mode, Pump


@dataclass(frozen=True)
class Requests:
    """What a person has asked for since power was last on: therapy, a prime or the filling of a cannula."""

    therapy: bool
    prime: bool


def begin_requests(pump: Pump) -> Requests:
    """Nothing was asked for."""
    return Requests(therapy=False, prime=False)


def note_therapy(asked: Requests, outputs: Outputs) -> Requests:
    """Therapy was asked for."""
    return replace(asked, therapy=asked.therapy or accepted(outputs))


def note_prime(asked: Requests, outputs: Outputs) -> Requests:
    """A prime, or the filling of a cannula, was asked for."""
    return replace(asked, prime=asked.prime or accepted(outputs))


def forget_requests(asked: Requests, outputs: Outputs) -> Requests:
    """No request outlives power off, whoever switched off: a person, a flat battery or a watchdog."""
    return Requests(therapy=False, prime=False) if accepted(outputs) else asked


REQUESTS = Observer(
    "requests",
    says="Remembers whether therapy or a prime was asked for since power was last on.",
    record=Requests,
    begin=begin_requests,
    steps=(
        (StartDelivery, note_therapy),
        (StartPrime, note_prime),
        (FillCannula, note_prime),
        (PowerOff, forget_requests),
    ),
)


def therapy_was_asked_for(asked: Requests) -> bool:
    return asked.therapy


@lemma(
    "INV-INTEG-111",
    says="The pump delivers or primes only if that was asked for since power was last on.",
    witness=therapy_was_asked_for,
)
def modes_are_asked_for(pump: Pump, asked: Requests) -> bool:
    therapy = pump.mode is not Mode.DELIVERING or asked.therapy
    return therapy and (pump.mode is not Mode.PRIMING or asked.prime)


@step_property(
    "INV-INTEG-042",
    says="After any loss of power insulin is given only if that was asked for since: nothing is taken up again.",
    formalizes=("REQ-INTEG-005.b", "REQ-POWER-008.a"),
    uses=("INV-INTEG-111",),
    witness=something_is_driven,
)
def nothing_starts_by_itself(outputs: Outputs, asked: Requests) -> bool:
    therapy = therapy_pulses(outputs) == 0 or asked.therapy
    return therapy and (outputs.prime_pulses == 0 or asked.prime)


@dataclass(frozen=True)
class LastSecond:
    """Pulses that were driven in the last second in which the pump was on, since a reservoir was put in."""

    pulses: int


def begin_last_second(pump: Pump) -> LastSecond:
    """Nothing was driven."""
    return LastSecond(pulses=0)


def note_second(last: LastSecond, before: Pump, outputs: Outputs) -> LastSecond:
    """While the pump is on, each second takes the place of the one before it."""
    return last if before.mode is Mode.OFF else LastSecond(pulses=outputs.drive_pulses)


def note_new_reservoir(last: LastSecond, outputs: Outputs) -> LastSecond:
    """Whatever the drive owed is owed no more: it was rewound."""
    return LastSecond(pulses=0) if accepted(outputs) else last


LAST_SECOND = Observer(
    "last second",
    says="Keeps what was driven in the last second in which the pump was on.",
    record=LastSecond,
    begin=begin_last_second,
    steps=((Tick, note_second), (ReservoirReplaced, note_new_reservoir)),
)


def last_second_drove(last: LastSecond) -> bool:
    return last.pulses > 0


@lemma(
    "INV-INTEG-112",
    says="The pump keeps what it commanded in its last second, which is at most a stroke and a pulse of basal.",
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-PRIME-010", "INV-RES-002"),
    witness=last_second_drove,
)
def last_second_is_kept(pump: Pump, last: LastSecond, limits: Limits) -> bool:
    kept = pump.drive_count.last_second_pulses == last.pulses
    return kept and 0 <= last.pulses <= limits.stroke_pulses + 1


def power_returns(event: PowerOn, outputs: Outputs) -> bool:
    return accepted(outputs)


def something_is_unconfirmed(outputs: Outputs) -> bool:
    return outputs.unconfirmed_pulses > 0


@step_property(
    "INV-POWER-020",
    says="Power on tells what the last second commanded, at most a stroke and a pulse: so much may be missing.",
    formalizes=("REQ-POWER-008.b",),
    when=power_returns,
    uses=("INV-INTEG-112",),
    witness=something_is_unconfirmed,
)
def uncertainty_is_told(event: PowerOn, outputs: Outputs, limits: Limits, last: LastSecond) -> bool:
    told = outputs.unconfirmed_pulses == last.pulses
    return told and 0 <= outputs.unconfirmed_pulses <= limits.stroke_pulses + 1


RESTART_PROPERTIES: tuple[Property, ...] = (
    modes_are_asked_for,
    nothing_starts_by_itself,
    last_second_is_kept,
    uncertainty_is_told,
)
