"""The daily cap: what counts against it, whom it refuses, and that basal is never among them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, SMALL, Bench, delivering

from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    ConfirmBolus,
    PowerOff,
    PowerOn,
    SelfTestFinished,
    StartDelivery,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import BolusStarts, DayAccount
from pumpproof.statemachine.pump.day import book_of_day, day_has_room, second_of_day

BASAL_OF_A_DAY = 24
LIMITS = replace(SMALL, max_basal_millipulses_per_h=1000, max_day_pulses=BASAL_OF_A_DAY + 10)
"""A day has room for ten pulses beside the largest basal, one pulse an hour."""


def given_bolus(bench: Bench, pulses: int) -> None:
    """A bolus that is given in full, and the lockout after it."""
    assert bench.bolus(pulses).refusal is Reason.NONE
    bench.seconds(12)


def test_a_bolus_that_fits_exactly_is_shown_and_one_more_pulse_is_refused() -> None:
    bench = delivering(limits=LIMITS)
    given_bolus(bench, 6)
    refused = bench.send(BolusRequested(5)).refusal
    assert (refused, refused.value) == (Reason.DAILY_CAP, "the daily cap leaves no room")
    given_bolus(bench, 4)
    assert bench.send(BolusRequested(1)).refusal is Reason.DAILY_CAP


def test_a_full_day_withholds_no_basal() -> None:
    bench = delivering(
        FULL_BASAL, replace(SMALL, max_day_pulses=24 * 1800 + 6, reservoir_capacity_pulses=400)
    )
    given_bolus(bench, 6)
    assert bench.send(BolusRequested(1)).refusal is Reason.DAILY_CAP
    assert sum(bench.seconds(300)) == 150


def test_only_what_was_given_of_a_cancelled_bolus_counts() -> None:
    bench = delivering(limits=LIMITS)
    bench.bolus(6)
    assert bench.seconds(1) == (2,)
    bench.send(CancelBolus())
    bench.seconds(12)
    given_bolus(bench, 6)
    assert bench.send(BolusRequested(3)).refusal is Reason.DAILY_CAP
    given_bolus(bench, 2)


def test_the_day_is_looked_at_again_at_the_second_step() -> None:
    bench = delivering(FULL_BASAL, replace(SMALL, max_day_pulses=24 * 1800 + 6))
    bench.seconds(1)
    assert bench.send(BolusRequested(6)).refusal is Reason.NONE
    assert sum(bench.seconds(1)) == 1
    assert bench.send(ConfirmBolus(6)).refusal is Reason.DAILY_CAP


def test_power_off_forgets_nothing_of_the_day() -> None:
    bench = delivering(limits=LIMITS)
    given_bolus(bench, 6)
    bench.send(PowerOff(), PowerOn(), SelfTestFinished(passed=True), StartDelivery())
    assert bench.send(BolusRequested(5)).refusal is Reason.DAILY_CAP


def is_safe(given_by_hour: tuple[int, ...], pulses: int, limits: Limits) -> bool:
    """No day that began in one of these hours can hold more than the cap, whatever basal is still to come."""
    last_hours = range(1, 25)
    return all(
        sum(given_by_hour[: hours + 1])
        + pulses
        + -(-(25 - hours) * limits.max_basal_millipulses_per_h // 1000)
        <= limits.max_day_pulses
        for hours in last_hours
    )


@given(
    given_by_hour=st.lists(st.integers(0, 4), min_size=25, max_size=25).map(tuple), pulses=st.integers(1, 6)
)
def test_every_day_that_has_begun_is_looked_at(given_by_hour: tuple[int, ...], pulses: int) -> None:
    limits = replace(LIMITS, max_day_pulses=70)
    assert day_has_room(DayAccount(given_by_hour), pulses, limits) == is_safe(given_by_hour, pulses, limits)


def test_what_was_given_counts_for_a_day_and_for_less_than_an_hour_more() -> None:
    day = book_of_day(DayAccount((0,) * 25), 3)
    last_second = BolusStarts(lockout_s=0, second_of_hour=3599, by_hour=(0,) * 25)
    for hour in range(25):
        assert (day.hour_pulses[hour], sum(day.hour_pulses)) == (3, 3)
        assert second_of_day(day, replace(last_second, second_of_hour=3598)) == day
        day = second_of_day(day, last_second)
    assert sum(day.hour_pulses) == 0
