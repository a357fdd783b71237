"""The events of the reference pump: one record each, one file for each feature.

Amounts in requests are any integer; the pump must cope.
"""

from typing import Final, get_args

from pumpproof.spec.pump.events.alarms import AcknowledgeAlarm
from pumpproof.spec.pump.events.basal import CancelTemporaryBasal, ProgramBasal, StartTemporaryBasal
from pumpproof.spec.pump.events.bolus import BolusRequested, CancelBolus
from pumpproof.spec.pump.events.delivery import StartDelivery, StopDelivery
from pumpproof.spec.pump.events.insulin_on_board import ChooseInsulinCurve, ReadInsulinOnBoard
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
    "ChooseInsulinCurve",
    "Event",
    "FaultDetected",
    "PowerOff",
    "PowerOn",
    "ProgramBasal",
    "ReadInsulinOnBoard",
    "ReservoirReplaced",
    "Resume",
    "SelfTestFinished",
    "StartDelivery",
    "StartPrime",
    "StartTemporaryBasal",
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
    | StartTemporaryBasal
    | CancelTemporaryBasal
    | BolusRequested
    | CancelBolus
    | ReadInsulinOnBoard
    | ChooseInsulinCurve
    | Suspend
    | Resume
    | AcknowledgeAlarm
)

EVENTS: Final[tuple[type, ...]] = get_args(Event)
