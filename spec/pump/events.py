"""The events of the reference pump: one record each. Amounts in requests are any integer; the pump must cope."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Range
from pumpproof.spec.pump.state import Alarm


@dataclass(frozen=True)
class Tick:
    """One second has passed; ``delivery_inhibited`` marks a second that a late controller makes up for."""

    slot: Annotated[int, Range(0, 47)]
    pressure_pa: Annotated[int, Range(0, None)]
    delivery_inhibited: bool


@dataclass(frozen=True)
class PowerOn:
    """The power key was pressed."""


@dataclass(frozen=True)
class PowerOff:
    """The pump is about to lose power."""


@dataclass(frozen=True)
class SelfTestFinished:
    """The hardware reports the result of its self-test."""

    passed: bool


@dataclass(frozen=True)
class FaultDetected:
    """The hardware or the watchdog reports a fault."""


@dataclass(frozen=True)
class StartDelivery:
    """Start therapy."""


@dataclass(frozen=True)
class StopDelivery:
    """Stop therapy."""


@dataclass(frozen=True)
class StartPrime:
    """Fill the infusion set, disconnected from the person."""

    pulses: int


@dataclass(frozen=True)
class StopPrime:
    """End the prime that runs."""


@dataclass(frozen=True)
class ReservoirReplaced:
    """A reservoir that holds ``pulses`` was put in."""

    pulses: int


@dataclass(frozen=True)
class ProgramBasal:
    """Set the basal rate of one half-hour slot of the day."""

    slot: int
    rate_millipulses_per_h: int


@dataclass(frozen=True)
class StartTemporaryBasal:
    """Replace the programmed basal rate for ``duration_s`` seconds."""

    rate_millipulses_per_h: int
    duration_s: int


@dataclass(frozen=True)
class CancelTemporaryBasal:
    """Return to the programmed basal rate."""


@dataclass(frozen=True)
class BolusRequested:
    """Give ``pulses`` as a bolus."""

    pulses: int


@dataclass(frozen=True)
class CancelBolus:
    """End the bolus that runs."""


@dataclass(frozen=True)
class Suspend:
    """Keep all insulin back until an explicit resume."""


@dataclass(frozen=True)
class Resume:
    """End the holds."""


@dataclass(frozen=True)
class AcknowledgeAlarm:
    """The person has noticed this alarm."""

    alarm: Alarm


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
    | Suspend
    | Resume
    | AcknowledgeAlarm
)

EVENTS: tuple[type, ...] = (
    Tick,
    PowerOn,
    PowerOff,
    SelfTestFinished,
    FaultDetected,
    StartDelivery,
    StopDelivery,
    StartPrime,
    StopPrime,
    ReservoirReplaced,
    ProgramBasal,
    StartTemporaryBasal,
    CancelTemporaryBasal,
    BolusRequested,
    CancelBolus,
    Suspend,
    Resume,
    AcknowledgeAlarm,
)
