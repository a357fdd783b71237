"""The second count: what the encoder of the drive has seen since the reservoir was put in, against what was commanded.

A difference is judged by two measures. Within the tolerance it is play of the drive. Beyond it for a while it is an
error: too much stops the insulin, because nothing that the pump commands could make it safe; too little warns, because
to stop would make more insulin miss. Beyond the gross difference the counts contradict each other so much that none of
them can be trusted: either way the insulin stops at once. An encoder that falls silent looks like a drive that stands
still.
"""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import DriveCount


def no_counts() -> DriveCount:
    """A reservoir was put in: both counts begin anew."""
    return DriveCount(commanded_pulses=0, counted_pulses=0, surplus_s=0, shortfall_s=0, last_second_pulses=0)


def surplus_pulses(count: DriveCount) -> int:
    """How far the encoder is ahead of what was commanded; negative if it is behind."""
    return count.counted_pulses - count.commanded_pulses


def is_surplus(count: DriveCount, limits: Limits) -> bool:
    """The encoder is ahead beyond the tolerance."""
    return surplus_pulses(count) > limits.count_tolerance_pulses


def is_shortfall(count: DriveCount, limits: Limits) -> bool:
    """The encoder is behind beyond the tolerance."""
    return -surplus_pulses(count) > limits.count_tolerance_pulses


def seconds_beyond(before_s: int, beyond: bool, persistence_s: int) -> int:
    """A second beyond the tolerance counts, up to the persistence; one within it begins the count anew."""
    return min(before_s + 1, persistence_s) if beyond else 0


def second_of_drive_count(count: DriveCount, limits: Limits) -> DriveCount:
    """Count the seconds of a difference on; nothing is commanded yet in this second."""
    return replace(
        count,
        surplus_s=seconds_beyond(count.surplus_s, is_surplus(count, limits), limits.surplus_persistence_s),
        shortfall_s=seconds_beyond(
            count.shortfall_s, is_shortfall(count, limits), limits.shortfall_persistence_s
        ),
        last_second_pulses=0,
    )


def count_command(count: DriveCount, pulses: int) -> DriveCount:
    """What this second commands."""
    return replace(count, commanded_pulses=count.commanded_pulses + pulses, last_second_pulses=pulses)


def count_reading(count: DriveCount, pulses: int, limits: Limits) -> DriveCount:
    """What the encoder says now; a difference that is gone is forgotten at once."""
    read = replace(count, counted_pulses=pulses)
    return replace(
        read,
        surplus_s=read.surplus_s if is_surplus(read, limits) else 0,
        shortfall_s=read.shortfall_s if is_shortfall(read, limits) else 0,
    )


def gives_too_much(count: DriveCount, limits: Limits) -> bool:
    """The encoder has been ahead for the persistence, or is ahead by more than the gross difference."""
    at_once = surplus_pulses(count) > limits.gross_difference_pulses
    return at_once or count.surplus_s >= limits.surplus_persistence_s


def gives_far_too_little(count: DriveCount, limits: Limits) -> bool:
    """The encoder is behind by more than the gross difference."""
    return -surplus_pulses(count) > limits.gross_difference_pulses


def gives_too_little(count: DriveCount, limits: Limits) -> bool:
    """The encoder has been behind for the persistence, or is far behind."""
    return gives_far_too_little(count, limits) or count.shortfall_s >= limits.shortfall_persistence_s
