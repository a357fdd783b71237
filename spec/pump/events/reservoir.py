"""What happens to the reservoir."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReservoirReplaced:
    """A reservoir that holds ``pulses`` was put in."""

    pulses: int
