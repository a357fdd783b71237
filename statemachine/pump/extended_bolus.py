"""The extended bolus: its admission in two steps, its even pace, its pauses and its cancellation.

It is given a pulse at a time, each a stroke of the drive. A bolus that is to be given at once pre-empts it: meanwhile
its time stands, and its end comes later by that. A second that came late does not count for it either, so that nothing
is ever caught up with; and while a pulse that is due waits for the drive, no further one falls due.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import CancelExtendedBolus, ConfirmExtendedBolus, ExtendedBolusRequested
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Bolus, ExtendedBolus, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.basal import basal_pulses_due
from pumpproof.statemachine.pump.bolus import refuse_for_room, refuse_now
from pumpproof.statemachine.pump.bolus_starts import book_start
from pumpproof.statemachine.pump.confirmation import nothing_asked, show_extended_bolus
from pumpproof.statemachine.pump.doses import end_extended_bolus
from pumpproof.statemachine.pump.drive import stroke_is_due
from pumpproof.statemachine.pump.suggestion import end_suggestion, while_it_stands


def pulse_has_fallen_due(extended: ExtendedBolus) -> bool:
    """The seconds have earned a pulse, or all its time is over."""
    return extended.accumulator >= extended.duration_s or extended.remaining_s == 0


def second_of_extended_bolus(extended: ExtendedBolus) -> ExtendedBolus:
    """A second of its own time; none passes while a pulse waits for the drive."""
    if pulse_has_fallen_due(extended):
        return extended
    return replace(
        extended,
        remaining_s=extended.remaining_s - 1,
        accumulator=extended.accumulator + extended.programmed_pulses,
    )


def runs_alone(pump: Pump) -> bool:
    """It is owed, and no other bolus runs."""
    return pump.extended_bolus.remaining_pulses > 0 and pump.bolus.remaining_pulses == 0


def second_of_extended_part(pump: Pump) -> ExtendedBolus:
    """Its time passes while it is the only bolus that runs."""
    return second_of_extended_bolus(pump.extended_bolus) if runs_alone(pump) else pump.extended_bolus


def extended_pulses_due(pump: Pump, slot: int, limits: Limits) -> int:
    """One pulse that has fallen due, if drive and reservoir are ready; any other bolus, and basal, come first."""
    left_pulses = pump.reservoir.pulses - basal_pulses_due(pump.basal, slot, limits)
    if runs_alone(pump) and pulse_has_fallen_due(pump.extended_bolus) and stroke_is_due(pump.drive):
        return min(1, left_pulses)
    return 0


def give_extended_bolus(extended: ExtendedBolus, pulses: int) -> ExtendedBolus:
    """What is given no longer remains, and has used up what the seconds had earned for it."""
    if pulses == 0:
        return extended
    return replace(
        extended,
        remaining_pulses=extended.remaining_pulses - pulses,
        delivered_pulses=extended.delivered_pulses + pulses,
        accumulator=extended.accumulator - extended.duration_s,
    )


def time_of_strokes_s(pulses: int, limits: Limits) -> int:
    """The least time in which the drive gives so many pulses one by one, known for strokes up to a minute apart."""
    return sum(k * pulses if limits.stroke_interval_s == k else 0 for k in range(1, 61))


def refuse_parts(event: ExtendedBolusRequested, limits: Limits) -> Reason:
    """Both parts together are one bolus; the time lies within its limits, and is enough for the drive."""
    if event.immediate_pulses < 0 or event.extended_pulses < 1:
        return Reason.OUT_OF_RANGE
    if event.immediate_pulses + event.extended_pulses > limits.max_bolus_pulses:
        return Reason.OUT_OF_RANGE
    if not limits.min_extended_s <= event.duration_s <= limits.max_extended_s:
        return Reason.OUT_OF_RANGE
    if time_of_strokes_s(event.extended_pulses, limits) > event.duration_s:
        return Reason.TOO_FAST
    return Reason.NONE


def refuse_extended_bolus(pump: Pump, event: ExtendedBolusRequested, limits: Limits) -> Reason:
    """Like any bolus, and one extended bolus at a time; reservoir, hour and day must have room for both parts at once.

    Its pulses come later, and nobody knows which windows of an hour they will meet: at worst all fall into one.
    """
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    parts = refuse_parts(event, limits)
    if parts is not Reason.NONE:
        return parts
    if pump.extended_bolus.remaining_pulses > 0:
        return Reason.EXTENDED_RUNNING
    now = refuse_now(pump, limits)
    pulses = event.immediate_pulses + event.extended_pulses
    return refuse_for_room(pump, pulses, limits) if now is Reason.NONE else now


def request_extended_bolus(pump: Pump, event: ExtendedBolusRequested, limits: Limits) -> Step:
    """Show it, for no longer than a suggestion stands; nothing is given before it is confirmed."""
    shown = show_extended_bolus(event.immediate_pulses, event.extended_pulses, event.duration_s, limits)
    return Step(replace(pump, confirmation=while_it_stands(shown, pump.calculator)))


def refuse_extended_confirmation(pump: Pump, event: ConfirmExtendedBolus, limits: Limits) -> Reason:
    """The bolus that is shown, if it has an extended part, with both parts and its time; and the room once more."""
    shown = pump.confirmation
    if shown.extended_pulses == 0:
        return Reason.NOTHING_TO_CONFIRM
    if event.immediate_pulses != shown.pulses or event.extended_pulses != shown.extended_pulses:
        return Reason.NOT_AS_SHOWN
    if event.duration_s != shown.duration_s:
        return Reason.NOT_AS_SHOWN
    return refuse_for_room(pump, event.immediate_pulses + event.extended_pulses, limits)


def start_extended_bolus(pump: Pump, event: ConfirmExtendedBolus, limits: Limits) -> Step:
    """The immediate part is a bolus like any other, perhaps of nothing; the extended part follows it."""
    bolus = Bolus(
        programmed_pulses=event.immediate_pulses,
        remaining_pulses=event.immediate_pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
    )
    extended = ExtendedBolus(
        programmed_pulses=event.extended_pulses,
        duration_s=event.duration_s,
        remaining_pulses=event.extended_pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
        remaining_s=event.duration_s,
        accumulator=0,
    )
    return Step(
        replace(
            pump,
            bolus=bolus,
            extended_bolus=extended,
            bolus_starts=book_start(pump.bolus_starts, limits),
            calculator=end_suggestion(pump.calculator),
            confirmation=nothing_asked(),
        )
    )


def refuse_to_cancel_extended_bolus(pump: Pump, event: CancelExtendedBolus, limits: Limits) -> Reason:
    """There must be one that runs."""
    return Reason.NONE if pump.extended_bolus.remaining_pulses > 0 else Reason.NOTHING_TO_CANCEL


def cancel_extended_bolus(pump: Pump, event: CancelExtendedBolus, limits: Limits) -> Step:
    """Its rest is reported as cancelled; another bolus goes on."""
    return Step(replace(pump, extended_bolus=end_extended_bolus(pump.extended_bolus)))


EXTENDED_BOLUS_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-BOLUS-024",
        (Mode.DELIVERING,),
        ExtendedBolusRequested,
        refuse_extended_bolus,
        request_extended_bolus,
        to=SAME_MODE,
        why="An extended bolus is shown only if both parts together, and its time, meet what any bolus has to meet.",
        requirements=(
            "REQ-BOLUS-009",
            "REQ-BOLUS-013",
            "REQ-BOLUS-002",
            "REQ-BOLUS-006",
            "REQ-UI-006",
            "REQ-OCC-005",
        ),
    ),
    Command(
        "MDL-BOLUS-025",
        (Mode.DELIVERING,),
        ConfirmExtendedBolus,
        refuse_extended_confirmation,
        start_extended_bolus,
        to=SAME_MODE,
        why="An extended bolus starts only as the one that is shown, and only if reservoir, hour and day have room.",
        requirements=(
            "REQ-BOLUS-013",
            "REQ-BOLUS-012",
            "REQ-DOSE-001",
            "REQ-DOSE-008",
            "REQ-RES-001",
            "REQ-UI-006",
        ),
    ),
    Command(
        "MDL-BOLUS-026",
        (Mode.DELIVERING,),
        CancelExtendedBolus,
        refuse_to_cancel_extended_bolus,
        cancel_extended_bolus,
        to=SAME_MODE,
        why="An extended bolus can be cancelled at any moment, also without the bolus that pre-empts it.",
        requirements=("REQ-BOLUS-003",),
    ),
    Refused(
        "MDL-BOLUS-027",
        (Mode.OFF,),
        (ExtendedBolusRequested, ConfirmExtendedBolus, CancelExtendedBolus),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-BOLUS-028",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.FAULT),
        (ExtendedBolusRequested, ConfirmExtendedBolus, CancelExtendedBolus),
        Reason.NOT_IN_THIS_MODE,
        why="An extended bolus runs only while the pump delivers.",
        requirements=("REQ-BOLUS-002",),
    ),
)
