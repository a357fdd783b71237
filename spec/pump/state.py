"""The state of the reference pump, and what a step means.

A step is one event: a second that passes (``Tick``), a command, or a report from the hardware. Insulin is commanded by
ticks only: a command changes what later ticks do. A tick is one second of monotonic time; it moves every timer, then
looks at the alarms, then gives this second's insulin. So what the alarms see of the reservoir is its content before
that insulin, and the second that finds a reason to stop gives nothing: a reservoir that runs empty alarms in the next
second. Wall-clock time does nothing but choose the basal slot.

Volume is counted in pulses, the smallest volume the drive can give. Basal rates are in millipulses per hour: every
second of basal adds the rate to ``basal_accumulator``, and each time the accumulator reaches ``PULSE`` one pulse is
given and ``PULSE`` is taken off. Nothing is ever rounded.

A hold keeps all insulin back, whatever the mode. Holds and alarms stand beside the mode and outlive every change of it.
While the pump is off, nothing counts: no time is credited to any timer.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Length

PULSE = 3_600_000
"""One pulse, in millipulse-seconds per hour: a rate of 1 millipulse per hour gives a pulse in this many seconds."""


class Mode(Enum):
    """What the pump is doing."""

    OFF = "off"
    SELF_TEST = "self-test"
    IDLE = "idle"
    PRIMING = "priming"
    DELIVERING = "delivering"
    FAULT = "fault"


class AlarmPhase(Enum):
    """An alarm is latched until it is silent: its cause is gone and it was acknowledged."""

    SILENT = "silent"
    SOUNDING = "sounding"
    ACKNOWLEDGED = "acknowledged"


class Alarm(Enum):
    """The alarms: occlusion and empty stop the insulin, low reservoir is a warning and stops nothing."""

    OCCLUSION = "occlusion"
    EMPTY = "empty"
    LOW_RESERVOIR = "low reservoir"


@dataclass(frozen=True)
class Pump:
    """Everything that the pump remembers from one step to the next; pulses, seconds and millipulses per hour."""

    mode: Mode
    user_hold: bool
    alarm_hold: bool
    occlusion_alarm: AlarmPhase
    empty_alarm: AlarmPhase
    low_reservoir_alarm: AlarmPhase
    pressure_high_s: int
    reservoir_pulses: int
    basal_millipulses_per_h: Annotated[tuple[int, ...], Length(48)]
    temporary_basal_millipulses_per_h: int
    temporary_basal_remaining_s: int
    basal_accumulator: int
    missed_basal_accumulator: int
    missed_basal_pulses: int
    bolus_programmed_pulses: int
    bolus_remaining_pulses: int
    bolus_delivered_pulses: int
    bolus_cancelled_pulses: int
    stroke_wait_s: int
    prime_remaining_pulses: int
    therapy_delivered_pulses: int
    prime_delivered_pulses: int
    second_of_minute: int
    minute_pulses: Annotated[tuple[int, ...], Length(61)]
    """Therapy in the running minute (index 0) and in the 60 minutes before it: together at least the last hour."""
