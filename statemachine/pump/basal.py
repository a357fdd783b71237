"""Basal rates: the patterns, the programme of the day and the temporary rate."""

from dataclasses import replace
from typing import Annotated

from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import (
    CancelTemporaryBasal,
    ChoosePattern,
    ProgramBasal,
    StartTemporaryBasal,
    StartTemporaryPercent,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import (
    PULSE,
    Basal,
    Mode,
    Pattern,
    Patterns,
    Pump,
    TemporaryBasal,
    TemporaryKind,
)
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused
from pumpproof.statemachine.pump.holds import is_held


def multiple(times: int, rate_millipulses_per_h: int) -> int:
    """A rate taken 1 to 10 times, each of them a sum of its own, so that no two unknowns are multiplied."""
    return sum(k * rate_millipulses_per_h if times == k else 0 for k in range(1, 11))


def part_of(rate_millipulses_per_h: int, percent: int) -> int:
    """So many percent of a rate, a multiple of ten from 0 to 200, rounded down."""
    return sum(k * rate_millipulses_per_h if percent == 10 * k else 0 for k in range(21)) // 10


def temporary_rate(basal: Basal, scheduled: int, limits: Limits) -> int:
    """What was asked for, and never more than the ceilings of this second, whatever was changed since.

    What is known when a request comes is judged then: a rate beyond the multiple of the highest one is refused. What is
    scheduled in a later second is not known then: there this ceiling decides, because too little basal is noticed
    earlier than too much. It lies below the same multiple of the highest rate of the programme that runs then.
    """
    asked = (
        part_of(scheduled, basal.temporary.percent)
        if basal.temporary.kind is TemporaryKind.PERCENT
        else basal.temporary.millipulses_per_h
    )
    current = multiple(limits.temporary_current_times, scheduled)
    return min(asked, limits.max_basal_millipulses_per_h, current)


def rate_in_force(basal: Basal, slot: int, limits: Limits) -> int:
    """Millipulses per hour: the temporary rate while it lasts, else that of the slot."""
    scheduled = basal.programme_millipulses_per_h[slot]
    return temporary_rate(basal, scheduled, limits) if basal.temporary.remaining_s > 0 else scheduled


def second_of_basal(basal: Basal) -> Basal:
    """The time of the temporary rate runs."""
    remaining_s = max(basal.temporary.remaining_s - 1, 0)
    return replace(basal, temporary=replace(basal.temporary, remaining_s=remaining_s))


def basal_pulses_due(basal: Basal, slot: int, limits: Limits) -> int:
    """One pulse in the second in which the accumulator reaches it, else none."""
    return 1 if basal.accumulator + rate_in_force(basal, slot, limits) >= PULSE else 0


def give_basal(basal: Basal, rate_millipulses_per_h: int, pulses: int) -> Basal:
    """Add a second of this rate, and take off what is given."""
    return replace(basal, accumulator=basal.accumulator + rate_millipulses_per_h - PULSE * pulses)


def book_missed_basal(basal: Basal, rate_millipulses_per_h: int) -> Basal:
    """Count a second of basal that was not given; it is forgone, never given later."""
    missed = basal.missed_accumulator + rate_millipulses_per_h
    if missed >= PULSE:
        return replace(basal, missed_accumulator=missed - PULSE, missed_pulses=basal.missed_pulses + 1)
    return replace(basal, missed_accumulator=missed)


def end_temporary_basal(basal: Basal) -> Basal:
    """The programme of the day is in force again."""
    return replace(basal, temporary=replace(basal.temporary, remaining_s=0))


def is_basal_rate(rate_millipulses_per_h: int, limits: Limits) -> bool:
    """The rate lies within the limits; zero is a rate."""
    return 0 <= rate_millipulses_per_h <= limits.max_basal_millipulses_per_h


def with_rate(
    rates: Annotated[tuple[int, ...], Length(48)], event: ProgramBasal
) -> Annotated[tuple[int, ...], Length(48)]:
    """The same day with the new rate in its slot and in no other."""
    return tuple(event.rate_millipulses_per_h if slot == event.slot else rates[slot] for slot in range(48))


def with_rate_of_pattern(patterns: Patterns, event: ProgramBasal) -> Patterns:
    """The same patterns with the new rate in one of them."""
    if event.pattern is Pattern.WEEKDAY:
        return replace(patterns, weekday=with_rate(patterns.weekday, event))
    if event.pattern is Pattern.WEEKEND:
        return replace(patterns, weekend=with_rate(patterns.weekend, event))
    if event.pattern is Pattern.HOLIDAY:
        return replace(patterns, holiday=with_rate(patterns.holiday, event))
    return replace(patterns, sick_day=with_rate(patterns.sick_day, event))


def rates_of(patterns: Patterns, pattern: Pattern) -> Annotated[tuple[int, ...], Length(48)]:
    """The rates of one pattern."""
    if pattern is Pattern.WEEKDAY:
        return patterns.weekday
    if pattern is Pattern.WEEKEND:
        return patterns.weekend
    if pattern is Pattern.HOLIDAY:
        return patterns.holiday
    return patterns.sick_day


def is_temporary_time(duration_s: int, limits: Limits) -> bool:
    """At least a second, and no longer than the longest."""
    return 1 <= duration_s <= limits.max_temporary_basal_s


def refuse_programme(pump: Pump, event: ProgramBasal, limits: Limits) -> Reason:
    """The slot must exist and the rate lie within the limits."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if not 0 <= event.slot <= 47:
        return Reason.NO_SUCH_SLOT
    if not is_basal_rate(event.rate_millipulses_per_h, limits):
        return Reason.OUT_OF_RANGE
    return Reason.NONE


def programme(pump: Pump, event: ProgramBasal, limits: Limits) -> Step:
    """Set the rate of that slot of that pattern; if the pattern runs, its next second is given at the new rate."""
    rates = pump.basal.programme_millipulses_per_h
    kept = replace(pump.basal, patterns=with_rate_of_pattern(pump.basal.patterns, event))
    runs = event.pattern is pump.basal.pattern
    programmed = replace(kept, programme_millipulses_per_h=with_rate(rates, event) if runs else rates)
    return Step(replace(pump, basal=programmed))


def refuse_choice(pump: Pump, event: ChoosePattern, limits: Limits) -> Reason:
    """Every pattern can run, also one without basal; choosing the one that runs changes nothing."""
    return Reason.KEYS_LOCKED if pump.key_lock.locked else Reason.NONE


def choose_pattern(pump: Pump, event: ChoosePattern, limits: Limits) -> Step:
    """Its rates become the programme of the day; holds and a temporary basal are as they were."""
    rates = rates_of(pump.basal.patterns, event.pattern)
    chosen = replace(pump.basal, pattern=event.pattern, programme_millipulses_per_h=rates)
    return Step(replace(pump, basal=chosen))


def refuse_temporary_basal(pump: Pump, event: StartTemporaryBasal, limits: Limits) -> Reason:
    """Refused while insulin is held back, because its time would pass without insulin."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if is_held(pump.holds):
        return Reason.HELD
    if not is_basal_rate(event.rate_millipulses_per_h, limits):
        return Reason.OUT_OF_RANGE
    if not is_temporary_time(event.duration_s, limits):
        return Reason.OUT_OF_RANGE
    highest = max(pump.basal.programme_millipulses_per_h)
    if event.rate_millipulses_per_h > multiple(limits.temporary_highest_times, highest):
        return Reason.ABOVE_SCHEDULE
    return Reason.NONE


def start_temporary_basal(pump: Pump, event: StartTemporaryBasal, limits: Limits) -> Step:
    """It replaces the temporary rate that may be running."""
    temporary = TemporaryBasal(
        kind=TemporaryKind.ABSOLUTE,
        millipulses_per_h=event.rate_millipulses_per_h,
        percent=0,
        remaining_s=event.duration_s,
    )
    return Step(replace(pump, basal=replace(pump.basal, temporary=temporary)))


def refuse_temporary_percent(pump: Pump, event: StartTemporaryPercent, limits: Limits) -> Reason:
    """Tens of percent up to 200, and no time that would pass without insulin; 0 percent is a rate."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if is_held(pump.holds):
        return Reason.HELD
    if not 0 <= event.percent <= 200 or event.percent % 10 != 0:
        return Reason.OUT_OF_RANGE
    if not is_temporary_time(event.duration_s, limits):
        return Reason.OUT_OF_RANGE
    return Reason.NONE


def start_temporary_percent(pump: Pump, event: StartTemporaryPercent, limits: Limits) -> Step:
    """It replaces the temporary rate that may be running, and follows the programme from slot to slot."""
    temporary = TemporaryBasal(
        kind=TemporaryKind.PERCENT,
        millipulses_per_h=0,
        percent=event.percent,
        remaining_s=event.duration_s,
    )
    return Step(replace(pump, basal=replace(pump.basal, temporary=temporary)))


def refuse_to_cancel_temporary_basal(pump: Pump, event: CancelTemporaryBasal, limits: Limits) -> Reason:
    """There must be a temporary rate to cancel."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    return Reason.NONE if pump.basal.temporary.remaining_s > 0 else Reason.NOTHING_TO_CANCEL


def cancel_temporary_basal(pump: Pump, event: CancelTemporaryBasal, limits: Limits) -> Step:
    """The programme of the day is in force again."""
    return Step(replace(pump, basal=end_temporary_basal(pump.basal)))


BASAL_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-BASAL-001",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        ProgramBasal,
        refuse_programme,
        programme,
        to=SAME_MODE,
        why="A slot takes any rate within the limits, also that of the pattern that runs.",
        requirements=("REQ-BASAL-001", "REQ-BASAL-006"),
    ),
    Command(
        "MDL-BASAL-007",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        ChoosePattern,
        refuse_choice,
        choose_pattern,
        to=SAME_MODE,
        why="Patterns change at any moment, also while held: the choice ends no hold and no temporary basal.",
        requirements=("REQ-BASAL-006", "REQ-SUSP-003"),
    ),
    Command(
        "MDL-BASAL-002",
        (Mode.DELIVERING,),
        StartTemporaryBasal,
        refuse_temporary_basal,
        start_temporary_basal,
        to=SAME_MODE,
        why="A temporary basal starts only while basal runs, and only with a rate and a duration within the limits.",
        requirements=("REQ-BASAL-001", "REQ-BASAL-002"),
    ),
    Command(
        "MDL-BASAL-008",
        (Mode.DELIVERING,),
        StartTemporaryPercent,
        refuse_temporary_percent,
        start_temporary_percent,
        to=SAME_MODE,
        why="A part of the programme replaces it only while basal runs, from nothing to twice as much, for a time.",
        requirements=("REQ-BASAL-002", "REQ-BASAL-007"),
    ),
    Command(
        "MDL-BASAL-003",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        CancelTemporaryBasal,
        refuse_to_cancel_temporary_basal,
        cancel_temporary_basal,
        to=SAME_MODE,
        why="A temporary basal can be cancelled also while insulin is held back.",
        requirements=("REQ-BASAL-002",),
    ),
    Refused(
        "MDL-BASAL-004",
        (Mode.OFF,),
        (ProgramBasal, ChoosePattern, StartTemporaryBasal, StartTemporaryPercent, CancelTemporaryBasal),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-BASAL-005",
        (Mode.SELF_TEST, Mode.FAULT),
        (ProgramBasal, ChoosePattern, StartTemporaryBasal, StartTemporaryPercent, CancelTemporaryBasal),
        Reason.NOT_IN_THIS_MODE,
        why="Rates are not changed before the self-test has passed, nor after a fault.",
        requirements=("REQ-POWER-002",),
    ),
    Refused(
        "MDL-BASAL-006",
        (Mode.IDLE, Mode.PRIMING),
        (StartTemporaryBasal, StartTemporaryPercent),
        Reason.NOT_IN_THIS_MODE,
        why="A temporary basal changes basal that runs; without it there is nothing to change.",
        requirements=("REQ-BASAL-002",),
    ),
)
