"""The infusion line: how long its pressure has been high, and when that is an occlusion."""

from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Line


def second_of_line(line: Line, tick: Tick, limits: Limits) -> Line:
    """This second counts if its pressure is high, up to the persistence; otherwise the count begins anew."""
    if tick.pressure_pa >= limits.occlusion_pressure_pa:
        return Line(pressure_high_s=min(line.pressure_high_s + 1, limits.occlusion_persistence_s))
    return Line(pressure_high_s=0)


def occlusion_persists(line: Line, limits: Limits) -> bool:
    """The pressure has been high for as long as it takes to declare an occlusion."""
    return line.pressure_high_s >= limits.occlusion_persistence_s


def is_occluded(line: Line, tick: Tick, limits: Limits) -> bool:
    """With this second's pressure it has now been high for as long as it takes to declare an occlusion."""
    return occlusion_persists(second_of_line(line, tick, limits), limits)
