"""``SYSTEM``: the occlusion bench, proved beside the pump whose rule it runs."""

from pumpproof.spec.occlusion_bench.exercises import EXERCISES
from pumpproof.spec.occlusion_bench.limits import CONDITIONS, PROFILES, Limits
from pumpproof.spec.occlusion_bench.model import (
    Bench,
    LineBlocks,
    LineClears,
    Mode,
    Outputs,
    Reason,
    Second,
    initial,
)
from pumpproof.spec.occlusion_bench.properties import OBSERVERS, PROPERTIES
from pumpproof.spec.occlusion_bench.requirements import REQUIREMENTS
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.occlusion_bench.rows import TABLE

SYSTEM = System(
    name="occlusion bench",
    says="A drive, a line that may be blocked, its pressure sensor, and the pump's rule for an occlusion.",
    state=Bench,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Second, LineBlocks, LineClears),
    initial=initial,
    table=TABLE,
    conditions=CONDITIONS,
    observers=OBSERVERS,
    properties=PROPERTIES,
    requirements=REQUIREMENTS,
    profiles=PROFILES,
    reference_profile="reference-line",
    exercises=EXERCISES,
)
