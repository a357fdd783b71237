"""``SYSTEM``: the entry of one number, as it is run, proved and printed."""

from pumpproof.spec.number_entry.limits import CONDITIONS, Limits
from pumpproof.spec.number_entry.model import EVENTS, Mode, NumberEntry, Outputs, Reason
from pumpproof.spec.number_entry.observers import OBSERVERS
from pumpproof.spec.number_entry.properties import PROPERTIES, REQUIREMENTS
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.number_entry.rows import TABLE, initial

SYSTEM = System(
    name="number entry",
    says="Keys, screen and confirmation of one number, such as the size of a bolus.",
    state=NumberEntry,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=EVENTS,
    initial=initial,
    table=TABLE,
    conditions=CONDITIONS,
    observers=OBSERVERS,
    properties=PROPERTIES,
    requirements=REQUIREMENTS,
)
