"""What lies between the wish for a bolus and the bolus: two steps, lockout, the count of a day, and the key lock."""

from dataclasses import replace

import pytest
from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench, delivering, priming, ready

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    CancelBolus,
    CancelTemporaryBasal,
    ChooseInsulinCurve,
    ChoosePattern,
    ConfirmBolus,
    ConfirmClock,
    ConfirmConnected,
    ConfirmDisconnected,
    ConfirmLine,
    ConfirmUnlock,
    Event,
    ExtendedBolusRequested,
    FaultDetected,
    FillCannula,
    LockKeys,
    PauseAudio,
    PowerOff,
    PowerOn,
    ProgramBasal,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    SetChanged,
    SetDoses,
    StartDelivery,
    StartPrime,
    StartTemporaryBasal,
    StartTemporaryPercent,
    StopDelivery,
    StopPrime,
    SuggestBolus,
    Suspend,
    Tick,
    UnlockRequested,
)
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Alarm, InsulinCurve, Pattern, Period, Question

SECOND = Tick(slot=0, pressure_pa=0, delivery_inhibited=False)


def showing(pulses: int = 3) -> Bench:
    """A pump that shows a bolus and waits for its confirmation."""
    bench = delivering()
    assert bench.send(BolusRequested(pulses)).refusal is Reason.NONE
    return bench


def test_a_bolus_that_is_only_shown_gives_nothing() -> None:
    assert showing().seconds(SMALL.confirmation_s) == (0,) * SMALL.confirmation_s


def test_a_bolus_can_be_confirmed_in_the_last_second_and_no_later() -> None:
    bench = showing()
    bench.seconds(SMALL.confirmation_s - 1)
    assert bench.send(ConfirmBolus(3)).refusal is Reason.NONE
    late = showing()
    late.seconds(SMALL.confirmation_s - 1)
    assert late.send(SECOND).question_lapsed
    assert late.send(ConfirmBolus(3)).refusal is Reason.NOTHING_TO_CONFIRM


def test_only_the_amount_that_is_shown_can_be_confirmed() -> None:
    bench = showing(3)
    assert bench.send(ConfirmBolus(4)).refusal is Reason.NOT_AS_SHOWN
    bench.send(BolusRequested(4))
    assert bench.send(ConfirmBolus(3)).refusal is Reason.NOT_AS_SHOWN
    assert bench.send(ConfirmBolus(4)).refusal is Reason.NONE
    assert bench.pump().bolus.programmed_pulses == 4


def test_a_bolus_is_confirmed_once() -> None:
    bench = showing()
    bench.send(ConfirmBolus(3))
    assert bench.send(ConfirmBolus(3)).refusal is Reason.NOTHING_TO_CONFIRM


def test_the_reservoir_is_looked_at_again_at_the_second_step() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=6)
    bench.send(BolusRequested(6))
    assert bench.seconds(2) == (0, 1)
    assert bench.send(ConfirmBolus(6)).refusal is Reason.RESERVOIR_TOO_LOW


@pytest.mark.parametrize(
    "event", [CancelBolus(), Suspend(), StopDelivery(), FaultDetected(), PowerOff(), LockKeys()]
)
def test_what_stops_a_bolus_withdraws_one_that_is_shown_and_says_so(event: Event) -> None:
    bench = showing()
    assert bench.send(event).question_lapsed
    assert bench.pump().confirmation.question is Question.NONE


def test_an_occlusion_withdraws_a_bolus_that_is_shown() -> None:
    bench = showing()
    high = Tick(slot=0, pressure_pa=HIGH_PA, delivery_inhibited=False)
    assert bench.send(high, high).question_lapsed


def test_the_lockout_runs_from_start_to_start() -> None:
    bench = delivering()
    bench.bolus(1)
    bench.seconds(SMALL.bolus_lockout_s - 1)
    assert bench.bolus(1).refusal is Reason.LOCKED_OUT
    bench.seconds(1)
    assert bench.bolus(1).refusal is Reason.NONE


