"""The confirmation of the line: after an occlusion a person says that nothing stored in it can arrive any more.

Until then no bolus is shown or begins, because nobody knows how much of the last one is still to come; and after the
third occlusion within a window nothing flows at all. Basal may be resumed before: it runs by the second, its pulses are
small, and to lack it for hours harms more surely than what a line can hold. What was delivered stays booked as
delivered and on board, whatever the line holds: a book that guessed would invite a second dose.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import ConfirmLine
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import ALARM_COUNT, ALARMS, Alarm, AlarmPhases, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.alarms import next_phase


def refuse_line(pump: Pump, event: ConfirmLine, limits: Limits) -> Reason:
    """There was an occlusion since the last time, and its pressure is gone: a line that is blocked still holds it."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if not pump.line.holds_insulin:
        return Reason.LINE_NOT_IN_QUESTION
    return Reason.LINE_OCCLUDED if pump.line.occluded else Reason.NONE


def repetition_ends(phases: AlarmPhases) -> AlarmPhases:
    """The alarm of repeated occlusions sees at once that its cause is gone, so that a new one sounds anew."""
    return tuple(
        next_phase(phases[k], False) if ALARMS[k] is Alarm.REPEATED_OCCLUSION else phases[k]
        for k in range(ALARM_COUNT)
    )


def confirm_line(pump: Pump, event: ConfirmLine, limits: Limits) -> Step:
    """Nothing is stored in the line, and it may be used again; holds and accounts stay as they are."""
    line = replace(pump.line, holds_insulin=False, occluded_repeatedly=False)
    alarms = replace(pump.alarms, phases=repetition_ends(pump.alarms.phases))
    return Step(replace(pump, line=line, alarms=alarms))


LINE_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-OCC-010",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        ConfirmLine,
        refuse_line,
        confirm_line,
        to=SAME_MODE,
        why="After an occlusion a person disconnects or changes the line, which the pump can not see, and says so.",
        requirements=("REQ-OCC-005", "REQ-OCC-006"),
    ),
    Refused(
        "MDL-OCC-011",
        (Mode.OFF,),
        (ConfirmLine,),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request; what it knows of its line stays as it is.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-OCC-012",
        (Mode.SELF_TEST, Mode.FAULT),
        (ConfirmLine,),
        Reason.NOT_IN_THIS_MODE,
        why="The line is confirmed where therapy may follow.",
        requirements=("REQ-POWER-002", "REQ-OCC-006"),
    ),
)
