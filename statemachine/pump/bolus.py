"""The bolus: its admission in two steps, its strokes and its cancellation."""

from dataclasses import replace

from pumpproof.spec.pump.events import BolusRequested, CancelBolus, ConfirmBolus
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Action, Bolus, Mode, Pump, Question
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.accounts import hour_has_room
from pumpproof.statemachine.pump.alarms import is_latched
from pumpproof.statemachine.pump.basal import basal_pulses_due
from pumpproof.statemachine.pump.bolus_starts import book_start, day_is_full
from pumpproof.statemachine.pump.confirmation import (
    nothing_asked,
    question_lapses,
    show_bolus,
    withdraw_bolus,
)
from pumpproof.statemachine.pump.day import day_has_room
from pumpproof.statemachine.pump.doses import end_bolus, end_extended_bolus
from pumpproof.statemachine.pump.drive import stroke_is_due
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.suggestion import end_suggestion, while_it_stands


def bolus_pulses_due(pump: Pump, slot: int, limits: Limits) -> int:
    """A stroke of the bolus, as far as bolus and reservoir reach; basal comes first."""
    if not stroke_is_due(pump.drive):
        return 0
    left_pulses = pump.reservoir.pulses - basal_pulses_due(pump.basal, slot, limits)
    return min(pump.bolus.remaining_pulses, limits.stroke_pulses, left_pulses)


def give_bolus(bolus: Bolus, pulses: int) -> Bolus:
    """What is given no longer remains."""
    return replace(
        bolus,
        remaining_pulses=bolus.remaining_pulses - pulses,
        delivered_pulses=bolus.delivered_pulses + pulses,
    )


def refuse_for_room(pump: Pump, pulses: int, limits: Limits) -> Reason:
    """Reservoir, hour and day must have room for all of it and for what an extended bolus still owes.

    Basal that runs may take that room at any second, and the extended bolus may be given at any time of the hour.
    """
    owed_pulses = pulses + pump.extended_bolus.remaining_pulses
    if owed_pulses > pump.reservoir.pulses:
        return Reason.RESERVOIR_TOO_LOW
    if not hour_has_room(pump.accounts, owed_pulses, limits):
        return Reason.HOURLY_LIMIT
    if not day_has_room(pump.day, owed_pulses, limits):
        return Reason.DAILY_CAP
    return Reason.NONE


def refuse_now(pump: Pump, limits: Limits) -> Reason:
    """What any bolus has to wait for, whatever its amount: holds, alarms, the line, another bolus, lockout, day."""
    if is_held(pump.holds):
        return Reason.HELD
    if is_latched(pump.alarms.phases, Action.BASAL_ONLY):
        return Reason.BOLUS_BARRED
    if pump.line.holds_insulin:
        return Reason.INSULIN_IN_LINE
    if pump.bolus.remaining_pulses > 0:
        return Reason.BOLUS_RUNNING
    if pump.bolus_starts.lockout_s > 0:
        return Reason.LOCKED_OUT
    if day_is_full(pump.bolus_starts, limits):
        return Reason.DAILY_LIMIT
    return Reason.NONE