def test_neither_stop_nor_cancel_nor_power_shortens_the_lockout() -> None:
    bench = delivering()
    bench.bolus(6)
    bench.send(CancelBolus(), Suspend(), Resume(), StopDelivery(), PowerOff())
    bench.seconds(100)
    bench.send(PowerOn(), SelfTestFinished(passed=True), StartDelivery())
    assert bench.bolus(1).refusal is Reason.LOCKED_OUT
    bench.seconds(SMALL.bolus_lockout_s)
    assert bench.bolus(1).refusal is Reason.NONE


def test_a_day_holds_so_many_boluses_and_no_more() -> None:
    bench = delivering(limits=replace(SMALL, max_boluses_per_day=2, bolus_lockout_s=1))
    for _ in range(2):
        assert bench.bolus(1).refusal is Reason.NONE
        bench.seconds(3)
    assert bench.bolus(1).refusal is Reason.DAILY_LIMIT


@pytest.mark.parametrize(
    "event",
    [
        BolusRequested(1),
        ExtendedBolusRequested(0, 1, 12),
        ProgramBasal(Pattern.WEEKDAY, 0, 0),
        ChoosePattern(Pattern.WEEKEND),
        StartTemporaryPercent(50, 1),
        ConfirmClock(),
        ConfirmLine(),
        ChooseInsulinCurve(InsulinCurve.BILINEAR_3_H),
        StartTemporaryBasal(0, 1),
        SetDoses(Period.NIGHT, 100, 20, 100, 120),
        SuggestBolus(0, 30, 100, 0),
        CancelTemporaryBasal(),
        Resume(),
    ],
)
def test_locked_keys_refuse_what_could_give_insulin(event: Event) -> None:
    bench = delivering()
    bench.send(StartTemporaryBasal(0, 5), Suspend(), LockKeys())
    assert bench.send(event).refusal is Reason.KEYS_LOCKED


@pytest.mark.parametrize(
    "event",
    [
        StartDelivery(),
        StartPrime(1),
        ReservoirReplaced(40),
        ConfirmDisconnected(),
        ConfirmConnected(),
        SetChanged(),
        FillCannula(1),
    ],
)
def test_locked_keys_refuse_the_same_in_idle(event: Event) -> None:
    bench = ready()
    bench.send(LockKeys())
    assert bench.send(event).refusal is Reason.KEYS_LOCKED


def test_locked_keys_refuse_nothing_that_stops() -> None:
    bench = delivering()
    bench.bolus(6)
    for event in (LockKeys(), CancelBolus(), Suspend(), StopDelivery(), LockKeys()):
        assert bench.send(event).refusal is Reason.NONE
    primes = priming(5)
    primes.send(LockKeys())
    assert primes.send(StopPrime()).refusal is Reason.NONE
    empty = ready(reservoir_pulses=1)
    empty.send(SECOND, LockKeys())
    assert empty.send(PauseAudio()).refusal is Reason.NONE
    assert empty.send(AcknowledgeAlarm(Alarm.LOW_RESERVOIR)).refusal is Reason.NONE


def test_unlocking_takes_two_steps_in_time() -> None:
    bench = ready()
    assert bench.send(UnlockRequested()).refusal is Reason.NOT_LOCKED
    bench.send(LockKeys())
    assert bench.send(ConfirmUnlock()).refusal is Reason.NOTHING_TO_CONFIRM
    bench.send(UnlockRequested())
    bench.seconds(SMALL.confirmation_s)
    assert bench.send(ConfirmUnlock()).refusal is Reason.NOTHING_TO_CONFIRM
    bench.send(UnlockRequested(), ConfirmUnlock())
    assert bench.send(StartDelivery()).refusal is Reason.NONE


def test_the_key_lock_outlives_power_off() -> None:
    bench = ready()
    bench.send(LockKeys(), UnlockRequested())
    assert bench.send(PowerOff()).question_lapsed
    bench.send(PowerOn(), SelfTestFinished(passed=True))
    assert bench.send(StartDelivery()).refusal is Reason.KEYS_LOCKED
