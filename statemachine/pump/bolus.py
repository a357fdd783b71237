"""The bolus: its admission and its cancellation."""

from dataclasses import replace

from pumpproof.spec.pump.events import BolusRequested, CancelBolus
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.doses import end_bolus


def hour_has_room(pump: Pump, pulses: int, limits: Limits) -> bool:
    """In every window of an hour that has begun, the cap holds these pulses and the largest basal for its rest.

    A window that began ``k`` minutes ago has had no more than the running minute and the ``k`` minutes before it hold,
    and has at most 61 - ``k`` minutes to go; one that began in the running minute has at most the hour of ``k`` = 1.
    Seconds are not told apart, which costs up to two minutes of the basal that runs: beside steady basal a bolus
    always fits if the cap holds it, 62 minutes of the largest basal, and a pulse.
    """
    return all(
        60_000 * (sum(pump.minute_pulses[: k + 1]) + pulses) + (61 - k) * limits.max_basal_millipulses_per_h
        <= 60_000 * limits.max_hour_pulses
        for k in range(1, 61)
    )


def refuse_bolus(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
    """One bolus at a time, within the limit, the reservoir and the hour."""
    if not 1 <= event.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_RANGE
    if pump.user_hold or pump.alarm_hold:
        return Reason.HELD
    if pump.bolus_remaining_pulses > 0:
        return Reason.BOLUS_RUNNING
    if event.pulses > pump.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    if not hour_has_room(pump, event.pulses, limits):
        return Reason.HOURLY_LIMIT
    return Reason.NONE


def start_bolus(pump: Pump, event: BolusRequested, limits: Limits) -> Step:
    """The books of the bolus begin anew; the next ticks give it stroke by stroke."""
    return Step(
        replace(
            pump,
            bolus_programmed_pulses=event.pulses,
            bolus_remaining_pulses=event.pulses,
            bolus_delivered_pulses=0,
            bolus_cancelled_pulses=0,
        )
    )


def refuse_to_cancel_bolus(pump: Pump, event: CancelBolus, limits: Limits) -> Reason:
    """There must be a bolus to cancel."""
    return Reason.NONE if pump.bolus_remaining_pulses > 0 else Reason.NOTHING_TO_CANCEL


def cancel_bolus(pump: Pump, event: CancelBolus, limits: Limits) -> Step:
    """The rest is reported as cancelled."""
    return Step(end_bolus(pump))


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
