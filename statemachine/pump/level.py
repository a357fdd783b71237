"""The level of the reservoir: a second estimate beside the count, and the time for which the content lasts."""

from dataclasses import replace

from pumpproof.spec.pump.events import LevelReported, ReadReservoir
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Ignored, Refused, Row

LONGEST_H = 72
"""What lasts longer is told as this long: a set is changed by then."""


def any_level(pump: Pump, event: LevelReported, limits: Limits) -> bool:
    """A reading is never overheard, also not one that cannot be right: it disagrees with the count."""
    return True


def note_level(pump: Pump, event: LevelReported, limits: Limits) -> Step:
    """Keep by how much the reading exceeds the count; the next second looks at it before its insulin."""
    error_pulses = event.pulses - pump.reservoir.pulses
    return Step(replace(pump, reservoir=replace(pump.reservoir, level_error_pulses=error_pulses)))


def any_reading(pump: Pump, event: ReadReservoir, limits: Limits) -> bool:
    """Whoever asks is told, also while the keys are locked: reading gives nothing."""
    return True


def hours_left(pulses: int, rate_millipulses_per_h: int) -> int:
    """The whole hours for which the content lasts at this rate, no division of two unknowns: hour by hour."""
    return sum(1 if (h + 1) * rate_millipulses_per_h <= 1000 * pulses else 0 for h in range(LONGEST_H))


def read_reservoir(pump: Pump, event: ReadReservoir, limits: Limits) -> Step:
    """At the highest rate of the programme, so that it never lasts for less; boluses are not foreseen."""
    highest = max(pump.basal.programme_millipulses_per_h)
    return Step(pump, Outputs(reservoir_lasts_h=hours_left(pump.reservoir.pulses, highest)))


LEVEL_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-RES-020",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        LevelReported,
        any_level,
        note_level,
        to=SAME_MODE,
        why="A reading of the level is heard in every mode, and kept until the next one or the next reservoir.",
        requirements=("REQ-RES-006",),
    ),
    Ignored(
        "MDL-RES-021",
        (Mode.OFF,),
        (LevelReported,),
        why="A pump that is off does nothing; the level is reported again after power on.",
        requirements=("REQ-POWER-001",),
    ),
    Row(
        "MDL-RES-022",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        ReadReservoir,
        any_reading,
        read_reservoir,
        to=SAME_MODE,
        why="Whoever plans a night has to know for how long the content lasts.",
        requirements=("REQ-RES-009",),
    ),
    Refused(
        "MDL-RES-023",
        (Mode.OFF,),
        (ReadReservoir,),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
)
