"""The bolus calculator: what it suggests, what it refuses, and how long a suggestion stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench, delivering, ready

from pumpproof.spec.pump.calculator_use import SLOTS
from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    ClockFailed,
    ConfirmBolus,
    Event,
    FaultDetected,
    HardwareReported,
    LockKeys,
    PowerOff,
    ReadInsulinOnBoard,
    RemoteStop,
    Resume,
    SetDoses,
    StopDelivery,
    SuggestBolus,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.ordinary_use import HEALTHY
from pumpproof.spec.pump.outputs import Outputs, Reason, Suggestion
from pumpproof.spec.pump.properties.calculator import product
from pumpproof.spec.pump.state import Battery, DoseSettings, Period, Question
from pumpproof.statemachine.pump.calculator import suggestion_for, times

NIGHT = SetDoses(
    Period.NIGHT,
    millipulses_per_g=100,
    millipulses_per_mg_per_dl=20,
    target_low_mg_per_dl=100,
    target_high_mg_per_dl=120,
)
AIR = replace(HEALTHY, air_in_line=True)
BATTERY_CRITICAL = replace(HEALTHY, battery=Battery.CRITICAL)


def told(
    bench: Bench, carbohydrate_g: int, glucose_mg_per_dl: int, age_s: int = 0, slot: int = 0
) -> Suggestion:
    """What the pump suggests; the request must be accepted."""
    outputs = bench.send(SuggestBolus(slot, carbohydrate_g, glucose_mg_per_dl, age_s))
    assert outputs.refusal is Reason.NONE
    return outputs.suggestion


def refusal(bench: Bench, carbohydrate_g: int, glucose_mg_per_dl: int, age_s: int = 0, slot: int = 0) -> str:
    """The words in which the request is refused."""
    return str(bench.send(SuggestBolus(slot, carbohydrate_g, glucose_mg_per_dl, age_s)).refusal.value)


def set_for_the_night() -> Bench:
    """A pump that delivers no basal and knows what the person needs at night."""
    bench = delivering()
    bench.send(NIGHT)
    return bench


def suggesting(age_s: int = 0) -> Bench:
    """The same pump with a suggestion that stands."""
    bench = set_for_the_night()
    assert told(bench, 35, 150, age_s).pulses == 4
    return bench


def test_food_and_glucose_are_added_before_anything_is_rounded() -> None:
    suggestion = told(set_for_the_night(), 35, 150)
    assert suggestion.food_millipulses == 3_500
    assert suggestion.correction_millipulses == 600
    assert suggestion.pulses == 4


def test_what_is_left_of_a_pulse_is_not_suggested() -> None:
    assert told(set_for_the_night(), 39, 110).pulses == 3
    assert told(set_for_the_night(), 40, 110).pulses == 4


@pytest.mark.parametrize("glucose_mg_per_dl", [100, 110, 120])
def test_glucose_within_the_target_asks_for_nothing(glucose_mg_per_dl: int) -> None:
    assert told(set_for_the_night(), 0, glucose_mg_per_dl).correction_millipulses == 0


def test_glucose_below_the_target_takes_off_food_and_never_gives_less_than_nothing() -> None:
    low = told(set_for_the_night(), 35, 75)
    assert low.correction_millipulses == -500
    assert low.pulses == 3
    assert told(set_for_the_night(), 0, 75).pulses == 0


def test_no_more_than_the_largest_bolus_is_suggested() -> None:
    large = told(set_for_the_night(), 60, 600)
    assert large.food_millipulses + large.correction_millipulses == 15_600
    assert large.pulses == SMALL.max_bolus_pulses


def with_insulin_on_board() -> Bench:
    """A pump of whose insulin four pulses still act."""
    bench = set_for_the_night()
    bench.bolus(4)
    bench.seconds(12)
    assert bench.send(ReadInsulinOnBoard()).insulin_on_board_millipulses == 4_000
    return bench


def test_insulin_on_board_is_taken_off_the_correction() -> None:
    suggestion = told(with_insulin_on_board(), 0, 420)
    assert suggestion.correction_millipulses == 6_000
    assert suggestion.on_board_millipulses == 4_000
    assert suggestion.pulses == 2


def test_insulin_on_board_takes_nothing_off_food() -> None:
    assert told(with_insulin_on_board(), 35, 150).pulses == 3
    assert told(with_insulin_on_board(), 35, 110).pulses == 3


def test_basal_that_acts_counts_too() -> None:
    bench = delivering(FULL_BASAL)
    bench.send(NIGHT)
    assert bench.seconds(4) == (0, 1, 0, 1)
    assert told(bench, 0, 420).on_board_millipulses == 2_000


def test_a_cancelled_bolus_leaves_its_food_to_be_entered_and_counts_none_of_it() -> None:
    bench = suggesting()
    bench.send(BolusRequested(4), ConfirmBolus(4), CancelBolus())
    assert told(bench, 35, 110) == Suggestion(3, 3_500, 0, 0, DoseSettings(100, 20, 100, 120))
    assert told(bench, 0, 110).pulses == 0


@pytest.mark.parametrize("period", Period, ids=lambda period: period.name)
def test_each_period_has_settings_of_its_own_from_its_first_to_its_last_half_hour(period: Period) -> None:
    bench = delivering()
    bench.send(replace(NIGHT, period=period))
    first = 2 * list(Period).index(period)
    for slot in SLOTS:
        if slot in SLOTS[first : first + 2]:
            assert told(bench, 35, 110, slot=slot).pulses == 3
        else:
            assert refusal(bench, 35, 110, slot=slot) == "the doses of this time of the day are not set"


@pytest.mark.parametrize("carbohydrate_g", [-1, 61, 5_523])
def test_carbohydrate_out_of_range_suggests_nothing(carbohydrate_g: int) -> None:
    assert (
        refusal(set_for_the_night(), carbohydrate_g, 110)
        == "this is more carbohydrate than one meal can have"
    )


@pytest.mark.parametrize("glucose_mg_per_dl", [-1, 53, 601])
def test_glucose_out_of_range_suggests_nothing(glucose_mg_per_dl: int) -> None:
    words = "no dose is suggested from glucose this low or this high"
    assert refusal(set_for_the_night(), 35, glucose_mg_per_dl) == words


@pytest.mark.parametrize("age_s", [-1, SMALL.glucose_valid_s, 100_000])
def test_glucose_that_is_too_old_or_from_the_future_suggests_nothing(age_s: int) -> None:
    assert refusal(set_for_the_night(), 35, 110, age_s) == "the glucose is too old"


def test_entries_at_their_limits_are_taken() -> None:
    bench = set_for_the_night()
    for carbohydrate_g, glucose_mg_per_dl, age_s in ((0, 54, 0), (60, 600, SMALL.glucose_valid_s - 1)):
        told(bench, carbohydrate_g, glucose_mg_per_dl, age_s)


def test_nothing_is_suggested_while_insulin_is_held_back() -> None:
    bench = set_for_the_night()
    bench.send(Suspend())
    assert refusal(bench, 35, 110) == "insulin is held back"


def test_nothing_is_suggested_while_an_alarm_bars_boluses() -> None:
    bench = set_for_the_night()
    bench.send(BATTERY_CRITICAL)
    assert refusal(bench, 35, 110) == "an alarm that leaves basal only is still latched"


def test_nothing_is_suggested_before_a_bolus_that_runs_is_on_board() -> None:
    bench = set_for_the_night()
    bench.bolus(4)
    assert refusal(bench, 35, 110) == "a bolus is already running"
    bench.send(CancelBolus())
    assert told(bench, 35, 110).pulses == 3


def test_nothing_is_suggested_outside_therapy() -> None:
    bench = ready()
    bench.send(NIGHT)
    assert refusal(bench, 35, 110) == "the request has no meaning in this mode"
    bench.send(PowerOff())
    assert refusal(bench, 35, 110) == "the pump is off"
    assert bench.send(NIGHT).refusal is Reason.POWERED_OFF


@pytest.mark.parametrize(
    "wrong",
    [
        {"millipulses_per_g": 0},
        {"millipulses_per_g": 4},
        {"millipulses_per_g": 501},
        {"millipulses_per_mg_per_dl": 0},
        {"millipulses_per_mg_per_dl": -20},
        {"millipulses_per_mg_per_dl": 201},
        {"target_low_mg_per_dl": 86},
        {"target_high_mg_per_dl": 181},
        {"target_low_mg_per_dl": 121},
    ],
)
def test_settings_are_taken_together_and_in_range_only(wrong: dict[str, int]) -> None:
    bench = set_for_the_night()
    before = bench.pump()
    assert bench.send(replace(NIGHT, **wrong)).refusal is Reason.OUT_OF_RANGE  # type: ignore[arg-type]
    assert bench.pump() == before


def test_a_suggestion_starts_nothing() -> None:
    bench = suggesting()
    assert bench.pump().confirmation.question is Question.NONE
    assert bench.seconds(20) == (0,) * 20
    assert bench.send(ConfirmBolus(4)).refusal is Reason.NOTHING_TO_CONFIRM


def test_a_suggestion_stands_until_its_glucose_is_too_old() -> None:
    bench = suggesting(age_s=2)
    bench.seconds(SMALL.glucose_valid_s - 3)
    assert bench.pump().calculator.suggestion_left_s == 1
    bench.seconds(1)
    assert bench.pump().calculator.suggestion_left_s == 0


def test_a_bolus_that_rests_on_a_suggestion_can_not_be_confirmed_when_the_glucose_is_old() -> None:
    bench = suggesting(age_s=SMALL.glucose_valid_s - 2)
    bench.send(BolusRequested(4))
    assert bench.pump().confirmation.remaining_s == 2
    bench.seconds(1)
    assert bench.send(Tick(0, 0, delivery_inhibited=False)).question_lapsed
    assert bench.send(ConfirmBolus(4)).refusal is Reason.NOTHING_TO_CONFIRM


def test_in_the_last_second_of_its_glucose_it_still_can() -> None:
    bench = suggesting(age_s=SMALL.glucose_valid_s - 2)
    bench.send(BolusRequested(4))
    bench.seconds(1)
    assert bench.send(ConfirmBolus(4)).refusal is Reason.NONE


def test_without_a_suggestion_a_bolus_has_its_whole_time() -> None:
    bench = set_for_the_night()
    bench.send(BolusRequested(4))
    assert bench.pump().confirmation.remaining_s == SMALL.confirmation_s


@pytest.mark.parametrize(
    "events",
    [
        (Suspend(), Resume()),
        (SuspendFor(1),),
        (RemoteStop(),),
        (LockKeys(),),
        (StopDelivery(),),
        (PowerOff(),),
        (FaultDetected(),),
        (ClockFailed(),),
        (AIR,),
        (BATTERY_CRITICAL,),
        (Tick(0, HIGH_PA, delivery_inhibited=False),) * SMALL.occlusion_persistence_s,
        (BolusRequested(4), ConfirmBolus(4)),
    ],
)
def test_an_interruption_or_its_bolus_ends_a_suggestion(events: tuple[Event, ...]) -> None:
    bench = suggesting()
    bench.send(*events)
    assert bench.pump().calculator.suggestion_left_s == 0


@pytest.mark.parametrize(
    "event", [CancelBolus(), HEALTHY, replace(HEALTHY, battery=Battery.LOW), ReadInsulinOnBoard(), NIGHT]
)
def test_nothing_else_does(event: Event) -> None:
    bench = suggesting()
    bench.send(BolusRequested(4), event)
    assert bench.pump().calculator.suggestion_left_s == SMALL.glucose_valid_s


def test_settings_outlive_power_off() -> None:
    bench = set_for_the_night()
    bench.send(PowerOff())
    assert bench.pump().calculator.night == DoseSettings(100, 20, 100, 120)


def test_whoever_asks_for_nothing_is_told_nothing() -> None:
    bench = suggesting()
    event: HardwareReported = HEALTHY
    assert bench.send(event).suggestion == Outputs().suggestion


@given(factor=st.integers(-10_000, 100_000))
def test_products_are_exact_for_every_amount_of_three_digits(factor: int) -> None:
    amounts = range(1_000)
    assert [times(amount, factor) for amount in amounts] == [amount * factor for amount in amounts]
    assert [product(amount, factor) for amount in amounts] == [amount * factor for amount in amounts]


SETTINGS = st.builds(
    DoseSettings, st.integers(1, 20_000), st.integers(1, 4_000), st.integers(87, 130), st.integers(130, 180)
)
LARGE = replace(SMALL, max_bolus_pulses=100_000)


def suggested(settings: DoseSettings, food_g: int, glucose: int, on_board: int) -> int:
    """The pulses that are suggested, without a pump around them."""
    return suggestion_for(settings, SuggestBolus(0, food_g, glucose, 0), on_board, LARGE).pulses


@given(
    settings=SETTINGS,
    food_g=st.integers(0, 998),
    glucose=st.integers(54, 998),
    on_board=st.integers(0, 50_000),
)
def test_more_food_or_glucose_never_suggests_less_and_more_on_board_never_more(
    settings: DoseSettings, food_g: int, glucose: int, on_board: int
) -> None:
    pulses = suggested(settings, food_g, glucose, on_board)
    assert suggested(settings, food_g + 1, glucose, on_board) >= pulses
    assert suggested(settings, food_g, glucose + 1, on_board) >= pulses
    assert suggested(settings, food_g, glucose, on_board + 1) <= pulses


@given(
    settings=SETTINGS,
    food_g=st.integers(0, 999),
    glucose=st.integers(54, 999),
    on_board=st.integers(0, 50_000),
)
def test_a_suggestion_is_the_rule_in_plain_arithmetic(
    settings: DoseSettings, food_g: int, glucose: int, on_board: int
) -> None:
    above = max(glucose - settings.target_high_mg_per_dl, 0) * settings.millipulses_per_mg_per_dl
    below = max(settings.target_low_mg_per_dl - glucose, 0) * settings.millipulses_per_mg_per_dl
    exact = food_g * settings.millipulses_per_g + max(above - on_board, 0) - below
    assert suggested(settings, food_g, glucose, on_board) == max(exact, 0) // 1000
