"""The bounds as numbers, for the limits of one line. What they mean is proved as INV-LINE-001 and INV-LINE-005."""

from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.limits import Limits


def most_kept_back_pulses(limits: Limits) -> int:
    """The most whole pulses that a block without a leak keeps back, and can release at once."""
    return limits.certain_pulses + limits.occlusion_persistence_s * limits.most_pulses_per_s - 1


def alarm_within_s(limits: Limits, rate_millipulses_per_h: int) -> int | None:
    """The most seconds from a block to the alarm at this constant rate; None where the largest leak takes all."""
    surplus = rate_millipulses_per_h - limits.most_leak_millipulses_per_h
    if surplus <= 0:
        return None
    behind = MILLIPULSE_SECONDS_PER_PULSE - 1
    needed = MILLIPULSE_SECONDS_PER_PULSE * limits.certain_pulses + behind
    return -(-needed // surplus) + limits.occlusion_persistence_s
