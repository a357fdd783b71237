"""Power, self-test and faults."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PowerOn:
    """The power key was pressed."""


@dataclass(frozen=True)
class PowerOff:
    """The pump is about to lose power."""


@dataclass(frozen=True)
class SelfTestFinished:
    """The hardware reports the result of its self-test."""

    passed: bool


@dataclass(frozen=True)
class FaultDetected:
    """The hardware or the watchdog reports a fault."""
