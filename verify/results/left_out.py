"""What a verification was not asked for and yet has to be named."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """A profile that the system ships and that was not asked for, with the reason."""

    id: str
    name: str
    why: str
