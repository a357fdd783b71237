"""What the bench is: a drive that pushes insulin into a line that may be blocked, and a sensor that the pump judges.

A step is one event. A ``Second`` says what the world did in it: what therapy asks of the drive, what the sensor reads,
and what leaks. At its beginning the pump judges the reading; then the drive pushes, unless an occlusion was found.
Volume is counted in pulses and, where a leak makes it uneven, in millipulse-seconds per hour, of which a pulse has
``MILLIPULSE_SECONDS_PER_PULSE``: a rate in millipulses per hour adds itself once a second, without rounding.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.types import Range
from pumpproof.spec.occlusion_bench.limits import Limits


class Mode(Enum):
    """Whether insulin reaches the person."""

    OPEN = "what is pushed reaches the person"
    BLOCKED = "what is pushed stays in the line, or leaks"


class Reason(Enum):
    """Why a second that is described can not have happened."""

    NONE = "accepted"
    DRIVE_TOO_FAST = "the drive never pushes so much in one second"
    LEAK_TOO_LARGE = "no line leaks so much"
    SENSOR_TOO_LOW = "with so much trapped, every sensor reads the threshold or more"
    SENSOR_TOO_HIGH = "with so little trapped, every sensor reads less than the threshold"


@dataclass(frozen=True)
class Bench:
    """The pump's count of seconds of high pressure, and what the line holds beyond its content at rest."""

    mode: Mode
    pressure_high_s: int
    trapped_millipulse_seconds: int


@dataclass(frozen=True)
class Outputs:
    """What one step does. ``leaked`` and ``released`` are in millipulse-seconds per hour."""

    drive_pulses: int = 0
    occlusion_found: bool = False
    leaked_millipulse_seconds: int = 0
    released_millipulse_seconds: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    """The next state and what the step did."""

    state: Bench
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Second:
    """One second: the rate that is programmed, the pulses that are due, the reading, and the leak of a blocked line."""

    programmed_millipulses_per_h: Annotated[int, Range(0, None)]
    due_pulses: Annotated[int, Range(0, None)]
    pressure_pa: Annotated[int, Range(0, None)]
    leak_millipulses_per_h: Annotated[int, Range(0, None)]


@dataclass(frozen=True)
class LineBlocks:
    """From now on nothing reaches the person."""


@dataclass(frozen=True)
class LineClears:
    """The block gives way: what is trapped reaches the person at once."""


def initial(limits: Limits) -> Bench:
    """A filled line at rest, open."""
    return Bench(Mode.OPEN, pressure_high_s=0, trapped_millipulse_seconds=0)
