"""How the pump behaves: one row for each arrow of the state machine, and an account of every other pair."""

from dataclasses import replace

from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row

from .model import (
    BolusRequested,
    CancelBolus,
    Limits,
    Mode,
    Outputs,
    Pump,
    Reason,
    Step,
    Tick,
)


def refuse_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Reason:
    if not 0 < request.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_LIMIT
    if request.pulses > pump.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    if pump.lockout_left_s > 0:
        return Reason.TOO_SOON
    return Reason.NONE


def start_bolus(pump: Pump, request: BolusRequested, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=request.pulses, lockout_left_s=limits.lockout_s))


def one_second_less(lockout_left_s: int) -> int:
    return max(0, lockout_left_s - 1)


def more_follows(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses > 1


def is_last(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses <= 1


def give_pulse(pump: Pump, tick: Tick, limits: Limits) -> Step:
    given = replace(
        pump,
        remaining_pulses=pump.remaining_pulses - 1,
        reservoir_pulses=pump.reservoir_pulses - 1,
        lockout_left_s=one_second_less(pump.lockout_left_s),
    )
    return Step(given, Outputs(drive_pulses=1))


def always_waits(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return True


def wait(pump: Pump, tick: Tick, limits: Limits) -> Step:
    return Step(replace(pump, lockout_left_s=one_second_less(pump.lockout_left_s)))


def always_stops(pump: Pump, cancel: CancelBolus, limits: Limits) -> bool:
    return True


def stop_bolus(pump: Pump, cancel: CancelBolus, limits: Limits) -> Step:
    return Step(replace(pump, remaining_pulses=0))


TABLE = (
    Command(
        "MDL-BOLUS-001",
        modes=(Mode.READY,),
        event=BolusRequested,
        refuse=refuse_bolus,
        effect=start_bolus,
        to=Mode.DELIVERING,
        why="A bolus starts only within the limit, if the reservoir holds it, and after the lockout.",
        requirements=("REQ-BOLUS-001", "REQ-BOLUS-002", "REQ-BOLUS-003", "REQ-RES-001"),
    ),
    Refused(
        "MDL-BOLUS-002",
        modes=(Mode.DELIVERING,),
        events=(BolusRequested,),
        reason=Reason.BOLUS_RUNNING,
        why="One bolus at a time.",
        requirements=("REQ-BOLUS-001",),
    ),
    Row(
        "MDL-BOLUS-003",
        modes=(Mode.DELIVERING,),
        event=Tick,
        guard=more_follows,
        effect=give_pulse,
        to=SAME_MODE,
        why="A running bolus gives one pulse a second.",
        requirements=("REQ-BOLUS-001",),
    ),
    Row(
        "MDL-BOLUS-004",
        modes=(Mode.DELIVERING,),
        event=Tick,
        guard=is_last,
        effect=give_pulse,
        to=Mode.READY,
        why="The last pulse ends the bolus.",
        requirements=("REQ-BOLUS-001",),
    ),
    Row(
        "MDL-BOLUS-005",
        modes=(Mode.READY,),
        event=Tick,
        guard=always_waits,
        effect=wait,
        to=SAME_MODE,
        why="Between boluses only the lockout runs.",
        requirements=("REQ-BOLUS-003",),
    ),
    Row(
        "MDL-BOLUS-006",
        modes=(Mode.DELIVERING,),
        event=CancelBolus,
        guard=always_stops,
        effect=stop_bolus,
        to=Mode.READY,
        why="A bolus can be stopped at any time; the lockout goes on.",
        requirements=("REQ-BOLUS-004",),
    ),
    Ignored(
        "MDL-BOLUS-007",
        modes=(Mode.READY,),
        events=(CancelBolus,),
        why="There is nothing to stop.",
        requirements=("REQ-BOLUS-004",),
    ),
)
