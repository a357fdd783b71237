"""What the reference pump gives: basal, temporary basal, bolus, prime, and the hourly cap."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pump_bench import FULL_BASAL, SMALL, delivering, priming, ready

from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    CancelTemporaryBasal,
    ChoosePattern,
    ClockFailed,
    ClockSet,
    ConfirmClock,
    PowerOff,
    ProgramBasal,
    StartPrime,
    StartTemporaryBasal,
    StartTemporaryPercent,
    StopDelivery,
    Suspend,
)
from pumpproof.spec.pump.limits import PROFILES, Limits
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Clock, Mode, Pattern
from pumpproof.statemachine.pump.bolus import refuse_bolus


def test_basal_comes_pulse_by_pulse_at_its_rate() -> None:
    assert delivering(FULL_BASAL).seconds(6) == (0, 1, 0, 1, 0, 1)


def test_basal_follows_the_slot_of_the_day() -> None:
    bench = delivering(FULL_BASAL)
    assert bench.seconds(2, slot=1) == (0, 0)
    assert bench.seconds(2, slot=0) == (0, 1)


@pytest.mark.parametrize(
    ("slot", "rate", "reason"),
    [
        (47, FULL_BASAL, Reason.NONE),
        (0, 0, Reason.NONE),
        (48, 0, Reason.NO_SUCH_SLOT),
        (-1, 0, Reason.NO_SUCH_SLOT),
        (0, FULL_BASAL + 1, Reason.OUT_OF_RANGE),
        (0, -1, Reason.OUT_OF_RANGE),
    ],
)
def test_a_basal_rate_must_lie_within_its_limits(slot: int, rate: int, reason: Reason) -> None:
    assert ready().send(ProgramBasal(Pattern.WEEKDAY, slot, rate)).refusal is reason


def test_a_temporary_basal_lasts_exactly_its_seconds() -> None:
    bench = delivering(FULL_BASAL // 3)
    bench.send(StartTemporaryBasal(FULL_BASAL, 4))
    assert bench.seconds(8) == (0, 1, 0, 1, 0, 0, 0, 0)


def test_a_temporary_basal_can_be_cancelled_also_while_held() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(StartTemporaryBasal(FULL_BASAL, 5), Suspend())
    assert bench.send(CancelTemporaryBasal()).refusal is Reason.NONE
    assert bench.send(CancelTemporaryBasal()).refusal is Reason.NOTHING_TO_CANCEL


def test_a_temporary_basal_does_not_start_while_held() -> None:
    bench = delivering(0)
    bench.send(Suspend())
    assert bench.send(StartTemporaryBasal(0, 1)).refusal is Reason.HELD


def test_a_temporary_rate_beyond_three_times_the_highest_is_refused() -> None:
    bench = delivering(1000)
    assert bench.send(StartTemporaryBasal(3001, 4)).refusal is Reason.ABOVE_SCHEDULE
    assert bench.send(StartTemporaryBasal(3000, 4)).refusal is Reason.NONE


def test_a_temporary_rate_gives_nothing_in_a_slot_without_basal() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(StartTemporaryBasal(FULL_BASAL, 5))
    assert bench.seconds(2, slot=1) == (0, 0)
    assert bench.seconds(2, slot=0) == (0, 1)


def test_percent_follow_the_programme_and_stop_at_the_largest_rate() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(StartTemporaryPercent(200, 5))
    assert bench.seconds(4) == (0, 1, 0, 1)
    bench.send(StartTemporaryPercent(50, 5))
    assert bench.seconds(4) == (0, 0, 0, 1)


def test_nothing_percent_is_a_rate_and_ends_too() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(StartTemporaryPercent(0, 5))
    assert bench.seconds(7) == (0, 0, 0, 0, 0, 0, 1)


def test_percent_are_rounded_down() -> None:
    bench = delivering(99)
    bench.send(StartTemporaryPercent(10, 5))
    bench.seconds(1)
    assert bench.pump().basal.accumulator == 9


@pytest.mark.parametrize("percent", [-10, 5, 101, 210])
def test_percent_come_in_tens_up_to_two_hundred(percent: int) -> None:
    assert delivering().send(StartTemporaryPercent(percent, 5)).refusal is Reason.OUT_OF_RANGE


def test_a_pattern_that_is_chosen_runs_from_the_next_second_on() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(ChoosePattern(Pattern.HOLIDAY))
    assert bench.seconds(2) == (0, 0)
    bench.send(ProgramBasal(Pattern.HOLIDAY, 0, FULL_BASAL))
    assert bench.seconds(2) == (0, 1)


def test_editing_a_pattern_that_does_not_run_changes_no_basal() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(ProgramBasal(Pattern.SICK_DAY, 0, 0))
    assert bench.seconds(2) == (0, 1)


def test_a_choice_of_pattern_ends_no_hold() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(Suspend(), ChoosePattern(Pattern.WEEKEND), ChoosePattern(Pattern.WEEKDAY))
    assert bench.pump().holds.user
    assert bench.seconds(2) == (0, 0)


def test_a_clock_that_is_moved_changes_no_timer_and_stays_on_show_until_confirmed() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(4)
    bench.send(StartTemporaryBasal(FULL_BASAL, 5))
    bench.seconds(1)
    before = bench.pump()
    bench.send(ClockSet(3600), ClockSet(-60))
    assert bench.pump() == replace(before, clock=Clock(3540))
    bench.send(ConfirmClock())
    assert bench.pump() == before
    assert bench.send(ConfirmClock()).refusal is Reason.CLOCK_NOT_MOVED


def test_a_clock_that_fails_is_a_fault() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(4)
    bench.send(ClockFailed())
    assert (bench.pump().mode, bench.pump().bolus.cancelled_pulses) == (Mode.FAULT, 4)


def test_power_off_ends_a_temporary_basal() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(StartTemporaryBasal(FULL_BASAL, 5), PowerOff())
    assert bench.pump().basal.temporary.remaining_s == 0


def test_basal_that_is_withheld_is_counted_and_never_given_later() -> None:
    bench = delivering(FULL_BASAL)
    assert bench.seconds(4, late=True) == (0, 0, 0, 0)
    assert bench.pump().basal.missed_pulses == 2
    assert bench.seconds(4) == (0, 1, 0, 1)


def test_a_bolus_comes_stroke_by_stroke() -> None:
    bench = delivering()
    bench.bolus(5)
    assert bench.seconds(8) == (2, 0, 0, 2, 0, 0, 1, 0)
    assert bench.pump().bolus.delivered_pulses == 5


def test_the_stroke_interval_also_parts_two_boluses() -> None:
    bench = delivering(limits=replace(SMALL, bolus_lockout_s=1))
    bench.bolus(1)
    assert bench.seconds(1) == (1,)
    bench.bolus(1)
    assert bench.seconds(4) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("pulses", "reason"),
    [
        (SMALL.max_bolus_pulses, Reason.NONE),
        (SMALL.max_bolus_pulses + 1, Reason.OUT_OF_RANGE),
        (0, Reason.OUT_OF_RANGE),
        (-3, Reason.OUT_OF_RANGE),
    ],
)
def test_a_bolus_must_lie_within_its_limit(pulses: int, reason: Reason) -> None:
    assert delivering().send(BolusRequested(pulses)).refusal is reason


def test_a_bolus_needs_all_of_it_in_the_reservoir() -> None:
    assert delivering(reservoir_pulses=6).send(BolusRequested(6)).refusal is Reason.NONE
    assert delivering(reservoir_pulses=5).send(BolusRequested(6)).refusal is Reason.RESERVOIR_TOO_LOW


def test_one_bolus_at_a_time() -> None:
    bench = delivering()
    bench.bolus(1)
    assert bench.bolus(1).refusal is Reason.BOLUS_RUNNING


def test_a_cancelled_bolus_reports_its_rest_and_leaves_basal_alone() -> None:
    bench = delivering(FULL_BASAL)
    bench.bolus(6)
    bench.seconds(1)
    bench.send(CancelBolus())
    assert (bench.pump().bolus.delivered_pulses, bench.pump().bolus.cancelled_pulses) == (2, 4)
    assert bench.seconds(4) == (1, 0, 1, 0)


def test_stopping_therapy_cancels_the_bolus() -> None:
    bench = delivering()
    bench.bolus(6)
    bench.send(StopDelivery())
    assert (bench.pump().mode, bench.pump().bolus.cancelled_pulses) == (Mode.IDLE, 6)


def test_the_cap_has_room_for_exactly_what_an_hour_of_the_largest_basal_leaves() -> None:
    bench = delivering()
    room = (1000 * SMALL.max_hour_pulses - SMALL.max_basal_millipulses_per_h) // 1000
    for _ in range(room // 5):
        assert bench.bolus(5).refusal is Reason.NONE
        bench.seconds(9)
    assert bench.bolus(1).refusal is Reason.HOURLY_LIMIT


def test_the_hour_slides_and_makes_room_again() -> None:
    limits = PROFILES.load_profile("reference-bench").limits()
    limits = replace(limits, service_grace_s=0, max_day_pulses=30_000)
    bench = delivering(0, limits)
    bench.bolus(1000)
    bench.seconds(1000)
    assert bench.bolus(551).refusal is Reason.HOURLY_LIMIT
    assert bench.bolus(550).refusal is Reason.NONE
    bench.seconds(3661)
    assert bench.bolus(1000).refusal is Reason.NONE


@pytest.fixture
def default_cap(tmp_path: Path) -> Limits:
    """The limits of the reference profile, if it stated no hourly cap and no cap of the day kept anything back."""
    stated = (PROFILES.folder / "reference-bench.toml").read_text(encoding="utf-8")
    unstated = tmp_path / "reference-bench.toml"
    unstated.write_text(re.sub(r"\[max_hour_mu\][^\[]*", "", stated), encoding="utf-8")
    limits = PROFILES.load_profile(unstated).limits()
    assert (
        limits.max_hour_pulses
        == limits.max_basal_millipulses_per_h * 62 // 60_000 + limits.max_bolus_pulses + 2
    )
    return replace(limits, max_day_pulses=30_000)


def test_the_default_cap_has_room_for_the_largest_bolus_after_an_hour_of_ordinary_basal(
    default_cap: Limits,
) -> None:
    bench = delivering(24_000, default_cap)
    bench.seconds(3700)
    assert bench.pump().accounts.therapy_delivered_pulses == 24
    assert bench.bolus(default_cap.max_bolus_pulses).refusal is Reason.NONE


def test_the_default_cap_has_room_for_the_largest_bolus_at_any_second_of_the_largest_basal(
    default_cap: Limits,
) -> None:
    bench = delivering(default_cap.max_basal_millipulses_per_h, default_cap)
    bench.seconds(3660)
    tighter = replace(default_cap, max_hour_pulses=default_cap.max_hour_pulses - 20)
    largest = BolusRequested(default_cap.max_bolus_pulses)
    for _ in range(60):
        assert refuse_bolus(bench.pump(), largest, default_cap) is Reason.NONE
        assert refuse_bolus(bench.pump(), largest, tighter) is Reason.HOURLY_LIMIT
        assert sum(bench.seconds(1)) <= 1


def test_a_prime_is_given_stroke_by_stroke_and_is_no_therapy() -> None:
    bench = priming(5)
    assert bench.pump().mode is Mode.PRIMING
    assert bench.seconds(8) == (2, 0, 0, 2, 0, 0, 1, 0)
    assert bench.pump().mode is Mode.IDLE
    assert (bench.pump().accounts.prime_delivered_pulses, bench.pump().accounts.therapy_delivered_pulses) == (
        5,
        0,
    )


def test_a_prime_must_lie_within_its_limit_and_the_reservoir() -> None:
    assert ready().send(StartPrime(SMALL.max_prime_pulses + 1)).refusal is Reason.OUT_OF_RANGE
    assert ready().send(StartPrime(0)).refusal is Reason.OUT_OF_RANGE
    assert ready(reservoir_pulses=4).send(StartPrime(5)).refusal is Reason.RESERVOIR_TOO_LOW
    assert delivering().send(StartPrime(1)).refusal is Reason.NOT_IN_THIS_MODE
