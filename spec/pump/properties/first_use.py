"""What a pump is before it is used for the first time: every account and every timer counts from there."""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant
from pumpproof.spec.pump.events import PowerOn
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, boluses_are_over, held
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    AlarmPhase,
    Battery,
    Hardware,
    Line,
    Mode,
    Motion,
    Pattern,
    Pump,
    Question,
    SelfTestFailure,
    Temperature,
)


@dataclass(frozen=True)
class FirstUse:
    """Whether the pump was ever switched on."""

    used: bool


def begin_first_use(pump: Pump) -> FirstUse:
    """Not yet."""
    return FirstUse(used=False)


def note_power_on(use: FirstUse, outputs: Outputs) -> FirstUse:
    """Power on is the first thing that a pump obeys."""
    return FirstUse(used=use.used or accepted(outputs))


FIRST_USE = Observer(
    "first use",
    says="Remembers whether the pump was ever switched on.",
    record=FirstUse,
    begin=begin_first_use,
    steps=((PowerOn, note_power_on),),
)


def never_used(use: FirstUse) -> bool:
    return not use.used


def nothing_is_owed(pump: Pump) -> bool:
    """No dose is under way, and no basal is part of the way to a pulse."""
    doses = boluses_are_over(pump) and pump.prime.remaining_pulses == 0
    basal = pump.basal.temporary.remaining_s == 0 and pump.basal.accumulator == 0
    return doses and basal and pump.basal.missed_accumulator == 0


def nothing_is_booked(pump: Pump) -> bool:
    """Every account stands at zero."""
    given = pump.accounts.therapy_delivered_pulses == 0 and pump.accounts.prime_delivered_pulses == 0
    bolus = pump.bolus.programmed_pulses == 0 and pump.bolus.delivered_pulses == 0
    extended = pump.extended_bolus.programmed_pulses == 0 and pump.extended_bolus.delivered_pulses == 0
    rest = pump.bolus.cancelled_pulses == 0 and pump.basal.missed_pulses == 0
    cancelled = rest and pump.extended_bolus.cancelled_pulses == 0
    hour = all(pump.accounts.minute_pulses[minute] == 0 for minute in range(61))
    on_board = all(pump.insulin_on_board.account_pulses[bucket] == 0 for bucket in range(97))
    day = all(pump.day.hour_pulses[passed] == 0 for passed in range(25))
    return given and bolus and extended and cancelled and hour and day and on_board


def nothing_is_asked(pump: Pump) -> bool:
    """No bolus has begun, nothing waits for a confirmation, and the keys are not locked."""
    starts = pump.bolus_starts.lockout_s == 0 and all(
        pump.bolus_starts.by_hour[hour] == 0 for hour in range(25)
    )
    keys = pump.confirmation.question is Question.NONE and not pump.key_lock.locked
    return starts and keys and pump.bolus_starts.second_of_hour == 0


def nothing_is_programmed(pump: Pump) -> bool:
    """No pattern gives basal, and the clock was not moved."""
    kept = pump.basal.patterns
    rates = all(
        kept.weekday[slot] == 0
        and kept.weekend[slot] == 0
        and kept.holiday[slot] == 0
        and kept.sick_day[slot] == 0
        and pump.basal.programme_millipulses_per_h[slot] == 0
        for slot in range(48)
    )
    return rates and pump.basal.pattern is Pattern.WEEKDAY and pump.clock.moved_s == 0


def nothing_is_said_of_the_set(pump: Pump) -> bool:
    """It counts as connected and is of no age, no cannula is to be filled, and no prime may begin or has failed."""
    words = not pump.infusion_set.disconnected and not pump.infusion_set.cannula_to_fill
    times = pump.infusion_set.age_s == 0 and pump.infusion_set.prime_permit_s == 0
    return words and times and pump.prime.left_s == 0 and not pump.prime.failed


def nothing_is_dosed(pump: Pump) -> bool:
    """No dose is set for any period of the day, and no suggestion stands."""
    kept = pump.calculator
    early = kept.night.millipulses_per_g == 0 and kept.morning.millipulses_per_g == 0
    late = kept.midday.millipulses_per_g == 0 and kept.evening.millipulses_per_g == 0
    return early and late and kept.suggestion_left_s == 0


def nothing_reported(hardware: Hardware) -> bool:
    """The reservoir is in place, and all else is well."""
    drive = hardware.motion is Motion.FOLLOWS and hardware.reservoir_present
    supply = hardware.battery is Battery.GOOD and hardware.temperature is Temperature.IN_RANGE
    return drive and supply and not hardware.air_in_line


def nothing_was_counted(pump: Pump) -> bool:
    """Both counts of the drive begin at zero, nothing came late, and no self-test has found anything."""
    count = pump.drive_count
    pulses = count.commanded_pulses == 0 and count.counted_pulses == 0 and count.last_second_pulses == 0
    seconds = pump.supervision.since_self_test_s == 0 and pump.supervision.late_s == 0
    found = pump.supervision.self_test_failure is SelfTestFailure.NONE
    return pulses and count.surplus_s == 0 and count.shortfall_s == 0 and seconds and found


def nothing_alarms(pump: Pump) -> bool:
    """No alarm is latched, none is paused or waits, and no cause of one is counted or reported."""
    silent = all(pump.alarms.phases[k] is AlarmPhase.SILENT for k in range(ALARM_COUNT))
    timers = pump.alarms.unacknowledged_s == 0 and pump.alarms.audio_paused_s == 0
    waits = pump.reminder.without_therapy_s == 0 and pump.holds.timed_s == 0
    return silent and timers and waits and nothing_reported(pump.hardware) and pump.line.pressure_high_s == 0


def line_is_new(line: Line, limits: Limits) -> bool:
    """It was never occluded, so that no occlusion lies within the window of repeated ones."""
    open_line = not line.occluded and not line.holds_insulin and not line.occluded_repeatedly
    longest_s = limits.repeated_occlusion_window_s
    return open_line and line.since_last_s == longest_s and line.since_one_before_s == longest_s


@invariant(
    "INV-POWER-016",
    says="Until its first use a pump is off; it holds, owes, alarms of and asks nothing, and every account is zero.",
    formalizes=("REQ-POWER-004",),
    when=never_used,
)
def unused_pump_is_blank(pump: Pump, use: FirstUse, limits: Limits) -> bool:
    still = (
        pump.mode is Mode.OFF and not held(pump) and nothing_alarms(pump) and line_is_new(pump.line, limits)
    )
    counted = pump.accounts.second_of_minute == 0 and pump.insulin_on_board.second_of_bucket == 0
    time = counted and pump.drive.stroke_wait_s == 0
    zero = nothing_is_owed(pump) and nothing_is_booked(pump) and nothing_is_programmed(pump)
    untold = nothing_is_said_of_the_set(pump) and pump.reservoir.level_error_pulses == 0
    unset = nothing_is_asked(pump) and nothing_is_dosed(pump) and nothing_was_counted(pump)
    return still and time and zero and untold and unset


FIRST_USE_PROPERTIES: tuple[Property, ...] = (unused_pump_is_blank,)
