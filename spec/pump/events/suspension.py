"""The person stops all insulin, and lets it run again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suspend:
    """Keep all insulin back until an explicit resume."""


@dataclass(frozen=True)
class Resume:
    """End the holds."""
