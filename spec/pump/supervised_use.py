"""Use of a pump whose drive disobeys, whose self-tests stay away and whose controller is late, in little time."""

from dataclasses import replace

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    ConfirmBolus,
    ConfirmDisconnected,
    EncoderRead,
    Event,
    PowerOff,
    PowerOn,
    SelfTestFinished,
    StartPrime,
    StopDelivery,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.ordinary_use import QUICK_LIMITS
from pumpproof.spec.pump.state import Alarm, Mode, Pump, Question, SelfTestFailure
from pumpproof.spec.pump.ways import QUIET, towards_delivery

SUPERVISED_LIMITS = replace(
    QUICK_LIMITS[0],
    count_tolerance_pulses=2,
    gross_difference_pulses=4,
    self_test_interval_s=20,
    self_test_bound_s=5,
    watchdog_s=3,
)
"""Both counts differ soon, and self-tests are due within a turn."""

_LATE = Tick(slot=0, pressure_pa=0, delivery_inhibited=True)
_COUNT_ALARMS = (Alarm.OVER_DELIVERY, Alarm.NO_FLOW, Alarm.UNDER_DELIVERY)


def disobey(pump: Pump, limits: Limits, number: int) -> Event:
    """Some honest use, then readings that are off by a measure or a pulse more, for longer than any persistence."""
    honest_s = 30
    surplus_s = honest_s + limits.surplus_persistence_s + 4
    gross_s = surplus_s + limits.shortfall_persistence_s + 10
    turn, step = divmod(number, gross_s + 8)
    tolerance = limits.count_tolerance_pulses + (1 if turn % 2 == 0 else 0)
    gross = limits.gross_difference_pulses + (1 if turn % 2 else 0)
    if step < honest_s - 3:
        return _honest(pump, limits, turn)
    if turn % 4 == 3 and step < honest_s:
        return _towards_prime(pump, limits)
    readings = {honest_s: tolerance, surplus_s: -tolerance, gross_s: gross, gross_s + 3: -gross}
    if step in readings:
        return EncoderRead(pump.drive_count.commanded_pulses + readings[step])
    seen, rest = divmod(step - (gross_s - 9), 3)
    return AcknowledgeAlarm(_COUNT_ALARMS[seen]) if 0 <= seen < 3 and rest == 0 else QUIET


def _towards_prime(pump: Pump, limits: Limits) -> Event:
    if pump.mode is Mode.DELIVERING:
        return StopDelivery()
    prime = StartPrime(limits.max_prime_pulses)
    return prime if pump.infusion_set.prime_permit_s > 0 else ConfirmDisconnected()


def _honest(pump: Pump, limits: Limits, turn: int) -> Event:
    rate = limits.max_basal_millipulses_per_h if turn % 2 else 0
    return towards_delivery(pump, limits, rate) or (_dose(pump, limits) if turn % 4 else QUIET)


def _dose(pump: Pump, limits: Limits) -> Event:
    if pump.confirmation.question is Question.BOLUS:
        return ConfirmBolus(pump.confirmation.pulses)
    free = pump.bolus.remaining_pulses == 0 and pump.bolus_starts.lockout_s == 0
    return BolusRequested(limits.max_bolus_pulses) if free else QUIET


def fall_silent(pump: Pump, limits: Limits, number: int) -> Event:
    """Some honest use, then a self-test that fails, seconds that come late, or power that is lost."""
    honest_s = 30
    turn, step = divmod(number, honest_s + limits.watchdog_s + 5)
    if step < honest_s:
        return _honest(pump, limits, turn)
    failure = tuple(SelfTestFailure)[turn // 4 % len(SelfTestFailure)]
    odd = step - honest_s
    kinds: tuple[Event, ...] = (
        SelfTestFinished(turn % 8 == 4, failure) if odd == 0 else QUIET,
        PowerOff() if odd == 0 else PowerOn() if odd == 1 else QUIET,
        _LATE,
        _LATE if odd % limits.watchdog_s else QUIET,
    )
    return kinds[turn % len(kinds)]


def wait_for_a_self_test(pump: Pump, limits: Limits, number: int) -> Event:
    """Honest use without any self-test, until one is overdue; then one comes, and all begins anew."""
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    turn, step = divmod(number, latest_s + 80)
    if 40 <= step < latest_s + 60:
        return AcknowledgeAlarm(Alarm.FAULT) if step % 50 == 49 else QUIET
    if turn % 2 and step == 39:
        return StopDelivery()
    return _honest(pump, limits, 0)


SUPERVISED_USES = (
    ("disobey", "A drive that gives more or less than it is told.", disobey),
    ("fall silent", "Self-tests that fail, seconds that come late, power that is lost.", fall_silent),
    ("wait for a self-test", "Self-tests that stay away.", wait_for_a_self_test),
)
