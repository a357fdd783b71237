"""The events of the reference pump: one record each, one file for each feature.

Amounts in requests are any integer; the pump must cope.
"""

from typing import Final, get_args

from pumpproof.spec.pump.events.alarms import AcknowledgeAlarm
from pumpproof.spec.pump.events.basal import (
    CancelTemporaryBasal,
    ChoosePattern,
    ProgramBasal,
    StartTemporaryBasal,
    StartTemporaryPercent,
)
from pumpproof.spec.pump.events.bolus import BolusRequested, CancelBolus
from pumpproof.spec.pump.events.clock import ClockFailed, ClockSet, ConfirmClock
from pumpproof.spec.pump.events.delivery import StartDelivery, StopDelivery
from pumpproof.spec.pump.events.power import FaultDetected, PowerOff, PowerOn, SelfTestFinished
from pumpproof.spec.pump.events.prime import StartPrime, StopPrime
from pumpproof.spec.pump.events.reservoir import ReservoirReplaced
from pumpproof.spec.pump.events.second import Tick
from pumpproof.spec.pump.events.suspension import Resume, Suspend

__all__ = [
    "EVENTS",
    "AcknowledgeAlarm",
    "BolusRequested",
    "CancelBolus",
    "CancelTemporaryBasal",
    "ChoosePattern",
    "ClockFailed",
    "ClockSet",
    "ConfirmClock",
    "Event",
    "FaultDetected",
    "PowerOff",
    "PowerOn",
    "ProgramBasal",
    "ReservoirReplaced",
    "Resume",
    "SelfTestFinished",
    "StartDelivery",
    "StartPrime",
    "StartTemporaryBasal",
    "StartTemporaryPercent",
    "StopDelivery",
    "StopPrime",
    "Suspend",
    "Tick",
]

Event = (
    Tick
    | PowerOn
    | PowerOff
    | SelfTestFinished
    | FaultDetected
    | StartDelivery
    | StopDelivery
    | StartPrime
    | StopPrime
    | ReservoirReplaced
    | ProgramBasal
    | ChoosePattern
    | StartTemporaryBasal
    | StartTemporaryPercent
    | CancelTemporaryBasal
    | BolusRequested
    | CancelBolus
    | Suspend
    | Resume
    | AcknowledgeAlarm
    | ClockSet
    | ConfirmClock
    | ClockFailed
)

EVENTS: Final[tuple[type, ...]] = get_args(Event)
