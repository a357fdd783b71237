"""Suspension for a chosen time: it ends by itself, or by resume, and ends no other hold.

Like suspend it is obeyed with locked keys, because it stops insulin; so a second one never shortens what remains of the
first, which only a resume can end early. Its time runs in every second in which the pump is on: time spent off is not
credited, because nobody can say how long that was.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import SuspendFor
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.doses import end_doses


def refuse_timed_suspension(pump: Pump, event: SuspendFor, limits: Limits) -> Reason:
    """At least a second, and no longer than the longest; a suspend without a time is obeyed always."""
    return Reason.NONE if 1 <= event.duration_s <= limits.max_timed_suspension_s else Reason.OUT_OF_RANGE


def suspend_for(pump: Pump, event: SuspendFor, limits: Limits) -> Step:
    """Hold for this time, or for what remains if that is longer; the rest of bolus and prime is cancelled."""
    holds = replace(pump.holds, timed_s=max(pump.holds.timed_s, event.duration_s))
    suspended = replace(end_doses(pump), holds=holds)
    return Step(suspended, Outputs(question_lapsed=question_lapses(pump, suspended)))


TIMED_SUSPENSION_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-SUSP-010",
        (Mode.SELF_TEST, Mode.IDLE, Mode.DELIVERING, Mode.FAULT),
        SuspendFor,
        refuse_timed_suspension,
        suspend_for,
        to=SAME_MODE,
        why="A suspension for a time within its limit is obeyed in every mode, as one without a time is.",
        requirements=("REQ-SUSP-005", "REQ-BOLUS-003"),
    ),
    Command(
        "MDL-SUSP-011",
        (Mode.PRIMING,),
        SuspendFor,
        refuse_timed_suspension,
        suspend_for,
        to=Mode.IDLE,
        why="A timed suspension ends a prime.",
        requirements=("REQ-SUSP-005",),
    ),
    Refused(
        "MDL-SUSP-012",
        (Mode.OFF,),
        (SuspendFor,),
        Reason.POWERED_OFF,
        why="A pump that is off gives nothing and takes no request; its holds stay as they are.",
        requirements=("REQ-POWER-001",),
    ),
)
