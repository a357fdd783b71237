"""The therapy of the last day."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Length


@dataclass(frozen=True)
class DayAccount:
    """Therapy hour by hour, in pulses.

    ``hour_pulses`` has the running hour (index 0) and the 24 before it: together at least the last day. Hours are those
    in which the starts of boluses are counted: of the pump's own seconds, not of a clock on the wall.
    """

    hour_pulses: Annotated[tuple[int, ...], Length(25)]
