"""The bolus calculator: its settings, and every suggestion by the specification's own arithmetic.

A product of two unknowns is counted digit by digit; that it is the product is tested for every amount of three digits.
"""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import SetDoses, SuggestBolus, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Suggestion
from pumpproof.spec.pump.properties.causes import latched
from pumpproof.spec.pump.properties.insulin_on_board import weighed
from pumpproof.spec.pump.properties.words import (
    accepted,
    boluses_are_over,
    held,
    open_for_settings,
    request_is_accepted,
)
from pumpproof.spec.pump.state import Action, DoseSettings, Mode, Period, Pump


@dataclass(frozen=True)
class DoseBook:
    """The settings of every period as the accepted requests wrote them."""

    night: DoseSettings
    morning: DoseSettings
    midday: DoseSettings
    evening: DoseSettings


def nothing_set() -> DoseSettings:
    """An empty page."""
    return DoseSettings(0, 0, 0, 0)


def begin_book(pump: Pump) -> DoseBook:
    """Nothing is set."""
    return DoseBook(night=nothing_set(), morning=nothing_set(), midday=nothing_set(), evening=nothing_set())


def written(page: DoseSettings, period: Period, event: SetDoses) -> DoseSettings:
    """A page of the book after an accepted request: only that of its period changes."""
    asked = DoseSettings(
        event.millipulses_per_g,
        event.millipulses_per_mg_per_dl,
        event.target_low_mg_per_dl,
        event.target_high_mg_per_dl,
    )
    return asked if event.period is period else page


def note_doses(book: DoseBook, event: SetDoses, outputs: Outputs) -> DoseBook:
    """An accepted request replaces the settings of its period."""
    if not accepted(outputs):
        return book
    return DoseBook(
        night=written(book.night, Period.NIGHT, event),
        morning=written(book.morning, Period.MORNING, event),
        midday=written(book.midday, Period.MIDDAY, event),
        evening=written(book.evening, Period.EVENING, event),
    )


DOSE_BOOK = Observer(
    "dose book",
    says="Writes down the accepted settings of the bolus calculator for each period of the day.",
    record=DoseBook,
    begin=begin_book,
    steps=((SetDoses, note_doses),),
)


def page_for(book: DoseBook, slot: int) -> DoseSettings:
    """The settings for a half hour of the day: evening begins at 17:00, midday at 11:00, morning at 6:00."""
    if slot >= 2 * 17:
        return book.evening
    if slot >= 2 * 11:
        return book.midday
    return book.morning if slot >= 2 * 6 else book.night


def fits(page: DoseSettings, limits: Limits) -> bool:
    """Both doses and the target lie in their ranges, and the target is no empty range."""
    food = page.millipulses_per_g
    glucose = page.millipulses_per_mg_per_dl
    doses = (
        food >= limits.least_millipulses_per_g
        and food <= limits.most_millipulses_per_g
        and glucose >= limits.least_millipulses_per_mg_per_dl
        and glucose <= limits.most_millipulses_per_mg_per_dl
    )
    target = (
        page.target_low_mg_per_dl >= limits.lowest_target_mg_per_dl
        and page.target_high_mg_per_dl <= limits.highest_target_mg_per_dl
        and page.target_low_mg_per_dl <= page.target_high_mg_per_dl
    )
    return doses and target


def doses_are_set(pump: Pump) -> bool:
    return pump.calculator.midday.millipulses_per_g > 0


@invariant(
    "INV-BOLUS-180",
    says="In each period either nothing is set, or both doses are positive and they and the target are in range.",
    formalizes=("REQ-BOLUS-015.b", "REQ-BOLUS-017"),
    witness=doses_are_set,
)
def settings_are_in_range(pump: Pump, limits: Limits) -> bool:
    kept = pump.calculator
    early = (kept.night == nothing_set() or fits(kept.night, limits)) and (
        kept.morning == nothing_set() or fits(kept.morning, limits)
    )
    late = (kept.midday == nothing_set() or fits(kept.midday, limits)) and (
        kept.evening == nothing_set() or fits(kept.evening, limits)
    )
    return (
        early and late and limits.least_millipulses_per_g > 0 and limits.least_millipulses_per_mg_per_dl > 0
    )


