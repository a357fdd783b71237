"""The hourly cap, for every window of 3600 seconds, and no stricter than it must be."""

from dataclasses import dataclass, replace
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import BolusRequested, ConfirmBolus, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.bolus_starts import BolusClock
from pumpproof.spec.pump.properties.causes import latched
from pumpproof.spec.pump.properties.day import day_takes
from pumpproof.spec.pump.properties.words import accepted, held, therapy_pulses
from pumpproof.spec.pump.state import PULSE, Action, Mode, Pump


@dataclass(frozen=True)
class HourWindow:
    """Therapy since some moment, for 61 minutes: the first 60 are an hour, the last one is for comparison.

    ``basal_in_minute`` and ``basal_in_minutes`` are the largest basal that the running minute and the minutes before
    it could have given, kept apart so that nothing is ever multiplied. The rest counts the same therapy by the minutes
    of the pump, which begin at another second: so finely the pump can tell hours apart, and no finer.
    """

    minutes: int
    seconds: int
    pulses: int
    basal_in_minute: int
    basal_in_minutes: int
    closed: bool
    opened_at_second: int
    pump_second: int
    pump_minutes: int
    pulses_by_minute: Annotated[tuple[int, ...], Length(61)]


def open_window(pump: Pump) -> HourWindow:
    """A window may open at any moment, also in the middle of a minute of the pump."""
    return HourWindow(
        minutes=0,
        seconds=0,
        pulses=0,
        basal_in_minute=0,
        basal_in_minutes=0,
        closed=False,
        opened_at_second=pump.accounts.second_of_minute,
        pump_second=pump.accounts.second_of_minute,
        pump_minutes=0,
        pulses_by_minute=tuple(0 for minute in range(61)),
    )


def count_by_minutes_of_pump(window: HourWindow, outputs: Outputs) -> HourWindow:
    """The same second and the same therapy, by the minutes of the pump."""
    minute_begins = window.pump_second == 59
    earlier = window.pulses_by_minute[:60] if minute_begins else window.pulses_by_minute[1:]
    running = 0 if minute_begins else window.pulses_by_minute[0]
    return replace(
        window,
        pump_second=0 if minute_begins else window.pump_second + 1,
        pump_minutes=window.pump_minutes + (1 if minute_begins else 0),
        pulses_by_minute=(running + therapy_pulses(outputs),) + earlier,
    )


def pass_second(window: HourWindow, before: Pump, outputs: Outputs, limits: Limits) -> HourWindow:
    """Count a second in which the pump is on, and what it gives."""
    if before.mode is Mode.OFF or window.closed:
        return window
    if window.minutes == 61:
        return replace(window, closed=True)
    minute_ends = window.seconds == 59
    basal = window.basal_in_minute + limits.max_basal_millipulses_per_h
    return replace(
        count_by_minutes_of_pump(window, outputs),
        minutes=window.minutes + (1 if minute_ends else 0),
        seconds=0 if minute_ends else window.seconds + 1,
        pulses=window.pulses + therapy_pulses(outputs),
        basal_in_minute=0 if minute_ends else basal,
        basal_in_minutes=window.basal_in_minutes + (basal if minute_ends else 0),
    )


def count_between_seconds(window: HourWindow, outputs: Outputs) -> HourWindow:
    """Whatever is given counts."""
    return replace(window, pulses=window.pulses + therapy_pulses(outputs))


HOUR_WINDOW = Observer(
    "hour window",
    says="Opens at any moment and counts seconds and therapy by itself.",
    record=HourWindow,
    begin=open_window,
    steps=((Tick, pass_second),),
    otherwise=count_between_seconds,
    arbitrary_start=True,
)


def is_within_the_hour(window: HourWindow) -> bool:
    """At most 3600 seconds have passed."""
    return not window.closed and (window.minutes < 60 or (window.minutes == 60 and window.seconds == 0))


def basal_to_come(window: HourWindow, limits: Limits) -> int:
    """The largest basal for the rest of the hour, in units of which ``PULSE`` make a pulse."""
    return 3600 * limits.max_basal_millipulses_per_h - window.basal_in_minutes - window.basal_in_minute


@lemma(
    "INV-DOSE-101",
    says="No minute of the pump holds a negative amount.",
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002"),
)
def minutes_are_not_negative(pump: Pump) -> bool:
    return all(pump.accounts.minute_pulses[minute] >= 0 for minute in range(61))


@lemma("INV-DOSE-109", says="The pump counts 60 seconds to the minute.")
def pump_counts_time(pump: Pump) -> bool:
    return 0 <= pump.accounts.second_of_minute <= 59


@lemma("INV-DOSE-102", says="The window counts 60 seconds to the minute and ends after 61 minutes.")
def window_counts_time(window: HourWindow) -> bool:
    last = 0 <= window.minutes <= 60 or (window.minutes == 61 and window.seconds == 0)
    return last and 0 <= window.seconds <= 59


