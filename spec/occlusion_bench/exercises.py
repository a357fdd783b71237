"""An exercise of the occlusion bench: a block that is found as late as the contract allows."""

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.limits import Limits
from pumpproof.spec.occlusion_bench.model import Bench, LineBlocks, LineClears, Mode, Second

_LONG = 600
_ALMOST_A_PULSE_PER_S = MILLIPULSE_SECONDS_PER_PULSE - 1


def found_as_late_as_it_can_be(bench: Bench, limits: Limits, number: int) -> LineBlocks | LineClears | Second:
    """A line that leaks as much as it can, behind a drive that is almost a pulse late, with the softest reading."""
    if bench.mode is Mode.OPEN:
        return LineBlocks()
    if bench.pressure_high_s >= limits.occlusion_persistence_s:
        return LineClears()
    is_certain = bench.trapped_millipulse_seconds >= MILLIPULSE_SECONDS_PER_PULSE * limits.certain_pulses
    return Second(
        programmed_millipulses_per_h=_ALMOST_A_PULSE_PER_S,
        due_pulses=0 if number == 1 else 1,
        pressure_pa=limits.occlusion_pressure_pa if is_certain else 0,
        leak_millipulses_per_h=limits.most_leak_millipulses_per_h,
    )


EXERCISES = (
    Exercise(
        "found late",
        "The line blocks, leaks, and is found as late as the contract allows; then the block gives way.",
        _LONG,
        found_as_late_as_it_can_be,
    ),
)
