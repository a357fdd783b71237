"""The reference pump as one ``System``: what is run, proved, printed and tested."""

from pumpproof.spec.pump.events import EVENTS
from pumpproof.spec.pump.exercises import EXERCISES
from pumpproof.spec.pump.limits import CONDITIONS, PROFILES, Limits
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.properties import OBSERVERS, PROPERTIES
from pumpproof.spec.pump.requirements import REQUIREMENTS, RISK_FILE
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Entry
from pumpproof.statemachine.pump.alarms import ALARM_ROWS
from pumpproof.statemachine.pump.basal import BASAL_ROWS
from pumpproof.statemachine.pump.bolus import BOLUS_ROWS
from pumpproof.statemachine.pump.calculator import CALCULATOR_ROWS
from pumpproof.statemachine.pump.cannula import CANNULA_ROWS
from pumpproof.statemachine.pump.clock import CLOCK_ROWS
from pumpproof.statemachine.pump.delivery import DELIVERY_ROWS
from pumpproof.statemachine.pump.encoder import ENCODER_ROWS
from pumpproof.statemachine.pump.extended_bolus import EXTENDED_BOLUS_ROWS
from pumpproof.statemachine.pump.hardware import HARDWARE_ROWS
from pumpproof.statemachine.pump.infusion_set import INFUSION_SET_ROWS
from pumpproof.statemachine.pump.initial import initial
from pumpproof.statemachine.pump.insulin_on_board import INSULIN_ON_BOARD_ROWS
from pumpproof.statemachine.pump.key_lock import KEY_LOCK_ROWS
from pumpproof.statemachine.pump.level import LEVEL_ROWS
from pumpproof.statemachine.pump.line_confirmation import LINE_ROWS
from pumpproof.statemachine.pump.power import POWER_ROWS
from pumpproof.statemachine.pump.prime import PRIME_ROWS
from pumpproof.statemachine.pump.remote_stop import REMOTE_STOP_ROWS
from pumpproof.statemachine.pump.reservoir import RESERVOIR_ROWS
from pumpproof.statemachine.pump.self_test import SELF_TEST_ROWS
from pumpproof.statemachine.pump.signals import SIGNAL_ROWS
from pumpproof.statemachine.pump.suspension import SUSPENSION_ROWS
from pumpproof.statemachine.pump.timed_suspension import TIMED_SUSPENSION_ROWS

TABLE: tuple[Entry, ...] = (
    *POWER_ROWS,
    *SELF_TEST_ROWS,
    *DELIVERY_ROWS,
    *BASAL_ROWS,
    *BOLUS_ROWS,
    *EXTENDED_BOLUS_ROWS,
    *INSULIN_ON_BOARD_ROWS,
    *CALCULATOR_ROWS,
    *SUSPENSION_ROWS,
    *TIMED_SUSPENSION_ROWS,
    *REMOTE_STOP_ROWS,
    *ALARM_ROWS,
    *SIGNAL_ROWS,
    *HARDWARE_ROWS,
    *ENCODER_ROWS,
    *RESERVOIR_ROWS,
    *LEVEL_ROWS,
    *PRIME_ROWS,
    *INFUSION_SET_ROWS,
    *CANNULA_ROWS,
    *KEY_LOCK_ROWS,
    *CLOCK_ROWS,
    *LINE_ROWS,
)

SYSTEM = System(
    name="reference pump",
    says="A pump with basal patterns, boluses, a bolus calculator, priming, suspension, latched alarms and a key lock.",
    state=Pump,
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
    exercises=EXERCISES,
    profiles=PROFILES,
    reference_profile="reference-bench",
    risk_file=RISK_FILE,
)
