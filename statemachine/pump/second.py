"""What passes with every second in which the pump is on."""

from dataclasses import replace

from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Pump


def pressure_high_after(pump: Pump, tick: Tick, limits: Limits) -> int:
    """Seconds for which the pressure has been high without a break, this second included; counts no further
    than the persistence.
    """
    if tick.pressure_pa >= limits.occlusion_pressure_pa:
        return min(pump.pressure_high_s + 1, limits.occlusion_persistence_s)
    return 0


def is_occluded(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """The pressure has now been high for as long as it takes to declare an occlusion."""
    return pressure_high_after(pump, tick, limits) >= limits.occlusion_persistence_s


def second_passes(pump: Pump, tick: Tick, limits: Limits) -> Pump:
    """Move every timer by one second; no insulin is given here."""
    minute_is_over = pump.second_of_minute == 59
    return replace(
        pump,
        second_of_minute=0 if minute_is_over else pump.second_of_minute + 1,
        minute_pulses=(0,) + pump.minute_pulses[:60] if minute_is_over else pump.minute_pulses,
        temporary_basal_remaining_s=max(pump.temporary_basal_remaining_s - 1, 0),
        stroke_wait_s=max(pump.stroke_wait_s - 1, 0),
        pressure_high_s=pressure_high_after(pump, tick, limits),
    )
