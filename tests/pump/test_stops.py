"""What keeps insulin back: holds, alarms, faults, power; and what it takes to go on."""

import pytest
from pump_bench import FULL_BASAL, HIGH_PA, Bench, delivering, priming

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    ConfirmLine,
    Event,
    FaultDetected,
    PowerOff,
    PowerOn,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    StopDelivery,
    Suspend,
)
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode


def occluded() -> Bench:
    """A pump whose bolus was stopped by an occlusion, with the pressure still high."""
    bench = delivering()
    bench.bolus(6)
    assert bench.seconds(2, pressure_pa=HIGH_PA) == (2, 0)
    return bench


def test_an_occlusion_stops_in_the_second_that_finds_it_and_reports_the_rest() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    assert bench.seconds(1, pressure_pa=HIGH_PA) == (2,)
    assert bench.seconds(1, pressure_pa=HIGH_PA) == (0,)
    assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.SOUNDING
    assert (bench.pump().bolus.remaining_pulses, bench.pump().bolus.cancelled_pulses) == (0, 4)


def test_pressure_that_does_not_last_stops_nothing() -> None:
    bench = delivering(FULL_BASAL)
    for _ in range(4):
        bench.seconds(1, pressure_pa=HIGH_PA)
        bench.seconds(1, pressure_pa=HIGH_PA - 1)
    assert bench.pump().accounts.therapy_delivered_pulses == 4


@pytest.mark.parametrize("first", ["cause goes", "acknowledged"])
def test_an_occlusion_ends_when_gone_and_acknowledged_and_resumed(first: str) -> None:
    bench = occluded()
    if first == "acknowledged":
        bench.send(AcknowledgeAlarm(Alarm.OCCLUSION))
        assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.ACKNOWLEDGED
        assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
        bench.seconds(1)
    else:
        bench.seconds(1)
        assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.SOUNDING
        assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
        bench.send(AcknowledgeAlarm(Alarm.OCCLUSION))
    assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.SILENT
    assert bench.pump().holds.alarm
    assert bench.seconds(3) == (0, 0, 0)
    assert bench.send(Resume()).refusal is Reason.NONE
    assert bench.seconds(6) == (0, 0, 0, 0, 0, 0), "the rest of the bolus is not taken up again"
    bench.send(ConfirmLine())
    assert bench.bolus(2).refusal is Reason.NONE
    assert bench.seconds(1) == (2,)


def test_an_occlusion_ends_a_prime() -> None:
    bench = priming(5)
    assert bench.seconds(2, pressure_pa=HIGH_PA) == (2, 0)
    assert (bench.pump().mode, bench.pump().prime.remaining_pulses) == (Mode.IDLE, 0)
    assert bench.send(StartPrime(1)).refusal is Reason.HELD
    assert bench.send(StartDelivery()).refusal is Reason.HELD


def test_the_last_pulses_are_given_and_the_next_second_finds_the_reservoir_empty() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=6)
    bench.bolus(6)
    assert bench.seconds(4) == (2, 1, 0, 3)
    assert (bench.pump().reservoir.pulses, bench.pump().bolus.remaining_pulses) == (0, 2)
    assert (bench.phase(Alarm.EMPTY), bench.pump().holds.alarm) == (AlarmPhase.SILENT, False)
    assert bench.seconds(1) == (0,)
    assert (bench.phase(Alarm.EMPTY), bench.pump().holds.alarm) == (AlarmPhase.SOUNDING, True)
    assert (bench.pump().bolus.remaining_pulses, bench.pump().bolus.cancelled_pulses) == (0, 2)
    assert bench.seconds(3) == (0, 0, 0)


def test_the_second_that_finds_the_reservoir_empty_books_its_basal_as_missed() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=1)
    assert bench.seconds(2) == (0, 1)
    assert bench.pump().basal.missed_accumulator == 0
    bench.seconds(1)
    assert bench.pump().basal.missed_accumulator == FULL_BASAL


def test_a_late_second_finds_an_empty_reservoir_too() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=1)
    assert bench.seconds(2) == (0, 1)
    bench.seconds(1, late=True)
    assert bench.phase(Alarm.EMPTY) is AlarmPhase.SOUNDING


def test_no_bolus_starts_between_the_last_pulse_and_the_alarm() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=1)
    assert bench.seconds(2) == (0, 1)
    assert bench.bolus(1).refusal is Reason.RESERVOIR_TOO_LOW


def test_a_prime_that_empties_the_reservoir_ends_and_the_next_second_alarms() -> None:
    bench = priming(2, reservoir_pulses=2)
    assert bench.seconds(1) == (2,)
    assert (bench.pump().mode, bench.phase(Alarm.EMPTY)) == (Mode.IDLE, AlarmPhase.SILENT)
    assert bench.send(StartDelivery()).refusal is Reason.RESERVOIR_TOO_LOW
    bench.seconds(1)
    assert (bench.phase(Alarm.EMPTY), bench.pump().holds.alarm) == (AlarmPhase.SOUNDING, True)


