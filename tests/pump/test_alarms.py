"""Alarms of every kind: what each does to delivery, what is signalled, and how long it may be silent."""

from dataclasses import replace

import pytest
from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench, delivering, priming

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    ConfirmBolus,
    FaultDetected,
    HardwareReported,
    LockKeys,
    PauseAudio,
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
from pumpproof.spec.pump.ordinary_use import FAILING, HEALTHY
from pumpproof.spec.pump.outputs import Reason, Signal
from pumpproof.spec.pump.state import ALARMS, Alarm, AlarmPhase, Battery, Mode, Motion, Priority
from pumpproof.spec.pump.state.alarms import ALARM_TABLE, Action

AIR = replace(HEALTHY, air_in_line=True)
STALLED = replace(HEALTHY, motion=Motion.STALLED)
LOW = replace(HEALTHY, battery=Battery.LOW)
CRITICAL = replace(HEALTHY, battery=Battery.CRITICAL)
REMOVED = replace(HEALTHY, reservoir_present=False)


def signal_of_second(bench: Bench, pressure_pa: int = 0) -> Signal:
    return bench.send(Tick(0, pressure_pa, delivery_inhibited=False)).signal


def sounding(bench: Bench) -> set[Alarm]:
    return {alarm for alarm in ALARMS if bench.phase(alarm) is AlarmPhase.SOUNDING}


def test_the_table_has_a_line_for_every_alarm_in_the_order_of_priority() -> None:
    assert {line.alarm for line in ALARM_TABLE} == set(Alarm) - {Alarm.NONE}
    order = [Priority.HIGH, Priority.MEDIUM, Priority.LOW]
    places = [order.index(line.priority) for line in ALARM_TABLE]
    assert places == sorted(places)


@pytest.mark.parametrize("report", FAILING, ids=str)
def test_a_report_does_to_delivery_what_its_alarm_says_and_no_more(report: HardwareReported) -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    bench.send(report)
    found = sounding(bench)
    actions = {line.action for line in ALARM_TABLE if line.alarm in found}
    assert found
    assert bench.pump().holds.alarm == (Action.STOP in actions)
    assert (bench.pump().bolus.remaining_pulses == 0) == (actions != {Action.CONTINUE})
    basal = 0 if Action.STOP in actions else 1
    assert sum(bench.seconds(2)) == (3 if actions == {Action.CONTINUE} else basal)


@pytest.mark.parametrize("report", FAILING, ids=str)
def test_a_report_that_ends_a_bolus_withdraws_one_that_is_shown_and_says_so(report: HardwareReported) -> None:
    bench = delivering()
    bench.send(BolusRequested(6))
    told = bench.send(report).question_lapsed
    actions = {line.action for line in ALARM_TABLE if line.alarm in sounding(bench)}
    assert told == (actions != {Action.CONTINUE})
    shown = Reason.NOTHING_TO_CONFIRM if told else Reason.NONE
    assert bench.send(ConfirmBolus(6)).refusal is shown


def test_a_second_that_alarms_tells_of_the_alarm_and_of_the_bolus_that_it_withdraws() -> None:
    bench = delivering()
    bench.send(BolusRequested(6))
    bench.seconds(1, pressure_pa=HIGH_PA)
    second = bench.send(Tick(0, HIGH_PA, delivery_inhibited=False))
    assert (second.question_lapsed, second.signal.alarm) == (True, Alarm.OCCLUSION)


def test_reports_are_heard_while_the_keys_are_locked() -> None:
    bench = delivering()
    bench.bolus(6)
    bench.send(LockKeys(), STALLED)
    assert (sounding(bench), bench.pump().holds.alarm) == ({Alarm.DRIVE}, True)


@pytest.mark.parametrize("report", FAILING, ids=str)
def test_every_reported_alarm_can_be_ended(report: HardwareReported) -> None:
    bench = delivering()
    bench.send(report)
    bench.send(HEALTHY, *(AcknowledgeAlarm(alarm) for alarm in sounding(bench)))
    assert set(bench.pump().alarms.phases) == {AlarmPhase.SILENT}


def test_a_critical_battery_leaves_basal_only_until_it_was_changed_and_acknowledged() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(CRITICAL)
    assert bench.send(BolusRequested(1)).refusal is Reason.BOLUS_BARRED
    assert bench.seconds(4) == (0, 1, 0, 1)
    bench.send(HEALTHY)
    assert bench.send(BolusRequested(1)).refusal is Reason.BOLUS_BARRED
    bench.send(AcknowledgeAlarm(Alarm.BATTERY_CRITICAL))
    assert bench.send(BolusRequested(1)).refusal is Reason.NONE


def test_a_prime_ends_by_a_report_that_stops_and_by_no_other() -> None:
    bench = priming(5)
    bench.send(CRITICAL)
    assert bench.pump().mode is Mode.PRIMING
    bench.send(AIR)
    assert (bench.pump().mode, bench.pump().prime.remaining_pulses) == (Mode.IDLE, 0)


