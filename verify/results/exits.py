"""The exit codes, which are the same everywhere. Nothing is imported here, so that a command starts fast."""

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command found, or why it found nothing."""

    PROVED = 0
    REFUTED = 1
    UNDECIDED = 2
    GATE = 3
    INPUT = 4
    FAULT = 5


_PRECEDENCE = (
    ExitCode.FAULT,
    ExitCode.INPUT,
    ExitCode.REFUTED,
    ExitCode.UNDECIDED,
    ExitCode.GATE,
    ExitCode.PROVED,
)


def gravest(codes: Iterable[ExitCode]) -> ExitCode:
    """The code that counts when several apply: a fault outweighs a refutation, which outweighs an open question."""
    return min(codes, key=_PRECEDENCE.index, default=ExitCode.PROVED)
