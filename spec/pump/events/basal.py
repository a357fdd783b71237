"""Basal patterns and the temporary basal."""

from dataclasses import dataclass

from pumpproof.spec.pump.state import Pattern


@dataclass(frozen=True)
class ProgramBasal:
    """Set the basal rate of one half-hour slot of a pattern, whether it runs or not."""

    pattern: Pattern
    slot: int
    rate_millipulses_per_h: int


@dataclass(frozen=True)
class ChoosePattern:
    """Run this pattern from the next second on."""

    pattern: Pattern


@dataclass(frozen=True)
class StartTemporaryBasal:
    """Replace the programmed basal rate for ``duration_s`` seconds."""

    rate_millipulses_per_h: int
    duration_s: int


@dataclass(frozen=True)
class StartTemporaryPercent:
    """Give this part of the programmed basal rate for ``duration_s`` seconds."""

    percent: int
    duration_s: int


@dataclass(frozen=True)
class CancelTemporaryBasal:
    """Return to the programmed basal rate."""
