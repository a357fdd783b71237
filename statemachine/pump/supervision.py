"""Supervision: when a self-test is due or overdue, and how many seconds in a row came late."""

from dataclasses import replace

from pumpproof.spec.pump.events import SelfTestFinished, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Mode, Pump, SelfTestFailure, Supervision


def second_of_supervision(supervision: Supervision, tick: Tick, limits: Limits) -> Supervision:
    """The time since the last self-test goes on; a second in time ends a row of late ones."""
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    return replace(
        supervision,
        since_self_test_s=min(supervision.since_self_test_s + 1, latest_s),
        late_s=min(supervision.late_s + 1, limits.watchdog_s) if tick.delivery_inhibited else 0,
    )


def is_in_use(pump: Pump) -> bool:
    """The self-test after power on has passed, and no fault was found since."""
    return pump.mode is Mode.IDLE or pump.mode is Mode.PRIMING or pump.mode is Mode.DELIVERING


def self_test_is_due(pump: Pump, limits: Limits) -> bool:
    """In use, the interval is over; after power on a self-test runs already, and after a fault none would help."""
    return is_in_use(pump) and pump.supervision.since_self_test_s >= limits.self_test_interval_s


def supervision_fails(supervision: Supervision, limits: Limits) -> bool:
    """No self-test passed for too long, or no second has come in time for too long."""
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    return supervision.since_self_test_s >= latest_s or supervision.late_s >= limits.watchdog_s


def timers_at_rest(supervision: Supervision) -> Supervision:
    """Power is off: the next self-test is that of power on, which no time spent off makes late."""
    return replace(supervision, since_self_test_s=0, late_s=0)


def self_test_has_passed(result: SelfTestFinished) -> bool:
    """It says so and names no failure; a result that contradicts itself counts as a failure."""
    return result.passed and result.failure is SelfTestFailure.NONE


def named_failure(result: SelfTestFinished) -> SelfTestFailure:
    """What failed, as it was said."""
    return SelfTestFailure.NOT_SAID if result.failure is SelfTestFailure.NONE else result.failure


def note_pass(supervision: Supervision) -> Supervision:
    """The next self-test is due after the interval, and there is no failure to tell."""
    return replace(supervision, since_self_test_s=0, self_test_failure=SelfTestFailure.NONE)


def note_failure(supervision: Supervision, result: SelfTestFinished) -> Supervision:
    """What failed is told until a self-test passes."""
    return replace(supervision, self_test_failure=named_failure(result))
