"""The start and the end of therapy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StartDelivery:
    """Start therapy."""


@dataclass(frozen=True)
class StopDelivery:
    """Stop therapy."""
