"""The second count of the drive, self-tests in use, late seconds, and what a loss of power leaves open."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, SMALL, Bench, delivering, ready

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    ConfirmDisconnected,
    EncoderRead,
    FaultDetected,
    PowerOff,
    PowerOn,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    StopDelivery,
    Tick,
)
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode, Priority, SelfTestFailure

STRICT = replace(SMALL, count_tolerance_pulses=2, gross_difference_pulses=4)
"""Over-delivery after 2 s, under-delivery after 3 s, and both counts soon differ."""
TESTED = replace(SMALL, self_test_interval_s=10, self_test_bound_s=4)
SECOND = Tick(0, 0, delivery_inhibited=False)


def phases(bench: Bench) -> tuple[AlarmPhase, ...]:
    """Of too much, of nothing, and of too little."""
    return tuple(bench.phase(one) for one in (Alarm.OVER_DELIVERY, Alarm.NO_FLOW, Alarm.UNDER_DELIVERY))


SILENT, SOUNDING = AlarmPhase.SILENT, AlarmPhase.SOUNDING


def test_a_drive_that_obeys_alarms_of_nothing() -> None:
    bench = delivering(FULL_BASAL, STRICT)
    for second in range(1, 41):
        bench.seconds(1)
        bench.send(EncoderRead(second // 2))
    assert phases(bench) == (SILENT, SILENT, SILENT)
    assert bench.pump().accounts.therapy_delivered_pulses == 20


def test_a_surplus_within_the_tolerance_may_last() -> None:
    bench = delivering(limits=STRICT)
    bench.send(EncoderRead(STRICT.count_tolerance_pulses))
    bench.seconds(50)
    assert phases(bench) == (SILENT, SILENT, SILENT)


def test_a_surplus_beyond_the_tolerance_stops_once_it_has_lasted() -> None:
    bench = delivering(limits=STRICT)
    bench.bolus(6)
    bench.seconds(1)
    bench.send(EncoderRead(5))
    assert bench.seconds(1) == (0,)
    assert phases(bench) == (SILENT, SILENT, SILENT)
    assert bench.send(SECOND).signal.priority is Priority.HIGH
    assert phases(bench) == (SOUNDING, SILENT, SILENT)
    assert (bench.pump().bolus.remaining_pulses, bench.pump().bolus.cancelled_pulses) == (0, 4)
    assert bench.pump().holds.alarm


def test_a_surplus_that_does_not_last_begins_anew() -> None:
    bench = delivering(limits=STRICT)
    for _ in range(5):
        bench.send(EncoderRead(3))
        bench.seconds(1)
        bench.send(EncoderRead(2))
    assert phases(bench) == (SILENT, SILENT, SILENT)


@pytest.mark.parametrize("mode", [Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT])
def test_free_flow_alarms_at_once_in_every_mode(mode: Mode) -> None:
    bench = ready(STRICT)
    ways = {
        Mode.SELF_TEST: (PowerOff(), PowerOn()),
        Mode.IDLE: (),
        Mode.PRIMING: (ConfirmDisconnected(), StartPrime(5)),
        Mode.DELIVERING: (StartDelivery(),),
        Mode.FAULT: (FaultDetected(),),
    }
    bench.send(*ways[mode])
    assert bench.pump().mode is mode
    bench.send(EncoderRead(4))
    assert bench.phase(Alarm.OVER_DELIVERY) is SILENT
    bench.send(EncoderRead(5))
    assert bench.phase(Alarm.OVER_DELIVERY) is SOUNDING
    assert bench.pump().holds.alarm
    assert bench.pump().mode is (Mode.IDLE if mode is Mode.PRIMING else mode)


def test_over_delivery_ends_with_a_new_reservoir_an_acknowledgement_and_a_resume() -> None:
    bench = delivering(limits=STRICT)
    bench.send(EncoderRead(9), AcknowledgeAlarm(Alarm.OVER_DELIVERY))
    assert bench.phase(Alarm.OVER_DELIVERY) is AlarmPhase.ACKNOWLEDGED
    assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.send(StopDelivery(), ReservoirReplaced(40))
    assert phases(bench) == (SILENT, SILENT, SILENT)
    assert bench.send(Resume(), StartDelivery()).refusal is Reason.NONE


def test_a_shortfall_warns_once_it_has_lasted_and_stops_nothing() -> None:
    bench = delivering(FULL_BASAL, replace(STRICT, gross_difference_pulses=40))
    assert sum(bench.seconds(7)) == 3
    bench.send(EncoderRead(0))
    assert phases(bench) == (SILENT, SILENT, SILENT)
    assert sum(bench.seconds(2)) == 1
    assert phases(bench) == (SILENT, SILENT, SOUNDING)
    assert sum(bench.seconds(10)) == 5
    assert not bench.pump().holds.alarm


@pytest.mark.parametrize("seconds", [1, 5, 30])
def test_the_warning_of_missing_insulin_outlives_its_acknowledgement(seconds: int) -> None:
    bench = delivering(limits=replace(STRICT, gross_difference_pulses=40))
    bench.bolus(6)
    bench.seconds(10)
    bench.send(AcknowledgeAlarm(Alarm.UNDER_DELIVERY))
    bench.seconds(seconds)
    shown = bench.send(SECOND).signal
    assert (shown.alarm, shown.priority, shown.light) == (Alarm.UNDER_DELIVERY, Priority.MEDIUM, True)
    bench.send(EncoderRead(6), SECOND)
    assert bench.phase(Alarm.UNDER_DELIVERY) is SILENT


def test_where_nothing_flows_the_insulin_stops_at_once() -> None:
    bench = delivering(limits=replace(STRICT, shortfall_persistence_s=600))
    bench.bolus(6)
    assert bench.seconds(7) == (2, 0, 0, 2, 0, 0, 2)
    bench.send(EncoderRead(1))
    assert phases(bench) == (SILENT, SOUNDING, SOUNDING)
    assert bench.pump().holds.alarm


def test_an_encoder_that_falls_silent_looks_like_a_drive_that_stands_still() -> None:
    bench = delivering(FULL_BASAL, STRICT)
    assert sum(bench.seconds(10)) == 5
    assert bench.seconds(4) == (0, 0, 0, 0)
    assert phases(bench) == (SILENT, SOUNDING, SOUNDING)


def test_a_reading_that_catches_up_lets_an_acknowledged_alarm_end() -> None:
    bench = delivering(FULL_BASAL, STRICT)
    bench.seconds(12)
    bench.send(EncoderRead(5))
    for alarm in (Alarm.NO_FLOW, Alarm.UNDER_DELIVERY):
        bench.send(AcknowledgeAlarm(alarm))
    assert phases(bench) == (SILENT, SILENT, SILENT)
    assert bench.send(Resume()).refusal is Reason.NONE
    assert sum(bench.seconds(4)) == 2


@settings(deadline=None, max_examples=60)
@given(tolerance=st.integers(1, 40), off=st.integers(-45, 45))
def test_every_tolerance_acts_exactly_at_its_value(tolerance: int, off: int) -> None:
    bench = Bench(replace(SMALL, count_tolerance_pulses=tolerance, gross_difference_pulses=40))
    bench.send(PowerOn(), SelfTestFinished(passed=True), EncoderRead(off))
    bench.seconds(9)
    assert phases(bench) == (
        SOUNDING if off > tolerance else SILENT,
        SOUNDING if off < -40 else SILENT,
        SOUNDING if off < -tolerance else SILENT,
    )


def test_the_counts_of_a_pump_that_is_off_are_read_after_power_on() -> None:
    bench = delivering(limits=STRICT)
    bench.send(PowerOff(), EncoderRead(20))
    assert bench.pump().drive_count.counted_pulses == 0
    bench.send(PowerOn(), EncoderRead(20))
    assert bench.phase(Alarm.OVER_DELIVERY) is SOUNDING


def due(bench: Bench, seconds: int) -> tuple[bool, ...]:
    """In which of these seconds a self-test is asked for."""
    return tuple(bench.send(SECOND).self_test_due for _ in range(seconds))


def test_self_tests_are_asked_for_again_and_again_until_a_result_comes() -> None:
    bench = delivering(FULL_BASAL, TESTED)
    for _ in range(4):
        assert due(bench, 12) == (*(False for _ in range(9)), True, True, True)
        bench.send(SelfTestFinished(passed=True))
    assert bench.pump().accounts.therapy_delivered_pulses == 24


def test_a_self_test_that_hangs_stops_the_insulin_as_a_fault_does() -> None:
    bench = delivering(FULL_BASAL, TESTED)
    assert sum(bench.seconds(13)) == 6
    assert bench.phase(Alarm.FAULT) is SILENT
    assert bench.seconds(4) == (0, 0, 0, 0)
    assert (bench.phase(Alarm.FAULT), bench.pump().holds.alarm) == (SOUNDING, True)
    bench.send(SelfTestFinished(passed=True), AcknowledgeAlarm(Alarm.FAULT))
    assert bench.send(Resume()).refusal is Reason.NONE
    assert sum(bench.seconds(2)) == 1


def test_time_spent_off_makes_no_self_test_late() -> None:
    bench = delivering(limits=TESTED)
    bench.seconds(12)
    bench.send(PowerOff(), PowerOn())
    bench.seconds(3)
    bench.send(SelfTestFinished(passed=True))
    assert due(bench, 9) == tuple(False for _ in range(9))
    assert bench.phase(Alarm.FAULT) is SILENT


@pytest.mark.parametrize("in_use", [True, False])
@pytest.mark.parametrize("failure", [SelfTestFailure.MEMORY, SelfTestFailure.DRIVE])
def test_a_failed_self_test_says_why_until_one_passes(in_use: bool, failure: SelfTestFailure) -> None:
    bench = delivering(FULL_BASAL) if in_use else Bench()
    bench.send(*(() if in_use else (PowerOn(),)), SelfTestFinished(passed=False, failure=failure))
    assert bench.pump().mode is Mode.FAULT
    assert bench.send(SECOND).self_test_failure is failure
    assert bench.send(PowerOff(), PowerOn(), SECOND).self_test_failure is failure
    assert bench.send(SelfTestFinished(passed=True), SECOND).self_test_failure is SelfTestFailure.NONE


def test_a_failure_without_a_name_is_told_as_such() -> None:
    bench = Bench()
    bench.send(PowerOn(), SelfTestFinished(passed=False))
    assert bench.send(SECOND).self_test_failure is SelfTestFailure.NOT_SAID


def test_a_result_that_contradicts_itself_is_a_failure() -> None:
    bench = delivering()
    bench.bolus(6)
    bench.send(SelfTestFinished(passed=True, failure=SelfTestFailure.CLOCK))
    assert (bench.pump().mode, bench.pump().bolus.cancelled_pulses) == (Mode.FAULT, 6)


def test_a_failed_self_test_in_use_withdraws_a_bolus_that_is_shown() -> None:
    bench = delivering()
    bench.send(BolusRequested(3))
    assert bench.send(SelfTestFinished(passed=False, failure=SelfTestFailure.KEYS)).question_lapsed


@pytest.mark.parametrize("late", [1, 4, 5, 6])
def test_late_seconds_in_a_row_stop_the_insulin_at_the_watchdog(late: int) -> None:
    bench = delivering(FULL_BASAL, replace(SMALL, watchdog_s=5))
    bench.seconds(late, late=True)
    assert bench.pump().holds.alarm == (late >= 5)
    assert (bench.phase(Alarm.FAULT) is SOUNDING) == (late >= 5)


def test_late_seconds_that_are_not_in_a_row_stop_nothing() -> None:
    bench = delivering(FULL_BASAL, replace(SMALL, watchdog_s=2))
    for _ in range(10):
        bench.seconds(1, late=True)
        bench.seconds(1)
    assert not bench.pump().holds.alarm


def test_after_a_reset_nothing_is_given_until_it_is_asked_for() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    bench.seconds(1)
    bench.send(PowerOff(), PowerOn(), SelfTestFinished(passed=True))
    assert bench.seconds(8) == tuple(0 for _ in range(8))
    bench.send(StartDelivery())
    assert bench.seconds(8) == (1, 0, 1, 0, 1, 0, 1, 0), "basal, and nothing of the bolus"


@pytest.mark.parametrize(("seconds", "unconfirmed"), [(1, 2), (2, 1), (3, 0), (4, 3)])
def test_power_on_tells_what_the_last_second_may_not_have_given(seconds: int, unconfirmed: int) -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    given = sum(bench.seconds(seconds))
    bench.send(PowerOff())
    assert bench.send(PowerOn()) == Outputs(unconfirmed_pulses=unconfirmed)
    assert bench.pump().accounts.therapy_delivered_pulses == given, "it stays booked as given"
