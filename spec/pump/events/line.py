"""What the person does about the infusion line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConfirmLine:
    """The person has disconnected or changed the line since its last occlusion: nothing stored in it can arrive."""
