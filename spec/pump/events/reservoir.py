"""What happens to the reservoir, and what is read of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReservoirReplaced:
    """A reservoir that holds ``pulses`` was put in."""

    pulses: int


@dataclass(frozen=True)
class LevelReported:
    """A sensor, or the place of the plunger, says that the reservoir holds ``pulses``."""

    pulses: int


@dataclass(frozen=True)
class ReadReservoir:
    """Tell for how long the reservoir lasts."""
