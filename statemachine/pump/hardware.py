"""The hardware's reports about itself: each is kept, and the alarms look at it at once."""

from dataclasses import replace

from pumpproof.spec.pump.events import HardwareReported
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Step
from pumpproof.spec.pump.state import Hardware, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Ignored, Row
from pumpproof.statemachine.pump.alarms import finds_stop, watch_alarms
from pumpproof.statemachine.pump.confirmation import question_lapses


def reported(pump: Pump, event: HardwareReported) -> Pump:
    """The pump with what the hardware senses now."""
    hardware = Hardware(
        reservoir_present=event.reservoir_present,
        air_in_line=event.air_in_line,
        motion=event.motion,
        battery=event.battery,
        temperature=event.temperature,
    )
    return replace(pump, hardware=hardware)


def any_report(pump: Pump, event: HardwareReported, limits: Limits) -> bool:
    """A report is never overheard."""
    return True


def report_stops(pump: Pump, event: HardwareReported, limits: Limits) -> bool:
    """With this report there is a reason to stop the insulin."""
    return finds_stop(reported(pump, event), limits)


def report_stops_nothing(pump: Pump, event: HardwareReported, limits: Limits) -> bool:
    """With this report there is no reason to stop the insulin."""
    return not finds_stop(reported(pump, event), limits)


def take_report(pump: Pump, event: HardwareReported, limits: Limits) -> Step:
    """The alarms look at what was reported; nothing is given."""
    watched = watch_alarms(reported(pump, event), limits)
    return Step(watched, Outputs(question_lapsed=question_lapses(pump, watched)))


HARDWARE_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-INTEG-001",
        (Mode.SELF_TEST, Mode.IDLE, Mode.DELIVERING, Mode.FAULT),
        HardwareReported,
        any_report,
        take_report,
        to=SAME_MODE,
        why="What the hardware reports is heard in every mode, and alarms at once.",
        requirements=("REQ-OCC-003", "REQ-RES-008", "REQ-POWER-006", "REQ-PRIME-003", "REQ-INTEG-007"),
    ),
    Row(
        "MDL-INTEG-002",
        (Mode.PRIMING,),
        HardwareReported,
        report_stops,
        take_report,
        to=Mode.IDLE,
        why="A report that stops the insulin ends a prime.",
        requirements=("REQ-OCC-003", "REQ-RES-008", "REQ-PRIME-003"),
    ),
    Row(
        "MDL-INTEG-003",
        (Mode.PRIMING,),
        HardwareReported,
        report_stops_nothing,
        take_report,
        to=SAME_MODE,
        why="Through any other report a prime goes on; it is no bolus, and ends by itself.",
        requirements=("REQ-POWER-006",),
    ),
    Ignored(
        "MDL-INTEG-004",
        (Mode.OFF,),
        (HardwareReported,),
        why="A pump that is off does nothing; the hardware reports again after power on.",
        requirements=("REQ-POWER-001",),
    ),
)
