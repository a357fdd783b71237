"""The extended bolus: both its parts, its even pace, what it gives way to, and what ends it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench, delivering, ready

from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    CancelExtendedBolus,
    ClockFailed,
    ConfirmBolus,
    ConfirmExtendedBolus,
    Event,
    ExtendedBolusRequested,
    FaultDetected,
    LockKeys,
    PowerOff,
    RemoteStop,
    StopDelivery,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.limits import PROFILES
from pumpproof.spec.pump.ordinary_use import FAILING
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.state import ExtendedBolus, Question
from pumpproof.statemachine.pump.extended_bolus import (
    give_extended_bolus,
    pulse_has_fallen_due,
    refuse_extended_bolus,
    second_of_extended_bolus,
)

SECOND = Tick(slot=0, pressure_pa=0, delivery_inhibited=False)


def extend(bench: Bench, now: int, extended: int, duration_s: int) -> Outputs:
    """Ask for an extended bolus and, if it is shown, confirm it; the outputs of the last step."""
    shown = bench.send(ExtendedBolusRequested(now, extended, duration_s))
    return (
        bench.send(ConfirmExtendedBolus(now, extended, duration_s)) if shown.refusal is Reason.NONE else shown
    )


def extending(now: int = 0, extended: int = 3, duration_s: int = 12) -> Bench:
    """A pump that gives an extended bolus."""
    bench = delivering()
    assert extend(bench, now, extended, duration_s).refusal is Reason.NONE
    return bench


def rest(bench: Bench) -> tuple[int, int, int]:
    """What was delivered of the extended bolus, what remains, and what was cancelled."""
    bolus = bench.pump().extended_bolus
    return bolus.delivered_pulses, bolus.remaining_pulses, bolus.cancelled_pulses


def test_an_extended_bolus_is_spread_evenly_over_its_time() -> None:
    assert extending(0, 3, 12).seconds(14) == (0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0)


def test_an_uneven_time_rounds_nothing_away() -> None:
    given_in = [second for second, pulses in enumerate(extending(0, 5, 17).seconds(20), start=1) if pulses]
    assert given_in == [4, 7, 11, 14, 17]


@given(pulses=st.integers(1, 300), longer_s=st.integers(0, 2_000))
def test_after_any_second_exactly_its_even_share_was_given(pulses: int, longer_s: int) -> None:
    duration_s = pulses + longer_s
    bolus = ExtendedBolus(
        programmed_pulses=pulses,
        duration_s=duration_s,
        remaining_pulses=pulses,
        delivered_pulses=0,
        cancelled_pulses=0,
        remaining_s=duration_s,
        accumulator=0,
    )
    for passed_s in range(1, duration_s + 1):
        bolus = second_of_extended_bolus(bolus)
        bolus = give_extended_bolus(bolus, 1 if pulse_has_fallen_due(bolus) else 0)
        assert bolus.delivered_pulses == pulses * passed_s // duration_s
    assert (bolus.remaining_pulses, bolus.accumulator) == (0, 0)


def test_the_immediate_part_comes_first_and_the_time_of_the_other_begins_after_it() -> None:
    assert extending(4, 2, 12).seconds(17) == (2, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("now", "extended", "duration_s", "reason"),
    [
        (3, 3, 9, Reason.NONE),
        (0, 1, 40, Reason.NONE),
        (0, 1, 6, Reason.NONE),
        (4, 3, 30, Reason.OUT_OF_RANGE),
        (6, 0, 30, Reason.OUT_OF_RANGE),
        (-1, 3, 30, Reason.OUT_OF_RANGE),
        (0, 1, 5, Reason.OUT_OF_RANGE),
        (0, 1, 41, Reason.OUT_OF_RANGE),
        (3, 3, 8, Reason.TOO_FAST),
    ],
)
def test_parts_and_time_must_lie_within_their_limits(
    now: int, extended: int, duration_s: int, reason: Reason
) -> None:
    assert extend(delivering(), now, extended, duration_s).refusal is reason


def test_one_extended_bolus_at_a_time() -> None:
    bench = extending()
    bench.seconds(SMALL.bolus_lockout_s)
    assert extend(bench, 0, 1, 12).refusal is Reason.EXTENDED_RUNNING
    bench.seconds(8)
    assert extend(bench, 0, 1, 12).refusal is Reason.NONE


def test_it_meets_lockout_day_reservoir_and_running_bolus_like_any_other() -> None:
    bench = extending(2, 1, 12)
    bench.send(CancelExtendedBolus())
    assert extend(bench, 0, 1, 12).refusal is Reason.BOLUS_RUNNING
    bench.seconds(1)
    assert extend(bench, 0, 1, 12).refusal is Reason.LOCKED_OUT
    full = delivering(limits=replace(SMALL, max_boluses_per_day=1, bolus_lockout_s=1))
    extend(full, 0, 1, 6)
    full.seconds(6)
    assert extend(full, 0, 1, 12).refusal is Reason.DAILY_LIMIT
    assert extend(delivering(reservoir_pulses=5), 3, 3, 12).refusal is Reason.RESERVOIR_TOO_LOW
    assert extend(delivering(reservoir_pulses=6), 3, 3, 12).refusal is Reason.NONE


def test_only_what_is_shown_can_be_confirmed() -> None:
    bench = delivering()
    bench.send(ExtendedBolusRequested(1, 2, 12))
    for wrong in (
        ConfirmBolus(1),
        ConfirmExtendedBolus(2, 2, 12),
        ConfirmExtendedBolus(1, 3, 12),
        ConfirmExtendedBolus(1, 2, 13),
    ):
        assert bench.send(wrong).refusal is Reason.NOT_AS_SHOWN
    assert bench.send(ConfirmExtendedBolus(1, 2, 12)).refusal is Reason.NONE
    assert bench.send(ConfirmExtendedBolus(1, 2, 12)).refusal is Reason.NOTHING_TO_CONFIRM


def test_a_normal_bolus_is_not_confirmed_as_an_extended_one_of_nothing() -> None:
    bench = delivering()
    bench.send(BolusRequested(2))
    assert bench.send(ConfirmExtendedBolus(2, 0, 0)).refusal is Reason.NOTHING_TO_CONFIRM


def test_one_that_is_shown_lapses_like_any_other() -> None:
    bench = delivering()
    bench.send(ExtendedBolusRequested(1, 2, 12))
    bench.seconds(SMALL.confirmation_s - 1)
    assert bench.send(SECOND).question_lapsed
    bench.send(ExtendedBolusRequested(1, 2, 12))
    assert bench.send(CancelBolus()).question_lapsed
    assert bench.pump().confirmation.question is Question.NONE


def test_a_normal_bolus_comes_first_and_the_extended_one_goes_on_with_what_remained() -> None:
    bench = extending(0, 2, 20)
    assert bench.seconds(8) == (0,) * 8
    before = bench.pump().extended_bolus
    assert bench.bolus(4).refusal is Reason.NONE
    assert bench.seconds(4) == (2, 0, 0, 2)
    assert bench.pump().extended_bolus == before
    assert bench.seconds(13) == (0, 0, 1) + (0,) * 9 + (1,), (
        "a second for the drive, which has just given a stroke"
    )


def test_a_pulse_that_falls_due_waits_for_the_drive_and_delays_the_next() -> None:
    bench = extending(0, 2, 10)
    bench.seconds(4)
    bench.bolus(2)
    assert bench.seconds(4) == (2, 0, 0, 1), "due in the first second after the stroke"
    assert bench.seconds(8) == (0, 0, 0, 0, 1, 0, 0, 0), "five seconds of its own time for the next"


def test_a_second_that_came_late_is_not_caught_up_with() -> None:
    bench = extending(0, 3, 12)
    bench.seconds(3)
    assert bench.seconds(20, late=True) == (0,) * 20
    assert bench.seconds(9) == (1, 0, 0, 0, 1, 0, 0, 0, 1)


@pytest.mark.parametrize(
    "event",
    [
        CancelBolus(),
        CancelExtendedBolus(),
        Suspend(),
        SuspendFor(1),
        RemoteStop(),
        StopDelivery(),
        PowerOff(),
        FaultDetected(),
        ClockFailed(),
        *(report for report in FAILING if report.battery.value != "low"),
    ],
)
def test_whatever_ends_it_reports_what_was_given_and_what_was_not(event: Event) -> None:
    bench = extending(2, 3, 12)
    bench.seconds(6)
    assert rest(bench) == (1, 2, 0)
    bench.send(event)
    assert rest(bench) == (1, 0, 2)
    assert sum(bench.seconds(20)) == 0


def test_an_occlusion_ends_both_parts() -> None:
    bench = extending(4, 2, 12)
    bench.seconds(2, pressure_pa=HIGH_PA)
    assert rest(bench) == (0, 0, 2)
    assert (bench.pump().bolus.delivered_pulses, bench.pump().bolus.cancelled_pulses) == (2, 2)


def test_an_empty_reservoir_ends_it_with_the_pulse_it_could_not_give() -> None:
    bench = delivering(FULL_BASAL, reservoir_pulses=3)
    extend(bench, 0, 2, 12)
    bench.seconds(7)
    assert rest(bench) == (0, 0, 2)


def test_to_cancel_it_alone_leaves_another_bolus_running() -> None:
    bench = extending(6 - 1, 1, 12)
    assert bench.send(CancelExtendedBolus()).refusal is Reason.NONE
    assert bench.seconds(7) == (2, 0, 0, 2, 0, 0, 1)
    assert bench.send(CancelExtendedBolus()).refusal is Reason.NOTHING_TO_CANCEL


def test_what_is_owed_takes_room_in_reservoir_and_hour() -> None:
    bench = delivering(reservoir_pulses=9)
    extend(bench, 0, 6, 40)
    bench.seconds(SMALL.bolus_lockout_s)
    assert bench.bolus(4).refusal is Reason.RESERVOIR_TOO_LOW
    assert bench.bolus(3).refusal is Reason.NONE
    narrow = delivering(limits=replace(SMALL, max_basal_millipulses_per_h=1000, max_hour_pulses=10))
    extend(narrow, 0, 6, 40)
    narrow.seconds(SMALL.bolus_lockout_s)
    assert narrow.bolus(4).refusal is Reason.HOURLY_LIMIT
    assert narrow.bolus(3).refusal is Reason.NONE


def test_locked_keys_refuse_to_begin_one_and_never_to_end_it() -> None:
    bench = extending()
    bench.send(LockKeys())
    assert bench.send(ExtendedBolusRequested(0, 1, 12)).refusal is Reason.KEYS_LOCKED
    assert bench.send(CancelExtendedBolus()).refusal is Reason.NONE


def test_a_pump_that_is_off_or_idle_takes_none() -> None:
    idle = ready()
    assert extend(idle, 0, 1, 12).refusal is Reason.NOT_IN_THIS_MODE
    idle.send(PowerOff())
    assert extend(idle, 0, 1, 12).refusal is Reason.POWERED_OFF


def test_the_reasons_say_what_is_wrong() -> None:
    assert Reason.EXTENDED_RUNNING.value == "an extended bolus is already running"
    assert Reason.TOO_FAST.value == "the drive is too slow to give it in this time"


@pytest.mark.parametrize("profile", ["medtrum-300u", "minimed-x23", "omnipod-dash", "reference-bench"])
def test_the_largest_bolus_can_be_spread_over_the_shortest_time_of_real_devices(profile: str) -> None:
    limits = PROFILES.load_profile(profile).limits()
    bench = delivering(limits=limits)
    event = ExtendedBolusRequested(0, limits.max_bolus_pulses, limits.min_extended_s)
    assert refuse_extended_bolus(bench.pump(), event, limits) is Reason.NONE
