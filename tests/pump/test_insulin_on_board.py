"""Insulin on board: its weights are never below the curves, and the running pump tells what still acts."""

from dataclasses import replace

import pytest
from insulin_curves import CURVES, WEIGHTS, too_small, youngest_age_s
from pump_bench import Bench, delivering

from pumpproof.spec.pump.events import (
    ChooseInsulinCurve,
    FaultDetected,
    LockKeys,
    PowerOff,
    PowerOn,
    ReadInsulinOnBoard,
    Suspend,
)
from pumpproof.spec.pump.insulin_curves import BUCKETS, WHOLE
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Accounts, InsulinCurve, InsulinOnBoard
from pumpproof.statemachine.pump.insulin_on_board import (
    insulin_on_board_millipulses,
    second_of_insulin_on_board,
)


def acting_millipulses(bench: Bench) -> int:
    """What the pump says when asked."""
    return bench.send(ReadInsulinOnBoard()).insulin_on_board_millipulses


def after_a_bolus(pulses: int, seconds: int) -> Bench:
    """A pump that delivers no basal, this many seconds after a bolus began."""
    bench = delivering()
    bench.bolus(pulses)
    bench.seconds(seconds)
    return bench


@pytest.mark.parametrize("curve", InsulinCurve, ids=lambda curve: curve.name)
def test_no_weight_is_below_its_curve_in_any_second_of_its_bucket(curve: InsulinCurve) -> None:
    by_second = CURVES[curve]()
    assert too_small(WEIGHTS[curve], by_second) == []


@pytest.mark.parametrize("bucket", [2, 40, 95])
def test_a_weight_that_is_one_too_small_is_noticed_in_the_youngest_second(bucket: int) -> None:
    weights = list(WEIGHTS[InsulinCurve.RAPID_8_H])
    weights[bucket] -= 1
    found = too_small(tuple(weights), CURVES[InsulinCurve.RAPID_8_H]())
    assert found[0] == youngest_age_s(bucket)


@pytest.mark.parametrize("curve", InsulinCurve, ids=lambda curve: curve.name)
def test_weights_are_those_of_the_youngest_insulin_and_no_larger(curve: InsulinCurve) -> None:
    by_second = CURVES[curve]()
    ages = [youngest_age_s(bucket) for bucket in range(BUCKETS)]
    assert WEIGHTS[curve] == tuple(by_second[age] if age < len(by_second) else 0 for age in ages)


@pytest.mark.parametrize("curve", InsulinCurve, ids=lambda curve: curve.name)
def test_weights_begin_with_the_whole_dose_and_never_rise(curve: InsulinCurve) -> None:
    weights = WEIGHTS[curve]
    assert len(weights) == BUCKETS
    assert weights[:2] == (WHOLE, WHOLE)
    assert list(weights) == sorted(weights, reverse=True)


def test_insulin_is_forgotten_only_when_the_longest_curve_is_at_its_end() -> None:
    assert max(len(curve()) for curve in CURVES.values()) <= youngest_age_s(BUCKETS) + 1


def test_what_is_delivered_counts_in_full_and_what_is_owed_not_yet() -> None:
    assert acting_millipulses(after_a_bolus(6, seconds=1)) == 2_000
    assert acting_millipulses(after_a_bolus(6, seconds=12)) == 6_000


def test_power_off_suspension_and_fault_take_nothing_off() -> None:
    bench = after_a_bolus(6, seconds=12)
    bench.send(Suspend())
    assert acting_millipulses(bench) == 6_000
    bench.send(PowerOff(), PowerOn())
    assert acting_millipulses(bench) == 6_000
    bench.send(FaultDetected())
    assert acting_millipulses(bench) == 6_000


def test_a_pump_that_is_off_tells_nothing() -> None:
    bench = after_a_bolus(6, seconds=12)
    bench.send(PowerOff())
    assert bench.send(ReadInsulinOnBoard()).refusal is Reason.POWERED_OFF


def test_locked_keys_tell_what_acts() -> None:
    bench = after_a_bolus(6, seconds=12)
    bench.send(LockKeys())
    assert acting_millipulses(bench) == 6_000


def test_a_choice_of_the_curve_keeps_what_was_given() -> None:
    bench = after_a_bolus(6, seconds=12)
    bench.send(ChooseInsulinCurve(InsulinCurve.BILINEAR_3_H))
    assert bench.pump().insulin_on_board.curve is InsulinCurve.BILINEAR_3_H
    assert acting_millipulses(bench) == 6_000


def test_a_dose_wears_off_with_the_buckets_and_is_gone_after_the_duration() -> None:
    accounts = Accounts(0, 0, 0, (0,) * 61)
    on_board = InsulinOnBoard(InsulinCurve.BILINEAR_3_H, 0, (0,) * BUCKETS)
    accounts = replace(accounts, therapy_delivered_pulses=40)
    told = []
    for second in range(3 * 3_600 + 301):
        if second % 300 == 0:
            told.append(insulin_on_board_millipulses(on_board, accounts))
        on_board = second_of_insulin_on_board(on_board, accounts)
    assert told == [-(-40 * weight // 10) for weight in WEIGHTS[InsulinCurve.BILINEAR_3_H][:38]]
    assert told[-1] == 0
