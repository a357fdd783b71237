"""The reservoir."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reservoir:
    """Whole pulses that are left, by the count of what was driven.

    ``level_error_pulses`` is by how much the last reading of the level exceeded that count; none for a reservoir whose
    level was not read yet. What is driven lowers both, so that the error stays as it is until the next reading.
    """

    pulses: int
    level_error_pulses: int
