"""The level of the reservoir: the count and a reading, and the time for which the content lasts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, SMALL, Bench, delivering, priming, ready

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    LevelReported,
    LockKeys,
    PowerOff,
    ProgramBasal,
    ReadReservoir,
    ReservoirReplaced,
    Resume,
    StartDelivery,
    StopDelivery,
)
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode, Pattern
from pumpproof.statemachine.pump.level import hours_left

APART = SMALL.level_disagreement_pulses


@pytest.mark.parametrize("reading", [40 - APART, 40 + APART, 0, -1_000_000, 1_000_000])
def test_a_reading_that_is_too_far_from_the_count_stops_before_another_pulse(reading: int) -> None:
    bench = delivering(FULL_BASAL)
    bench.seconds(1)
    bench.send(LevelReported(reading))
    assert bench.seconds(3) == (0, 0, 0)
    assert (bench.phase(Alarm.LEVEL_IN_DOUBT), bench.pump().holds.alarm) == (AlarmPhase.SOUNDING, True)


@pytest.mark.parametrize("reading", [41 - APART, 39 + APART, 40])
def test_a_reading_that_is_near_enough_stops_nothing(reading: int) -> None:
    bench = delivering(FULL_BASAL)
    bench.send(LevelReported(reading))
    assert sum(bench.seconds(40)) == 20
    assert bench.phase(Alarm.LEVEL_IN_DOUBT) is AlarmPhase.SILENT


def test_a_disagreement_ends_a_prime_which_has_failed() -> None:
    bench = priming(5)
    bench.send(LevelReported(0))
    assert bench.seconds(1) == (0,)
    assert (bench.pump().mode, bench.pump().prime.failed) == (Mode.IDLE, True)


def test_a_disagreement_ends_by_a_reading_that_agrees_an_acknowledgement_and_a_resume() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(LevelReported(0))
    bench.seconds(1)
    bench.send(AcknowledgeAlarm(Alarm.LEVEL_IN_DOUBT))
    assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.send(LevelReported(40))
    bench.seconds(1)
    assert bench.send(Resume()).refusal is Reason.NONE
    assert sum(bench.seconds(2)) == 1


def test_what_was_read_of_the_old_reservoir_says_nothing_of_the_new_one() -> None:
    bench = delivering()
    bench.send(StopDelivery(), LevelReported(0), ReservoirReplaced(40), StartDelivery())
    bench.seconds(1)
    assert bench.phase(Alarm.LEVEL_IN_DOUBT) is AlarmPhase.SILENT


@given(st.integers(1, 40), st.integers(-50, 90))
def test_a_reservoir_that_reads_empty_was_warned_of_or_is_doubted(content: int, reading: int) -> None:
    bench = ready(reservoir_pulses=content)
    bench.send(LevelReported(reading))
    bench.seconds(1)
    if reading <= 0:
        known = (bench.phase(Alarm.LOW_RESERVOIR), bench.phase(Alarm.LEVEL_IN_DOUBT))
        assert AlarmPhase.SOUNDING in known


def test_whoever_asks_is_told_for_how_long_the_content_lasts_also_with_locked_keys() -> None:
    bench = ready()
    bench.send(ProgramBasal(Pattern.WEEKDAY, 7, 13_000), ProgramBasal(Pattern.WEEKDAY, 8, 5_000), LockKeys())
    assert bench.send(ReadReservoir()).reservoir_lasts_h == 3
    assert bench.send(PowerOff(), ReadReservoir()).refusal is Reason.POWERED_OFF


def test_without_basal_it_is_told_as_three_days() -> None:
    assert ready().send(ReadReservoir()).reservoir_lasts_h == 72
    assert Bench().send(ReadReservoir()).reservoir_lasts_h == 0


@given(st.integers(0, 12_000), st.integers(1, 3_600_000))
def test_it_lasts_for_the_whole_hours_of_the_quotient(pulses: int, rate_millipulses_per_h: int) -> None:
    assert hours_left(pulses, rate_millipulses_per_h) == min(
        Fraction(1000 * pulses, rate_millipulses_per_h) // 1, 72
    )
