"""The key lock: what it keeps from happening, whatever the entry point, and its two steps."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import ConfirmUnlock, LockKeys, UnlockRequested
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.confirmation import Asked
from pumpproof.spec.pump.properties.words import (
    accepted,
    gives_nothing,
    is_on,
    nothing_shown,
    request_is_accepted,
    suggestion_ended,
)
from pumpproof.spec.pump.state import Confirmation, KeyLock, Mode, Pump, Question


@dataclass(frozen=True)
class Keys:
    """Whether the person has locked the keys and not unlocked them since."""

    locked: bool


def begin_keys(pump: Pump) -> Keys:
    """Not locked yet."""
    return Keys(locked=False)


def note_lock(keys: Keys, outputs: Outputs) -> Keys:
    """An accepted lock."""
    return Keys(locked=keys.locked or accepted(outputs))


def note_unlock(keys: Keys, outputs: Outputs) -> Keys:
    """An accepted second step of unlocking."""
    return Keys(locked=keys.locked and not accepted(outputs))


KEYS = Observer(
    "keys",
    says="Remembers a key lock until the second step of unlocking, and no other event.",
    record=Keys,
    begin=begin_keys,
    steps=((LockKeys, note_lock), (ConfirmUnlock, note_unlock)),
)


def keys_are_locked(keys: Keys) -> bool:
    return keys.locked


@invariant(
    "INV-UI-024",
    says="The keys stay locked from an accepted lock to the second step of unlocking, whatever else happens.",
    formalizes=("REQ-UI-006.b",),
    witness=keys_are_locked,
)
def lock_ends_by_two_steps_only(pump: Pump, keys: Keys) -> bool:
    return pump.key_lock.locked == keys.locked


@step_property(
    "INV-UI-025",
    says="While the keys are locked no bolus is shown or begins, and no therapy and no prime begins.",
    formalizes=("REQ-UI-006.b",),
    when=keys_are_locked,
    uses=(
        "INV-UI-024",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-BOLUS-107",
        "INV-PRIME-010",
        "INV-RES-002",
    ),
)
def locked_keys_start_nothing(keys: Keys, before: Pump, after: Pump) -> bool:
    now = after.bolus.remaining_pulses <= before.bolus.remaining_pulses
    extended = after.extended_bolus.remaining_pulses <= before.extended_bolus.remaining_pulses
    shown = after.confirmation.question is not Question.BOLUS
    prime = after.prime.remaining_pulses <= before.prime.remaining_pulses
    therapy = after.mode is not Mode.DELIVERING or before.mode is Mode.DELIVERING
    return now and extended and shown and prime and therapy


def programme_is_kept(before: Pump, after: Pump) -> bool:
    """The same pattern runs, and no pattern has another rate."""
    runs = after.basal.pattern is before.basal.pattern
    rates = after.basal.programme_millipulses_per_h == before.basal.programme_millipulses_per_h
    return runs and rates and after.basal.patterns == before.basal.patterns


def temporary_only_runs_out(before: Pump, after: Pump) -> bool:
    """The same temporary basal, and no more of it."""
    left_s = after.basal.temporary.remaining_s
    same = after.basal.temporary == replace(before.basal.temporary, remaining_s=left_s)
    return same and left_s <= before.basal.temporary.remaining_s


def holds_only_run_out(before: Pump, after: Pump) -> bool:
    """No hold ends, and a timed one is at most a second nearer to its end."""
    person = after.holds.user or not before.holds.user
    alarm = after.holds.alarm or not before.holds.alarm
    remote = after.holds.remote or not before.holds.remote
    return person and alarm and remote and after.holds.timed_s >= before.holds.timed_s - 1


def set_is_as_it_was(before: Pump, after: Pump) -> bool:
    """Nobody has confirmed that it is connected, disconnected or new, and no prime may begin that could not before."""
    word = after.infusion_set.disconnected == before.infusion_set.disconnected
    new = after.infusion_set.cannula_to_fill == before.infusion_set.cannula_to_fill
    aged = after.infusion_set.age_s >= before.infusion_set.age_s
    permit = after.infusion_set.prime_permit_s <= before.infusion_set.prime_permit_s
    return word and new and aged and permit


@step_property(
    "INV-UI-026",
    says="With locked keys no rate, pattern, curve, dose setting, content or set changes, and no hold ends early.",
    formalizes=("REQ-UI-006.b",),
    when=keys_are_locked,
    uses=(
        "INV-UI-024",
        "INV-BASAL-101",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-RES-002",
        "INV-PRIME-010",
        "INV-BASAL-003",
        "INV-BASAL-014",
        "INV-PRIME-026",
        "INV-PRIME-110",
    ),
)
def locked_keys_change_nothing(keys: Keys, before: Pump, after: Pump) -> bool:
    basal = programme_is_kept(before, after) and temporary_only_runs_out(before, after)
    curve = after.insulin_on_board.curve is before.insulin_on_board.curve
    holds = holds_only_run_out(before, after)
    content = after.reservoir.pulses <= before.reservoir.pulses
    doses = suggestion_ended(after.calculator) == suggestion_ended(before.calculator)
    return basal and holds and curve and doses and content and set_is_as_it_was(before, after)


@acceptance(
    "INV-UI-027",
    says="The keys can be locked in every mode but off.",
    formalizes=("REQ-UI-006", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def lock_is_accepted(before: Pump, event: LockKeys, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before)


def locked_now(event: LockKeys, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-UI-028",
    says="Locking the keys withdraws what is shown or suggested and changes nothing else.",
    formalizes=("REQ-UI-006.b",),
    when=locked_now,
)
def lock_does_this_alone(before: Pump, after: Pump, event: LockKeys, outputs: Outputs) -> bool:
    locked = replace(
        before,
        key_lock=KeyLock(locked=True),
        calculator=suggestion_ended(before.calculator),
        confirmation=nothing_shown(),
    )
    return after == locked and gives_nothing(outputs)


@acceptance(
    "INV-UI-029",
    says="To unlock can be asked for exactly while the keys are locked.",
    formalizes=("REQ-UI-006", "REQ-POWER-001.c"),
    uses=("INV-UI-024",),
    witness=request_is_accepted,
)
def unlock_is_shown(before: Pump, event: UnlockRequested, outputs: Outputs, keys: Keys) -> bool:
    return accepted(outputs) == (is_on(before) and keys.locked)


def unlock_is_asked_now(event: UnlockRequested, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-UI-030",
    says="The first step of unlocking asks for the second and changes nothing else.",
    formalizes=("REQ-UI-006.b",),
    when=unlock_is_asked_now,
)
def first_step_does_this_alone(
    before: Pump, after: Pump, event: UnlockRequested, outputs: Outputs, limits: Limits
) -> bool:
    question = Confirmation(
        question=Question.UNLOCK,
        pulses=0,
        extended_pulses=0,
        duration_s=0,
        remaining_s=limits.confirmation_s,
    )
    return after == replace(before, confirmation=question) and outputs == Outputs()


@acceptance(
    "INV-UI-031",
    says="Unlocking can be confirmed exactly while it is shown.",
    formalizes=("REQ-UI-006.b", "REQ-UI-005", "REQ-POWER-001.c"),
    uses=("INV-UI-021",),
    witness=request_is_accepted,
)
def unlock_is_confirmed(before: Pump, event: ConfirmUnlock, outputs: Outputs, asked: Asked) -> bool:
    return accepted(outputs) == (is_on(before) and asked.unlock)


def unlocked_now(event: ConfirmUnlock, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-UI-032",
    says="The second step unlocks the keys and changes nothing else.",
    formalizes=("REQ-UI-006",),
    when=unlocked_now,
)
def unlock_does_this_alone(before: Pump, after: Pump, event: ConfirmUnlock, outputs: Outputs) -> bool:
    unlocked = replace(before, key_lock=KeyLock(locked=False), confirmation=nothing_shown())
    return after == unlocked and outputs == Outputs()


KEY_LOCK_PROPERTIES: tuple[Property, ...] = (
    lock_ends_by_two_steps_only,
    locked_keys_start_nothing,
    locked_keys_change_nothing,
    lock_is_accepted,
    lock_does_this_alone,
    unlock_is_shown,
    first_step_does_this_alone,
    unlock_is_confirmed,
    unlock_does_this_alone,
)