@invariant(
    "INV-BOLUS-181",
    says="Each period has the settings that an accepted request gave it, and a request changes no other period.",
    formalizes=("REQ-BOLUS-015.b",),
    witness=doses_are_set,
)
def settings_are_as_accepted(pump: Pump, book: DoseBook) -> bool:
    kept = pump.calculator
    early = kept.night == book.night and kept.morning == book.morning
    return early and kept.midday == book.midday and kept.evening == book.evening


@acceptance(
    "INV-BOLUS-182",
    says="Doses of a period are accepted exactly while settings are open, keys unlocked, and all four are in range.",
    formalizes=("REQ-BOLUS-015.b", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def doses_are_accepted(before: Pump, event: SetDoses, outputs: Outputs, limits: Limits) -> bool:
    asked = written(nothing_set(), event.period, event)
    open_keys = open_for_settings(before) and not before.key_lock.locked
    return accepted(outputs) == (open_keys and fits(asked, limits))


def doses_are_set_now(event: SetDoses, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-183",
    says="Doses that are set change the settings of the calculator and nothing else; a suggestion stands as it did.",
    formalizes=("REQ-BOLUS-015.b",),
    when=doses_are_set_now,
)
def setting_does_this_alone(before: Pump, after: Pump, event: SetDoses, outputs: Outputs) -> bool:
    calculator = replace(after.calculator, suggestion_left_s=before.calculator.suggestion_left_s)
    return after == replace(before, calculator=calculator) and outputs == Outputs()


def entries_are_believable(event: SuggestBolus, limits: Limits) -> bool:
    """Carbohydrate and glucose within their ranges, and glucose younger than it may be."""
    carbohydrate = event.carbohydrate_g >= 0 and event.carbohydrate_g <= limits.max_carbohydrate_g
    glucose = (
        event.glucose_mg_per_dl >= limits.lowest_glucose_mg_per_dl
        and event.glucose_mg_per_dl <= limits.highest_glucose_mg_per_dl
    )
    young = event.glucose_age_s >= 0 and limits.glucose_valid_s - event.glucose_age_s >= 1
    return carbohydrate and glucose and young


@acceptance(
    "INV-BOLUS-184",
    says="A suggestion is made exactly when a bolus could run, doses are set, and the entries are in range and young.",
    formalizes=("REQ-BOLUS-016", "REQ-CGM-001.a", "REQ-OCC-005.c", "REQ-POWER-001.c", "REQ-UI-004.a"),
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-BOLUS-180", "INV-BOLUS-181"),
    witness=request_is_accepted,
)
def suggestion_is_accepted(
    before: Pump, event: SuggestBolus, outputs: Outputs, limits: Limits, book: DoseBook
) -> bool:
    free = before.mode is Mode.DELIVERING and not held(before) and boluses_are_over(before)
    barred = latched(before, Action.BASAL_ONLY) or before.key_lock.locked or before.line.holds_insulin
    doses = page_for(book, event.slot).millipulses_per_g > 0
    return accepted(outputs) == (free and not barred and doses and entries_are_believable(event, limits))


def suggestion_is_made(event: SuggestBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-185",
    says="No dose is suggested from carbohydrate or glucose out of range, or from glucose that is too old.",
    formalizes=("REQ-BOLUS-016", "REQ-CGM-001.a"),
    when=suggestion_is_made,
)
def entries_were_checked(event: SuggestBolus, outputs: Outputs, limits: Limits) -> bool:
    return entries_are_believable(event, limits)


@step_property(
    "INV-BOLUS-186",
    says="A suggestion is put out and stands for a time, and nothing else changes: no dose starts or is booked.",
    formalizes=("REQ-COMM-004.a", "REQ-UI-006.a"),
    when=suggestion_is_made,
)
def suggestion_does_this_alone(before: Pump, after: Pump, event: SuggestBolus, outputs: Outputs) -> bool:
    calculator = replace(before.calculator, suggestion_left_s=after.calculator.suggestion_left_s)
    told = Outputs(suggestion=outputs.suggestion)
    return after == replace(before, calculator=calculator) and outputs == told


@step_property(
    "INV-BOLUS-187",
    says="Nothing is suggested while the pump does not deliver, with locked keys, or by a request that is refused.",
    formalizes=("REQ-BOLUS-016", "REQ-CGM-001.a", "REQ-UI-006.b"),
)
def nothing_is_suggested_elsewhere(before: Pump, outputs: Outputs) -> bool:
    free = before.mode is Mode.DELIVERING and accepted(outputs) and not before.key_lock.locked
    return free or outputs.suggestion == Suggestion()


@step_property(
    "INV-BOLUS-197",
    says="A second suggests nothing: who wants a suggestion asks for it.",
    formalizes=("REQ-BOLUS-016", "REQ-CGM-001.a"),
)
def seconds_suggest_nothing(event: Tick, outputs: Outputs) -> bool:
    return outputs.suggestion == Suggestion()


def digit_of(digit: int, factor: int) -> int:
    """A digit times a factor, from the row of the multiplication table."""
    return sum(factor * row if digit == row else 0 for row in range(10))


def product(amount: int, factor: int) -> int:
    """Up to three digits times a factor: ones, and ten times the rest."""
    rest = digit_of(amount // 10 % 10, factor) + 10 * digit_of(amount // 100, factor)
    return digit_of(amount % 10, factor) + 10 * rest


@step_property(
    "INV-BOLUS-198",
    says="A suggestion is counted by the settings that were accepted for this half hour of the day.",
    formalizes=("REQ-BOLUS-015.b",),
    when=suggestion_is_made,
    uses=("INV-BOLUS-181",),
)
def settings_are_those_of_the_period(event: SuggestBolus, outputs: Outputs, book: DoseBook) -> bool:
    return outputs.suggestion.settings == page_for(book, event.slot)


def food_is_suggested(outputs: Outputs) -> bool:
    return outputs.suggestion.food_millipulses > 0


@step_property(
    "INV-BOLUS-188",
    says="For food the dose of a gram is suggested times the grams of this entry, and of no other.",
    formalizes=("REQ-COMM-004.a", "REQ-BOLUS-015.b"),
    when=suggestion_is_made,
    witness=food_is_suggested,
)
def food_is_exact(event: SuggestBolus, outputs: Outputs) -> bool:
    dose = outputs.suggestion.settings.millipulses_per_g
    return outputs.suggestion.food_millipulses == product(event.carbohydrate_g, dose)


def correction_is_suggested(outputs: Outputs) -> bool:
    return outputs.suggestion.correction_millipulses > 0


@step_property(
    "INV-BOLUS-189",
    says="Glucose above the target asks for its dose times the difference, below takes as much off, within for none.",
    formalizes=("REQ-BOLUS-015.b",),
    when=suggestion_is_made,
    uses=("INV-BOLUS-180",),
    witness=correction_is_suggested,
)
def correction_is_exact(event: SuggestBolus, outputs: Outputs) -> bool:
    correction = outputs.suggestion.correction_millipulses
    page = outputs.suggestion.settings
    dose = page.millipulses_per_mg_per_dl
    if event.glucose_mg_per_dl < page.target_low_mg_per_dl:
        return correction == -product(page.target_low_mg_per_dl - event.glucose_mg_per_dl, dose)
    if event.glucose_mg_per_dl <= page.target_high_mg_per_dl:
        return correction == 0
    return correction == product(event.glucose_mg_per_dl - page.target_high_mg_per_dl, dose)


def insulin_acts(outputs: Outputs) -> bool:
    return outputs.suggestion.on_board_millipulses > 0


@step_property(
    "INV-BOLUS-190",
    says="A suggestion counts all insulin on board at that moment, by the curve in force, rounded up.",
    formalizes=("REQ-BOLUS-014.e", "REQ-BOLUS-005.c"),
    when=suggestion_is_made,
    witness=insulin_acts,
)
def on_board_is_counted(before: Pump, event: SuggestBolus, outputs: Outputs) -> bool:
    exact = weighed(before)
    least = 10 * outputs.suggestion.on_board_millipulses
    return least - 10 < exact and exact <= least


def asked_for(outputs: Outputs) -> int:
    """Food, and what insulin on board leaves of a correction; below the target the correction takes off food."""
    told = outputs.suggestion
    correction = told.correction_millipulses
    off = min(told.on_board_millipulses, correction) if correction > 0 else 0
    return told.food_millipulses + correction - off


def something_is_left_over(outputs: Outputs, limits: Limits) -> bool:
    """A part of a pulse that is not suggested."""
    told = outputs.suggestion
    return 0 < told.pulses < limits.max_bolus_pulses and asked_for(outputs) > 1000 * told.pulses


@step_property(
    "INV-BOLUS-191",
    says="A suggestion is what food and correction ask for, rounded down to a pulse, or less: the largest bolus.",
    formalizes=("REQ-BOLUS-005.b", "REQ-BOLUS-014.e"),
    when=suggestion_is_made,
    witness=something_is_left_over,
)
def suggestion_is_rounded_down(event: SuggestBolus, outputs: Outputs, limits: Limits) -> bool:
    told_millipulses = 1000 * outputs.suggestion.pulses
    asked_millipulses = asked_for(outputs)
    enough = (
        outputs.suggestion.pulses == limits.max_bolus_pulses or asked_millipulses < told_millipulses + 1000
    )
    return enough and (told_millipulses <= asked_millipulses or told_millipulses == 0)


def largest_is_suggested(outputs: Outputs, limits: Limits) -> bool:
    return outputs.suggestion.pulses == limits.max_bolus_pulses


@step_property(
    "INV-BOLUS-192",
    says="No suggestion is negative or above the largest bolus.",
    formalizes=("REQ-BOLUS-017", "REQ-BOLUS-001"),
    witness=largest_is_suggested,
)
def suggestion_is_a_bolus(outputs: Outputs, limits: Limits) -> bool:
    return 0 <= outputs.suggestion.pulses <= limits.max_bolus_pulses


def insulin_acts_after_food(event: SuggestBolus, outputs: Outputs) -> bool:
    """There is insulin on board, food, and glucose not below the target."""
    told = outputs.suggestion
    return accepted(outputs) and told.on_board_millipulses > 0 and told.correction_millipulses >= 0


@step_property(
    "INV-BOLUS-193",
    says="Insulin on board takes nothing off what is suggested for food; glucose below the target does.",
    formalizes=("REQ-BOLUS-014.e",),
    when=insulin_acts_after_food,
    witness=food_is_suggested,
)
def food_is_not_reduced(event: SuggestBolus, outputs: Outputs, limits: Limits) -> bool:
    told = outputs.suggestion
    whole = 1000 * told.pulses + 1000 > told.food_millipulses
    return whole or told.pulses == limits.max_bolus_pulses


CALCULATOR_PROPERTIES: tuple[Property, ...] = (
    settings_are_in_range,
    settings_are_as_accepted,
    doses_are_accepted,
    setting_does_this_alone,
    suggestion_is_accepted,
    entries_were_checked,
    suggestion_does_this_alone,
    nothing_is_suggested_elsewhere,
    seconds_suggest_nothing,
    settings_are_those_of_the_period,
    food_is_exact,
    correction_is_exact,
    on_board_is_counted,
    suggestion_is_rounded_down,
    suggestion_is_a_bolus,
    food_is_not_reduced,
)
