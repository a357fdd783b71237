"""``SYSTEM``: the patch pump."""

from pumpproof.statemachine.kernel.system import System

from .limits import CONDITIONS, PROFILES, Limits
from .model import (
    Attach,
    BolusRequested,
    CancelBolus,
    Deactivate,
    Fill,
    Mode,
    OcclusionDetected,
    Outputs,
    Patch,
    Reason,
    Tick,
    initial,
)
from .rows import TABLE
from .specification import OBSERVERS, PROPERTIES, REQUIREMENTS

SYSTEM = System(
    name="patch pump",
    says="A patch pump: filled once, attached once, stopped for good after three days and eight hours of grace.",
    state=Patch,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Fill, Attach, BolusRequested, CancelBolus, OcclusionDetected, Deactivate, Tick),
    initial=initial,
    table=TABLE,
    conditions=CONDITIONS,
    observers=OBSERVERS,
    properties=PROPERTIES,
    requirements=REQUIREMENTS,
    profiles=PROFILES,
    reference_profile="example-patch",
)
