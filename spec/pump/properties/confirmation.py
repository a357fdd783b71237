"""The second step: what is shown, how long it can be confirmed, and how its end is told."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    ClockFailed,
    ConfirmBolus,
    ConfirmExtendedBolus,
    ConfirmUnlock,
    EncoderRead,
    ExtendedBolusRequested,
    FaultDetected,
    HardwareReported,
    LockKeys,
    PowerOff,
    RemoteStop,
    SelfTestFinished,
    StopDelivery,
    Suspend,
    SuspendFor,
    Tick,
    UnlockRequested,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import latched
from pumpproof.spec.pump.properties.words import accepted, passes
from pumpproof.spec.pump.state import Action, Mode, Pump, Question


@dataclass(frozen=True)
class Asked:
    """What was asked for last and neither confirmed nor withdrawn: a bolus with its parts, or to unlock; its age.

    ``time_s`` is how long it may be asked: the time to confirm, or less for a bolus that rests on a suggestion.
    """

    bolus: bool
    unlock: bool
    pulses: int
    extended_pulses: int
    duration_s: int
    age_s: int
    time_s: int


def nothing() -> Asked:
    """Nothing waits for a confirmation."""
    return Asked(bolus=False, unlock=False, pulses=0, extended_pulses=0, duration_s=0, age_s=0, time_s=0)


def begin_asked(pump: Pump) -> Asked:
    """Nothing was asked yet."""
    return nothing()


def time_for_a_bolus(before: Pump, limits: Limits) -> int:
    """Never longer than a suggestion stands; that this is counted right is INV-BOLUS-194."""
    left_s = before.calculator.suggestion_left_s
    return left_s if 0 < left_s < limits.confirmation_s else limits.confirmation_s


def note_bolus(asked: Asked, before: Pump, event: BolusRequested, outputs: Outputs, limits: Limits) -> Asked:
    """An accepted request is shown from now on."""
    shown = replace(nothing(), bolus=True, pulses=event.pulses, time_s=time_for_a_bolus(before, limits))
    return shown if accepted(outputs) else asked


def note_extended_bolus(
    asked: Asked, before: Pump, event: ExtendedBolusRequested, outputs: Outputs, limits: Limits
) -> Asked:
    """The same for a bolus with an extended part."""
    shown = replace(
        nothing(),
        bolus=True,
        pulses=event.immediate_pulses,
        extended_pulses=event.extended_pulses,
        duration_s=event.duration_s,
        time_s=time_for_a_bolus(before, limits),
    )
    return shown if accepted(outputs) else asked


def note_unlock(asked: Asked, event: UnlockRequested, outputs: Outputs, limits: Limits) -> Asked:
    """The same for the key lock."""
    return replace(nothing(), unlock=True, time_s=limits.confirmation_s) if accepted(outputs) else asked


def note_end(asked: Asked, outputs: Outputs) -> Asked:
    """Confirmed; or the keys were locked, or the power is off."""
    return nothing() if accepted(outputs) else asked


def note_stop(asked: Asked, outputs: Outputs) -> Asked:
    """What stops a bolus withdraws one that is shown."""
    return nothing() if asked.bolus and accepted(outputs) else asked


def note_self_test(asked: Asked, event: SelfTestFinished, outputs: Outputs) -> Asked:
    """A self-test that fails is a fault, which stops a bolus."""
    return nothing() if asked.bolus and accepted(outputs) and not passes(event) else asked


def note_alarms(asked: Asked, after: Pump) -> Asked:
    """An alarm that holds insulin back, or leaves basal only, stops a bolus and so withdraws one that is shown."""
    alarmed = after.holds.alarm or latched(after, Action.BASAL_ONLY)
    return nothing() if asked.bolus and alarmed else asked


def grow_older(asked: Asked, before: Pump, after: Pump) -> Asked:
    """A second in which the pump is on; an alarm may withdraw the bolus."""
    if before.mode is Mode.OFF or not (asked.bolus or asked.unlock):
        return asked
    too_old = asked.age_s + 1 >= asked.time_s
    return nothing() if too_old else note_alarms(replace(asked, age_s=asked.age_s + 1), after)


ASKED = Observer(
    "asked",
    says="Keeps what was asked for, how long ago, and whether it was answered or withdrawn.",
    record=Asked,
    begin=begin_asked,
    steps=(
        (BolusRequested, note_bolus),
        (ExtendedBolusRequested, note_extended_bolus),
        (UnlockRequested, note_unlock),
        (ConfirmBolus, note_end),
        (ConfirmExtendedBolus, note_end),
        (ConfirmUnlock, note_end),
        (LockKeys, note_end),
        (PowerOff, note_end),
        (CancelBolus, note_stop),
        (Suspend, note_stop),
        (SuspendFor, note_stop),
        (RemoteStop, note_stop),
        (StopDelivery, note_stop),
        (FaultDetected, note_stop),
        (ClockFailed, note_stop),
        (SelfTestFinished, note_self_test),
        (HardwareReported, note_alarms),
        (EncoderRead, note_alarms),
        (Tick, grow_older),
    ),
)


def something_is_asked(asked: Asked) -> bool:
    return asked.bolus or asked.unlock


@lemma(
    "INV-UI-101",
    says="One thing is asked at a time, and what is asked is younger than the time to confirm.",
    witness=something_is_asked,
)
def asked_is_young(asked: Asked, limits: Limits) -> bool:
    one = not (asked.bolus and asked.unlock)
    blank = asked.bolus or (asked.pulses == 0 and asked.extended_pulses == 0 and asked.duration_s == 0)
    young = asked.age_s >= 0 and (asked.age_s < asked.time_s or not (asked.bolus or asked.unlock))
    return (
        one
        and blank
        and young
        and asked.age_s < limits.confirmation_s
        and asked.time_s <= limits.confirmation_s
    )


@invariant(
    "INV-UI-021",
    says="The pump shows exactly what was asked for, for exactly the time to confirm, or while its suggestion stands.",
    formalizes=("REQ-UI-005.a", "REQ-UI-006.a", "REQ-BOLUS-012"),
    uses=("INV-UI-101", "INV-BOLUS-107"),
    witness=something_is_asked,
)
def question_is_true(pump: Pump, asked: Asked, limits: Limits) -> bool:
    bolus = (pump.confirmation.question is Question.BOLUS) == asked.bolus
    unlock = (pump.confirmation.question is Question.UNLOCK) == asked.unlock
    left_s = asked.time_s - asked.age_s if asked.bolus or asked.unlock else 0
    shown = pump.confirmation.pulses == asked.pulses and pump.confirmation.remaining_s == left_s
    extended = pump.confirmation.extended_pulses == asked.extended_pulses
    time = pump.confirmation.duration_s == asked.duration_s
    return bolus and unlock and shown and extended and time


def unlock_is_shown(pump: Pump) -> bool:
    return pump.confirmation.question is Question.UNLOCK


@lemma("INV-UI-102", says="To unlock is shown only while the keys are locked.", witness=unlock_is_shown)
def unlock_is_for_locked_keys(pump: Pump) -> bool:
    return pump.confirmation.question is not Question.UNLOCK or pump.key_lock.locked


def question_ended(before: Pump, after: Pump) -> bool:
    """Something was shown, and nothing is any more."""
    asked = before.confirmation.question is not Question.NONE
    return asked and after.confirmation.question is Question.NONE


def carried_out(before: Pump, after: Pump) -> bool:
    """What was shown has happened: this bolus has begun with both its parts, or the keys are unlocked."""
    unlocked = before.key_lock.locked and not after.key_lock.locked
    now = before.confirmation.pulses
    extended = before.confirmation.extended_pulses
    begun = before.bolus.remaining_pulses == 0 and after.bolus.remaining_pulses == now
    more = after.extended_bolus.remaining_pulses - before.extended_bolus.remaining_pulses
    return unlocked or (
        begun and after.bolus.programmed_pulses == now and more == extended and now + more > 0
    )


def lapse_is_told(outputs: Outputs) -> bool:
    return outputs.question_lapsed


@step_property(
    "INV-UI-022",
    says="What is no longer shown was carried out as shown, or the person is told that it lapsed; never both.",
    formalizes=("REQ-UI-005.b", "REQ-UI-006.a"),
    uses=(
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-BOLUS-107",
        "INV-UI-021",
        "INV-UI-101",
        "INV-RES-002",
        "INV-UI-102",
    ),
    witness=lapse_is_told,
)
def end_of_question_is_told(before: Pump, after: Pump, outputs: Outputs) -> bool:
    return outputs.question_lapsed == (question_ended(before, after) and not carried_out(before, after))


@step_property(
    "INV-UI-023",
    says="What lapses starts no bolus and unlocks nothing: all stays as it was.",
    formalizes=("REQ-UI-005.c",),
    when=lapse_is_told,
    uses=(
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-RES-002",
    ),
)
def lapse_changes_nothing(before: Pump, after: Pump, outputs: Outputs) -> bool:
    bolus = after.bolus.programmed_pulses == before.bolus.programmed_pulses
    extended = after.extended_bolus.programmed_pulses == before.extended_bolus.programmed_pulses
    lock = after.key_lock.locked or not before.key_lock.locked
    more = after.extended_bolus.remaining_pulses > before.extended_bolus.remaining_pulses
    rest = after.bolus.remaining_pulses <= before.bolus.remaining_pulses and not more
    return bolus and extended and lock and rest


CONFIRMATION_PROPERTIES: tuple[Property, ...] = (
    asked_is_young,
    question_is_true,
    unlock_is_for_locked_keys,
    end_of_question_is_told,
    lapse_changes_nothing,
)
