"""What was delivered, ever and in the last hour."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Length


@dataclass(frozen=True)
class Accounts:
    """Pulses of therapy and of prime ever delivered, and therapy minute by minute.

    ``minute_pulses`` has the therapy in the running minute (index 0), of which ``second_of_minute`` seconds are over,
    and in the 60 minutes before it: together at least the last hour.
    """

    therapy_delivered_pulses: int
    prime_delivered_pulses: int
    second_of_minute: int
    minute_pulses: Annotated[tuple[int, ...], Length(61)]
