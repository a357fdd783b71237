"""The holds beside suspend and alarm, and the reminder that no therapy is given."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, SMALL, Bench, delivering, ready

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    ConfirmBolus,
    ConfirmDisconnected,
    Event,
    FaultDetected,
    LockKeys,
    PowerOff,
    PowerOn,
    RemoteResumeAsked,
    RemoteStop,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    StartTemporaryBasal,
    StopDelivery,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.ordinary_use import HEALTHY
from pumpproof.spec.pump.outputs import Reason, Signal
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode, Motion, Priority

LONGEST_S = SMALL.max_timed_suspension_s
REMINDING = replace(SMALL, reminder_s=4, escalation_s=20)
STALLED = replace(HEALTHY, motion=Motion.STALLED)
RESTART: tuple[Event, ...] = (PowerOff(), PowerOn(), SelfTestFinished(passed=True))


def signal_of_second(bench: Bench) -> Signal:
    return bench.send(Tick(0, 0, delivery_inhibited=False)).signal


def reminds(bench: Bench) -> bool:
    return bench.phase(Alarm.NO_THERAPY) is AlarmPhase.SOUNDING


def test_a_timed_suspension_ends_by_itself_after_exactly_its_time() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(SuspendFor(3))
    assert bench.seconds(7) == (0, 0, 0, 0, 1, 0, 1)
    assert bench.pump().basal.missed_accumulator > 0


def test_a_bolus_that_a_timed_suspension_ended_is_not_taken_up_again() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    bench.seconds(1)
    bench.send(SuspendFor(1))
    assert (bench.pump().bolus.remaining_pulses, bench.pump().bolus.cancelled_pulses) == (0, 4)
    assert bench.seconds(5) == (0, 1, 0, 1, 0)


def test_a_timed_suspension_ends_a_prime_and_withdraws_a_bolus_that_is_shown() -> None:
    priming = ready()
    priming.send(ConfirmDisconnected(), StartPrime(5), SuspendFor(1))
    assert (priming.pump().mode, priming.pump().prime.remaining_pulses) == (Mode.IDLE, 0)
    shown = delivering()
    assert shown.send(BolusRequested(6), SuspendFor(1)).question_lapsed
    shown.seconds(1)
    assert shown.send(ConfirmBolus(6)).refusal is Reason.NOTHING_TO_CONFIRM


@pytest.mark.parametrize("duration_s", [-1, 0, LONGEST_S + 1])
def test_a_timed_suspension_without_a_time_within_its_limit_is_refused(duration_s: int) -> None:
    bench = delivering(FULL_BASAL)
    refused = bench.send(SuspendFor(duration_s)).refusal
    assert (refused, refused.value) == (Reason.OUT_OF_RANGE, "the amount is outside its limits")
    assert bench.seconds(2) == (0, 1)


def test_a_second_timed_suspension_may_lengthen_the_first_and_never_shortens_it() -> None:
    bench = delivering()
    bench.send(SuspendFor(4), SuspendFor(1))
    assert bench.pump().holds.timed_s == 4
    bench.seconds(3)
    bench.send(SuspendFor(LONGEST_S))
    assert bench.pump().holds.timed_s == LONGEST_S


def test_a_resume_ends_a_timed_suspension_early() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(SuspendFor(LONGEST_S), Resume())
    assert bench.seconds(2) == (0, 1)


def test_time_spent_off_is_not_credited_to_a_timed_suspension() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(SuspendFor(3))
    bench.seconds(1)
    bench.send(PowerOff())
    bench.seconds(10)
    assert bench.pump().holds.timed_s == 2
    bench.send(PowerOn(), SelfTestFinished(passed=True))
    assert bench.send(StartDelivery()).refusal is Reason.HELD
    bench.seconds(2)
    assert bench.send(StartDelivery()).refusal is Reason.NONE


@pytest.mark.parametrize("other", [Suspend(), RemoteStop(), STALLED], ids=str)
def test_the_end_of_a_timed_suspension_ends_no_other_hold(other: Event) -> None:
    bench = delivering(FULL_BASAL)
    bench.send(SuspendFor(2), other, HEALTHY, AcknowledgeAlarm(Alarm.DRIVE))
    assert bench.seconds(6) == (0,) * 6
    assert bench.send(Resume()).refusal is Reason.NONE
    assert bench.seconds(2) == (0, 1)


def test_a_timed_suspension_runs_out_under_an_alarm_which_still_forbids_a_resume() -> None:
    bench = delivering()
    bench.send(STALLED, SuspendFor(1))
    assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.seconds(1)
    assert (bench.pump().holds.timed_s, bench.pump().holds.alarm) == (0, True)


@pytest.mark.parametrize("stop", [RemoteStop(), SuspendFor(2)], ids=str)
def test_locked_keys_do_not_hinder_what_stops(stop: Event) -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    assert bench.send(LockKeys(), stop).refusal is Reason.NONE
    assert (bench.seconds(2), bench.pump().bolus.remaining_pulses) == ((0, 0), 0)
    assert bench.send(Resume()).refusal is Reason.KEYS_LOCKED


@pytest.mark.parametrize("stop", [RemoteStop(), SuspendFor(1)], ids=str)
def test_what_stops_is_obeyed_in_every_mode_but_off(stop: Event) -> None:
    bench = Bench()
    assert bench.send(stop).refusal is Reason.POWERED_OFF
    bench.send(PowerOn())
    for event in (
        SelfTestFinished(passed=True),
        StartDelivery(),
        FaultDetected(),
    ):
        assert bench.send(stop).refusal is Reason.NONE
        bench.send(event)
    assert bench.send(stop).refusal is Reason.NONE


def test_a_stop_from_outside_ends_only_by_a_resume_at_the_pump() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(RemoteStop(), SuspendFor(1))
    bench.seconds(3)
    bench.send(StopDelivery(), *RESTART, FaultDetected(), *RESTART)
    bench.seconds(1)
    bench.send(AcknowledgeAlarm(Alarm.FAULT))
    assert bench.send(StartDelivery()).refusal is Reason.HELD
    refused = bench.send(RemoteResumeAsked()).refusal
    assert (refused, refused.value) == (
        Reason.RESUME_AT_THE_PUMP,
        "insulin runs again only when a person resumes at the pump",
    )
    assert bench.pump().holds.remote
    assert bench.send(Resume(), StartDelivery()).refusal is Reason.NONE
    assert bench.seconds(2) == (0, 1)


def test_a_stop_from_outside_ends_bolus_and_prime() -> None:
    bench = delivering()
    bench.bolus(6)
    bench.send(RemoteStop())
    assert (bench.pump().bolus.remaining_pulses, bench.pump().bolus.cancelled_pulses) == (0, 6)
    priming = ready()
    priming.send(ConfirmDisconnected(), StartPrime(5), RemoteStop())
    assert (priming.pump().mode, priming.pump().prime.remaining_pulses) == (Mode.IDLE, 0)


@pytest.mark.parametrize("stop", [RemoteStop(), SuspendFor(1)], ids=str)
def test_while_held_nothing_begins(stop: Event) -> None:
    bench = delivering()
    bench.send(stop)
    assert bench.send(BolusRequested(1)).refusal is Reason.HELD
    assert bench.send(StartTemporaryBasal(0, 1)).refusal is Reason.HELD
    bench.send(StopDelivery())
    assert bench.send(StartDelivery()).refusal is Reason.HELD
    assert bench.send(StartPrime(1)).refusal is Reason.HELD


@given(
    st.lists(
        st.one_of(
            st.builds(SuspendFor, st.integers(-1, LONGEST_S + 1)),
            st.sampled_from((Suspend(), RemoteStop(), RemoteResumeAsked(), Resume(), PowerOff(), PowerOn())),
            st.just(Tick(0, 0, delivery_inhibited=False)),
        ),
        max_size=40,
    )
)
@settings(max_examples=40, deadline=None)
def test_of_any_holds_in_any_order_only_those_without_a_time_are_left_in_the_end(events: list[Event]) -> None:
    bench = delivering()
    bench.send(*events)
    lasting = bench.pump().holds.user or bench.pump().holds.remote
    if bench.pump().mode is Mode.OFF:
        bench.send(PowerOn())
    bench.seconds(LONGEST_S)
    assert bench.pump().holds == replace(bench.pump().holds, timed_s=0)
    assert (bench.pump().holds.user or bench.pump().holds.remote) == lasting


@pytest.mark.parametrize("pause", [Suspend(), SuspendFor(6), RemoteStop(), StopDelivery()], ids=str)
def test_a_pump_that_gives_no_therapy_reminds_of_it_after_the_limit(pause: Event) -> None:
    bench = delivering(limits=REMINDING)
    bench.seconds(9)
    bench.send(pause)
    signals = [signal_of_second(bench) for _ in range(REMINDING.reminder_s)]
    assert signals[:-1] == [Signal()] * 3
    assert signals[-1] == Signal(Alarm.NO_THERAPY, Priority.MEDIUM, light=True, vibration=True, sound=True)


def test_a_reminder_is_given_in_self_test_in_setup_and_in_fault_too() -> None:
    bench = Bench(REMINDING)
    bench.send(PowerOn())
    bench.seconds(REMINDING.reminder_s)
    assert reminds(bench)
    bench.send(AcknowledgeAlarm(Alarm.NO_THERAPY), SelfTestFinished(passed=True))
    bench.seconds(REMINDING.reminder_s)
    assert reminds(bench)
    bench.send(AcknowledgeAlarm(Alarm.NO_THERAPY), FaultDetected())
    bench.seconds(REMINDING.reminder_s)
    assert reminds(bench)


def test_a_reminder_comes_again_after_each_acknowledgement() -> None:
    bench = delivering(limits=REMINDING)
    bench.send(Suspend())
    for _ in range(3):
        bench.seconds(REMINDING.reminder_s - 1)
        assert not reminds(bench)
        bench.seconds(1)
        assert reminds(bench)
        bench.send(AcknowledgeAlarm(Alarm.NO_THERAPY))
        assert bench.phase(Alarm.NO_THERAPY) is AlarmPhase.SILENT


def test_another_acknowledgement_does_not_put_the_reminder_off() -> None:
    bench = delivering(limits=REMINDING)
    bench.send(STALLED)
    bench.seconds(REMINDING.reminder_s - 1)
    bench.send(AcknowledgeAlarm(Alarm.DRIVE))
    bench.seconds(1)
    assert reminds(bench)


def test_a_reminder_ends_with_the_resume_that_lets_therapy_run() -> None:
    bench = delivering(limits=REMINDING)
    bench.send(Suspend())
    bench.seconds(REMINDING.reminder_s)
    bench.send(Resume())
    assert signal_of_second(bench) == Signal()


def test_a_resume_in_idle_ends_no_reminder_but_the_start_of_therapy_does() -> None:
    bench = delivering(limits=REMINDING)
    bench.send(StopDelivery(), Suspend())
    bench.seconds(REMINDING.reminder_s)
    bench.send(Resume())
    assert reminds(bench)
    bench.send(StartDelivery())
    assert not reminds(bench)


def test_a_reminder_that_nobody_answered_outlives_a_timed_suspension_and_no_new_one_begins() -> None:
    bench = delivering(FULL_BASAL, limits=REMINDING)
    bench.send(SuspendFor(5))
    bench.seconds(5)
    assert (bench.seconds(4), reminds(bench)) == ((0, 1, 0, 1), True)
    bench.send(AcknowledgeAlarm(Alarm.NO_THERAPY))
    bench.seconds(2 * REMINDING.reminder_s)
    assert not reminds(bench)


def test_a_reminder_stops_nothing_and_escalates_if_nobody_comes() -> None:
    bench = delivering(limits=REMINDING)
    bench.send(StopDelivery())
    bench.seconds(REMINDING.reminder_s + REMINDING.escalation_s)
    assert signal_of_second(bench).priority is Priority.HIGH
    assert not bench.pump().holds.alarm
    assert bench.send(StartDelivery()).refusal is Reason.NONE


def test_therapy_without_a_basal_rate_is_therapy() -> None:
    bench = delivering(limits=REMINDING)
    bench.seconds(3 * REMINDING.reminder_s)
    assert not reminds(bench)


def test_time_spent_off_counts_for_no_reminder() -> None:
    bench = ready(REMINDING)
    bench.seconds(REMINDING.reminder_s - 1)
    bench.send(PowerOff())
    bench.seconds(10)
    bench.send(PowerOn())
    assert not reminds(bench)
    bench.seconds(1)
    assert reminds(bench)
