"""The daily cap, for every window of 24 hours, and no stricter than it must be."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import ConfirmBolus, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, therapy_pulses
from pumpproof.spec.pump.state import PULSE, Mode, Pump


@dataclass(frozen=True)
class DayOfTherapy:
    """Therapy since some moment, for 25 hours: the first 24 are a day, the last one is for comparison.

    The largest basal that the running minute, the minutes before it and the hours before those could have given is kept
    apart, so that nothing is ever multiplied. ``pump_second`` and ``pump_hours`` follow the hours of the pump, which
    begin at another second.
    """

    hours: int
    minutes: int
    seconds: int
    pulses: int
    basal_in_minute: int
    basal_in_minutes: int
    basal_in_hours: int
    closed: bool
    pump_second: int
    pump_hours: int


def open_day(pump: Pump) -> DayOfTherapy:
    """A window may open at any moment, also in the middle of an hour of the pump."""
    return DayOfTherapy(
        hours=0,
        minutes=0,
        seconds=0,
        pulses=0,
        basal_in_minute=0,
        basal_in_minutes=0,
        basal_in_hours=0,
        closed=False,
        pump_second=pump.bolus_starts.second_of_hour,
        pump_hours=0,
    )


def count_basal(day: DayOfTherapy, limits: Limits) -> DayOfTherapy:
    """A second of the largest basal, where it belongs once this second is over."""
    minute_ends = day.seconds == 59
    hour_ends = minute_ends and day.minutes == 59
    in_minute = day.basal_in_minute + limits.max_basal_millipulses_per_h
    in_minutes = day.basal_in_minutes + (in_minute if minute_ends else 0)
    return replace(
        day,
        basal_in_minute=0 if minute_ends else in_minute,
        basal_in_minutes=0 if hour_ends else in_minutes,
        basal_in_hours=day.basal_in_hours + (in_minutes if hour_ends else 0),
    )


def count_time(day: DayOfTherapy) -> DayOfTherapy:
    """A second, by the window's own time and by that of the pump."""
    minute_ends = day.seconds == 59
    hour_ends = minute_ends and day.minutes == 59
    pump_hour_ends = day.pump_second == 3599
    return replace(
        day,
        seconds=0 if minute_ends else day.seconds + 1,
        minutes=0 if hour_ends else day.minutes + (1 if minute_ends else 0),
        hours=day.hours + (1 if hour_ends else 0),
        pump_second=0 if pump_hour_ends else day.pump_second + 1,
        pump_hours=day.pump_hours + (1 if pump_hour_ends else 0),
    )


def pass_second(day: DayOfTherapy, before: Pump, outputs: Outputs, limits: Limits) -> DayOfTherapy:
    """Count a second in which the pump is on, and what it gives."""
    if before.mode is Mode.OFF or day.closed:
        return day
    if day.hours == 25:
        return replace(day, closed=True)
    counted = count_time(count_basal(day, limits))
    return replace(counted, pulses=day.pulses + therapy_pulses(outputs))


def count_between_seconds(day: DayOfTherapy, outputs: Outputs) -> DayOfTherapy:
    """Whatever is given counts."""
    return replace(day, pulses=day.pulses + therapy_pulses(outputs))


DAY_OF_THERAPY = Observer(
    "day of therapy",
    says="Opens at any moment and counts seconds and therapy by itself.",
    record=DayOfTherapy,
    begin=open_day,
    steps=((Tick, pass_second),),
    otherwise=count_between_seconds,
    arbitrary_start=True,
)


def passed_s(day: DayOfTherapy) -> int:
    """The seconds since the window opened."""
    return 3600 * day.hours + 60 * day.minutes + day.seconds


def is_within_the_day(day: DayOfTherapy) -> bool:
    """At most 86,400 seconds have passed."""
    return not day.closed and passed_s(day) <= 86_400


def basal_to_come(day: DayOfTherapy, limits: Limits) -> int:
    """The largest basal for the rest of the day, in units of which ``PULSE`` make a pulse."""
    passed = day.basal_in_hours + day.basal_in_minutes + day.basal_in_minute
    return 86_400 * limits.max_basal_millipulses_per_h - passed


