"""The infusion line: how long its pressure has been high, when that is an occlusion, and how often it was one."""

from dataclasses import replace

from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Line


def high_seconds(before_s: int, pressure_pa: int, threshold_pa: int, persistence_s: int) -> int:
    """This second counts if its pressure is high, up to the persistence; otherwise the count begins anew."""
    return min(before_s + 1, persistence_s) if pressure_pa >= threshold_pa else 0


def is_persistent(high_s: int, persistence_s: int) -> bool:
    """The pressure has been high for so many seconds that it is an occlusion."""
    return high_s >= persistence_s


def look_at_pressure(line: Line, tick: Tick, limits: Limits) -> Line:
    """Count the seconds of high pressure on; an occlusion is gone only once the pressure fell below the release.

    A pressure that swings about the threshold would otherwise alarm, stop and start again and again.
    """
    high_s = high_seconds(
        line.pressure_high_s, tick.pressure_pa, limits.occlusion_pressure_pa, limits.occlusion_persistence_s
    )
    found = is_persistent(high_s, limits.occlusion_persistence_s)
    stays = line.occluded and tick.pressure_pa >= limits.occlusion_release_pa
    return replace(line, pressure_high_s=high_s, occluded=found or stays)


def grow_older(line: Line, limits: Limits) -> Line:
    """The last two occlusions lie a second further back; beyond the window nobody asks how far."""
    longest_s = limits.repeated_occlusion_window_s
    return replace(
        line,
        since_last_s=min(line.since_last_s + 1, longest_s),
        since_one_before_s=min(line.since_one_before_s + 1, longest_s),
    )


def note_occlusion(line: Line, limits: Limits) -> Line:
    """An occlusion is found: the third within the window is one too many, and the line may hold insulin.

    An earlier occlusion counts whether or not the line was confirmed since: it shows how often the line blocks, and
    what a person says of it may be wrong.
    """
    third = line.since_one_before_s < limits.repeated_occlusion_window_s
    return replace(
        line,
        since_last_s=0,
        since_one_before_s=line.since_last_s,
        holds_insulin=True,
        occluded_repeatedly=line.occluded_repeatedly or third,
    )


def second_of_line(line: Line, tick: Tick, limits: Limits) -> Line:
    """Look at this second's pressure, and count the occlusions that begin."""
    seen = grow_older(look_at_pressure(line, tick, limits), limits)
    return note_occlusion(seen, limits) if seen.occluded and not line.occluded else seen