def refuse_bolus(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
    """One at a time, not too soon, within limit, day, reservoir and hour; none while only basal may flow."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if not 1 <= event.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_RANGE
    now = refuse_now(pump, limits)
    return refuse_for_room(pump, event.pulses, limits) if now is Reason.NONE else now


def request_bolus(pump: Pump, event: BolusRequested, limits: Limits) -> Step:
    """Show it, for no longer than a suggestion stands; nothing is given before it is confirmed."""
    shown = show_bolus(event.pulses, limits)
    return Step(replace(pump, confirmation=while_it_stands(shown, pump.calculator)))


def refuse_confirmation(pump: Pump, event: ConfirmBolus, limits: Limits) -> Reason:
    """The bolus that is shown, and the same admission again.

    Only the room can have gone while a bolus is shown. Whatever else would refuse it (a hold, an alarm that stops the
    insulin or leaves basal only, an occlusion, the key lock, another bolus) has withdrawn it, and lockout and day do
    not become stricter by waiting.
    """
    if pump.confirmation.question is not Question.BOLUS:
        return Reason.NOTHING_TO_CONFIRM
    if event.pulses != pump.confirmation.pulses or pump.confirmation.extended_pulses > 0:
        return Reason.NOT_AS_SHOWN
    return refuse_for_room(pump, event.pulses, limits)


def start_bolus(pump: Pump, event: ConfirmBolus, limits: Limits) -> Step:
    """The books of the bolus begin anew; the next ticks give it stroke by stroke. A suggestion serves one bolus."""
    bolus = Bolus(
        programmed_pulses=event.pulses,
        remaining_pulses=event.pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
    )
    return Step(
        replace(
            pump,
            bolus=bolus,
            bolus_starts=book_start(pump.bolus_starts, limits),
            calculator=end_suggestion(pump.calculator),
            confirmation=nothing_asked(),
        )
    )


def refuse_to_cancel_bolus(pump: Pump, event: CancelBolus, limits: Limits) -> Reason:
    """There must be a bolus to cancel, running, extended or shown."""
    shown = pump.confirmation.question is Question.BOLUS
    extended = pump.extended_bolus.remaining_pulses > 0
    return Reason.NONE if pump.bolus.remaining_pulses > 0 or extended or shown else Reason.NOTHING_TO_CANCEL


def cancel_bolus(pump: Pump, event: CancelBolus, limits: Limits) -> Step:
    """One command ends all: what remains of a bolus and of an extended one is reported as cancelled."""
    cancelled = replace(
        pump,
        bolus=end_bolus(pump.bolus),
        extended_bolus=end_extended_bolus(pump.extended_bolus),
        confirmation=withdraw_bolus(pump.confirmation),
    )
    return Step(cancelled, Outputs(question_lapsed=question_lapses(pump, cancelled)))


BOLUS_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-BOLUS-001",
        (Mode.DELIVERING,),
        BolusRequested,
        refuse_bolus,
        request_bolus,
        to=SAME_MODE,
        why="A bolus is shown only within its limits, not too soon, and if reservoir, hour and day have room for it.",
        requirements=(
            "REQ-BOLUS-001",
            "REQ-BOLUS-002",
            "REQ-BOLUS-006",
            "REQ-BOLUS-008",
            "REQ-UI-006",
            "REQ-OCC-005",
        ),
    ),
    Command(
        "MDL-BOLUS-005",
        (Mode.DELIVERING,),
        ConfirmBolus,
        refuse_confirmation,
        start_bolus,
        to=SAME_MODE,
        why="A bolus starts only as the one that is shown, and if reservoir, hour and day still have room for it.",
        requirements=(
            "REQ-BOLUS-012",
            "REQ-BOLUS-002",
            "REQ-DOSE-001",
            "REQ-DOSE-008",
            "REQ-RES-001",
            "REQ-UI-006",
        ),
    ),
    Command(
        "MDL-BOLUS-002",
        (Mode.DELIVERING,),
        CancelBolus,
        refuse_to_cancel_bolus,
        cancel_bolus,
        to=SAME_MODE,
        why="Boluses that run or are shown can be cancelled at any moment, all of them at once; basal goes on.",
        requirements=("REQ-BOLUS-003",),
    ),
    Refused(
        "MDL-BOLUS-003",
        (Mode.OFF,),
        (BolusRequested, ConfirmBolus, CancelBolus),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-BOLUS-004",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.FAULT),
        (BolusRequested, ConfirmBolus, CancelBolus),
        Reason.NOT_IN_THIS_MODE,
        why="A bolus runs only while the pump delivers.",
        requirements=("REQ-BOLUS-002",),
    ),
)
