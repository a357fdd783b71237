"""The basal programme and the temporary basal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProgramBasal:
    """Set the basal rate of one half-hour slot of the day."""

    slot: int
    rate_millipulses_per_h: int


@dataclass(frozen=True)
class StartTemporaryBasal:
    """Replace the programmed basal rate for ``duration_s`` seconds."""

    rate_millipulses_per_h: int
    duration_s: int


@dataclass(frozen=True)
class CancelTemporaryBasal:
    """Return to the programmed basal rate."""
