"""What any hold means, and the end of the one that ends by itself."""

from dataclasses import replace

from pumpproof.spec.pump.state import Holds


def is_held(holds: Holds) -> bool:
    """Some hold keeps all insulin back."""
    return holds.user or holds.alarm or holds.remote or holds.timed_s > 0


def second_of_holds(holds: Holds) -> Holds:
    """The time of a timed suspension runs; every other hold stays as it is."""
    return replace(holds, timed_s=max(holds.timed_s - 1, 0))
