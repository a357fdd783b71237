"""The prime, which fills the infusion set, and the filling of its cannula."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prime:
    """Pulses that remain to be given; none while no prime runs.

    ``left_s`` are the seconds until the prime times out. They run on after its end, and mean nothing then. ``failed``:
    the last prime ended neither with its last stroke nor by the person; it stays so until one ends well or the set is
    new.
    """

    remaining_pulses: int
    left_s: int
    failed: bool
