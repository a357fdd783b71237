"""The bolus calculator: what it is told about a person, and whether a suggestion of it still stands."""

from dataclasses import dataclass
from enum import Enum


class Period(Enum):
    """The parts of a day that have dose settings of their own; each begins with a half hour of the wall clock."""

    NIGHT = "midnight to 6:00"
    MORNING = "6:00 to 11:00"
    MIDDAY = "11:00 to 17:00"
    EVENING = "17:00 to midnight"


@dataclass(frozen=True)
class DoseSettings:
    """What a person needs in one period: for each gram, for each mg/dL above the target, and the target.

    Both doses are in millipulses, because people's ratios (grams per unit, mg/dL per unit) would have to divide. All
    four are zero until they are set: a dose of zero is no setting.
    """

    millipulses_per_g: int
    millipulses_per_mg_per_dl: int
    target_low_mg_per_dl: int
    target_high_mg_per_dl: int


@dataclass(frozen=True)
class Calculator:
    """The settings of each period, and the seconds for which the last suggestion still stands; none stands at zero.

    A suggestion stands no longer than its glucose is young enough. Its amount is put out and not kept.
    """

    night: DoseSettings
    morning: DoseSettings
    midday: DoseSettings
    evening: DoseSettings
    suggestion_left_s: int
