"""What a step of the reference pump puts out, and why a request is refused."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from pumpproof.spec.pump.state import Alarm, DoseSettings, Priority, Pump, SelfTestFailure


class Reason(Enum):
    """Why a request was refused; ``NONE`` means that it was accepted."""

    NONE = "accepted"
    POWERED_OFF = "the pump is off"
    ALREADY_ON = "the pump is already on"
    NOT_IN_THIS_MODE = "the request has no meaning in this mode"
    HELD = "insulin is held back"
    NOTHING_HELD = "nothing is held back"
    ALARM_LATCHED = "an alarm that stops the insulin is still latched"
    BOLUS_BARRED = "an alarm that leaves basal only is still latched"
    NOT_SOUNDING = "this alarm is not sounding"
    NOTHING_SOUNDS = "no alarm is sounding"
    ESCALATED = "an alarm has waited too long for its acknowledgement"
    NO_RESERVOIR = "the reservoir is not in place"
    OUT_OF_RANGE = "the amount is outside its limits"
    NO_SUCH_SLOT = "the day has no such basal slot"
    RESERVOIR_TOO_LOW = "the reservoir does not hold enough"
    BOLUS_RUNNING = "a bolus is already running"
    EXTENDED_RUNNING = "an extended bolus is already running"
    TOO_FAST = "the drive is too slow to give it in this time"
    HOURLY_LIMIT = "the hourly limit leaves no room"
    DAILY_CAP = "the daily cap leaves no room"
    NOTHING_TO_CANCEL = "there is nothing to cancel"
    LOCKED_OUT = "the last bolus began too short a time ago"
    DAILY_LIMIT = "the day has had all its boluses"
    CARBOHYDRATE_OUT_OF_RANGE = "this is more carbohydrate than one meal can have"
    GLUCOSE_OUT_OF_RANGE = "no dose is suggested from glucose this low or this high"
    GLUCOSE_TOO_OLD = "the glucose is too old"
    DOSES_NOT_SET = "the doses of this time of the day are not set"
    NOTHING_TO_CONFIRM = "nothing is shown that could be confirmed"
    NOT_AS_SHOWN = "this is not what is shown"
    KEYS_LOCKED = "the keys are locked"
    NOT_LOCKED = "the keys are not locked"
    ABOVE_SCHEDULE = "the rate is too many times the highest scheduled rate"
    RESUME_AT_THE_PUMP = "insulin runs again only when a person resumes at the pump"
    CLOCK_NOT_MOVED = "the clock was not moved"
    NOT_DISCONNECTED = "nobody has just confirmed that the set is disconnected"
    SET_DISCONNECTED = "the set is disconnected"
    PRIME_FAILED = "the last prime failed"
    CANNULA_FILLED = "the set is not new, or its cannula was filled already"
    OCCLUDED_REPEATEDLY = "the line was occluded too often and was not confirmed since"
    INSULIN_IN_LINE = "insulin may be stored in the line, which was not confirmed since its occlusion"
    LINE_OCCLUDED = "the line is still occluded"
    LINE_NOT_IN_QUESTION = "the line was not occluded since it was confirmed"


@dataclass(frozen=True)
class Signal:
    """What the person is shown and hears in one second: one alarm with its priority, on up to three channels."""

    alarm: Alarm = Alarm.NONE
    priority: Priority = Priority.NONE
    light: bool = False
    vibration: bool = False
    sound: bool = False


NO_SETTINGS: Final = DoseSettings(
    millipulses_per_g=0, millipulses_per_mg_per_dl=0, target_low_mg_per_dl=0, target_high_mg_per_dl=0
)
"""What is told where nothing is suggested."""


@dataclass(frozen=True)
class Suggestion:
    """A suggested bolus and what it is made of; it starts nothing, and whoever wants it has to ask for it.

    ``food_millipulses`` is for the carbohydrate, ``correction_millipulses`` for the glucose, negative below the target.
    ``on_board_millipulses`` still act of what was given, and are taken off a correction that is not negative.
    ``settings`` are those of the period, by which all of it was counted.
    """

    pulses: int = 0
    food_millipulses: int = 0
    correction_millipulses: int = 0
    on_board_millipulses: int = 0
    settings: DoseSettings = NO_SETTINGS


@dataclass(frozen=True)
class Outputs:
    """Outputs of one step, empty at its start; ``drive_pulses`` is the only thing that may ever move the drive.

    ``signal`` is given by every second in which the pump is on, and lasts until the next. ``question_lapsed`` tells the
    person that what was shown for confirmation is not shown any more, and that all stays as it was; it stands beside
    ``signal`` in the same step where an alarm is the cause. ``insulin_in_line`` tells with every signal whether insulin
    may be stored in the line since an occlusion.

    ``self_test_due`` asks the hardware for a self-test, every second until a result comes; ``self_test_failure`` tells
    the person every second what the last one found wrong. By up to ``unconfirmed_pulses``, which power on tells, the
    accounts may exceed what was given, because power was lost in the second that commanded them.
    """

    drive_pulses: int = 0
    basal_pulses: int = 0
    bolus_pulses: int = 0
    extended_pulses: int = 0
    prime_pulses: int = 0
    signal: Signal = Signal()
    question_lapsed: bool = False
    insulin_on_board_millipulses: int = 0
    reservoir_lasts_h: int = 0
    insulin_in_line: bool = False
    suggestion: Suggestion = Suggestion()
    self_test_due: bool = False
    self_test_failure: SelfTestFailure = SelfTestFailure.NONE
    unconfirmed_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    """The state after a step and what the step put out."""

    state: Pump
    outputs: Outputs = Outputs()