@lemma(
    "INV-DOSE-120",
    says="No hour of the pump holds a negative amount of therapy.",
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002"),
)
def hours_are_not_negative(pump: Pump) -> bool:
    return all(pump.day.hour_pulses[hour] >= 0 for hour in range(25))


@lemma(
    "INV-DOSE-121",
    says="The day counts 60 seconds to the minute, 60 minutes to the hour, and ends after 25 hours.",
)
def day_counts_time(day: DayOfTherapy) -> bool:
    over = day.hours == 25 and day.minutes == 0 and day.seconds == 0
    time = 0 <= day.seconds <= 59 and 0 <= day.minutes <= 59
    return time and day.hours >= 0 and (day.hours <= 24 or over)


@lemma(
    "INV-DOSE-122",
    says="The hours of the pump last 3600 seconds each: the day and the pump count the same seconds.",
    uses=("INV-BOLUS-108", "INV-DOSE-121"),
)
def day_and_pump_are_in_step(pump: Pump, day: DayOfTherapy) -> bool:
    opened_at_second = 3600 * day.pump_hours + day.pump_second - passed_s(day)
    together = day.closed or day.pump_second == pump.bolus_starts.second_of_hour
    return 0 <= opened_at_second <= 3599 and together and 0 <= day.pump_second <= 3599 and day.pump_hours >= 0


