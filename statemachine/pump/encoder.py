"""What the encoder of the drive says: it is kept, and the alarms look at it at once."""

from dataclasses import replace

from pumpproof.spec.pump.events import EncoderRead
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Ignored, Row
from pumpproof.statemachine.pump.alarms import finds_stop, watch_alarms
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.drive_count import count_reading


def counted(pump: Pump, event: EncoderRead, limits: Limits) -> Pump:
    """The pump with what the encoder has counted."""
    return replace(pump, drive_count=count_reading(pump.drive_count, event.pulses, limits))


def any_reading(pump: Pump, event: EncoderRead, limits: Limits) -> bool:
    """A reading is never overheard."""
    return True


def reading_stops(pump: Pump, event: EncoderRead, limits: Limits) -> bool:
    """With this reading there is a reason to stop the insulin."""
    return finds_stop(counted(pump, event, limits), limits)


def reading_stops_nothing(pump: Pump, event: EncoderRead, limits: Limits) -> bool:
    """With this reading there is no reason to stop the insulin."""
    return not finds_stop(counted(pump, event, limits), limits)


def take_reading(pump: Pump, event: EncoderRead, limits: Limits) -> Step:
    """The alarms look at both counts; nothing is given."""
    watched = watch_alarms(counted(pump, event, limits), limits)
    return Step(watched, Outputs(question_lapsed=question_lapses(pump, watched)))


ENCODER_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-INTEG-020",
        (Mode.SELF_TEST, Mode.IDLE, Mode.DELIVERING, Mode.FAULT),
        EncoderRead,
        any_reading,
        take_reading,
        to=SAME_MODE,
        why="The encoder is heard in every mode, because a drive may move insulin in any.",
        requirements=("REQ-INTEG-001", "REQ-DOSE-011", "REQ-DOSE-016"),
    ),
    Row(
        "MDL-INTEG-021",
        (Mode.PRIMING,),
        EncoderRead,
        reading_stops,
        take_reading,
        to=Mode.IDLE,
        why="A reading that stops the insulin ends a prime.",
        requirements=("REQ-INTEG-001",),
    ),
    Row(
        "MDL-INTEG-022",
        (Mode.PRIMING,),
        EncoderRead,
        reading_stops_nothing,
        take_reading,
        to=SAME_MODE,
        why="Through any other reading a prime goes on.",
        requirements=("REQ-INTEG-001",),
    ),
    Ignored(
        "MDL-INTEG-023",
        (Mode.OFF,),
        (EncoderRead,),
        why="A pump that is off does nothing; the encoder counts on and is read after power on.",
        requirements=("REQ-POWER-001",),
    ),
)
