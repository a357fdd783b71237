"""The alarms and the phase that each is in."""

from dataclasses import dataclass
from enum import Enum


class AlarmPhase(Enum):
    """An alarm is latched until it is silent: its cause is gone and it was acknowledged."""

    SILENT = "silent"
    SOUNDING = "sounding"
    ACKNOWLEDGED = "acknowledged"


class Alarm(Enum):
    """The alarms: occlusion and empty stop the insulin, low reservoir is a warning and stops nothing."""

    OCCLUSION = "occlusion"
    EMPTY = "empty"
    LOW_RESERVOIR = "low reservoir"


@dataclass(frozen=True)
class Alarms:
    """The phase of each alarm."""

    occlusion: AlarmPhase
    empty: AlarmPhase
    low_reservoir: AlarmPhase
