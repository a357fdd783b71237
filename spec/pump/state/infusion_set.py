"""The infusion set, as far as the pump knows of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InfusionSet:
    """What the person has confirmed about the set, and for how long it has been in use.

    ``disconnected``: the person has confirmed so, and has not confirmed the connection since. ``prime_permit_s`` are
    the seconds in which that confirmation still lets a prime begin; a prime uses them up. ``cannula_to_fill``: the set
    is new, and its cannula was not filled yet. ``age_s`` counts the seconds for which the pump was on since the person
    has confirmed a new set.
    """

    disconnected: bool
    prime_permit_s: int
    cannula_to_fill: bool
    age_s: int
