"""The drive, which gives bolus and prime in strokes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drive:
    """Seconds until the next stroke may begin, whether of a bolus or of a prime."""

    stroke_wait_s: int
