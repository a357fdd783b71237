"""The limits of the reference pump, what makes them valid, and where a device profile gives them.

All limits are in core units (see ``spec.kernel.units``): volumes in pulses, basal rates in millipulses per
hour, times in s, pressure in Pa, carbohydrate in g, glucose in mg/dL. The core adds and compares them; it never
multiplies one of them by a value of the state.
"""

from pathlib import Path
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Parameter
from pumpproof.spec.kernel.profiles import ProfileLibrary
from pumpproof.spec.pump.limits.alarms import ALARM_CONDITIONS, ALARM_PARAMETERS
from pumpproof.spec.pump.limits.basal import BASAL_CONDITIONS, BASAL_PARAMETERS
from pumpproof.spec.pump.limits.bolus import BOLUS_CONDITIONS, BOLUS_PARAMETERS
from pumpproof.spec.pump.limits.bolus_starts import BOLUS_STARTS_CONDITIONS, BOLUS_STARTS_PARAMETERS
from pumpproof.spec.pump.limits.calculator import CALCULATOR_CONDITIONS, CALCULATOR_PARAMETERS
from pumpproof.spec.pump.limits.day import DAY_CONDITIONS, DAY_PARAMETERS
from pumpproof.spec.pump.limits.drive import DRIVE_CONDITIONS, DRIVE_PARAMETERS
from pumpproof.spec.pump.limits.drive_count import DRIVE_COUNT_CONDITIONS, DRIVE_COUNT_PARAMETERS
from pumpproof.spec.pump.limits.extended_bolus import EXTENDED_BOLUS_CONDITIONS, EXTENDED_BOLUS_PARAMETERS
from pumpproof.spec.pump.limits.holds import HOLDS_CONDITIONS, HOLDS_PARAMETERS
from pumpproof.spec.pump.limits.hour import HOUR_CONDITIONS, HOUR_PARAMETERS
from pumpproof.spec.pump.limits.infusion_set import INFUSION_SET_CONDITIONS, INFUSION_SET_PARAMETERS
from pumpproof.spec.pump.limits.line import LINE_CONDITIONS, LINE_PARAMETERS
from pumpproof.spec.pump.limits.prime import PRIME_CONDITIONS, PRIME_PARAMETERS
from pumpproof.spec.pump.limits.record import Limits
from pumpproof.spec.pump.limits.reservoir import RESERVOIR_CONDITIONS, RESERVOIR_PARAMETERS
from pumpproof.spec.pump.limits.supervision import SUPERVISION_CONDITIONS, SUPERVISION_PARAMETERS

__all__ = ["CONDITIONS", "PARAMETERS", "PROFILES", "Limits"]

CONDITIONS: Final[tuple[Condition, ...]] = (
    *BOLUS_CONDITIONS,
    *CALCULATOR_CONDITIONS,
    *BASAL_CONDITIONS,
    *DRIVE_CONDITIONS,
    *RESERVOIR_CONDITIONS,
    *HOUR_CONDITIONS,
    *DAY_CONDITIONS,
    *PRIME_CONDITIONS,
    *INFUSION_SET_CONDITIONS,
    *LINE_CONDITIONS,
    *ALARM_CONDITIONS,
    *BOLUS_STARTS_CONDITIONS,
    *HOLDS_CONDITIONS,
    *EXTENDED_BOLUS_CONDITIONS,
    *DRIVE_COUNT_CONDITIONS,
    *SUPERVISION_CONDITIONS,
)
"""The conjunction of these is what "for all valid limits" means in every verdict."""

PARAMETERS: Final[tuple[Parameter, ...]] = (
    *BOLUS_PARAMETERS,
    *CALCULATOR_PARAMETERS,
    *BASAL_PARAMETERS,
    *DRIVE_PARAMETERS,
    *RESERVOIR_PARAMETERS,
    *HOUR_PARAMETERS,
    *DAY_PARAMETERS,
    *PRIME_PARAMETERS,
    *INFUSION_SET_PARAMETERS,
    *LINE_PARAMETERS,
    *ALARM_PARAMETERS,
    *BOLUS_STARTS_PARAMETERS,
    *HOLDS_PARAMETERS,
    *EXTENDED_BOLUS_PARAMETERS,
    *DRIVE_COUNT_PARAMETERS,
    *SUPERVISION_PARAMETERS,
)
"""Which value of a profile becomes which limit. All are symbolic in the proofs."""

PROFILES: Final = ProfileLibrary(PARAMETERS, Limits, Path(__file__).resolve().parent.parent / "profiles")
"""The device profiles shipped with the reference pump."""
