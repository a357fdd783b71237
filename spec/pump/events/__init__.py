"""The events of the reference pump: one record each, one file for each feature.

Amounts in requests are any integer; the pump must cope.
"""

from typing import Final, get_args

from pumpproof.spec.pump.events.alarms import AcknowledgeAlarm, PauseAudio
from pumpproof.spec.pump.events.basal import (
    CancelTemporaryBasal,
    ChoosePattern,
    ProgramBasal,
    StartTemporaryBasal,
    StartTemporaryPercent,
)
from pumpproof.spec.pump.events.bolus import BolusRequested, CancelBolus, ConfirmBolus
from pumpproof.spec.pump.events.clock import ClockFailed, ClockSet, ConfirmClock
from pumpproof.spec.pump.events.delivery import StartDelivery, StopDelivery
from pumpproof.spec.pump.events.drive_count import EncoderRead
from pumpproof.spec.pump.events.hardware import HardwareReported
from pumpproof.spec.pump.events.insulin_on_board import ChooseInsulinCurve, ReadInsulinOnBoard
from pumpproof.spec.pump.events.key_lock import ConfirmUnlock, LockKeys, UnlockRequested
from pumpproof.spec.pump.events.power import FaultDetected, PowerOff, PowerOn, SelfTestFinished
from pumpproof.spec.pump.events.prime import StartPrime, StopPrime
from pumpproof.spec.pump.events.reservoir import ReservoirReplaced
from pumpproof.spec.pump.events.second import Tick
from pumpproof.spec.pump.events.suspension import (
    RemoteResumeAsked,
    RemoteStop,
    Resume,
    Suspend,
    SuspendFor,
)

__all__ = [
    "EVENTS",
    "AcknowledgeAlarm",
    "BolusRequested",
    "CancelBolus",
    "CancelTemporaryBasal",
    "ChooseInsulinCurve",
    "ChoosePattern",
    "ClockFailed",
    "ClockSet",
    "ConfirmBolus",
    "ConfirmClock",
    "ConfirmUnlock",
    "EncoderRead",
    "Event",
    "FaultDetected",
    "HardwareReported",
    "LockKeys",
    "PauseAudio",
    "PowerOff",
    "PowerOn",
    "ProgramBasal",
    "ReadInsulinOnBoard",
    "RemoteResumeAsked",
    "RemoteStop",
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
    "SuspendFor",
    "Tick",
    "UnlockRequested",
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
    | ConfirmBolus
    | CancelBolus
    | ReadInsulinOnBoard
    | ChooseInsulinCurve
    | Suspend
    | SuspendFor
    | RemoteStop
    | RemoteResumeAsked
    | Resume
    | AcknowledgeAlarm
    | PauseAudio
    | HardwareReported
    | EncoderRead
    | LockKeys
    | UnlockRequested
    | ConfirmUnlock
    | ClockSet
    | ConfirmClock
    | ClockFailed
)

EVENTS: Final[tuple[type, ...]] = get_args(Event)
