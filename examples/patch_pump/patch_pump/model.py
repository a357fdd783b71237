"""What a patch pump is: modes, state, events and outputs.

Volume is counted in whole pulses, rates in millipulses per hour, time in seconds. A ``Tick`` is one second.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Range

from .limits import Limits

SERVICE_LIFE_S = 259_200
"""Three days."""

GRACE_S = 28_800
"""Eight hours in which an expired patch still delivers, and warns."""


class Mode(Enum):
    PACKAGED = "in its package"
    FILLED = "filled, not attached"
    RUNNING = "attached and delivering"
    STOPPED = "stopped for good"


class Reason(Enum):
    NONE = "accepted"
    BAD_FILL = "less than the smallest fill, or more than the reservoir holds"
    OUT_OF_LIMIT = "more than the largest bolus, or nothing at all"
    RESERVOIR_TOO_LOW = "the reservoir does not hold it"
    BOLUS_RUNNING = "a bolus is running"
    NOT_ATTACHED = "the patch is not attached"
    USED_UP = "a stopped patch is never used again"


@dataclass(frozen=True)
class Patch:
    mode: Mode
    reservoir_pulses: int
    age_s: int
    basal_millipulse_seconds: int
    bolus_remaining_pulses: int


@dataclass(frozen=True)
class Outputs:
    drive_pulses: int = 0
    basal_pulses: int = 0
    expiry_warning: bool = False
    stop_alarm: bool = False
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    state: Patch
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Fill:
    """The person fills the reservoir and wakes the patch."""

    pulses: Annotated[int, Range(0, 100_000)]


@dataclass(frozen=True)
class Attach:
    """The patch is on the skin, and its cannula in it."""


@dataclass(frozen=True)
class BolusRequested:
    pulses: Annotated[int, Range(0, 100_000)]


@dataclass(frozen=True)
class CancelBolus:
    pass


@dataclass(frozen=True)
class OcclusionDetected:
    """The drive did not move as commanded."""


@dataclass(frozen=True)
class Deactivate:
    """The person takes the patch off."""


@dataclass(frozen=True)
class Tick:
    pass


def initial(limits: Limits) -> Patch:
    return Patch(Mode.PACKAGED, 0, 0, 0, 0)
