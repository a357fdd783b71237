"""Observers: ghosts with which a specification counts for itself. They read the pump and never write it."""

from collections.abc import Callable
from dataclasses import dataclass

from pumpproof.spec.kernel.declared import check_tuples, refuse_derived

GhostFunction = Callable[..., object]


@dataclass(frozen=True)
class Observer:
    """A ghost record with its own step functions, all in the subset and bound by the types of their parameters.

    ``begin(pump, limits)`` gives the record at the moment of opening. ``steps`` pairs an event type with the function
    for steps with that event; ``otherwise`` is the function for steps with any other event, and None says that the
    record then stays as it is. Step functions may ask for the record, ``before``, ``after``, the event, the outputs
    and the limits. With ``arbitrary_start`` the observer may open in any reachable state, as often as one likes:
    what is proved holds for every opening. Otherwise it opens once, in the initial state.
    """

    name: str
    says: str
    record: type
    begin: GhostFunction
    steps: tuple[tuple[type, GhostFunction], ...]
    otherwise: GhostFunction | None = None
    arbitrary_start: bool = False

    def __post_init__(self) -> None:
        check_tuples(f"observer {self.name}", self, "steps")

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Observer)

    def step_for(self, event: type) -> GhostFunction | None:
        """Function for a step with ``event``; None where the record stays as it is."""
        return next((function for known, function in self.steps if known is event), self.otherwise)
