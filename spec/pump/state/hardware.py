"""What the hardware has last reported about itself."""

from dataclasses import dataclass
from enum import Enum


class Motion(Enum):
    """Whether the drive does what it is told, by its encoder and its current."""

    FOLLOWS = "follows"
    STALLED = "stalled"
    OUT_OF_STEP = "out of step"


class Battery(Enum):
    """How much of the battery is left."""

    GOOD = "good"
    LOW = "low"
    CRITICAL = "critical"


class Temperature(Enum):
    """Where the temperature of the insulin lies."""

    IN_RANGE = "in range"
    TOO_LOW = "too low"
    TOO_HIGH = "too high"


@dataclass(frozen=True)
class Hardware:
    """Levels, not events: each is as last reported, whatever happened since."""

    reservoir_present: bool
    air_in_line: bool
    motion: Motion
    battery: Battery
    temperature: Temperature
