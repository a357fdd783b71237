"""When each alarm has its cause, in the specification's own words, and what a step has seen of it."""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import (
    ACTIONS,
    ALARM_COUNT,
    Action,
    AlarmCauses,
    AlarmPhase,
    Battery,
    Hardware,
    Mode,
    Motion,
    Pump,
    Reservoir,
    Temperature,
)


def drive_is_wrong(hardware: Hardware) -> bool:
    """The drive does not turn, or turns otherwise than it was told."""
    return hardware.motion is Motion.STALLED or hardware.motion is Motion.OUT_OF_STEP


def temperature_is_out_of_range(hardware: Hardware) -> bool:
    """The insulin is too cold or too warm."""
    return hardware.temperature is Temperature.TOO_LOW or hardware.temperature is Temperature.TOO_HIGH


def levels_are_apart(reservoir: Reservoir, limits: Limits) -> bool:
    """The reading of the level exceeds the count by too much, or falls short of it by too much."""
    apart = limits.level_disagreement_pulses
    return reservoir.level_error_pulses >= apart or reservoir.level_error_pulses <= -apart


def is_unsupervised(seen: Pump, limits: Limits) -> bool:
    """No self-test has passed in time, or no second came in time for as long as the watchdog."""
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    too_late = seen.supervision.late_s >= limits.watchdog_s
    return too_late or seen.supervision.since_self_test_s >= latest_s


def found(seen: Pump, limits: Limits) -> AlarmCauses:
    """Which alarms have their cause, in the order of the table.

    That what they look at is counted right is shown apart: the line by INV-OCC-020, the time without therapy by
    INV-SUSP-040, the level by INV-RES-110, the set by INV-PRIME-039, both counts of the drive by INV-INTEG-010 to
    INV-INTEG-012, self-tests by INV-INTEG-030, late seconds by INV-INTEG-040.
    """
    may_flow = seen.mode is Mode.DELIVERING or seen.mode is Mode.PRIMING
    age_after_reminder_s = seen.infusion_set.age_s - limits.set_change_s
    battery_is_critical = seen.hardware.battery is Battery.CRITICAL
    ahead = seen.drive_count.counted_pulses - seen.drive_count.commanded_pulses
    far_behind = ahead < -limits.gross_difference_pulses
    return (
        seen.mode is Mode.FAULT or is_unsupervised(seen, limits),
        seen.line.occluded_repeatedly,
        seen.line.occluded,
        seen.reservoir.pulses == 0,
        may_flow and not seen.hardware.reservoir_present,
        drive_is_wrong(seen.hardware),
        ahead > limits.gross_difference_pulses or seen.drive_count.surplus_s >= limits.surplus_persistence_s,
        far_behind,
        temperature_is_out_of_range(seen.hardware),
        levels_are_apart(seen.reservoir, limits),
        limits.service_grace_s > 0 and age_after_reminder_s >= limits.service_grace_s,
        battery_is_critical,
        seen.hardware.air_in_line,
        battery_is_critical or seen.hardware.battery is Battery.LOW,
        far_behind or seen.drive_count.shortfall_s >= limits.shortfall_persistence_s,
        seen.reminder.without_therapy_s >= limits.reminder_s,
        seen.reservoir.pulses <= limits.low_reservoir_pulses,
        age_after_reminder_s >= 0,
    )


def seen_by_second(before: Pump, after: Pump) -> Pump:
    """What the alarms see in a second: its pressure and timers, and reservoir and counts before its insulin."""
    commanded = before.drive_count.commanded_pulses
    drive_count = replace(after.drive_count, commanded_pulses=commanded)
    return replace(after, mode=before.mode, reservoir=before.reservoir, drive_count=drive_count)


def seen_by_report(before: Pump, after: Pump) -> Pump:
    """What the alarms see of a report: what is reported, in the mode in which it came."""
    return replace(after, mode=before.mode)


def asks_for(seen: Pump, limits: Limits, action: Action) -> bool:
    """Some alarm with this action has its cause."""
    causes = found(seen, limits)
    return any(ACTIONS[k] is action and causes[k] for k in range(ALARM_COUNT))


def stop_is_found(before: Pump, after: Pump, limits: Limits) -> bool:
    """This second finds a cause of an alarm that stops the insulin."""
    return asks_for(seen_by_second(before, after), limits, Action.STOP)


def latched(pump: Pump, action: Action) -> bool:
    """Some alarm with this action is latched."""
    return any(
        ACTIONS[k] is action and pump.alarms.phases[k] is not AlarmPhase.SILENT for k in range(ALARM_COUNT)
    )
