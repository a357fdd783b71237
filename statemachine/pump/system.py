"""The reference pump as one ``System``: what is run, proved, printed and tested."""

from pumpproof.spec.pump.events import EVENTS
from pumpproof.spec.pump.exercises import EXERCISES
from pumpproof.spec.pump.limits import CONDITIONS, PROFILES, Limits
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.properties import OBSERVERS, PROPERTIES
from pumpproof.spec.pump.requirements import REQUIREMENTS, RISK_FILE
from pumpproof.spec.pump.state import (
    Accounts,
    AlarmPhase,
    Alarms,
    Basal,
    Bolus,
    Drive,
    Holds,
    Line,
    Mode,
    Prime,
    Pump,
    Reservoir,
    TemporaryBasal,
)
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Entry
from pumpproof.statemachine.pump.alarms import ALARM_ROWS
from pumpproof.statemachine.pump.basal import BASAL_ROWS
from pumpproof.statemachine.pump.bolus import BOLUS_ROWS
from pumpproof.statemachine.pump.delivery import DELIVERY_ROWS
from pumpproof.statemachine.pump.power import POWER_ROWS
from pumpproof.statemachine.pump.prime import PRIME_ROWS
from pumpproof.statemachine.pump.reservoir import RESERVOIR_ROWS
from pumpproof.statemachine.pump.suspension import SUSPENSION_ROWS


def initial(limits: Limits) -> Pump:
    """A pump that was never used: off, without a reservoir, with nothing programmed."""
    return Pump(
        mode=Mode.OFF,
        holds=Holds(user=False, alarm=False),
        alarms=Alarms(occlusion=AlarmPhase.SILENT, empty=AlarmPhase.SILENT, low_reservoir=AlarmPhase.SILENT),
        line=Line(pressure_high_s=0),
        reservoir=Reservoir(pulses=0),
        basal=Basal(
            programme_millipulses_per_h=tuple(0 for slot in range(48)),
            temporary=TemporaryBasal(millipulses_per_h=0, remaining_s=0),
            accumulator=0,
            missed_accumulator=0,
            missed_pulses=0,
        ),
        bolus=Bolus(programmed_pulses=0, remaining_pulses=0, delivered_pulses=0, cancelled_pulses=0),
        drive=Drive(stroke_wait_s=0),
        prime=Prime(remaining_pulses=0),
        accounts=Accounts(
            therapy_delivered_pulses=0,
            prime_delivered_pulses=0,
            second_of_minute=0,
            minute_pulses=tuple(0 for minute in range(61)),
        ),
    )


TABLE: tuple[Entry, ...] = (
    *POWER_ROWS,
    *DELIVERY_ROWS,
    *BASAL_ROWS,
    *BOLUS_ROWS,
    *SUSPENSION_ROWS,
    *ALARM_ROWS,
    *RESERVOIR_ROWS,
    *PRIME_ROWS,
)

SYSTEM = System(
    name="reference pump",
    says="A pump with basal, temporary basal, bolus, priming, suspension and latched alarms.",
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
