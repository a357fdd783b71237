"""Power, self-test and faults."""

from dataclasses import dataclass

from pumpproof.spec.pump.state import SelfTestFailure


@dataclass(frozen=True)
class PowerOn:
    """The power key was pressed."""


@dataclass(frozen=True)
class PowerOff:
    """The pump is about to lose power."""


@dataclass(frozen=True)
class SelfTestFinished:
    """The hardware reports the result of a self-test, after power on or in use, and of one that failed, why.

    A result that names a failure is none that passed, whatever else it says.
    """

    passed: bool
    failure: SelfTestFailure = SelfTestFailure.NONE


@dataclass(frozen=True)
class FaultDetected:
    """The hardware or the watchdog reports a fault."""
