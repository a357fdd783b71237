"""The reminder of missing therapy: its time, and the acts of the person from which it begins anew.

A latched alarm ends by its own acknowledgement only, yet a reminder must not go on once the person has let therapy run.
Both hold, because that very act, made at the pump, counts as the acknowledgement of the reminder. A timed suspension
that ends by itself is no act of the person: what has sounded until then goes on until somebody comes.
"""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import ALARM_COUNT, NO_THERAPY, AlarmPhase, Mode, Pump, Reminder
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.signals import something_sounds


def gives_therapy(pump: Pump) -> bool:
    """Therapy runs and nothing is held back, even if no insulin is due in every second."""
    return pump.mode is Mode.DELIVERING and not is_held(pump.holds)


def time_begins_anew() -> Reminder:
    """There is therapy, or the person knows that there is none."""
    return Reminder(without_therapy_s=0)


def second_of_reminder(pump: Pump, limits: Limits) -> Reminder:
    """A second without therapy counts, in every mode in which the pump is on; one with therapy ends the count."""
    counted_s = min(pump.reminder.without_therapy_s + 1, limits.reminder_s)
    return time_begins_anew() if gives_therapy(pump) else Reminder(without_therapy_s=counted_s)


def reminder_is_due(reminder: Reminder, limits: Limits) -> bool:
    """There has been no therapy for as long as it takes to remind of it."""
    return reminder.without_therapy_s >= limits.reminder_s


def end_reminder(pump: Pump) -> Pump:
    """The person lets therapy run, which acknowledges the reminder; the last alarm that sounds ends the wait."""
    phases = tuple(
        AlarmPhase.SILENT if k == NO_THERAPY else pump.alarms.phases[k] for k in range(ALARM_COUNT)
    )
    waited_s = pump.alarms.unacknowledged_s if something_sounds(phases) else 0
    return replace(
        pump,
        alarms=replace(pump.alarms, phases=phases, unacknowledged_s=waited_s),
        reminder=time_begins_anew(),
    )