@invariant(
    "INV-DOSE-014",
    says="The minutes of the pump last 60 seconds each: window and pump count the same seconds.",
    formalizes=("REQ-DOSE-005.e",),
    uses=("INV-DOSE-109",),
)
def window_and_pump_are_in_step(pump: Pump, window: HourWindow) -> bool:
    opened = 0 <= window.opened_at_second <= 59
    by_pump = 60 * window.pump_minutes + window.pump_second
    by_window = 60 * window.minutes + window.seconds + window.opened_at_second
    return (
        opened
        and by_pump == by_window
        and (window.closed or window.pump_second == pump.accounts.second_of_minute)
    )


@invariant(
    "INV-DOSE-013",
    says="Each minute that the pump keeps holds at least what was given of it in the window.",
    formalizes=("REQ-DOSE-001",),
    uses=("INV-DOSE-101", "INV-DOSE-014", "INV-DOSE-109"),
)
def minutes_cover_the_window(pump: Pump, window: HourWindow) -> bool:
    return window.closed or all(
        pump.accounts.minute_pulses[m] >= window.pulses_by_minute[m] for m in range(61)
    )


@lemma(
    "INV-DOSE-105",
    says="Each minute of the pump that began in the window holds exactly what was given of it in the window.",
    uses=("INV-DOSE-014", "INV-DOSE-109"),
)
def window_covers_the_minutes(pump: Pump, window: HourWindow) -> bool:
    return window.closed or all(
        m >= window.pump_minutes or pump.accounts.minute_pulses[m] == window.pulses_by_minute[m]
        for m in range(61)
    )


