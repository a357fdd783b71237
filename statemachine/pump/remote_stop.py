"""The stop from outside: always obeyed, and ended by a person at the pump only.

A resume that is asked for from outside is refused. It would have to wait for a person who checks at the pump whether
insulin may run again, and that person resumes at the pump; a question to confirm would only be a second way to do the
same, and one that somebody far away could raise again and again.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import RemoteResumeAsked, RemoteStop
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Refused, Row
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.doses import break_doses


def any_remote_stop(pump: Pump, event: RemoteStop, limits: Limits) -> bool:
    """A stop needs no condition: neither locked keys nor another hold refuse it."""
    return True


def stop_from_outside(pump: Pump, event: RemoteStop, limits: Limits) -> Step:
    """Set the hold of the controller; the rest of a bolus is cancelled, and a prime fails: nobody here ended it."""
    stopped = replace(break_doses(pump), holds=replace(pump.holds, remote=True))
    return Step(stopped, Outputs(question_lapsed=question_lapses(pump, stopped)))


REMOTE_STOP_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-SUSP-013",
        (Mode.SELF_TEST, Mode.IDLE, Mode.DELIVERING, Mode.FAULT),
        RemoteStop,
        any_remote_stop,
        stop_from_outside,
        to=SAME_MODE,
        why="A stop from outside is obeyed in every mode; its hold outlives the mode.",
        requirements=("REQ-COMM-006", "REQ-BOLUS-003"),
    ),
    Row(
        "MDL-SUSP-014",
        (Mode.PRIMING,),
        RemoteStop,
        any_remote_stop,
        stop_from_outside,
        to=Mode.IDLE,
        why="A stop from outside ends a prime.",
        requirements=("REQ-COMM-006",),
    ),
    Refused(
        "MDL-SUSP-015",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        (RemoteResumeAsked,),
        Reason.RESUME_AT_THE_PUMP,
        why="Whether insulin may run again is checked by a person, who then resumes at the pump.",
        requirements=("REQ-COMM-006",),
    ),
    Refused(
        "MDL-SUSP-016",
        (Mode.OFF,),
        (RemoteStop, RemoteResumeAsked),
        Reason.POWERED_OFF,
        why="A pump that is off gives nothing and takes no request; its holds stay as they are.",
        requirements=("REQ-POWER-001",),
    ),
)
