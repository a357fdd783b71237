"""The infusion set: primes off the body, primes that fail, cannulas of new sets, and the age of a set."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench, delivering, priming, ready

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    ClockFailed,
    ConfirmConnected,
    ConfirmDisconnected,
    Event,
    FaultDetected,
    FillCannula,
    PowerOff,
    PowerOn,
    RemoteStop,
    Resume,
    SelfTestFinished,
    SetChanged,
    StartDelivery,
    StartPrime,
    StopDelivery,
    StopPrime,
    Suspend,
    SuspendFor,
)
from pumpproof.spec.pump.ordinary_use import HEALTHY, NEW_SET
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode

RESTART = (PowerOff(), PowerOn(), SelfTestFinished(passed=True))
SHORT_LIVED = replace(SMALL, set_change_s=20, service_grace_s=5)


def with_new_set() -> Bench:
    bench = ready()
    bench.send(*NEW_SET)
    return bench


def refusal_of_start(bench: Bench) -> Reason:
    return bench.send(StartDelivery()).refusal


def test_a_prime_asks_each_time_whether_the_set_is_disconnected() -> None:
    bench = ready()
    assert bench.send(StartPrime(2)).refusal is Reason.NOT_DISCONNECTED
    bench.send(ConfirmDisconnected())
    assert bench.send(StartPrime(2)).refusal is Reason.NONE
    bench.seconds(1)
    assert bench.pump().mode is Mode.IDLE
    assert bench.send(StartPrime(2)).refusal is Reason.NOT_DISCONNECTED
    assert bench.send(ConfirmDisconnected(), StartPrime(2)).refusal is Reason.NONE


def test_a_request_that_is_refused_does_not_use_up_the_confirmation() -> None:
    bench = ready()
    bench.send(ConfirmDisconnected(), StartPrime(0))
    assert bench.send(StartPrime(2)).refusal is Reason.NONE


def test_a_confirmation_lapses_in_its_time_and_can_be_given_again() -> None:
    bench = ready()
    bench.send(ConfirmDisconnected())
    bench.seconds(SMALL.prime_confirmation_s - 1)
    bench.send(ConfirmDisconnected())
    bench.seconds(SMALL.prime_confirmation_s)
    assert bench.send(StartPrime(2)).refusal is Reason.NOT_DISCONNECTED


@pytest.mark.parametrize("events", [RESTART, (ConfirmConnected(),)])
def test_power_off_and_the_connection_end_a_confirmation(events: tuple[Event, ...]) -> None:
    bench = ready()
    bench.send(ConfirmDisconnected(), *events)
    assert bench.send(StartPrime(2)).refusal is Reason.NOT_DISCONNECTED


def test_no_therapy_starts_off_the_body_however_long_ago_that_was_said() -> None:
    bench = ready()
    bench.send(ConfirmDisconnected())
    assert refusal_of_start(bench) is Reason.SET_DISCONNECTED
    bench.seconds(50)
    bench.send(*RESTART)
    assert refusal_of_start(bench) is Reason.SET_DISCONNECTED
    bench.send(ConfirmConnected())
    assert refusal_of_start(bench) is Reason.NONE


def test_only_a_disconnected_set_can_be_connected_or_changed() -> None:
    bench = ready()
    assert bench.send(ConfirmConnected()).refusal is Reason.NOT_DISCONNECTED
    assert bench.send(SetChanged()).refusal is Reason.NOT_DISCONNECTED
    assert bench.send(ConfirmDisconnected(), SetChanged()).refusal is Reason.NONE


@pytest.mark.parametrize("event", [ConfirmDisconnected(), ConfirmConnected(), SetChanged(), FillCannula(1)])
def test_a_set_is_handled_in_idle_only(event: Event) -> None:
    assert delivering().send(event).refusal is Reason.NOT_IN_THIS_MODE
    assert priming().send(event).refusal is Reason.NOT_IN_THIS_MODE
    assert Bench().send(event).refusal is Reason.POWERED_OFF


def test_a_prime_times_out_whatever_keeps_it_back_and_gives_nothing_in_its_last_second() -> None:
    bench = priming(5)
    bench.seconds(SMALL.max_prime_s - 1, late=True)
    assert bench.pump().mode is Mode.PRIMING
    assert bench.seconds(1) == (0,)
    assert (bench.pump().mode, bench.pump().prime.remaining_pulses) == (Mode.IDLE, 0)
    assert bench.pump().prime.failed


def test_a_prime_that_is_given_in_the_second_before_its_time_is_over_has_ended_well() -> None:
    bench = priming(5)
    bench.seconds(SMALL.max_prime_s - 8, late=True)
    assert sum(bench.seconds(7)) == 5
    assert not bench.pump().prime.failed


FAILURES = [
    (PowerOff(), PowerOn(), SelfTestFinished(passed=True)),
    (FaultDetected(), *RESTART),
    (ClockFailed(), *RESTART),
    (replace(HEALTHY, air_in_line=True), HEALTHY),
    (RemoteStop(),),
]


@pytest.mark.parametrize("events", FAILURES)
def test_a_prime_that_failed_bars_therapy_until_one_ends_well(events: tuple[Event, ...]) -> None:
    bench = priming(5)
    bench.send(*events)
    bench.seconds(1)
    for alarm in (Alarm.AIR_IN_LINE, Alarm.FAULT):
        bench.send(AcknowledgeAlarm(alarm))
    bench.send(Resume(), ConfirmDisconnected(), ConfirmConnected())
    assert refusal_of_start(bench) is Reason.PRIME_FAILED
    bench.send(ConfirmDisconnected(), StartPrime(2))
    bench.seconds(3)
    bench.send(ConfirmConnected())
    assert refusal_of_start(bench) is Reason.NONE


def test_a_new_set_forgets_the_failure_of_the_old_one() -> None:
    bench = priming(5)
    bench.send(*RESTART, *NEW_SET)
    assert refusal_of_start(bench) is Reason.NONE


def test_an_occlusion_during_a_prime_is_a_failure_and_a_prime_that_is_stopped_mends_none() -> None:
    bench = priming(5)
    bench.seconds(2, pressure_pa=HIGH_PA)
    bench.seconds(1)
    bench.send(AcknowledgeAlarm(Alarm.OCCLUSION), Resume())
    bench.send(ConfirmDisconnected(), StartPrime(5), StopPrime(), ConfirmConnected())
    assert refusal_of_start(bench) is Reason.PRIME_FAILED


@pytest.mark.parametrize("events", [(StopPrime(),), (Suspend(), Resume()), (SuspendFor(1), Resume())])
def test_a_prime_that_the_person_ends_has_not_failed(events: tuple[Event, ...]) -> None:
    bench = priming(5)
    bench.send(*events, ConfirmConnected())
    assert refusal_of_start(bench) is Reason.NONE


def test_the_cannula_of_a_new_set_is_filled_once_as_a_prime_and_no_therapy() -> None:
    bench = with_new_set()
    assert bench.send(FillCannula(3)).refusal is Reason.NONE
    assert bench.seconds(5) == (2, 0, 0, 1, 0)
    assert bench.pump().mode is Mode.IDLE
    books = bench.pump().accounts
    assert (books.prime_delivered_pulses, books.therapy_delivered_pulses) == (3, 0)
    assert bench.send(FillCannula(1)).refusal is Reason.CANNULA_FILLED
    assert refusal_of_start(bench) is Reason.NONE


def test_a_fill_that_is_stopped_is_not_taken_up_again() -> None:
    bench = with_new_set()
    bench.send(FillCannula(3), StopPrime())
    assert bench.send(FillCannula(3)).refusal is Reason.CANNULA_FILLED


def test_a_cannula_is_filled_on_the_body_and_within_its_limit() -> None:
    bench = ready()
    assert bench.send(FillCannula(1)).refusal is Reason.CANNULA_FILLED
    bench.send(ConfirmDisconnected(), SetChanged())
    assert bench.send(FillCannula(1)).refusal is Reason.SET_DISCONNECTED
    bench.send(ConfirmConnected())
    assert bench.send(FillCannula(0)).refusal is Reason.OUT_OF_RANGE
    assert bench.send(FillCannula(SMALL.max_cannula_fill_pulses + 1)).refusal is Reason.OUT_OF_RANGE


def test_no_cannula_is_filled_through_a_set_whose_prime_failed() -> None:
    bench = ready()
    bench.send(ConfirmDisconnected(), SetChanged(), StartPrime(5), *RESTART, ConfirmConnected())
    assert bench.send(FillCannula(1)).refusal is Reason.PRIME_FAILED


def test_a_fill_that_failed_bars_therapy() -> None:
    bench = with_new_set()
    bench.send(FillCannula(3), *RESTART)
    assert refusal_of_start(bench) is Reason.PRIME_FAILED


@given(
    st.lists(st.sampled_from([*NEW_SET, FillCannula(3), FillCannula(1), StopPrime(), Resume()]), max_size=30)
)
def test_no_more_is_filled_than_the_largest_fill_for_each_new_set(events: list[Event]) -> None:
    bench, filled, sets = with_new_set(), 0, 1
    for event in events:
        refusal = bench.send(event).refusal
        sets += event == SetChanged() and refusal is Reason.NONE
        filled += sum(bench.seconds(2))
    assert filled <= SMALL.max_cannula_fill_pulses * sets


def test_a_set_warns_of_its_change_and_goes_on() -> None:
    bench = delivering(FULL_BASAL, limits=SHORT_LIVED)
    bench.seconds(19)
    assert bench.phase(Alarm.SET_CHANGE_DUE) is AlarmPhase.SILENT
    bench.seconds(1)
    assert bench.phase(Alarm.SET_CHANGE_DUE) is AlarmPhase.SOUNDING
    assert sum(bench.seconds(4)) == 2


def test_a_set_stops_at_the_end_of_its_service_until_it_is_changed() -> None:
    bench = delivering(FULL_BASAL, limits=SHORT_LIVED)
    bench.seconds(24)
    assert bench.seconds(3) == (0, 0, 0)
    assert bench.phase(Alarm.SET_EXPIRED) is AlarmPhase.SOUNDING
    bench.send(AcknowledgeAlarm(Alarm.SET_EXPIRED))
    assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.send(StopDelivery(), *NEW_SET)
    bench.seconds(1)
    bench.send(Resume(), StartDelivery())
    assert sum(bench.seconds(4)) == 2


def test_a_set_without_an_end_only_warns() -> None:
    bench = delivering(FULL_BASAL, limits=replace(SHORT_LIVED, service_grace_s=0))
    assert sum(bench.seconds(60)) == 30
    assert bench.phase(Alarm.SET_EXPIRED) is AlarmPhase.SILENT


def test_power_off_and_a_new_reservoir_make_no_set_younger() -> None:
    bench = delivering(limits=SHORT_LIVED)
    bench.seconds(15)
    bench.send(*RESTART)
    bench.seconds(5)
    assert bench.phase(Alarm.SET_CHANGE_DUE) is AlarmPhase.SOUNDING
