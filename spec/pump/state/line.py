"""The infusion line, as its pressure shows it, and what is known of its occlusions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """For how many seconds the pressure has been high without a break, counted up to the persistence.

    ``occluded`` lasts from the second that finds an occlusion until the pressure falls below the release threshold.
    ``since_last_s`` and ``since_one_before_s`` are the seconds since the last occlusion was found and since the one
    before it, counted up to the window of repeated occlusions. ``holds_insulin`` and ``occluded_repeatedly`` last until
    the person confirms the line.
    """

    pressure_high_s: int
    occluded: bool
    since_last_s: int
    since_one_before_s: int
    holds_insulin: bool
    occluded_repeatedly: bool
