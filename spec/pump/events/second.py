"""The second that passes."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Range


@dataclass(frozen=True)
class Tick:
    """One second has passed; ``delivery_inhibited`` marks a second that a late controller makes up for."""

    slot: Annotated[int, Range(0, 47)]
    pressure_pa: Annotated[int, Range(0, None)]
    delivery_inhibited: bool
