"""``SYSTEM``: the pump that is run, proved and printed."""

from pumpproof.statemachine.kernel.system import System

from .model import (
    BolusRequested,
    CancelBolus,
    Limits,
    Mode,
    Outputs,
    Pump,
    Reason,
    Tick,
    initial,
)
from .rows import TABLE
from .specification import CONDITIONS, OBSERVERS, PROPERTIES, REQUIREMENTS

SYSTEM = System(
    name="starter",
    says="A pump that gives one bolus at a time, with a lockout between two of them.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(BolusRequested, CancelBolus, Tick),
    initial=initial,
    table=TABLE,
    conditions=CONDITIONS,
    observers=OBSERVERS,
    properties=PROPERTIES,
    requirements=REQUIREMENTS,
)
