"""Power and fault, and the seconds in which the pump only waits."""

from dataclasses import replace

from pumpproof.spec.pump.events import FaultDetected, PowerOff, PowerOn, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Ignored, Refused, Row
from pumpproof.statemachine.pump.alarms import watch_alarms
from pumpproof.statemachine.pump.basal import end_temporary_basal
from pumpproof.statemachine.pump.confirmation import nothing_asked, question_lapses
from pumpproof.statemachine.pump.doses import break_doses
from pumpproof.statemachine.pump.infusion_set import forget_permit
from pumpproof.statemachine.pump.second import second_passes
from pumpproof.statemachine.pump.second_outputs import told
from pumpproof.statemachine.pump.supervision import timers_at_rest


def any_power_on(pump: Pump, event: PowerOn, limits: Limits) -> bool:
    """Switching on needs no condition."""
    return True


def power_on(pump: Pump, event: PowerOn, limits: Limits) -> Step:
    """Holds, alarms and books are as they were.

    What the last second commanded before power was lost is booked as given and may not have been: that is told.
    """
    return Step(pump, Outputs(unconfirmed_pulses=pump.drive_count.last_second_pulses))


def any_power_off(pump: Pump, event: PowerOff, limits: Limits) -> bool:
    """Losing power needs no condition."""
    return True


def power_off(pump: Pump, event: PowerOff, limits: Limits) -> Step:
    """What runs, is asked or permitted, and a pause of the sound end: nobody knows how long the pump will be off."""
    off = replace(
        break_doses(pump),
        basal=end_temporary_basal(pump.basal),
        alarms=replace(pump.alarms, audio_paused_s=0),
        confirmation=nothing_asked(),
        infusion_set=forget_permit(pump.infusion_set),
        supervision=timers_at_rest(pump.supervision),
    )
    return Step(off, Outputs(question_lapsed=question_lapses(pump, off)))


def any_fault(pump: Pump, event: FaultDetected, limits: Limits) -> bool:
    """A fault is never overheard."""
    return True


def stop_for_fault(pump: Pump, event: FaultDetected, limits: Limits) -> Step:
    """Bolus and prime end."""
    stopped = break_doses(pump)
    return Step(stopped, Outputs(question_lapsed=question_lapses(pump, stopped)))


def any_second(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Every second."""
    return True


def wait_a_second(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Timers move and alarms are watched; nothing is given."""
    watched = watch_alarms(second_passes(pump, event, limits), limits)
    return Step(watched, told(pump, watched, limits))


POWER_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-POWER-001",
        (Mode.OFF,),
        PowerOn,
        any_power_on,
        power_on,
        to=Mode.SELF_TEST,
        why="Every start begins with the self-test.",
        requirements=("REQ-POWER-002", "REQ-POWER-004"),
    ),
    Row(
        "MDL-POWER-002",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        PowerOff,
        any_power_off,
        power_off,
        to=Mode.OFF,
        why="Power off ends whatever runs, and is the only way out of a fault.",
        requirements=("REQ-POWER-001", "REQ-POWER-003", "REQ-BOLUS-003"),
    ),
    Row(
        "MDL-POWER-005",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        FaultDetected,
        any_fault,
        stop_for_fault,
        to=Mode.FAULT,
        why="A fault ends whatever runs.",
        requirements=("REQ-POWER-003", "REQ-BOLUS-003"),
    ),
    Row(
        "MDL-POWER-006",
        (Mode.SELF_TEST, Mode.IDLE, Mode.FAULT),
        Tick,
        any_second,
        wait_a_second,
        to=SAME_MODE,
        why="Timers and alarms go on in every second in which the pump is on.",
        requirements=("REQ-DOSE-005", "REQ-ALARM-001", "REQ-POWER-003"),
    ),
    Refused(
        "MDL-POWER-007",
        (Mode.OFF,),
        (PowerOff,),
        Reason.POWERED_OFF,
        why="The pump is off already.",
        requirements=("REQ-POWER-001",),
    ),
    Refused(
        "MDL-POWER-008",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        (PowerOn,),
        Reason.ALREADY_ON,
        why="The pump is on already.",
        requirements=("REQ-POWER-002",),
    ),
    Ignored(
        "MDL-POWER-010",
        (Mode.OFF,),
        (Tick, FaultDetected),
        why="A pump that is off does nothing; time spent off is credited to no timer.",
        requirements=("REQ-POWER-001",),
    ),
    Ignored(
        "MDL-POWER-011",
        (Mode.FAULT,),
        (FaultDetected,),
        why="A pump in fault has stopped already.",
        requirements=("REQ-POWER-003",),
    ),
)
