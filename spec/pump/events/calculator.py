"""The bolus calculator."""

from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Range
from pumpproof.spec.pump.state import Period


@dataclass(frozen=True)
class SetDoses:
    """Set what a person needs in one period of the day: all four settings at once, which have to fit each other."""

    period: Period
    millipulses_per_g: int
    millipulses_per_mg_per_dl: int
    target_low_mg_per_dl: int
    target_high_mg_per_dl: int


@dataclass(frozen=True)
class SuggestBolus:
    """Say what bolus this carbohydrate and this glucose ask for; ``slot`` is the half hour that the clock shows."""

    slot: Annotated[int, Range(0, 47)]
    carbohydrate_g: int
    glucose_mg_per_dl: int
    glucose_age_s: int
