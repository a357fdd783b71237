"""What the person does about alarms."""

from dataclasses import dataclass

from pumpproof.spec.pump.state import Alarm


@dataclass(frozen=True)
class AcknowledgeAlarm:
    """The person has noticed this alarm."""

    alarm: Alarm


@dataclass(frozen=True)
class PauseAudio:
    """The person has heard the alarms and wants silence for a while."""
