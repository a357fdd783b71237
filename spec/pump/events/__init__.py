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
from pumpproof.spec.pump.events.calculator import SetDoses, SuggestBolus
from pumpproof.spec.pump.events.clock import ClockFailed, ClockSet, ConfirmClock
from pumpproof.spec.pump.events.delivery import StartDelivery, StopDelivery
from pumpproof.spec.pump.events.drive_count import EncoderRead
from pumpproof.spec.pump.events.extended_bolus import (
    CancelExtendedBolus,
    ConfirmExtendedBolus,
    ExtendedBolusRequested,
)
from pumpproof.spec.pump.events.hardware import HardwareReported
from pumpproof.spec.pump.events.infusion_set import (
    ConfirmConnected,
    ConfirmDisconnected,
    FillCannula,
    SetChanged,
)
from pumpproof.spec.pump.events.insulin_on_board import ChooseInsulinCurve, ReadInsulinOnBoard
from pumpproof.spec.pump.events.key_lock import ConfirmUnlock, LockKeys, UnlockRequested
from pumpproof.spec.pump.events.line import ConfirmLine
from pumpproof.spec.pump.events.power import FaultDetected, PowerOff, PowerOn, SelfTestFinished
from pumpproof.spec.pump.events.prime import StartPrime, StopPrime
from pumpproof.spec.pump.events.reservoir import LevelReported, ReadReservoir, ReservoirReplaced
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
    "CancelExtendedBolus",
    "CancelTemporaryBasal",
    "ChooseInsulinCurve",
    "ChoosePattern",
    "ClockFailed",
    "ClockSet",
    "ConfirmBolus",
    "ConfirmClock",
    "ConfirmConnected",
    "ConfirmDisconnected",
    "ConfirmExtendedBolus",
    "ConfirmLine",
    "ConfirmUnlock",
    "EncoderRead",
    "Event",
    "ExtendedBolusRequested",
    "FaultDetected",
    "FillCannula",
    "HardwareReported",
    "LevelReported",
    "LockKeys",
    "PauseAudio",
    "PowerOff",
    "PowerOn",
    "ProgramBasal",
    "ReadInsulinOnBoard",
    "ReadReservoir",
    "RemoteResumeAsked",
    "RemoteStop",
    "ReservoirReplaced",
    "Resume",
    "SelfTestFinished",
    "SetChanged",
    "SetDoses",
    "StartDelivery",
    "StartPrime",
    "StartTemporaryBasal",
    "StartTemporaryPercent",
    "StopDelivery",
    "StopPrime",
    "SuggestBolus",
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
    | ConfirmDisconnected
    | ConfirmConnected
    | SetChanged
    | FillCannula
    | ReservoirReplaced
    | LevelReported
    | ReadReservoir
    | ProgramBasal
    | ChoosePattern
    | StartTemporaryBasal
    | StartTemporaryPercent
    | CancelTemporaryBasal
    | BolusRequested
    | ConfirmBolus
    | CancelBolus
    | ExtendedBolusRequested
    | ConfirmExtendedBolus
    | CancelExtendedBolus
    | ReadInsulinOnBoard
    | ChooseInsulinCurve
    | SetDoses
    | SuggestBolus
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
    | ConfirmLine
)

EVENTS: Final[tuple[type, ...]] = get_args(Event)
