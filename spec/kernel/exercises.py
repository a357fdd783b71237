"""Exercises: ways of using a system hard, by which a search looks for runs that break a property.

They prove nothing and decide nothing. What an exercise finds counts only after it was replayed in the running machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pumpproof.spec.kernel.declared import refuse_derived


@dataclass(frozen=True)
class Exercise:
    """``next_event(state, limits, number)`` is the event after ``number`` steps; at most ``steps`` are taken.

    The function is plain Python and need not be in the subset. It must give the same event for the same arguments.
    An exercise may bring ``limits`` of its own, under which much happens in little time; they must be valid.
    """

    name: str
    says: str
    steps: int
    next_event: Callable[[Any, Any, int], Any]
    limits: Any = None

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Exercise)
