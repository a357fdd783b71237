"""The reservoir."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reservoir:
    """Whole pulses that are left."""

    pulses: int
