"""The requirements of the reference pump of which the bench shows clauses."""

from typing import Final

from pumpproof.spec.kernel.requirements import Requirement, requirements_for
from pumpproof.spec.pump.requirements import REQUIREMENTS as OF_THE_PUMP

ADDRESS: Final = "pumpproof.statemachine.occlusion_bench.system:SYSTEM"
"""By this name a clause in the files of requirements says that the bench shows it."""

REQUIREMENTS: Final[tuple[Requirement, ...]] = requirements_for(OF_THE_PUMP, ADDRESS)
