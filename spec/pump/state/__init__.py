"""The state of the reference pump, one record per feature, and what a step means.

A step is one event: a second that passes (``Tick``), a command, or a report from the hardware. Insulin is commanded by
ticks only: a command changes what later ticks do. A tick is one second of monotonic time; it moves every timer, then
looks at the alarms, then gives this second's insulin. So what the alarms see of the reservoir is its content before
that insulin, and the second that finds a reason to stop gives nothing: a reservoir that runs empty alarms in the next
second. Wall-clock time does nothing but choose the basal slot.

Volume is counted in pulses, the smallest volume the drive can give. Basal rates are in millipulses per hour: every
second of basal adds the rate to ``basal.accumulator``, and each time the accumulator reaches ``PULSE`` one pulse is
given and ``PULSE`` is taken off. Nothing is ever rounded.

A hold keeps all insulin back, whatever the mode. Holds and alarms stand beside the mode and outlive every change of it.
While the pump is off, nothing counts: no time is credited to any timer.
"""

from dataclasses import dataclass
from enum import Enum

from pumpproof.spec.pump.state.accounts import Accounts
from pumpproof.spec.pump.state.alarms import Alarm, AlarmPhase, Alarms
from pumpproof.spec.pump.state.basal import PULSE, Basal, TemporaryBasal
from pumpproof.spec.pump.state.bolus import Bolus
from pumpproof.spec.pump.state.drive import Drive
from pumpproof.spec.pump.state.holds import Holds
from pumpproof.spec.pump.state.insulin_on_board import InsulinCurve, InsulinOnBoard
from pumpproof.spec.pump.state.line import Line
from pumpproof.spec.pump.state.prime import Prime
from pumpproof.spec.pump.state.reservoir import Reservoir

__all__ = [
    "PULSE",
    "Accounts",
    "Alarm",
    "AlarmPhase",
    "Alarms",
    "Basal",
    "Bolus",
    "Drive",
    "Holds",
    "InsulinCurve",
    "InsulinOnBoard",
    "Line",
    "Mode",
    "Prime",
    "Pump",
    "Reservoir",
    "TemporaryBasal",
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
    line: Line
    reservoir: Reservoir
    basal: Basal
    bolus: Bolus
    drive: Drive
    prime: Prime
    accounts: Accounts
    insulin_on_board: InsulinOnBoard
