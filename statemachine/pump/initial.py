"""The pump before its first use."""

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import (
    Accounts,
    AlarmPhase,
    Alarms,
    Basal,
    Bolus,
    Drive,
    Holds,
    InsulinCurve,
    InsulinOnBoard,
    Line,
    Mode,
    Prime,
    Pump,
    Reservoir,
    TemporaryBasal,
)


def initial(limits: Limits) -> Pump:
    """A pump that was never used: off, without a reservoir, with nothing programmed."""
    return Pump(
        mode=Mode.OFF,
        holds=Holds(user=False, alarm=False),
        alarms=Alarms(occlusion=AlarmPhase.SILENT, empty=AlarmPhase.SILENT, low_reservoir=AlarmPhase.SILENT),
        line=Line(pressure_high_s=0),
        reservoir=Reservoir(pulses=0),
        basal=Basal(
            programme_millipulses_per_h=tuple(0 for slot in range(48)),
            temporary=TemporaryBasal(millipulses_per_h=0, remaining_s=0),
            accumulator=0,
            missed_accumulator=0,
            missed_pulses=0,
        ),
        bolus=Bolus(programmed_pulses=0, remaining_pulses=0, delivered_pulses=0, cancelled_pulses=0),
        drive=Drive(stroke_wait_s=0),
        prime=Prime(remaining_pulses=0),
        accounts=Accounts(
            therapy_delivered_pulses=0,
            prime_delivered_pulses=0,
            second_of_minute=0,
            minute_pulses=tuple(0 for minute in range(61)),
        ),
        insulin_on_board=InsulinOnBoard(
            curve=InsulinCurve.RAPID_8_H,
            second_of_bucket=0,
            account_pulses=tuple(0 for bucket in range(97)),
        ),
    )