def test_a_new_reservoir_an_acknowledgement_and_a_resume_end_the_empty_alarm() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=1)
    bench.seconds(3)
    bench.send(StopDelivery(), AcknowledgeAlarm(Alarm.EMPTY))
    assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.send(ReservoirReplaced(40))
    assert bench.phase(Alarm.EMPTY) is AlarmPhase.SILENT
    assert bench.send(Resume(), StartDelivery()).refusal is Reason.NONE
    assert bench.seconds(2) == (0, 1)


def test_a_low_reservoir_warns_and_stops_nothing() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=6)
    assert bench.seconds(2) == (0, 1)
    assert bench.phase(Alarm.LOW_RESERVOIR) is AlarmPhase.SILENT
    assert bench.seconds(4) == (0, 1, 0, 1)
    assert bench.phase(Alarm.LOW_RESERVOIR) is AlarmPhase.SOUNDING
    assert bench.pump().basal.missed_pulses == 0


def test_an_acknowledged_warning_stays_while_the_reservoir_is_low_by_then() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=5)
    bench.seconds(1)
    bench.send(StopDelivery(), ReservoirReplaced(6), StartDelivery())
    assert bench.seconds(1) == (1,)
    bench.send(AcknowledgeAlarm(Alarm.LOW_RESERVOIR))
    assert bench.phase(Alarm.LOW_RESERVOIR) is AlarmPhase.ACKNOWLEDGED


def test_suspend_ends_a_bolus_and_nothing_is_given_until_resume() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    bench.seconds(1)
    bench.send(Suspend())
    assert bench.seconds(4) == (0, 0, 0, 0)
    assert bench.pump().bolus.cancelled_pulses == 4
    assert bench.bolus(1).refusal is Reason.HELD
    assert bench.send(Resume()).refusal is Reason.NONE
    assert bench.seconds(2) == (1, 0)


def test_suspend_ends_a_prime() -> None:
    bench = priming(5)
    bench.send(Suspend())
    assert bench.pump().mode is Mode.IDLE


RESTART = (PowerOff(), PowerOn(), SelfTestFinished(passed=True))


@pytest.mark.parametrize("events", [RESTART, (FaultDetected(), *RESTART)])
def test_a_suspension_outlives_power_off_and_fault(events: tuple[Event, ...]) -> None:
    bench = delivering(FULL_BASAL)
    bench.send(Suspend(), *events)
    assert bench.send(StartDelivery()).refusal is Reason.HELD
    assert bench.send(Resume(), StartDelivery()).refusal is Reason.NONE


def test_suspending_twice_is_obeyed_twice() -> None:
    bench = delivering()
    assert bench.send(Suspend(), Suspend()).refusal is Reason.NONE
    assert bench.send(Resume()).refusal is Reason.NONE
    assert bench.send(Resume()).refusal is Reason.NOTHING_HELD


@pytest.mark.verifies("REQ-INTEG-006.a")
def test_a_fault_ends_by_power_off_only() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    bench.send(FaultDetected())
    assert bench.seconds(3) == (0, 0, 0)
    assert bench.pump().bolus.cancelled_pulses == 6
    for event in (Resume(), StartDelivery(), StartPrime(1), BolusRequested(1), SelfTestFinished(passed=True)):
        assert bench.send(event).refusal is Reason.NOT_IN_THIS_MODE
    bench.send(PowerOff())
    assert bench.pump().mode is Mode.OFF


@pytest.mark.verifies("REQ-INTEG-006.a")
def test_a_failed_self_test_ends_in_fault() -> None:
    bench = Bench()
    bench.send(PowerOn(), SelfTestFinished(passed=False))
    assert bench.pump().mode is Mode.FAULT


def test_time_spent_off_is_credited_to_nobody() -> None:
    bench = delivering()
    bench.bolus(1)
    bench.seconds(1)
    bench.send(PowerOff())
    before = bench.pump()
    bench.seconds(100)
    assert bench.pump() == before


def test_an_alarm_that_does_not_sound_can_not_be_acknowledged() -> None:
    bench = occluded()
    assert bench.send(AcknowledgeAlarm(Alarm.EMPTY)).refusal is Reason.NOT_SOUNDING
    assert bench.send(AcknowledgeAlarm(Alarm.OCCLUSION)).refusal is Reason.NONE
    assert bench.send(AcknowledgeAlarm(Alarm.OCCLUSION)).refusal is Reason.NOT_SOUNDING
