"""The drive: the wait between two strokes, whether of a bolus or of a prime."""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Drive


def second_of_drive(drive: Drive) -> Drive:
    """The wait for the next stroke goes on."""
    return replace(drive, stroke_wait_s=max(drive.stroke_wait_s - 1, 0))


def stroke_is_due(drive: Drive) -> bool:
    """The wait since the last stroke ends with this second."""
    return drive.stroke_wait_s <= 1


def begin_wait(drive: Drive, limits: Limits) -> Drive:
    """After a stroke the whole interval is to wait."""
    return replace(drive, stroke_wait_s=limits.stroke_interval_s)
