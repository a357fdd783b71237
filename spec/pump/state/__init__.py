"""The state of the reference pump, one record per feature, and what a step means.

A step is one event: a second that passes (``Tick``), a command, or a report from the hardware. Insulin is commanded by
ticks only: a command changes what later ticks do. A tick is one second of monotonic time; it moves every timer, then
looks at the alarms, then gives this second's insulin. So what the alarms see of the reservoir is its content before
that insulin, and the second that finds a reason to stop gives nothing: a reservoir that runs empty alarms in the next
second. Wall-clock time does nothing but choose the basal slot and the period of the dose settings: every tick says
which half hour the clock shows, whatever was done to the clock since the tick before, and so does whoever asks for a
suggestion.

Volume is counted in pulses, the smallest volume the drive can give. Basal rates are in millipulses per hour: every
second of basal adds the rate to ``basal.accumulator``, and each time the accumulator reaches ``PULSE`` one pulse is
given and ``PULSE`` is taken off. Nothing is ever rounded.

The encoder of the drive counts pulses too. What it says is kept until it is read again, so one that falls silent looks
like a drive that stands still. Both counts begin anew when a reservoir is put in, for which the drive is rewound.

What the hardware reports about itself is kept until the next report; the alarms look at it at once, and every second
puts out what is signalled.

A hold keeps all insulin back, whatever the mode. Holds and alarms stand beside the mode and outlive every change of it.
While the pump is off, nothing counts: no time is credited to any timer.
"""

from dataclasses import dataclass
from enum import Enum

from pumpproof.spec.pump.state.accounts import Accounts
from pumpproof.spec.pump.state.alarms import (
    ACTIONS,
    ALARM_COUNT,
    ALARMS,
    AUDIO_PAUSABLE,
    EMPTY,
    FAULT,
    LEVEL_IN_DOUBT,
    LOW_RESERVOIR,
    NO_FLOW,
    NO_THERAPY,
    OCCLUSION,
    OVER_DELIVERY,
    PRIORITIES,
    REPEATED_OCCLUSION,
    RESERVOIR_REMOVED,
    SET_CHANGE_DUE,
    SET_EXPIRED,
    UNDER_DELIVERY,
    Action,
    Alarm,
    AlarmCauses,
    AlarmPhase,
    AlarmPhases,
    Alarms,
    Priority,
)
from pumpproof.spec.pump.state.basal import PULSE, Basal, Pattern, Patterns, TemporaryBasal, TemporaryKind
from pumpproof.spec.pump.state.bolus import Bolus
from pumpproof.spec.pump.state.bolus_starts import BolusStarts
from pumpproof.spec.pump.state.calculator import Calculator, DoseSettings, Period
from pumpproof.spec.pump.state.clock import Clock
from pumpproof.spec.pump.state.confirmation import Confirmation, Question
from pumpproof.spec.pump.state.day import DayAccount
from pumpproof.spec.pump.state.drive import Drive
from pumpproof.spec.pump.state.drive_count import DriveCount
from pumpproof.spec.pump.state.extended_bolus import ExtendedBolus
from pumpproof.spec.pump.state.hardware import Battery, Hardware, Motion, Temperature
from pumpproof.spec.pump.state.holds import Holds
from pumpproof.spec.pump.state.infusion_set import InfusionSet
from pumpproof.spec.pump.state.insulin_on_board import InsulinCurve, InsulinOnBoard
from pumpproof.spec.pump.state.key_lock import KeyLock
from pumpproof.spec.pump.state.line import Line
from pumpproof.spec.pump.state.prime import Prime
from pumpproof.spec.pump.state.reminder import Reminder
from pumpproof.spec.pump.state.reservoir import Reservoir
from pumpproof.spec.pump.state.supervision import SelfTestFailure, Supervision

__all__ = [
    "ACTIONS",
    "ALARMS",
    "ALARM_COUNT",
    "AUDIO_PAUSABLE",
    "EMPTY",
    "FAULT",
    "LEVEL_IN_DOUBT",
    "LOW_RESERVOIR",
    "NO_FLOW",
    "NO_THERAPY",
    "OCCLUSION",
    "OVER_DELIVERY",
    "PRIORITIES",
    "PULSE",
    "REPEATED_OCCLUSION",
    "RESERVOIR_REMOVED",
    "SET_CHANGE_DUE",
    "SET_EXPIRED",
    "UNDER_DELIVERY",
    "Accounts",
    "Action",
    "Alarm",
    "AlarmCauses",
    "AlarmPhase",
    "AlarmPhases",
    "Alarms",
    "Basal",
    "Battery",
    "Bolus",
    "BolusStarts",
    "Calculator",
    "Clock",
    "Confirmation",
    "DayAccount",
    "DoseSettings",
    "Drive",
    "DriveCount",
    "ExtendedBolus",
    "Hardware",
    "Holds",
    "InfusionSet",
    "InsulinCurve",
    "InsulinOnBoard",
    "KeyLock",
    "Line",
    "Mode",
    "Motion",
    "Pattern",
    "Patterns",
    "Period",
    "Prime",
    "Priority",
    "Pump",
    "Question",
    "Reminder",
    "Reservoir",
    "SelfTestFailure",
    "Supervision",
    "Temperature",
    "TemporaryBasal",
    "TemporaryKind",
]


class Mode(Enum):
    """What the pump is doing."""

    OFF = "off"
    SELF_TEST = "self-test"
    IDLE = "idle"
    PRIMING = "priming"
    DELIVERING = "delivering"
    FAULT = "fault"


@dataclass(frozen=True)
class Pump:
    """Everything that the pump remembers from one step to the next."""

    mode: Mode
    holds: Holds
    alarms: Alarms
    hardware: Hardware
    line: Line
    reservoir: Reservoir
    basal: Basal
    bolus: Bolus
    extended_bolus: ExtendedBolus
    bolus_starts: BolusStarts
    confirmation: Confirmation
    key_lock: KeyLock
    drive: Drive
    drive_count: DriveCount
    supervision: Supervision
    prime: Prime
    infusion_set: InfusionSet
    accounts: Accounts
    day: DayAccount
    clock: Clock
    insulin_on_board: InsulinOnBoard
    reminder: Reminder
    calculator: Calculator
