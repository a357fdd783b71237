"""The bolus: its admission, its strokes and its cancellation."""

from dataclasses import replace

from pumpproof.spec.pump.events import BolusRequested, CancelBolus
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Bolus, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.accounts import hour_has_room
from pumpproof.statemachine.pump.basal import basal_pulses_due
from pumpproof.statemachine.pump.doses import end_bolus
from pumpproof.statemachine.pump.drive import stroke_is_due
from pumpproof.statemachine.pump.holds import is_held


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


def refuse_bolus(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
    """One bolus at a time, within the limit, the reservoir and the hour."""
    if not 1 <= event.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_RANGE
    if is_held(pump.holds):
        return Reason.HELD
    if pump.bolus.remaining_pulses > 0:
        return Reason.BOLUS_RUNNING
    if event.pulses > pump.reservoir.pulses:
        return Reason.RESERVOIR_TOO_LOW
    if not hour_has_room(pump.accounts, event.pulses, limits):
        return Reason.HOURLY_LIMIT
    return Reason.NONE


def start_bolus(pump: Pump, event: BolusRequested, limits: Limits) -> Step:
    """The books of the bolus begin anew; the next ticks give it stroke by stroke."""
    bolus = Bolus(
        programmed_pulses=event.pulses,
        remaining_pulses=event.pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
    )
    return Step(replace(pump, bolus=bolus))


def refuse_to_cancel_bolus(pump: Pump, event: CancelBolus, limits: Limits) -> Reason:
    """There must be a bolus to cancel."""
    return Reason.NONE if pump.bolus.remaining_pulses > 0 else Reason.NOTHING_TO_CANCEL


def cancel_bolus(pump: Pump, event: CancelBolus, limits: Limits) -> Step:
    """The rest is reported as cancelled."""
    return Step(replace(pump, bolus=end_bolus(pump.bolus)))


BOLUS_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-BOLUS-001",
        (Mode.DELIVERING,),
        BolusRequested,
        refuse_bolus,
        start_bolus,
        to=SAME_MODE,
        why="A bolus starts only within its limit, and only if reservoir and hour have room for all of it.",
        requirements=("REQ-BOLUS-001", "REQ-BOLUS-002", "REQ-DOSE-001", "REQ-RES-001"),
    ),
    Command(
        "MDL-BOLUS-002",
        (Mode.DELIVERING,),
        CancelBolus,
        refuse_to_cancel_bolus,
        cancel_bolus,
        to=SAME_MODE,
        why="A running bolus can be cancelled at any moment; basal goes on.",
        requirements=("REQ-BOLUS-003",),
    ),
    Refused(
        "MDL-BOLUS-003",
        (Mode.OFF,),
        (BolusRequested, CancelBolus),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-BOLUS-004",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.FAULT),
        (BolusRequested, CancelBolus),
        Reason.NOT_IN_THIS_MODE,
        why="A bolus runs only while the pump delivers.",
        requirements=("REQ-BOLUS-002",),
    ),
)
