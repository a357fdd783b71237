"""The reservoir and its replacement."""

from dataclasses import replace

from pumpproof.spec.pump.events import ReservoirReplaced
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Mode, Pump, Reservoir
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.alarms import watch_alarms
from pumpproof.statemachine.pump.drive_count import no_counts


def draw(reservoir: Reservoir, pulses: int) -> Reservoir:
    """What is given is no longer in the reservoir."""
    return replace(reservoir, pulses=reservoir.pulses - pulses)


def refuse_reservoir(pump: Pump, event: ReservoirReplaced, limits: Limits) -> Reason:
    """At least one pulse and no more than a reservoir can hold."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    return Reason.NONE if 1 <= event.pulses <= limits.reservoir_capacity_pulses else Reason.OUT_OF_RANGE


def replace_reservoir(pump: Pump, event: ReservoirReplaced, limits: Limits) -> Step:
    """The drive was rewound, so both counts begin anew; the alarms see the new content at once.

    What was read of the level of the old reservoir is forgotten.
    """
    reservoir = Reservoir(pulses=event.pulses, level_error_pulses=0)
    return Step(watch_alarms(replace(pump, reservoir=reservoir, drive_count=no_counts()), limits))


RESERVOIR_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-RES-001",
        (Mode.IDLE,),
        ReservoirReplaced,
        refuse_reservoir,
        replace_reservoir,
        to=SAME_MODE,
        why="A reservoir is replaced only in idle, and only by one with a believable content.",
        requirements=("REQ-RES-002", "REQ-ALARM-001"),
    ),
    Refused(
        "MDL-RES-002",
        (Mode.OFF,),
        (ReservoirReplaced,),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-RES-003",
        (Mode.SELF_TEST, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        (ReservoirReplaced,),
        Reason.NOT_IN_THIS_MODE,
        why="The reservoir stays in place while the pump may drive it.",
        requirements=("REQ-RES-002",),
    ),
)
