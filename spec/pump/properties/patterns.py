"""Basal patterns: each as it was accepted, one of them the programme of the day."""

from dataclasses import dataclass, replace
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import ChoosePattern, ProgramBasal
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, open_for_settings, request_is_accepted
from pumpproof.spec.pump.state import Pattern, Pump


@dataclass(frozen=True)
class PatternBook:
    """The rates of every pattern as the accepted requests wrote them, and the pattern that was chosen last."""

    weekday: Annotated[tuple[int, ...], Length(48)]
    weekend: Annotated[tuple[int, ...], Length(48)]
    holiday: Annotated[tuple[int, ...], Length(48)]
    sick_day: Annotated[tuple[int, ...], Length(48)]
    chosen: Pattern


def begin_book(pump: Pump) -> PatternBook:
    """Nothing is programmed; weekdays run until another choice."""
    return PatternBook(
        weekday=tuple(0 for slot in range(48)),
        weekend=tuple(0 for slot in range(48)),
        holiday=tuple(0 for slot in range(48)),
        sick_day=tuple(0 for slot in range(48)),
        chosen=Pattern.WEEKDAY,
    )


def written(
    rates: Annotated[tuple[int, ...], Length(48)], pattern: Pattern, event: ProgramBasal
) -> Annotated[tuple[int, ...], Length(48)]:
    """A page of the book after an accepted rate: only the page of that pattern changes, in that slot."""
    return tuple(
        event.rate_millipulses_per_h if event.pattern is pattern and event.slot == slot else rates[slot]
        for slot in range(48)
    )


def note_rate(book: PatternBook, event: ProgramBasal, outputs: Outputs) -> PatternBook:
    """An accepted rate replaces that of its slot."""
    if not accepted(outputs):
        return book
    return replace(
        book,
        weekday=written(book.weekday, Pattern.WEEKDAY, event),
        weekend=written(book.weekend, Pattern.WEEKEND, event),
        holiday=written(book.holiday, Pattern.HOLIDAY, event),
        sick_day=written(book.sick_day, Pattern.SICK_DAY, event),
    )


def note_choice(book: PatternBook, event: ChoosePattern, outputs: Outputs) -> PatternBook:
    """An accepted choice replaces the one before."""
    return replace(book, chosen=event.pattern) if accepted(outputs) else book


PATTERN_BOOK = Observer(
    "pattern book",
    says="Writes down every accepted basal rate, and which pattern was chosen.",
    record=PatternBook,
    begin=begin_book,
    steps=((ProgramBasal, note_rate), (ChoosePattern, note_choice)),
)


@invariant(
    "INV-BASAL-016",
    says="No rate of a pattern, whether it runs or not, is negative or above the largest.",
    formalizes=("REQ-BASAL-001.a",),
)
def rates_of_patterns_are_within_limits(pump: Pump, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    kept = pump.basal.patterns
    return all(
        0 <= kept.weekday[slot] <= largest
        and 0 <= kept.weekend[slot] <= largest
        and 0 <= kept.holiday[slot] <= largest
        and 0 <= kept.sick_day[slot] <= largest
        for slot in range(48)
    )


@invariant(
    "INV-BASAL-015",
    says="Every pattern holds the rates that accepted requests gave it, and editing one changes no other.",
    formalizes=("REQ-BASAL-006.a",),
)
def patterns_are_as_accepted(pump: Pump, book: PatternBook) -> bool:
    kept = pump.basal.patterns
    week = kept.weekday == book.weekday and kept.weekend == book.weekend
    return week and kept.holiday == book.holiday and kept.sick_day == book.sick_day


def another_pattern_runs(book: PatternBook) -> bool:
    return book.chosen is not Pattern.WEEKDAY


@lemma(
    "INV-BASAL-102",
    says="The pump runs the pattern that was chosen last.",
    witness=another_pattern_runs,
)
def pattern_is_as_chosen(pump: Pump, book: PatternBook) -> bool:
    return pump.basal.pattern is book.chosen


def rates_of_book(book: PatternBook) -> Annotated[tuple[int, ...], Length(48)]:
    """What is written of the pattern that was chosen last."""
    if book.chosen is Pattern.WEEKDAY:
        return book.weekday
    if book.chosen is Pattern.WEEKEND:
        return book.weekend
    return book.holiday if book.chosen is Pattern.HOLIDAY else book.sick_day


@invariant(
    "INV-BASAL-002",
    says="The programme of the day is the pattern that was chosen last, as it was edited since.",
    formalizes=("REQ-BASAL-001.b", "REQ-BASAL-006.b"),
    uses=("INV-BASAL-015", "INV-BASAL-102"),
    witness=another_pattern_runs,
)
def programme_is_the_chosen_pattern(pump: Pump, book: PatternBook) -> bool:
    return pump.basal.programme_millipulses_per_h == rates_of_book(book)


@acceptance(
    "INV-BASAL-006",
    says="A rate is accepted exactly in idle, priming, delivering, keys unlocked, for a slot of the day within limits.",
    formalizes=("REQ-BASAL-001", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def programme_is_accepted(before: Pump, event: ProgramBasal, outputs: Outputs, limits: Limits) -> bool:
    slot = event.slot >= 0 and event.slot < 48
    rate = (
        event.rate_millipulses_per_h >= 0
        and event.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h
    )
    return accepted(outputs) == (open_for_settings(before) and not before.key_lock.locked and slot and rate)


def programmed_now(event: ProgramBasal, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BASAL-007",
    says="Programming a rate changes its pattern, and the programme if the pattern runs, and nothing else.",
    formalizes=("REQ-BASAL-001", "REQ-BASAL-006.c"),
    when=programmed_now,
)
def programming_does_this_alone(before: Pump, after: Pump, event: ProgramBasal, outputs: Outputs) -> bool:
    rates = after.basal.programme_millipulses_per_h
    expected = replace(
        before.basal,
        patterns=after.basal.patterns,
        programme_millipulses_per_h=rates,
    )
    runs = event.pattern is before.basal.pattern or rates == before.basal.programme_millipulses_per_h
    return runs and after == replace(before, basal=expected) and outputs == Outputs()


@acceptance(
    "INV-BASAL-017",
    says="A pattern can be chosen in idle, priming or delivering with keys unlocked, also while insulin is held back.",
    formalizes=("REQ-BASAL-006", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def choice_is_accepted(before: Pump, event: ChoosePattern, outputs: Outputs) -> bool:
    return accepted(outputs) == (open_for_settings(before) and not before.key_lock.locked)


def chosen_now(event: ChoosePattern, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BASAL-018",
    says="Choosing a pattern changes the programme and nothing else: no hold ends, and no temporary basal.",
    formalizes=("REQ-BASAL-006.c", "REQ-SUSP-003"),
    when=chosen_now,
)
def choice_does_this_alone(before: Pump, after: Pump, event: ChoosePattern, outputs: Outputs) -> bool:
    rates = after.basal.programme_millipulses_per_h
    expected = replace(
        before.basal,
        pattern=event.pattern,
        programme_millipulses_per_h=rates,
    )
    return after == replace(before, basal=expected) and outputs == Outputs()


PATTERN_PROPERTIES: tuple[Property, ...] = (
    rates_of_patterns_are_within_limits,
    patterns_are_as_accepted,
    pattern_is_as_chosen,
    programme_is_the_chosen_pattern,
    programme_is_accepted,
    programming_does_this_alone,
    choice_is_accepted,
    choice_does_this_alone,
)
