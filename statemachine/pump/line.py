"""The infusion line: how long its pressure has been high, and when that is an occlusion."""

from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Line


def high_seconds(before_s: int, pressure_pa: int, threshold_pa: int, persistence_s: int) -> int:
    """This second counts if its pressure is high, up to the persistence; otherwise the count begins anew."""
    return min(before_s + 1, persistence_s) if pressure_pa >= threshold_pa else 0


def is_persistent(high_s: int, persistence_s: int) -> bool:
    """The pressure has been high for so many seconds that it is an occlusion."""
    return high_s >= persistence_s


def second_of_line(line: Line, tick: Tick, limits: Limits) -> Line:
    """Count the seconds of high pressure on."""
    high_s = high_seconds(
        line.pressure_high_s, tick.pressure_pa, limits.occlusion_pressure_pa, limits.occlusion_persistence_s
    )
    return Line(pressure_high_s=high_s)


def occlusion_persists(line: Line, limits: Limits) -> bool:
    """The pressure has been high for as long as it takes to declare an occlusion."""
    return is_persistent(line.pressure_high_s, limits.occlusion_persistence_s)


def is_occluded(line: Line, tick: Tick, limits: Limits) -> bool:
    """With this second's pressure it has now been high for as long as it takes to declare an occlusion."""
    return occlusion_persists(second_of_line(line, tick, limits), limits)
