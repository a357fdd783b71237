"""Priming: bounded, from idle only, booked apart from therapy."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import StartPrime, StopPrime, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.bolus import StrokeClock, stroke_may_come
from pumpproof.spec.pump.properties.drive_count import TwoCounts
from pumpproof.spec.pump.properties.occlusion import OcclusionWatch
from pumpproof.spec.pump.properties.stops import STOP_LEMMAS, second_stops
from pumpproof.spec.pump.properties.supervision import SelfTests
from pumpproof.spec.pump.properties.words import accepted, held, request_is_accepted
from pumpproof.spec.pump.state import Mode, Pump


@dataclass(frozen=True)
class PrimeLedger:
    """The last accepted prime: pulses requested and pulses given."""

    requested: int
    given: int


def begin_ledger(pump: Pump) -> PrimeLedger:
    """No prime yet."""
    return PrimeLedger(requested=0, given=0)


def note_request(ledger: PrimeLedger, event: StartPrime, outputs: Outputs) -> PrimeLedger:
    """An accepted request opens a new page."""
    return PrimeLedger(requested=event.pulses, given=0) if accepted(outputs) else ledger


def note_pulses(ledger: PrimeLedger, outputs: Outputs) -> PrimeLedger:
    """Whatever is given counts."""
    return replace(ledger, given=ledger.given + outputs.prime_pulses)


PRIME_LEDGER = Observer(
    "prime ledger",
    says="Keeps what was requested of the prime and what was given.",
    record=PrimeLedger,
    begin=begin_ledger,
    steps=((StartPrime, note_request),),
    otherwise=note_pulses,
)


def pump_primes(pump: Pump) -> bool:
    return pump.mode is Mode.PRIMING


@invariant(
    "INV-PRIME-010",
    says="A prime runs exactly while some of it remains, and the reservoir holds all of the rest.",
    formalizes=("REQ-PRIME-001", "REQ-RES-001"),
    uses=("INV-PRIME-009",),
    witness=pump_primes,
)
def prime_rest_is_in_reservoir(pump: Pump) -> bool:
    if pump.mode is Mode.PRIMING:
        return 1 <= pump.prime.remaining_pulses <= pump.reservoir.pulses
    return pump.prime.remaining_pulses == 0


@invariant(
    "INV-PRIME-009",
    says="Nothing is held while a prime runs.",
    formalizes=("REQ-SUSP-001",),
    uses=("INV-PRIME-010",),
    witness=pump_primes,
)
def no_hold_while_priming(pump: Pump) -> bool:
    return pump.mode is not Mode.PRIMING or not held(pump)


@lemma(
    "INV-PRIME-103",
    says="While a prime runs, its rest is what was requested and not given.",
    uses=("INV-PRIME-010",),
    witness=pump_primes,
)
def prime_books_are_true(pump: Pump, ledger: PrimeLedger) -> bool:
    return pump.mode is not Mode.PRIMING or pump.prime.remaining_pulses == ledger.requested - ledger.given


def prime_was_given(ledger: PrimeLedger) -> bool:
    return ledger.given > 0


@invariant(
    "INV-PRIME-001",
    says="No prime is larger than the largest prime, and no more is given than was requested.",
    formalizes=("REQ-PRIME-001.a", "REQ-DOSE-014.c", "REQ-PRIME-002.b"),
    uses=("INV-PRIME-010", "INV-PRIME-103"),
    witness=prime_was_given,
)
def prime_is_bounded(ledger: PrimeLedger, limits: Limits) -> bool:
    return 0 <= ledger.given <= ledger.requested <= limits.max_prime_pulses


def prime_is_given(outputs: Outputs) -> bool:
    return outputs.prime_pulses > 0


@step_property(
    "INV-PRIME-002",
    says="Prime volume never counts as therapy, and is given beside no therapy.",
    formalizes=("REQ-PRIME-002.a",),
    when=prime_is_given,
    uses=("INV-DOSE-101",),
)
def prime_is_no_therapy(before: Pump, after: Pump, outputs: Outputs) -> bool:
    account = after.accounts.therapy_delivered_pulses == before.accounts.therapy_delivered_pulses
    hour = sum(after.accounts.minute_pulses) <= sum(before.accounts.minute_pulses)
    return account and hour and outputs.basal_pulses == 0 and outputs.bolus_pulses == 0


@acceptance(
    "INV-PRIME-003",
    says="A prime is accepted exactly in idle, keys unlocked, no hold, within its limit and a reservoir in place.",
    formalizes=(
        "REQ-PRIME-001.b",
        "REQ-RES-008.a",
        "REQ-DOSE-015.c",
        "REQ-POWER-001.c",
        "REQ-PRIME-004.a",
        "REQ-UI-004.a",
    ),
    witness=request_is_accepted,
)
def prime_is_accepted(before: Pump, event: StartPrime, outputs: Outputs, limits: Limits) -> bool:
    ready = before.mode is Mode.IDLE and not held(before) and not before.key_lock.locked
    free = ready and before.hardware.reservoir_present
    amount = event.pulses > 0 and event.pulses <= limits.max_prime_pulses
    return accepted(outputs) == (free and amount and before.reservoir.pulses - event.pulses >= 0)


def prime_starts_now(event: StartPrime, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-PRIME-004",
    says="An accepted prime remains to be given in full, and nothing else changes but the mode.",
    formalizes=("REQ-PRIME-001",),
    when=prime_starts_now,
)
def prime_does_this_alone(before: Pump, after: Pump, event: StartPrime, outputs: Outputs) -> bool:
    prime = replace(before.prime, remaining_pulses=event.pulses)
    return after == replace(before, mode=Mode.PRIMING, prime=prime) and outputs == Outputs()


@acceptance(
    "INV-PRIME-005",
    says="A prime can always be stopped.",
    formalizes=("REQ-PRIME-001.c", "REQ-POWER-001.c", "REQ-PRIME-004.b", "REQ-UI-006.c"),
    witness=request_is_accepted,
)
def stopping_is_accepted(before: Pump, event: StopPrime, outputs: Outputs) -> bool:
    return accepted(outputs) == (before.mode is Mode.PRIMING)


def prime_is_stopped_now(event: StopPrime, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-PRIME-006",
    says="Stopping a prime drops its rest, leads to idle, and changes nothing else.",
    formalizes=("REQ-PRIME-001.c", "REQ-PRIME-004.b"),
    when=prime_is_stopped_now,
)
def stopping_does_this_alone(before: Pump, after: Pump, event: StopPrime, outputs: Outputs) -> bool:
    prime = replace(before.prime, remaining_pulses=0)
    return after == replace(before, mode=Mode.IDLE, prime=prime) and outputs == Outputs()


def prime_runs(before: Pump) -> bool:
    return before.mode is Mode.PRIMING


@step_property(
    "INV-PRIME-007",
    says="A second advances a prime by one full stroke when the interval is over and nothing keeps it back.",
    formalizes=("REQ-PRIME-001", "REQ-DOSE-003"),
    when=prime_runs,
    uses=("INV-PRIME-103", "INV-BOLUS-013", "INV-ALARM-103", "INV-PRIME-009", "INV-PRIME-010", *STOP_LEMMAS),
)
def prime_advances(
    before: Pump,
    event: Tick,
    outputs: Outputs,
    limits: Limits,
    watch: OcclusionWatch,
    counts: TwoCounts,
    tests: SelfTests,
    clock: StrokeClock,
    ledger: PrimeLedger,
) -> bool:
    kept_back = event.delivery_inhibited or second_stops(watch, counts, tests, event, limits)
    if kept_back or not stroke_may_come(clock, limits):
        return outputs.prime_pulses == 0
    return outputs.prime_pulses == min(limits.stroke_pulses, ledger.requested - ledger.given)


@step_property(
    "INV-PRIME-008",
    says="A second ends a prime when all of it was given or it finds a reason to stop, and not before.",
    formalizes=("REQ-PRIME-001",),
    when=prime_runs,
    uses=("INV-PRIME-103", "INV-ALARM-103", "INV-PRIME-009", "INV-PRIME-010", *STOP_LEMMAS),
)
def prime_ends_in_time(
    before: Pump,
    after: Pump,
    event: Tick,
    outputs: Outputs,
    limits: Limits,
    watch: OcclusionWatch,
    counts: TwoCounts,
    tests: SelfTests,
    ledger: PrimeLedger,
) -> bool:
    complete = ledger.given + outputs.prime_pulses == ledger.requested
    over = complete or second_stops(watch, counts, tests, event, limits)
    return after.mode is (Mode.IDLE if over else Mode.PRIMING)


PRIME_PROPERTIES: tuple[Property, ...] = (
    prime_rest_is_in_reservoir,
    no_hold_while_priming,
    prime_books_are_true,
    prime_is_bounded,
    prime_is_no_therapy,
    prime_is_accepted,
    prime_does_this_alone,
    stopping_is_accepted,
    stopping_does_this_alone,
    prime_advances,
    prime_ends_in_time,
)
