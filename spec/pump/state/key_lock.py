"""The key lock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KeyLock:
    """Whether the keys are locked. The lock outlives every mode and power off."""

    locked: bool
