"""How the pump looks after itself: its self-tests, and whether its seconds come in time."""

from dataclasses import dataclass
from enum import Enum


class SelfTestFailure(Enum):
    """What a self-test found wrong; ``NONE`` stands for nothing, ``NOT_SAID`` for a failure without a name."""

    NONE = "nothing"
    NOT_SAID = "it was not said what failed"
    MEMORY = "memory"
    PROCESSOR = "processor"
    SUPPLY = "supply"
    DRIVE = "drive or its encoder"
    SENSORS = "pressure or temperature"
    SIGNALS = "sound, light or vibration"
    KEYS = "keys or display"
    CLOCK = "clock"


@dataclass(frozen=True)
class Supervision:
    """The seconds since a self-test passed or power came on, up to the limit; late seconds in a row, up to theirs.

    ``self_test_failure`` is what the last self-test found wrong, until one passes.
    """

    since_self_test_s: int
    late_s: int
    self_test_failure: SelfTestFailure
