"""What the pump is: its modes, its state, its limits, what can happen to it, and what a step puts out.

Volume is counted in whole pulses of the drive, time in whole seconds. A ``Tick`` is one second.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Range


class Mode(Enum):
    """Where the state machine is."""

    READY = "ready"
    DELIVERING = "delivering a bolus"


class Reason(Enum):
    """Why a request was refused; ``NONE`` means accepted."""

    NONE = "accepted"
    OUT_OF_LIMIT = "more than the largest bolus, or nothing at all"
    RESERVOIR_TOO_LOW = "the reservoir does not hold it"
    TOO_SOON = "the lockout after the last bolus is not over"
    BOLUS_RUNNING = "a bolus is running"


@dataclass(frozen=True)
class Limits:
    """What the device allows. Proofs keep these numbers symbolic: they hold for all valid values at once."""

    max_bolus_pulses: int
    lockout_s: int
    reservoir_pulses: int


@dataclass(frozen=True)
class Pump:
    """All that the pump remembers from one step to the next."""

    mode: Mode
    remaining_pulses: int
    reservoir_pulses: int
    lockout_left_s: int


@dataclass(frozen=True)
class Outputs:
    """What one step puts out; every step starts with these values. Only ``drive_pulses`` moves the drive."""

    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    """What an effect returns."""

    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class BolusRequested:
    """A person asks for a bolus."""

    pulses: Annotated[int, Range(0, 10_000)]


@dataclass(frozen=True)
class CancelBolus:
    """A person stops the bolus that runs."""


@dataclass(frozen=True)
class Tick:
    """One second has passed."""


def initial(limits: Limits) -> Pump:
    """A full reservoir, and nothing delivered yet."""
    return Pump(Mode.READY, 0, limits.reservoir_pulses, 0)
