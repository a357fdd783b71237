"""Basal: its limits, its programme, the temporary rate, and exactness over time."""

from dataclasses import dataclass, replace
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import (
    CancelTemporaryBasal,
    ChoosePattern,
    PowerOff,
    ProgramBasal,
    StartTemporaryBasal,
    StartTemporaryPercent,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.occlusion import OcclusionWatch, occlusion_found
from pumpproof.spec.pump.properties.words import (
    accepted,
    held,
    is_on,
    open_for_settings,
    request_is_accepted,
    temporary_ended,
)
from pumpproof.spec.pump.state import PULSE, Mode, Pattern, Pump, TemporaryBasal, TemporaryKind


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


@dataclass(frozen=True)
class TemporaryWatch:
    """The temporary basal that was accepted last, and how long it has still to run."""

    in_percent: bool
    millipulses_per_h: int
    percent: int
    left_s: int


def begin_temporary_watch(pump: Pump) -> TemporaryWatch:
    """None was set."""
    return TemporaryWatch(in_percent=False, millipulses_per_h=0, percent=0, left_s=0)


def note_temporary(watch: TemporaryWatch, event: StartTemporaryBasal, outputs: Outputs) -> TemporaryWatch:
    """An accepted temporary rate replaces the one before."""
    if not accepted(outputs):
        return watch
    return TemporaryWatch(
        in_percent=False,
        millipulses_per_h=event.rate_millipulses_per_h,
        percent=0,
        left_s=event.duration_s,
    )


def note_percent(watch: TemporaryWatch, event: StartTemporaryPercent, outputs: Outputs) -> TemporaryWatch:
    """So does an accepted part of the programme."""
    if not accepted(outputs):
        return watch
    return TemporaryWatch(
        in_percent=True, millipulses_per_h=0, percent=event.percent, left_s=event.duration_s
    )


def note_end_of_temporary(watch: TemporaryWatch, outputs: Outputs) -> TemporaryWatch:
    """Cancelled, or ended by power off."""
    return replace(watch, left_s=0) if accepted(outputs) else watch


def second_of_temporary(watch: TemporaryWatch, before: Pump) -> TemporaryWatch:
    """The temporary rate runs in every second in which the pump is on."""
    if before.mode is Mode.OFF or watch.left_s == 0:
        return watch
    return replace(watch, left_s=watch.left_s - 1)


TEMPORARY_WATCH = Observer(
    "temporary watch",
    says="Writes down every accepted temporary rate and counts its seconds down.",
    record=TemporaryWatch,
    begin=begin_temporary_watch,
    steps=(
        (StartTemporaryBasal, note_temporary),
        (StartTemporaryPercent, note_percent),
        (CancelTemporaryBasal, note_end_of_temporary),
        (PowerOff, note_end_of_temporary),
        (Tick, second_of_temporary),
    ),
)


@dataclass(frozen=True)
class BasalStretch:
    """Since the stretch began: basal still owed and what ceilings leave; ``PULSE`` of either make a pulse."""

    owed: int
    below_ceilings: int
    broken: bool


def begin_stretch(pump: Pump) -> BasalStretch:
    """A stretch may begin at any moment."""
    return BasalStretch(owed=0, below_ceilings=0, broken=False)


def times(factor: int, rate_millipulses_per_h: int) -> int:
    """A rate taken so many times; a factor is 1 to 10."""
    return sum(rate_millipulses_per_h * f if factor == f else 0 for f in range(1, 11))


def ceiling_of_second(pump: Pump, slot: int, limits: Limits) -> int:
    """The most that basal may give in this second: only a temporary one can meet a multiple of the schedule."""
    if pump.basal.temporary.remaining_s < 1:
        return limits.max_basal_millipulses_per_h
    highest = times(limits.temporary_highest_times, pump.basal.highest_millipulses_per_h)
    current = times(limits.temporary_current_times, pump.basal.programme_millipulses_per_h[slot])
    return min(limits.max_basal_millipulses_per_h, highest, current)


def rate_of_second(pump: Pump, slot: int, limits: Limits) -> int:
    """Millipulses per hour that are programmed for this second."""
    programmed = pump.basal.programme_millipulses_per_h[slot]
    temporary = pump.basal.temporary
    if temporary.remaining_s < 1:
        return programmed
    tenfold = sum(programmed * tens if temporary.percent == 10 * tens else 0 for tens in range(21))
    wanted = tenfold // 10 if temporary.kind is TemporaryKind.PERCENT else temporary.millipulses_per_h
    return min(wanted, ceiling_of_second(pump, slot, limits))


def second_of_stretch(
    stretch: BasalStretch, before: Pump, after: Pump, event: Tick, outputs: Outputs, limits: Limits
) -> BasalStretch:
    """A second without basal enabled breaks the stretch; every other second owes its rate.

    An observer that may open anywhere has not seen for how long the pressure was high before; that a second of high
    pressure ends held exactly when an occlusion is found is a property of its own.
    """
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    occluded = event.pressure_pa >= limits.occlusion_pressure_pa and after.holds.alarm
    if not free or before.reservoir.pulses == 0 or occluded:
        return replace(stretch, broken=True)
    given = PULSE * outputs.basal_pulses
    return replace(
        stretch,
        owed=stretch.owed + rate_of_second(before, event.slot, limits) - given,
        below_ceilings=stretch.below_ceilings + ceiling_of_second(before, event.slot, limits) - given,
    )


def pulses_between_seconds(stretch: BasalStretch, outputs: Outputs) -> BasalStretch:
    """Whatever is given counts."""
    given = PULSE * outputs.basal_pulses
    return replace(stretch, owed=stretch.owed - given, below_ceilings=stretch.below_ceilings - given)


BASAL_STRETCH = Observer(
    "basal stretch",
    says="Over a stretch of enabled basal, adds the programmed rate of each second and subtracts what was given.",
    record=BasalStretch,
    begin=begin_stretch,
    steps=((Tick, second_of_stretch),),
    otherwise=pulses_between_seconds,
    arbitrary_start=True,
)


def temporary_basal_is_in_force(pump: Pump) -> bool:
    return pump.basal.temporary.remaining_s > 0


@invariant(
    "INV-BASAL-001",
    says="No basal rate, programmed or temporary, is negative or above the largest.",
    formalizes=("REQ-BASAL-001.a", "REQ-DOSE-010.c"),
    uses=("INV-BASAL-016",),
    witness=temporary_basal_is_in_force,
)
def rates_are_within_limits(pump: Pump, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    temporary = 0 <= pump.basal.temporary.millipulses_per_h <= largest
    programme = pump.basal.programme_millipulses_per_h
    return temporary and all(0 <= programme[slot] <= largest for slot in range(48))


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


def something_is_programmed(pump: Pump) -> bool:
    return pump.basal.highest_millipulses_per_h > 0


@lemma(
    "INV-BASAL-104",
    says="The highest rate of the programme is not negative.",
    uses=("INV-BASAL-001", "INV-BASAL-016"),
    witness=something_is_programmed,
)
def highest_is_not_negative(pump: Pump) -> bool:
    return pump.basal.highest_millipulses_per_h >= 0


@invariant(
    "INV-BASAL-022",
    says="The rate of which a multiple is the ceiling is the highest of the programme.",
    formalizes=("REQ-BASAL-005.b",),
    witness=something_is_programmed,
)
def highest_is_the_highest(pump: Pump) -> bool:
    return pump.basal.highest_millipulses_per_h == max(pump.basal.programme_millipulses_per_h)


def temporary_basal_runs(watch: TemporaryWatch) -> bool:
    return watch.left_s > 0


@invariant(
    "INV-BASAL-003",
    says="A temporary basal lasts exactly its seconds, at its rate or percent.",
    formalizes=("REQ-BASAL-002.a", "REQ-DOSE-005.b", "REQ-BASAL-007.b"),
    uses=("INV-BASAL-014",),
    witness=temporary_basal_runs,
)
def temporary_basal_lasts_its_time(pump: Pump, watch: TemporaryWatch) -> bool:
    temporary = pump.basal.temporary
    kind = (temporary.kind is TemporaryKind.PERCENT) == watch.in_percent
    amount = temporary.millipulses_per_h == watch.millipulses_per_h and temporary.percent == watch.percent
    return kind and amount and temporary.remaining_s == watch.left_s


@invariant(
    "INV-BASAL-014",
    says="No temporary basal has longer to run than the longest, nor a negative time.",
    formalizes=("REQ-BASAL-002.a",),
    witness=temporary_basal_runs,
)
def temporary_basal_is_bounded(watch: TemporaryWatch, limits: Limits) -> bool:
    return 0 <= watch.left_s <= limits.max_temporary_basal_s


@lemma(
    "INV-BASAL-101",
    says="Between two seconds less than a pulse of basal is owed.",
    uses=(
        "INV-BASAL-001",
        "INV-BASAL-104",
    ),
)
def accumulator_holds_less_than_a_pulse(pump: Pump) -> bool:
    return 0 <= pump.basal.accumulator < PULSE


@invariant(
    "INV-BASAL-012",
    says="Missed basal is counted in pulses as soon as it makes one.",
    formalizes=("REQ-BASAL-004.a",),
    uses=(
        "INV-BASAL-001",
        "INV-BASAL-104",
    ),
)
def missed_basal_is_counted_in_pulses(pump: Pump) -> bool:
    return 0 <= pump.basal.missed_accumulator < PULSE


@invariant(
    "INV-BASAL-013",
    says="What a stretch owes differs from the accumulator by what the accumulator held when it began.",
    formalizes=("REQ-BASAL-003",),
    uses=("INV-BASAL-101",),
)
def stretch_follows_accumulator(pump: Pump, stretch: BasalStretch) -> bool:
    return stretch.broken or pump.basal.accumulator - PULSE < stretch.owed <= pump.basal.accumulator


def stretch_is_unbroken(stretch: BasalStretch) -> bool:
    return not stretch.broken


@invariant(
    "INV-BASAL-004",
    says="Over every stretch in which basal is enabled, what was given differs from the programme by under a pulse.",
    formalizes=(
        "REQ-BASAL-003",
        "REQ-DOSE-001.b",
        "REQ-BASAL-001.c",
        "REQ-BASAL-002.c",
        "REQ-BASAL-004.b",
        "REQ-BASAL-007.a",
        "REQ-CLOCK-002.b",
    ),
    when=stretch_is_unbroken,
    uses=("INV-BASAL-001", "INV-BASAL-101", "INV-BASAL-013"),
)
def basal_is_exact(stretch: BasalStretch) -> bool:
    return -PULSE < stretch.owed < PULSE


@lemma(
    "INV-BASAL-103",
    says="What the ceilings leave of a stretch is more than what is on its way to a pulse, less a pulse.",
    uses=("INV-BASAL-001", "INV-BASAL-104", "INV-BASAL-101"),
)
def ceilings_follow_accumulator(pump: Pump, stretch: BasalStretch) -> bool:
    return stretch.broken or stretch.below_ceilings > pump.basal.accumulator - PULSE


@invariant(
    "INV-BASAL-019",
    says="No stretch of basal gives a pulse more than the largest rate and the multiples of the schedule allow.",
    formalizes=("REQ-BASAL-005.a", "REQ-BASAL-005.b", "REQ-BASAL-005.c"),
    when=stretch_is_unbroken,
    uses=("INV-BASAL-001", "INV-BASAL-101", "INV-BASAL-103"),
)
def ceilings_hold(stretch: BasalStretch) -> bool:
    return stretch.below_ceilings > -PULSE


def missed_basal(pump: Pump) -> int:
    """All basal ever missed, in units of which ``PULSE`` make a pulse."""
    return PULSE * pump.basal.missed_pulses + pump.basal.missed_accumulator


def pump_is_on(before: Pump) -> bool:
    return is_on(before)


@step_property(
    "INV-BASAL-005",
    says="Basal that therapy withholds is counted as missed, exactly, and nothing else is.",
    formalizes=("REQ-BASAL-004.a",),
    when=pump_is_on,
    uses=("INV-OCC-001",),
)
def missed_basal_is_counted(
    before: Pump, after: Pump, event: Tick, limits: Limits, watch: OcclusionWatch
) -> bool:
    stop = occlusion_found(watch, event, limits) or before.reservoir.pulses == 0
    kept_back = held(before) or stop or event.delivery_inhibited
    if before.mode is Mode.DELIVERING and kept_back:
        return missed_basal(after) == missed_basal(before) + rate_of_second(before, event.slot, limits)
    return missed_basal(after) == missed_basal(before)


@acceptance(
    "INV-BASAL-006",
    says="A rate is accepted exactly for a slot of the day and within the limits, in idle, priming or delivering.",
    formalizes=("REQ-BASAL-001", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def programme_is_accepted(before: Pump, event: ProgramBasal, outputs: Outputs, limits: Limits) -> bool:
    slot = event.slot >= 0 and event.slot < 48
    rate = (
        event.rate_millipulses_per_h >= 0
        and event.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h
    )
    return accepted(outputs) == (open_for_settings(before) and slot and rate)


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
        highest_millipulses_per_h=after.basal.highest_millipulses_per_h,
    )
    runs = event.pattern is before.basal.pattern or rates == before.basal.programme_millipulses_per_h
    return runs and after == replace(before, basal=expected) and outputs == Outputs()


@acceptance(
    "INV-BASAL-017",
    says="A pattern can be chosen in idle, priming or delivering, also while insulin is held back.",
    formalizes=("REQ-BASAL-006", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def choice_is_accepted(before: Pump, event: ChoosePattern, outputs: Outputs) -> bool:
    return accepted(outputs) == open_for_settings(before)


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
        highest_millipulses_per_h=after.basal.highest_millipulses_per_h,
    )
    return after == replace(before, basal=expected) and outputs == Outputs()


@acceptance(
    "INV-BASAL-008",
    says="A temporary rate is accepted exactly while delivering without a hold, within its duration and ceilings.",
    formalizes=("REQ-BASAL-002", "REQ-BASAL-005.b", "REQ-DOSE-015.b", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def temporary_is_accepted(before: Pump, event: StartTemporaryBasal, outputs: Outputs, limits: Limits) -> bool:
    rate = (
        event.rate_millipulses_per_h >= 0
        and event.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h
    )
    highest = times(limits.temporary_highest_times, before.basal.highest_millipulses_per_h)
    schedule = event.rate_millipulses_per_h <= highest
    duration = event.duration_s > 0 and event.duration_s <= limits.max_temporary_basal_s
    place = before.mode is Mode.DELIVERING and not held(before)
    return accepted(outputs) == (place and rate and schedule and duration)


def temporary_starts_now(event: StartTemporaryBasal, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BASAL-009",
    says="A temporary basal starts with its rate and its whole duration, and changes nothing else.",
    formalizes=("REQ-BASAL-002",),
    when=temporary_starts_now,
)
def temporary_does_this_alone(
    before: Pump, after: Pump, event: StartTemporaryBasal, outputs: Outputs
) -> bool:
    temporary = TemporaryBasal(
        kind=TemporaryKind.ABSOLUTE,
        millipulses_per_h=event.rate_millipulses_per_h,
        percent=0,
        remaining_s=event.duration_s,
    )
    expected = replace(before, basal=replace(before.basal, temporary=temporary))
    return after == expected and outputs == Outputs()


@acceptance(
    "INV-BASAL-020",
    says="A percent rate is accepted exactly while delivering without a hold, for tens from 0 to 200, within its time.",
    formalizes=("REQ-BASAL-007.c", "REQ-BASAL-002", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def percent_is_accepted(before: Pump, event: StartTemporaryPercent, outputs: Outputs, limits: Limits) -> bool:
    amount = any(event.percent == 10 * tens for tens in range(21))
    duration = event.duration_s > 0 and event.duration_s <= limits.max_temporary_basal_s
    place = before.mode is Mode.DELIVERING and not held(before)
    return accepted(outputs) == (place and amount and duration)


def percent_starts_now(event: StartTemporaryPercent, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BASAL-021",
    says="A percent rate starts with its percent and its whole duration, and changes nothing else.",
    formalizes=("REQ-BASAL-002", "REQ-BASAL-007"),
    when=percent_starts_now,
)
def percent_does_this_alone(
    before: Pump, after: Pump, event: StartTemporaryPercent, outputs: Outputs
) -> bool:
    temporary = TemporaryBasal(
        kind=TemporaryKind.PERCENT, millipulses_per_h=0, percent=event.percent, remaining_s=event.duration_s
    )
    expected = replace(before, basal=replace(before.basal, temporary=temporary))
    return after == expected and outputs == Outputs()


@acceptance(
    "INV-BASAL-010",
    says="A temporary basal that runs can be cancelled in idle, priming or delivering.",
    formalizes=("REQ-BASAL-002", "REQ-POWER-001.c"),
    uses=("INV-BASAL-003", "INV-BASAL-014"),
    witness=request_is_accepted,
)
def cancelling_temporary_is_accepted(
    before: Pump, event: CancelTemporaryBasal, outputs: Outputs, watch: TemporaryWatch
) -> bool:
    return accepted(outputs) == (open_for_settings(before) and watch.left_s != 0)


def temporary_is_cancelled_now(event: CancelTemporaryBasal, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BASAL-011",
    says="Cancelling a temporary basal ends it and changes nothing else.",
    formalizes=("REQ-BASAL-002",),
    when=temporary_is_cancelled_now,
)
def cancelling_temporary_does_this_alone(
    before: Pump, after: Pump, event: CancelTemporaryBasal, outputs: Outputs
) -> bool:
    expected = replace(before, basal=temporary_ended(before.basal))
    return after == expected and outputs == Outputs()


BASAL_PROPERTIES: tuple[Property, ...] = (
    rates_are_within_limits,
    rates_of_patterns_are_within_limits,
    patterns_are_as_accepted,
    pattern_is_as_chosen,
    programme_is_the_chosen_pattern,
    highest_is_not_negative,
    highest_is_the_highest,
    temporary_basal_lasts_its_time,
    temporary_basal_is_bounded,
    accumulator_holds_less_than_a_pulse,
    missed_basal_is_counted_in_pulses,
    stretch_follows_accumulator,
    basal_is_exact,
    ceilings_follow_accumulator,
    ceilings_hold,
    missed_basal_is_counted,
    programme_is_accepted,
    programming_does_this_alone,
    choice_is_accepted,
    choice_does_this_alone,
    temporary_is_accepted,
    temporary_does_this_alone,
    percent_is_accepted,
    percent_does_this_alone,
    cancelling_temporary_is_accepted,
    cancelling_temporary_does_this_alone,
)
