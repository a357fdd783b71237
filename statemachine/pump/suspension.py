"""Suspend and resume: the holds that keep all insulin back."""

from dataclasses import replace

from pumpproof.spec.pump.events import Resume, Suspend
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Action, Holds, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row
from pumpproof.statemachine.pump.alarms import is_latched
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.doses import end_doses
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.reminder import end_reminder, gives_therapy


def any_suspend(pump: Pump, event: Suspend, limits: Limits) -> bool:
    """Suspending needs no condition: a second suspend is obeyed too and changes nothing more."""
    return True


def suspend(pump: Pump, event: Suspend, limits: Limits) -> Step:
    """Set the hold of the person; the rest of bolus and prime is cancelled."""
    suspended = replace(end_doses(pump), holds=replace(pump.holds, user=True))
    return Step(suspended, Outputs(question_lapsed=question_lapses(pump, suspended)))


def refuse_resume(pump: Pump, event: Resume, limits: Limits) -> Reason:
    """Something must be held, and no alarm that stops the insulin may be latched; a line out of use has its own."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if not is_held(pump.holds):
        return Reason.NOTHING_HELD
    if is_latched(pump.alarms.phases, Action.STOP):
        return Reason.OCCLUDED_REPEATEDLY if pump.line.occluded_repeatedly else Reason.ALARM_LATCHED
    return Reason.NONE


def resume(pump: Pump, event: Resume, limits: Limits) -> Step:
    """End the holds and start nothing; where therapy runs on now, there is nothing to remind of any more.

    A resume ends every hold, whoever set it: two of them that had to be ended one by one would teach people to press
    until insulin flows.
    """
    free = replace(pump, holds=Holds(user=False, alarm=False, timed_s=0, remote=False))
    return Step(end_reminder(free) if gives_therapy(free) else free)


SUSPENSION_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-SUSP-001",
        (Mode.SELF_TEST, Mode.IDLE, Mode.DELIVERING, Mode.FAULT),
        Suspend,
        any_suspend,
        suspend,
        to=SAME_MODE,
        why="Suspend is obeyed in every mode; the hold outlives the mode.",
        requirements=("REQ-SUSP-002", "REQ-BOLUS-003"),
    ),
    Row(
        "MDL-SUSP-002",
        (Mode.PRIMING,),
        Suspend,
        any_suspend,
        suspend,
        to=Mode.IDLE,
        why="Suspend ends a prime.",
        requirements=("REQ-SUSP-002",),
    ),
    Command(
        "MDL-SUSP-003",
        (Mode.IDLE, Mode.DELIVERING),
        Resume,
        refuse_resume,
        resume,
        to=SAME_MODE,
        why="Holds end by explicit resume only, and not while an alarm that stops the insulin is latched.",
        requirements=("REQ-SUSP-003", "REQ-OCC-002", "REQ-OCC-006", "REQ-COMM-006", "REQ-ALARM-012"),
    ),
    Refused(
        "MDL-SUSP-004",
        (Mode.OFF,),
        (Suspend, Resume),
        Reason.POWERED_OFF,
        why="A pump that is off gives nothing and takes no request; its holds stay as they are.",
        requirements=("REQ-POWER-001",),
    ),
    Refused(
        "MDL-SUSP-005",
        (Mode.SELF_TEST, Mode.PRIMING, Mode.FAULT),
        (Resume,),
        Reason.NOT_IN_THIS_MODE,
        why="Resume has a meaning only where therapy may follow.",
        requirements=("REQ-SUSP-003",),
    ),
)
