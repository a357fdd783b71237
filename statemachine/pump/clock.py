"""The wall clock: it chooses the slot of the basal and of a suggestion, and nothing else, whatever happens to it."""

from dataclasses import replace

from pumpproof.spec.pump.events import ClockFailed, ClockSet, ConfirmClock
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Clock, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.doses import break_doses


def any_time(pump: Pump, event: ClockSet, limits: Limits) -> bool:
    """The clock is not the pump's to refuse: it shows what it shows."""
    return True


def note_move(pump: Pump, event: ClockSet, limits: Limits) -> Step:
    """Moves add up until a person confirms the time; every timer goes on as if nothing had happened."""
    return Step(replace(pump, clock=replace(pump.clock, moved_s=pump.clock.moved_s + event.moved_s)))


def refuse_clock_confirmation(pump: Pump, event: ConfirmClock, limits: Limits) -> Reason:
    """The clock must have been moved, in all.

    It gives nothing, yet the key lock refuses it: a key pressed by chance would hide that basal may be in wrong slots.
    """
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    return Reason.NONE if pump.clock.moved_s != 0 else Reason.CLOCK_NOT_MOVED


def confirm_clock(pump: Pump, event: ConfirmClock, limits: Limits) -> Step:
    """The time that is shown is the right one from now on."""
    return Step(replace(pump, clock=Clock(moved_s=0)))


def any_clock_failure(pump: Pump, event: ClockFailed, limits: Limits) -> bool:
    """A clock that fails is never overheard."""
    return True


def stop_for_clock(pump: Pump, event: ClockFailed, limits: Limits) -> Step:
    """Bolus and prime end: without the time nobody can say which basal is due."""
    stopped = break_doses(pump)
    return Step(stopped, Outputs(question_lapsed=question_lapses(pump, stopped)))


CLOCK_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-CLOCK-001",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        ClockSet,
        any_time,
        note_move,
        to=SAME_MODE,
        why="A clock that is moved is noted; no dose, timer, hold or account follows the clock.",
        requirements=("REQ-CLOCK-002",),
    ),
    Command(
        "MDL-CLOCK-002",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        ConfirmClock,
        refuse_clock_confirmation,
        confirm_clock,
        to=SAME_MODE,
        why="A person confirms the time in every mode; delivery goes on or stays suspended as it was.",
        requirements=("REQ-CLOCK-002",),
    ),
    Row(
        "MDL-CLOCK-003",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        ClockFailed,
        any_clock_failure,
        stop_for_clock,
        to=Mode.FAULT,
        why="A clock that fails is a fault: basal in a wrong slot is worse than an alarm and a restart.",
        requirements=("REQ-CLOCK-001", "REQ-POWER-003"),
    ),
    Ignored(
        "MDL-CLOCK-004",
        (Mode.OFF, Mode.FAULT),
        (ClockFailed,),
        why="A pump that is off or in fault gives nothing; the self-test looks at the clock.",
        requirements=("REQ-CLOCK-001",),
    ),
    Refused(
        "MDL-CLOCK-005",
        (Mode.OFF,),
        (ClockSet, ConfirmClock),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
)
