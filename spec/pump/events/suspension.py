"""All insulin is stopped, by the person or from outside, and runs again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Suspend:
    """Keep all insulin back until an explicit resume."""


@dataclass(frozen=True)
class SuspendFor:
    """Keep all insulin back for ``duration_s`` seconds, or until an explicit resume."""

    duration_s: int


@dataclass(frozen=True)
class RemoteStop:
    """A controller outside stops all insulin until a person resumes at the pump."""


@dataclass(frozen=True)
class RemoteResumeAsked:
    """A controller outside wants insulin to run again."""


@dataclass(frozen=True)
class Resume:
    """End the holds: the person at the pump lets insulin run again."""
