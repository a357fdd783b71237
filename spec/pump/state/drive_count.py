"""The second count: what the drive was told, beside what its encoder has seen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DriveCount:
    """Pulses since the reservoir was put in: commanded by the pump, and counted by the encoder when last read.

    ``surplus_s`` and ``shortfall_s`` count the seconds for which the encoder has been beyond the tolerance, ahead or
    behind, each up to its persistence. ``last_second_pulses`` are those of the last second in which the pump was on:
    where power was lost in it, nobody can say whether they were given.
    """

    commanded_pulses: int
    counted_pulses: int
    surplus_s: int
    shortfall_s: int
    last_second_pulses: int
