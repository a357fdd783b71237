"""The bolus calculator: the settings of each period of the day, and the suggestion."""

from dataclasses import replace

from pumpproof.spec.pump.events import SetDoses, SuggestBolus
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step, Suggestion
from pumpproof.spec.pump.state import Action, Calculator, DoseSettings, Mode, Period, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.alarms import is_latched
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.insulin_on_board import insulin_on_board_millipulses


def digit_times(digit: int, factor: int) -> int:
    """A digit times any factor, each digit a sum of its own, so that no two unknowns are multiplied."""
    return sum(k * factor if digit == k else 0 for k in range(10))


def times(amount: int, factor: int) -> int:
    """An amount from 0 to 999 times any factor, digit by digit as on paper."""
    ones = digit_times(amount % 10, factor)
    tens = digit_times(amount // 10 % 10, factor)
    hundreds = digit_times(amount // 100, factor)
    return ones + 10 * tens + 100 * hundreds


def settings_at(calculator: Calculator, slot: int) -> DoseSettings:
    """The settings of the period to which a half hour of the day belongs."""
    if slot < 12:
        return calculator.night
    if slot < 22:
        return calculator.morning
    return calculator.midday if slot < 34 else calculator.evening


def with_settings(calculator: Calculator, period: Period, settings: DoseSettings) -> Calculator:
    """The same day with these settings in one period."""
    if period is Period.NIGHT:
        return replace(calculator, night=settings)
    if period is Period.MORNING:
        return replace(calculator, morning=settings)
    if period is Period.MIDDAY:
        return replace(calculator, midday=settings)
    return replace(calculator, evening=settings)


def correction_millipulses(settings: DoseSettings, glucose_mg_per_dl: int) -> int:
    """What glucose above the target asks for, or the insulin that is too much below it; nothing within the target."""
    if glucose_mg_per_dl > settings.target_high_mg_per_dl:
        above_mg_per_dl = glucose_mg_per_dl - settings.target_high_mg_per_dl
        return times(above_mg_per_dl, settings.millipulses_per_mg_per_dl)
    if glucose_mg_per_dl < settings.target_low_mg_per_dl:
        below_mg_per_dl = settings.target_low_mg_per_dl - glucose_mg_per_dl
        return -times(below_mg_per_dl, settings.millipulses_per_mg_per_dl)
    return 0


def rest_of_correction(correction: int, on_board: int) -> int:
    """Insulin on board is taken off what glucose above the target asks for, and off nothing else.

    Two things pull against each other: less insulin is safer now, and food without its insulin leads to high glucose
    hours later. What still acts was given for other food or for this glucose. So it takes off at most the correction,
    as in published calculators, and glucose below the target takes off food's insulin in its stead.
    """
    return correction if correction <= 0 else max(correction - on_board, 0)


def whole_pulses(millipulses: int, limits: Limits) -> int:
    """Rounded down, never negative, and no more than the largest bolus."""
    return min(max(millipulses, 0) // 1000, limits.max_bolus_pulses)


def suggestion_for(settings: DoseSettings, event: SuggestBolus, on_board: int, limits: Limits) -> Suggestion:
    """Food, and what insulin on board leaves of the correction."""
    food = times(event.carbohydrate_g, settings.millipulses_per_g)
    correction = correction_millipulses(settings, event.glucose_mg_per_dl)
    return Suggestion(
        pulses=whole_pulses(food + rest_of_correction(correction, on_board), limits),
        food_millipulses=food,
        correction_millipulses=correction,
        on_board_millipulses=on_board,
        settings=settings,
    )


def doses_are_in_range(event: SetDoses, limits: Limits) -> bool:
    """Both doses lie in their ranges, which begin above zero."""
    food = limits.least_millipulses_per_g <= event.millipulses_per_g <= limits.most_millipulses_per_g
    least = limits.least_millipulses_per_mg_per_dl
    most = limits.most_millipulses_per_mg_per_dl
    return food and least <= event.millipulses_per_mg_per_dl <= most


def target_is_in_range(event: SetDoses, limits: Limits) -> bool:
    """The target is no empty range and lies in the range of targets."""
    low = event.target_low_mg_per_dl
    high = event.target_high_mg_per_dl
    return limits.lowest_target_mg_per_dl <= low <= high <= limits.highest_target_mg_per_dl


def refuse_doses(pump: Pump, event: SetDoses, limits: Limits) -> Reason:
    """All four settings have to be in range, or none is taken."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    in_range = doses_are_in_range(event, limits) and target_is_in_range(event, limits)
    return Reason.NONE if in_range else Reason.OUT_OF_RANGE


def set_doses(pump: Pump, event: SetDoses, limits: Limits) -> Step:
    """The settings of that period and of no other."""
    settings = DoseSettings(
        millipulses_per_g=event.millipulses_per_g,
        millipulses_per_mg_per_dl=event.millipulses_per_mg_per_dl,
        target_low_mg_per_dl=event.target_low_mg_per_dl,
        target_high_mg_per_dl=event.target_high_mg_per_dl,
    )
    return Step(replace(pump, calculator=with_settings(pump.calculator, event.period, settings)))


def refuse_entry(event: SuggestBolus, limits: Limits) -> Reason:
    """Carbohydrate and glucose must be believable, and the glucose young enough."""
    if not 0 <= event.carbohydrate_g <= limits.max_carbohydrate_g:
        return Reason.CARBOHYDRATE_OUT_OF_RANGE
    if not limits.lowest_glucose_mg_per_dl <= event.glucose_mg_per_dl <= limits.highest_glucose_mg_per_dl:
        return Reason.GLUCOSE_OUT_OF_RANGE
    return Reason.NONE if 0 <= event.glucose_age_s < limits.glucose_valid_s else Reason.GLUCOSE_TOO_OLD


def refuse_suggestion(pump: Pump, event: SuggestBolus, limits: Limits) -> Reason:
    """Nothing is suggested that could not be given, or that would count insulin wrongly.

    What remains of a bolus that runs, extended or not, is not yet on board; a drive that stalled, or did otherwise than
    it was told, holds all insulin back, and so does every other alarm after which it is not certain what was given.
    What may be stored in the line was counted as given, so that nothing is suggested before the line was confirmed.
    """
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if is_held(pump.holds):
        return Reason.HELD
    if is_latched(pump.alarms.phases, Action.BASAL_ONLY):
        return Reason.BOLUS_BARRED
    if pump.line.holds_insulin:
        return Reason.INSULIN_IN_LINE
    if pump.bolus.remaining_pulses > 0:
        return Reason.BOLUS_RUNNING
    if pump.extended_bolus.remaining_pulses > 0:
        return Reason.EXTENDED_RUNNING
    if settings_at(pump.calculator, event.slot).millipulses_per_g == 0:
        return Reason.DOSES_NOT_SET
    return refuse_entry(event, limits)


def suggest_bolus(pump: Pump, event: SuggestBolus, limits: Limits) -> Step:
    """Put it out and start nothing; it stands for as long as its glucose is young enough."""
    settings = settings_at(pump.calculator, event.slot)
    on_board = insulin_on_board_millipulses(pump.insulin_on_board, pump.accounts)
    left_s = limits.glucose_valid_s - event.glucose_age_s
    return Step(
        replace(pump, calculator=replace(pump.calculator, suggestion_left_s=left_s)),
        Outputs(suggestion=suggestion_for(settings, event, on_board, limits)),
    )


CALCULATOR_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-BOLUS-040",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        SetDoses,
        refuse_doses,
        set_doses,
        to=SAME_MODE,
        why="Doses and target of a period are taken together and only in their ranges, so that none is zero.",
        requirements=("REQ-BOLUS-015", "REQ-BOLUS-017"),
    ),
    Command(
        "MDL-BOLUS-041",
        (Mode.DELIVERING,),
        SuggestBolus,
        refuse_suggestion,
        suggest_bolus,
        to=SAME_MODE,
        why="A dose is suggested only where it could be given, from entries in range and glucose that is not old.",
        requirements=("REQ-BOLUS-016", "REQ-BOLUS-005", "REQ-CGM-001", "REQ-COMM-004"),
    ),
    Refused(
        "MDL-BOLUS-042",
        (Mode.OFF,),
        (SetDoses, SuggestBolus),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-BOLUS-043",
        (Mode.SELF_TEST, Mode.FAULT),
        (SetDoses,),
        Reason.NOT_IN_THIS_MODE,
        why="Settings are not changed before the self-test has passed, nor after a fault.",
        requirements=("REQ-POWER-002",),
    ),
    Refused(
        "MDL-BOLUS-044",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.FAULT),
        (SuggestBolus,),
        Reason.NOT_IN_THIS_MODE,
        why="A bolus runs only while the pump delivers, so none is suggested elsewhere.",
        requirements=("REQ-BOLUS-002",),
    ),
)
