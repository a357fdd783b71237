"""The pump before its first use."""

from typing import Annotated

from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    Accounts,
    AlarmPhase,
    Alarms,
    Basal,
    Battery,
    Bolus,
    BolusStarts,
    Calculator,
    Clock,
    Confirmation,
    DayAccount,
    DoseSettings,
    Drive,
    ExtendedBolus,
    Hardware,
    Holds,
    InfusionSet,
    InsulinCurve,
    InsulinOnBoard,
    KeyLock,
    Line,
    Mode,
    Motion,
    Pattern,
    Patterns,
    Prime,
    Pump,
    Question,
    Reminder,
    Reservoir,
    SelfTestFailure,
    Supervision,
    Temperature,
    TemporaryBasal,
    TemporaryKind,
)
from pumpproof.statemachine.pump.drive_count import no_counts


def no_rates() -> Annotated[tuple[int, ...], Length(48)]:
    """A day without basal."""
    return tuple(0 for slot in range(48))


def no_doses() -> DoseSettings:
    """A period for which nothing is set, so that nothing is suggested in it."""
    return DoseSettings(
        millipulses_per_g=0, millipulses_per_mg_per_dl=0, target_low_mg_per_dl=0, target_high_mg_per_dl=0
    )


def initial(limits: Limits) -> Pump:
    """A pump that was never used: off, without a reservoir, with nothing programmed and nothing reported."""
    return Pump(
        mode=Mode.OFF,
        holds=Holds(user=False, alarm=False, timed_s=0, remote=False),
        alarms=Alarms(
            phases=tuple(AlarmPhase.SILENT for alarm in range(ALARM_COUNT)),
            unacknowledged_s=0,
            audio_paused_s=0,
        ),
        hardware=Hardware(
            reservoir_present=True,
            air_in_line=False,
            motion=Motion.FOLLOWS,
            battery=Battery.GOOD,
            temperature=Temperature.IN_RANGE,
        ),
        line=Line(
            pressure_high_s=0,
            occluded=False,
            since_last_s=limits.repeated_occlusion_window_s,
            since_one_before_s=limits.repeated_occlusion_window_s,
            holds_insulin=False,
            occluded_repeatedly=False,
        ),
        reservoir=Reservoir(pulses=0, level_error_pulses=0),
        basal=Basal(
            patterns=Patterns(
                weekday=no_rates(), weekend=no_rates(), holiday=no_rates(), sick_day=no_rates()
            ),
            pattern=Pattern.WEEKDAY,
            programme_millipulses_per_h=no_rates(),
            temporary=TemporaryBasal(
                kind=TemporaryKind.ABSOLUTE, millipulses_per_h=0, percent=0, remaining_s=0
            ),
            accumulator=0,
            missed_accumulator=0,
            missed_pulses=0,
        ),
        bolus=Bolus(programmed_pulses=0, remaining_pulses=0, delivered_pulses=0, cancelled_pulses=0),
        extended_bolus=ExtendedBolus(
            programmed_pulses=0,
            duration_s=0,
            remaining_pulses=0,
            delivered_pulses=0,
            cancelled_pulses=0,
            remaining_s=0,
            accumulator=0,
        ),
        bolus_starts=BolusStarts(lockout_s=0, second_of_hour=0, by_hour=tuple(0 for hour in range(25))),
        confirmation=Confirmation(
            question=Question.NONE, pulses=0, extended_pulses=0, duration_s=0, remaining_s=0
        ),
        key_lock=KeyLock(locked=False),
        drive=Drive(stroke_wait_s=0),
        prime=Prime(remaining_pulses=0, left_s=0, failed=False),
        infusion_set=InfusionSet(disconnected=False, prime_permit_s=0, cannula_to_fill=False, age_s=0),
        drive_count=no_counts(),
        supervision=Supervision(since_self_test_s=0, late_s=0, self_test_failure=SelfTestFailure.NONE),
        accounts=Accounts(
            therapy_delivered_pulses=0,
            prime_delivered_pulses=0,
            second_of_minute=0,
            minute_pulses=tuple(0 for minute in range(61)),
        ),
        day=DayAccount(hour_pulses=tuple(0 for hour in range(25))),
        clock=Clock(moved_s=0),
        insulin_on_board=InsulinOnBoard(
            curve=InsulinCurve.RAPID_8_H,
            second_of_bucket=0,
            account_pulses=tuple(0 for bucket in range(97)),
        ),
        reminder=Reminder(without_therapy_s=0),
        calculator=Calculator(
            night=no_doses(),
            morning=no_doses(),
            midday=no_doses(),
            evening=no_doses(),
            suggestion_left_s=0,
        ),
    )
