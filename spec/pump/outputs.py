"""What a step of the reference pump puts out, and why a request is refused."""

from dataclasses import dataclass
from enum import Enum

from pumpproof.spec.pump.state import Pump


class Reason(Enum):
    """Why a request was refused; ``NONE`` means that it was accepted."""

    NONE = "accepted"
    POWERED_OFF = "the pump is off"
    ALREADY_ON = "the pump is already on"
    NOT_IN_THIS_MODE = "the request has no meaning in this mode"
    HELD = "insulin is held back"
    NOTHING_HELD = "nothing is held back"
    ALARM_LATCHED = "an alarm that stops the insulin is still latched"
    NOT_SOUNDING = "this alarm is not sounding"
    OUT_OF_RANGE = "the amount is outside its limits"
    NO_SUCH_SLOT = "the day has no such basal slot"
    RESERVOIR_TOO_LOW = "the reservoir does not hold enough"
    BOLUS_RUNNING = "a bolus is already running"
    HOURLY_LIMIT = "the hourly limit leaves no room"
    NOTHING_TO_CANCEL = "there is nothing to cancel"


@dataclass(frozen=True)
class Outputs:
    """Outputs of one step, empty at its start; ``drive_pulses`` is the only thing that may ever move the drive."""

    drive_pulses: int = 0
    basal_pulses: int = 0
    bolus_pulses: int = 0
    prime_pulses: int = 0
    insulin_on_board_millipulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    """The state after a step and what the step put out."""

    state: Pump
    outputs: Outputs = Outputs()