@lemma(
    "INV-DOSE-123",
    says="The largest basal of the running minute is its seconds multiplied by the largest rate.",
    uses=("INV-DOSE-121",),
)
def basal_of_minute_is_counted(day: DayOfTherapy, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return day.basal_in_minute >= 0 and all(
        day.seconds != s or day.basal_in_minute == s * largest for s in range(60)
    )


@lemma(
    "INV-DOSE-124",
    says="The largest basal of the minutes before is their seconds multiplied by the largest rate.",
    uses=("INV-DOSE-121", "INV-DOSE-123"),
)
def basal_of_minutes_is_counted(day: DayOfTherapy, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return day.basal_in_minutes >= 0 and all(
        day.minutes != m or day.basal_in_minutes == 60 * m * largest for m in range(60)
    )


@lemma(
    "INV-DOSE-125",
    says="The largest basal of the hours before is their seconds multiplied by the largest rate, no less and no more.",
    uses=("INV-DOSE-121", "INV-DOSE-123", "INV-DOSE-124"),
)
def basal_of_hours_is_counted(day: DayOfTherapy, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    return day.basal_in_hours >= 0 and all(
        (day.hours > h or day.basal_in_hours <= 3600 * h * largest)
        and (day.hours < h or day.basal_in_hours >= 3600 * h * largest)
        for h in range(26)
    )


@lemma(
    "INV-DOSE-126",
    says="Beside a day of the largest basal, the cap has room for the rest of both boluses.",
    uses=("INV-DOSE-120", "INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002"),
)
def bolus_leaves_a_day_of_basal(pump: Pump, limits: Limits) -> bool:
    owed = pump.bolus.remaining_pulses + pump.extended_bolus.remaining_pulses
    used = 1000 * owed + 24 * limits.max_basal_millipulses_per_h
    return used <= 1000 * limits.max_day_pulses


@lemma(
    "INV-DOSE-127",
    says="What was given in the day lies in the hours of the pump since it began, and in any longer stretch.",
    uses=("INV-DOSE-120", "INV-DOSE-121", "INV-DOSE-122", "INV-BOLUS-108"),
)
def day_lies_in_its_hours(pump: Pump, day: DayOfTherapy) -> bool:
    return day.closed or all(
        day.pump_hours > k or day.pulses <= sum(pump.day.hour_pulses[: k + 1]) for k in range(25)
    )


@lemma(
    "INV-DOSE-128",
    says="What was given in the day, the rest of both boluses and the largest basal until its end fit the daily cap.",
    uses=(
        "INV-DOSE-120",
        "INV-DOSE-121",
        "INV-DOSE-122",
        "INV-DOSE-123",
        "INV-DOSE-124",
        "INV-DOSE-125",
        "INV-DOSE-126",
        "INV-DOSE-127",
        "INV-BASAL-001",
        "INV-BASAL-101",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-BOLUS-108",
    ),
)
def day_has_room(pump: Pump, day: DayOfTherapy, limits: Limits) -> bool:
    owed = pump.bolus.remaining_pulses + pump.extended_bolus.remaining_pulses
    booked = PULSE * (day.pulses + owed) + basal_to_come(day, limits)
    full = PULSE * (limits.max_day_pulses + 1)
    return not is_within_the_day(day) or booked + pump.basal.accumulator < full


@invariant(
    "INV-DOSE-019",
    says="In every window of 24 hours, wherever it begins, no more therapy is given than the daily cap.",
    formalizes=("REQ-DOSE-008.a",),
    when=is_within_the_day,
    uses=(
        "INV-DOSE-121",
        "INV-DOSE-123",
        "INV-DOSE-124",
        "INV-DOSE-125",
        "INV-DOSE-128",
        "INV-BASAL-001",
        "INV-BASAL-101",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
    ),
)
def daily_cap_holds(day: DayOfTherapy, limits: Limits) -> bool:
    return day.pulses <= limits.max_day_pulses


def fits_the_day(day: DayOfTherapy, pulses: int, limits: Limits) -> bool:
    """What was given, these pulses and the largest basal for the rest of the day are within the cap."""
    booked = PULSE * (day.pulses + pulses) + basal_to_come(day, limits)
    return booked <= PULSE * limits.max_day_pulses


def bolus_does_not_fit_the_day(day: DayOfTherapy, before: Pump, event: ConfirmBolus, limits: Limits) -> bool:
    """Not beside what an extended bolus still owes."""
    owed = before.extended_bolus.remaining_pulses
    return is_within_the_day(day) and not fits_the_day(day, event.pulses + owed, limits)


@step_property(
    "INV-DOSE-020",
    says="A bolus is refused if it does not fit a day beside what was given, is owed, and the largest basal to come.",
    formalizes=("REQ-DOSE-008.c", "REQ-BOLUS-002"),
    when=bolus_does_not_fit_the_day,
    uses=(
        "INV-DOSE-120",
        "INV-DOSE-121",
        "INV-DOSE-122",
        "INV-DOSE-123",
        "INV-DOSE-124",
        "INV-DOSE-125",
        "INV-DOSE-127",
        "INV-BOLUS-108",
    ),
)
def bolus_beyond_the_day_is_refused(day: DayOfTherapy, event: ConfirmBolus, outputs: Outputs) -> bool:
    return not accepted(outputs)


def something_was_given(day: DayOfTherapy) -> bool:
    return day.pulses > 0


@invariant(
    "INV-DOSE-021",
    says="What counts against the daily cap was given since the hours counted began: nothing counts for too long.",
    formalizes=("REQ-DOSE-008.c", "REQ-BOLUS-002.c"),
    uses=(
        "INV-DOSE-120",
        "INV-DOSE-121",
        "INV-DOSE-122",
        "INV-BOLUS-108",
        "INV-BOLUS-104",
        "INV-BOLUS-130",
        "INV-RES-002",
    ),
    witness=something_was_given,
)
def hours_lie_in_the_day(pump: Pump, day: DayOfTherapy) -> bool:
    return day.closed or all(
        day.pump_hours < k or sum(pump.day.hour_pulses[:k]) <= day.pulses for k in range(26)
    )


def day_takes(before: Pump, pulses: int, limits: Limits) -> bool:
    """Beside what the last hours hold, the daily cap has room for it and for the largest basal of the rest."""
    return all(
        1000 * (limits.max_day_pulses - pulses - sum(before.day.hour_pulses[: k + 1]))
        >= (25 - k) * limits.max_basal_millipulses_per_h
        for k in range(1, 25)
    )


DAY_PROPERTIES: tuple[Property, ...] = (
    hours_are_not_negative,
    day_counts_time,
    day_and_pump_are_in_step,
    basal_of_minute_is_counted,
    basal_of_minutes_is_counted,
    basal_of_hours_is_counted,
    bolus_leaves_a_day_of_basal,
    day_lies_in_its_hours,
    day_has_room,
    daily_cap_holds,
    bolus_beyond_the_day_is_refused,
    hours_lie_in_the_day,
)
