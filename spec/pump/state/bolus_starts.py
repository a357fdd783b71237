"""When boluses began: the lockout, and the count of the day."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Length


@dataclass(frozen=True)
class BolusStarts:
    """Seconds until the next bolus may begin, and how many began hour by hour.

    ``by_hour`` counts the running hour (index 0), of which ``second_of_hour`` seconds are over, and the 24 hours before
    it: together at least the last day. Hours are those of the pump's own seconds, not of a clock on the wall.
    """

    lockout_s: int
    second_of_hour: int
    by_hour: Annotated[tuple[int, ...], Length(25)]
