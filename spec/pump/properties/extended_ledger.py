"""What an extended bolus was asked to be, what was given of it, and the seconds of its own time."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.pump.events import (
    CancelBolus,
    CancelExtendedBolus,
    ClockFailed,
    ConfirmExtendedBolus,
    FaultDetected,
    PowerOff,
    RemoteStop,
    SelfTestFinished,
    StopDelivery,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import latched
from pumpproof.spec.pump.properties.words import accepted, held, passes
from pumpproof.spec.pump.state import Action, Mode, Pump


@dataclass(frozen=True)
class ExtendedLedger:
    """The last extended bolus that was confirmed: its two parts and its time, what was given, whether it was stopped.

    ``passed_s`` are the seconds of its own time. Each of them earns ``requested``, and each pulse has cost
    ``duration_s``: so the pace is compared without a product.
    """

    immediate: int
    requested: int
    duration_s: int
    given: int
    stopped: bool
    passed_s: int
    earned: int
    spent: int


def begin_ledger(pump: Pump) -> ExtendedLedger:
    """No extended bolus yet."""
    return ExtendedLedger(
        immediate=0, requested=0, duration_s=0, given=0, stopped=False, passed_s=0, earned=0, spent=0
    )


def note_start(ledger: ExtendedLedger, event: ConfirmExtendedBolus, outputs: Outputs) -> ExtendedLedger:
    """A confirmed extended bolus opens a new page."""
    page = ExtendedLedger(
        immediate=event.immediate_pulses,
        requested=event.extended_pulses,
        duration_s=event.duration_s,
        given=0,
        stopped=False,
        passed_s=0,
        earned=0,
        spent=0,
    )
    return page if accepted(outputs) else ledger


def is_owed(ledger: ExtendedLedger) -> bool:
    """Some of it is still to come."""
    return ledger.given < ledger.requested and not ledger.stopped


def a_pulse_is_earned(ledger: ExtendedLedger) -> bool:
    """The seconds have earned a pulse that was not given yet, or its time is over."""
    return ledger.earned - ledger.spent >= ledger.duration_s or ledger.passed_s >= ledger.duration_s


def second_is_its_own(ledger: ExtendedLedger, before: Pump, event: Tick) -> bool:
    """A second of therapy in time, with no other bolus, and with no pulse that waits for the drive."""
    therapy = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    alone = before.bolus.remaining_pulses == 0 and is_owed(ledger)
    return therapy and alone and not a_pulse_is_earned(ledger)


def earn(ledger: ExtendedLedger, before: Pump, event: Tick) -> ExtendedLedger:
    """Count a second of its own time, and no other."""
    if not second_is_its_own(ledger, before, event):
        return ledger
    return replace(ledger, passed_s=ledger.passed_s + 1, earned=ledger.earned + ledger.requested)


def note_pulses(ledger: ExtendedLedger, after: Pump, outputs: Outputs) -> ExtendedLedger:
    """Whatever is given counts; an alarm that holds insulin back, or leaves basal only, stops it."""
    return replace(
        ledger,
        given=ledger.given + outputs.extended_pulses,
        spent=ledger.spent + (ledger.duration_s if outputs.extended_pulses > 0 else 0),
        stopped=ledger.stopped or after.holds.alarm or latched(after, Action.BASAL_ONLY),
    )


def note_second(
    ledger: ExtendedLedger, before: Pump, event: Tick, after: Pump, outputs: Outputs
) -> ExtendedLedger:
    """A second that finds a reason to stop is none of its time."""
    noted = note_pulses(ledger, after, outputs)
    return noted if noted.stopped else note_pulses(earn(ledger, before, event), after, outputs)


def note_stop(ledger: ExtendedLedger, outputs: Outputs) -> ExtendedLedger:
    """A cancelled bolus, a suspend, a stop of therapy, power off, a fault."""
    return replace(ledger, stopped=ledger.stopped or accepted(outputs))


def note_self_test(ledger: ExtendedLedger, event: SelfTestFinished, outputs: Outputs) -> ExtendedLedger:
    """A self-test that fails is a fault."""
    failed = accepted(outputs) and not passes(event)
    return replace(ledger, stopped=ledger.stopped or failed)


EXTENDED_LEDGER = Observer(
    "extended ledger",
    says="Keeps what was requested of an extended bolus, what was given, its own seconds, and whether it was stopped.",
    record=ExtendedLedger,
    begin=begin_ledger,
    steps=(
        (Tick, note_second),
        (ConfirmExtendedBolus, note_start),
        (CancelBolus, note_stop),
        (CancelExtendedBolus, note_stop),
        (Suspend, note_stop),
        (SuspendFor, note_stop),
        (RemoteStop, note_stop),
        (StopDelivery, note_stop),
        (PowerOff, note_stop),
        (FaultDetected, note_stop),
        (ClockFailed, note_stop),
        (SelfTestFinished, note_self_test),
    ),
    otherwise=note_pulses,
)
