"""What any hold means."""

from pumpproof.spec.pump.state import Holds


def is_held(holds: Holds) -> bool:
    """Some hold keeps all insulin back."""
    return holds.user or holds.alarm
