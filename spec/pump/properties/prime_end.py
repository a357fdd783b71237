"""Where a prime goes, and how it ends: in its time, and either well or as a failure that bars therapy."""

from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import StartDelivery, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.infusion_set import Disconnection
from pumpproof.spec.pump.properties.prime import PrimeLedger, prime_is_given
from pumpproof.spec.pump.properties.prime_fate import PrimeFate, time_is_over
from pumpproof.spec.pump.properties.words import accepted
from pumpproof.spec.pump.state import Mode, Pump


def prime_is_under_way(pump: Pump) -> bool:
    return pump.mode is Mode.PRIMING


@lemma(
    "INV-PRIME-111",
    says="While a prime runs, its rest is what it owes, and its time is what is left since its start.",
    uses=("INV-PRIME-010",),
    witness=prime_is_under_way,
)
def fate_follows_prime(pump: Pump, fate: PrimeFate, limits: Limits) -> bool:
    rest = pump.prime.remaining_pulses == fate.owed_pulses
    time = pump.prime.left_s == limits.max_prime_s - fate.since_s
    return pump.mode is not Mode.PRIMING or (rest and time and pump.prime.left_s > 0)


@invariant(
    "INV-PRIME-023",
    says="No prime runs for as long as the time of a prime, however few strokes it was given.",
    formalizes=("REQ-PRIME-004.d",),
    uses=("INV-PRIME-111",),
    witness=prime_is_under_way,
)
def prime_ends_by_time(pump: Pump, fate: PrimeFate, limits: Limits) -> bool:
    return pump.mode is not Mode.PRIMING or 0 <= fate.since_s < limits.max_prime_s


def prime_is_out_of_time(before: Pump, event: Tick, fate: PrimeFate, limits: Limits) -> bool:
    return before.mode is Mode.PRIMING and time_is_over(fate, limits)


@step_property(
    "INV-PRIME-024",
    says="The second in which the time of a prime is over gives nothing, ends it, and drops its rest.",
    formalizes=("REQ-PRIME-004.d",),
    when=prime_is_out_of_time,
    uses=("INV-PRIME-111",),
)
def time_out_ends_a_prime(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    over = after.mode is Mode.IDLE and after.prime.remaining_pulses == 0
    return over and outputs.drive_pulses == 0


@lemma(
    "INV-PRIME-112",
    says="While a prime runs the set is confirmed disconnected, and while a cannula is filled it is not.",
    uses=("INV-PRIME-026", "INV-PRIME-110"),
    witness=prime_is_under_way,
)
def set_is_off_while_priming(pump: Pump, word: Disconnection, ledger: PrimeLedger) -> bool:
    return pump.mode is not Mode.PRIMING or word.confirmed != ledger.fills_cannula


@step_property(
    "INV-PRIME-028",
    says="A prime is given only into a set that is confirmed disconnected, or to fill a cannula that is worn.",
    formalizes=("REQ-PRIME-004.c", "REQ-PRIME-005.b"),
    when=prime_is_given,
    uses=("INV-PRIME-112", "INV-PRIME-010"),
)
def prime_is_given_off_the_body(outputs: Outputs, word: Disconnection, ledger: PrimeLedger) -> bool:
    return word.confirmed != ledger.fills_cannula


def prime_has_failed(fate: PrimeFate) -> bool:
    return fate.failed


@invariant(
    "INV-PRIME-020",
    says="A prime has failed if neither person nor last stroke ended it, until one ends well or the set is new.",
    formalizes=("REQ-PRIME-004.e",),
    uses=("INV-PRIME-010", "INV-PRIME-111"),
    witness=prime_has_failed,
)
def failure_is_known(pump: Pump, fate: PrimeFate) -> bool:
    return pump.prime.failed == fate.failed


@step_property(
    "INV-PRIME-021",
    says="After a prime that failed no start of therapy is accepted.",
    formalizes=("REQ-PRIME-004.e",),
    when=prime_has_failed,
    uses=("INV-PRIME-020",),
)
def no_therapy_after_a_failed_prime(fate: PrimeFate, event: StartDelivery, outputs: Outputs) -> bool:
    return not accepted(outputs)


def therapy_runs(pump: Pump) -> bool:
    return pump.mode is Mode.DELIVERING


@invariant(
    "INV-PRIME-022",
    says="Therapy runs only with a set that is connected, and whose last prime has not failed.",
    formalizes=("REQ-PRIME-004.e", "REQ-PRIME-004.f"),
    uses=("INV-PRIME-020", "INV-PRIME-026"),
    witness=therapy_runs,
)
def therapy_has_a_sound_set(pump: Pump, word: Disconnection, fate: PrimeFate) -> bool:
    sound = not word.confirmed and not fate.failed
    return sound or pump.mode is not Mode.DELIVERING


PRIME_END_PROPERTIES: tuple[Property, ...] = (
    fate_follows_prime,
    prime_ends_by_time,
    time_out_ends_a_prime,
    set_is_off_while_priming,
    prime_is_given_off_the_body,
    failure_is_known,
    no_therapy_after_a_failed_prime,
    therapy_has_a_sound_set,
)