def test_without_a_reservoir_nothing_starts_and_a_change_in_idle_alarms_of_nothing() -> None:
    bench = delivering()
    bench.send(StopDelivery(), REMOVED)
    assert sounding(bench) == set()
    assert bench.send(StartDelivery()).refusal is Reason.NO_RESERVOIR
    assert bench.send(StartPrime(1)).refusal is Reason.NO_RESERVOIR
    bench.send(ReservoirReplaced(40), HEALTHY)
    assert bench.send(StartDelivery()).refusal is Reason.NONE


def test_a_fault_alarms_until_the_pump_was_restarted_and_it_was_acknowledged() -> None:
    bench = delivering()
    bench.send(FaultDetected())
    assert signal_of_second(bench) == Signal(
        Alarm.FAULT, Priority.HIGH, light=True, vibration=True, sound=True
    )
    bench.send(AcknowledgeAlarm(Alarm.FAULT))
    assert bench.phase(Alarm.FAULT) is AlarmPhase.ACKNOWLEDGED
    bench.send(PowerOff(), PowerOn(), SelfTestFinished(passed=True))
    bench.seconds(1)
    assert bench.phase(Alarm.FAULT) is AlarmPhase.SILENT
    assert bench.send(StartDelivery()).refusal is Reason.HELD
    assert bench.send(Resume(), StartDelivery()).refusal is Reason.NONE


def test_the_alarm_of_the_highest_priority_is_signalled_and_the_first_of_the_table_among_equals() -> None:
    bench = delivering()
    bench.send(LOW)
    assert signal_of_second(bench).alarm is Alarm.BATTERY_LOW
    bench.send(replace(LOW, air_in_line=True))
    assert signal_of_second(bench).alarm is Alarm.AIR_IN_LINE
    signal_of_second(bench, HIGH_PA)
    assert signal_of_second(bench, HIGH_PA).alarm is Alarm.OCCLUSION


def test_an_acknowledged_alarm_is_shown_while_its_cause_persists_and_makes_no_noise() -> None:
    bench = delivering()
    bench.send(STALLED, AcknowledgeAlarm(Alarm.DRIVE))
    assert signal_of_second(bench) == Signal(Alarm.DRIVE, Priority.HIGH, light=True)
    bench.send(HEALTHY)
    assert signal_of_second(bench) == Signal()


def test_a_pause_takes_the_sound_away_and_ends_by_itself() -> None:
    bench = delivering()
    bench.send(STALLED, PauseAudio())
    heard = [signal_of_second(bench) for _ in range(SMALL.audio_pause_s + 1)]
    assert [one.sound for one in heard] == [False, False, True, True]
    assert all(one.vibration and one.light for one in heard)


def test_a_new_alarm_ends_a_pause() -> None:
    bench = delivering()
    bench.send(STALLED, PauseAudio(), replace(STALLED, air_in_line=True))
    assert signal_of_second(bench).sound


def test_the_sound_of_a_critical_battery_is_not_paused() -> None:
    bench = delivering()
    bench.send(CRITICAL, PauseAudio())
    assert signal_of_second(bench).sound


def test_power_off_ends_a_pause() -> None:
    bench = delivering()
    bench.send(STALLED, PauseAudio(), PowerOff(), PowerOn())
    assert signal_of_second(bench).sound


def test_a_warning_that_nobody_acknowledges_becomes_high_and_can_no_longer_be_paused() -> None:
    bench = delivering()
    bench.send(LOW)
    before = [signal_of_second(bench).priority for _ in range(SMALL.escalation_s - 1)]
    assert set(before) == {Priority.MEDIUM}
    bench.send(PauseAudio())
    escalated = signal_of_second(bench)
    assert (escalated.priority, escalated.sound) == (Priority.HIGH, True)
    assert bench.send(PauseAudio()).refusal is Reason.ESCALATED
    bench.send(AcknowledgeAlarm(Alarm.BATTERY_LOW))
    assert signal_of_second(bench).priority is Priority.MEDIUM


def test_the_wait_for_escalation_begins_anew_when_nothing_sounds() -> None:
    bench = delivering()
    bench.send(LOW)
    bench.seconds(SMALL.escalation_s - 1)
    bench.send(AcknowledgeAlarm(Alarm.BATTERY_LOW), replace(LOW, air_in_line=True))
    assert signal_of_second(bench).priority is Priority.MEDIUM


def test_there_is_nothing_to_pause_where_nothing_sounds() -> None:
    bench = delivering()
    assert bench.send(PauseAudio()).refusal is Reason.NOTHING_SOUNDS
    assert bench.send(AcknowledgeAlarm(Alarm.NONE)).refusal is Reason.NOT_SOUNDING