@lemma(
    "INV-DOSE-106",
    says="The largest basal of the running minute is at most its seconds multiplied by the largest rate.",
    uses=("INV-DOSE-102",),
)
def largest_basal_of_minute_is_counted(window: HourWindow, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return window.basal_in_minute >= 0 and all(
        window.seconds > s or window.basal_in_minute <= s * largest for s in range(60)
    )


@lemma(
    "INV-DOSE-111",
    says="The largest basal of the minutes before is at most their seconds multiplied by the largest rate.",
    uses=("INV-DOSE-102", "INV-DOSE-106"),
)
def largest_basal_of_minutes_is_counted(window: HourWindow, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return window.basal_in_minutes >= 0 and all(
        window.minutes > m or window.basal_in_minutes <= m * 60 * largest for m in range(61)
    )


@lemma(
    "INV-DOSE-115",
    says="The largest basal of the running minute is at least its seconds multiplied by the largest rate.",
    uses=("INV-DOSE-102", "INV-DOSE-106"),
)
def largest_basal_of_minute_is_counted_in_full(window: HourWindow, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return all(window.seconds < s or window.basal_in_minute >= s * largest for s in range(60))


@lemma(
    "INV-DOSE-116",
    says="The largest basal of the minutes before is at least their seconds multiplied by the largest rate.",
    uses=("INV-DOSE-102", "INV-DOSE-106", "INV-DOSE-111", "INV-DOSE-115"),
)
def largest_basal_of_minutes_is_counted_in_full(window: HourWindow, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return all(window.minutes < m or window.basal_in_minutes >= m * 60 * largest for m in range(61))


@lemma(
    "INV-DOSE-107",
    says="Beside an hour of the largest basal, the cap has room for the rest of both boluses.",
    uses=("INV-DOSE-101", "INV-BOLUS-104", "INV-BOLUS-130", "INV-BOLUS-107", "INV-RES-002"),
)
def bolus_leaves_room_for_basal(pump: Pump, limits: Limits) -> bool:
    owed = pump.bolus.remaining_pulses + pump.extended_bolus.remaining_pulses
    used = 1000 * owed + limits.max_basal_millipulses_per_h
    return used <= 1000 * limits.max_hour_pulses


@lemma(
    "INV-DOSE-114",
    says="What was given in the window lies in the minutes of the pump since it opened, and in any longer stretch.",
    uses=("INV-DOSE-101", "INV-DOSE-102", "INV-DOSE-014", "INV-DOSE-109"),
)
def window_lies_in_its_minutes(pump: Pump, window: HourWindow) -> bool:
    return window.closed or all(
        window.pump_minutes > k or window.pulses <= sum(pump.accounts.minute_pulses[: k + 1])
        for k in range(61)
    )


@lemma(
    "INV-DOSE-110",
    says="What was given in the window, the rest of both boluses and the largest basal until its end fit the cap.",
    uses=(
        "INV-DOSE-101",
        "INV-DOSE-102",
        "INV-DOSE-014",
        "INV-DOSE-106",
        "INV-DOSE-107",
        "INV-DOSE-109",
        "INV-DOSE-111",
        "INV-DOSE-114",
        "INV-DOSE-116",
        "INV-BASAL-001",
        "INV-BASAL-101",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
    ),
)
def window_has_room(pump: Pump, window: HourWindow, limits: Limits) -> bool:
    owed = pump.bolus.remaining_pulses + pump.extended_bolus.remaining_pulses
    booked = PULSE * (window.pulses + owed) + basal_to_come(window, limits)
    full = PULSE * (limits.max_hour_pulses + 1)
    return not is_within_the_hour(window) or booked + pump.basal.accumulator < full


@invariant(
    "INV-DOSE-008",
    says="In every window of 3600 seconds, wherever it begins, no more therapy is given than the hourly cap.",
    formalizes=("REQ-DOSE-001.a", "REQ-DOSE-009"),
    when=is_within_the_hour,
    uses=(
        "INV-DOSE-110",
        "INV-DOSE-102",
        "INV-DOSE-106",
        "INV-DOSE-111",
        "INV-BASAL-001",
        "INV-BASAL-101",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
    ),
)
def hourly_cap_holds(window: HourWindow, limits: Limits) -> bool:
    return window.pulses <= limits.max_hour_pulses


def fits(window: HourWindow, pulses: int, limits: Limits) -> bool:
    """What was given, these pulses and the largest basal for the rest of the window are within the cap."""
    booked = PULSE * (window.pulses + pulses) + basal_to_come(window, limits)
    return booked <= PULSE * limits.max_hour_pulses


def bolus_does_not_fit_the_hour(
    window: HourWindow, before: Pump, event: ConfirmBolus, limits: Limits
) -> bool:
    """Not beside what an extended bolus still owes."""
    owed = before.extended_bolus.remaining_pulses
    return is_within_the_hour(window) and not fits(window, event.pulses + owed, limits)


@step_property(
    "INV-DOSE-009",
    says="A bolus is refused if it does not fit a window beside what was given, is owed, and the basal to come.",
    formalizes=("REQ-DOSE-001.c", "REQ-BOLUS-002"),
    when=bolus_does_not_fit_the_hour,
    uses=(
        "INV-DOSE-101",
        "INV-DOSE-102",
        "INV-DOSE-014",
        "INV-DOSE-106",
        "INV-DOSE-109",
        "INV-DOSE-114",
        "INV-DOSE-116",
    ),
)
def bolus_beyond_the_hour_is_refused(window: HourWindow, event: ConfirmBolus, outputs: Outputs) -> bool:
    return not accepted(outputs)


def fits_by_the_minute(window: HourWindow, pulses: int, limits: Limits) -> bool:
    """A bolus of so many pulses fits every hour that began within these 61 minutes, as exactly as minutes can tell."""
    largest = limits.max_basal_millipulses_per_h
    return all(
        60_000 * (pulses + sum(window.pulses_by_minute[: k + 1])) + (61 - k) * largest
        <= 60_000 * limits.max_hour_pulses
        for k in range(1, 61)
    )


def bolus_fits(
    before: Pump, window: HourWindow, event: BolusRequested, limits: Limits, clock: BolusClock
) -> bool:
    therapy = before.mode is Mode.DELIVERING and not held(before) and before.bolus.remaining_pulses == 0
    owed = event.pulses + before.extended_bolus.remaining_pulses
    amount = 1 <= event.pulses <= limits.max_bolus_pulses and owed <= before.reservoir.pulses
    often = clock.since_s < limits.bolus_lockout_s or (
        sum(before.bolus_starts.by_hour) >= limits.max_boluses_per_day
    )
    day = day_takes(before, owed, limits)
    hour = window.minutes == 61 and not window.closed and fits_by_the_minute(window, owed, limits)
    clear = not latched(before, Action.BASAL_ONLY) and not before.line.holds_insulin
    open_to_all = therapy and clear and not before.key_lock.locked
    return open_to_all and amount and hour and day and not often


@acceptance(
    "INV-DOSE-010",
    says="A bolus that fits day and, by the minute, every hour beside what is owed is shown, also if it fits exactly.",
    formalizes=("REQ-DOSE-001", "REQ-BOLUS-002.c"),
    when=bolus_fits,
    uses=(
        "INV-DOSE-102",
        "INV-DOSE-014",
        "INV-DOSE-105",
        "INV-DOSE-109",
        "INV-BOLUS-017",
        "INV-BOLUS-104",
    ),
)
def bolus_that_fits_is_accepted(window: HourWindow, event: BolusRequested, outputs: Outputs) -> bool:
    return accepted(outputs)


HOUR_PROPERTIES: tuple[Property, ...] = (
    minutes_are_not_negative,
    pump_counts_time,
    window_counts_time,
    window_and_pump_are_in_step,
    minutes_cover_the_window,
    window_covers_the_minutes,
    largest_basal_of_minute_is_counted,
    largest_basal_of_minutes_is_counted,
    largest_basal_of_minute_is_counted_in_full,
    largest_basal_of_minutes_is_counted_in_full,
    bolus_leaves_room_for_basal,
    window_lies_in_its_minutes,
    window_has_room,
    hourly_cap_holds,
    bolus_beyond_the_hour_is_refused,
    bolus_that_fits_is_accepted,
)
