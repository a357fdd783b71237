"""How often boluses begin: the lockout, and the count of every window of 24 hours."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import ConfirmBolus, ConfirmExtendedBolus, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted
from pumpproof.spec.pump.state import Mode, Pump


@dataclass(frozen=True)
class BolusClock:
    """Seconds since the last bolus began."""

    since_s: int


def begin_bolus_clock(limits: Limits) -> BolusClock:
    """A first bolus need not wait."""
    return BolusClock(since_s=limits.bolus_lockout_s)


def second_of_bolus_clock(clock: BolusClock, before: Pump) -> BolusClock:
    """Counts the seconds in which the pump is on, and no others."""
    return clock if before.mode is Mode.OFF else BolusClock(since_s=clock.since_s + 1)


def restart_bolus_clock(clock: BolusClock, outputs: Outputs) -> BolusClock:
    """A bolus begins."""
    return BolusClock(since_s=0) if accepted(outputs) else clock


BOLUS_CLOCK = Observer(
    "bolus clock",
    says="Counts the seconds since the last bolus began; nothing but the next one sets it back.",
    record=BolusClock,
    begin=begin_bolus_clock,
    steps=(
        (Tick, second_of_bolus_clock),
        (ConfirmBolus, restart_bolus_clock),
        (ConfirmExtendedBolus, restart_bolus_clock),
    ),
)


def lockout_runs(pump: Pump) -> bool:
    return pump.bolus_starts.lockout_s > 0


@invariant(
    "INV-BOLUS-017",
    says="The pump waits out the lockout exactly: seconds in which it is on, whatever else happens in them.",
    formalizes=("REQ-BOLUS-007",),
    witness=lockout_runs,
)
def lockout_is_true(pump: Pump, clock: BolusClock, limits: Limits) -> bool:
    left_s = limits.bolus_lockout_s - clock.since_s
    return pump.bolus_starts.lockout_s == max(left_s, 0) and clock.since_s >= 0


def bolus_starts_now(event: ConfirmBolus, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BOLUS-018",
    says="From the start of one bolus to the start of the next lies at least the lockout.",
    formalizes=("REQ-BOLUS-006.a", "REQ-BOLUS-007"),
    when=bolus_starts_now,
    uses=("INV-BOLUS-017", "INV-BOLUS-107"),
)
def boluses_keep_their_distance(
    event: ConfirmBolus, outputs: Outputs, clock: BolusClock, limits: Limits
) -> bool:
    return clock.since_s >= limits.bolus_lockout_s


@dataclass(frozen=True)
class DayWindow:
    """Boluses that began since some moment, for 25 hours: the first 24 are a day, the last one is for comparison.

    ``second_of_hour`` and ``hours`` follow the hours of the pump, which begin at another second.
    """

    passed_s: int
    second_of_hour: int
    hours: int
    starts: int
    closed: bool


def open_day(pump: Pump) -> DayWindow:
    """A window may open at any moment, also in the middle of an hour of the pump."""
    return DayWindow(
        passed_s=0, second_of_hour=pump.bolus_starts.second_of_hour, hours=0, starts=0, closed=False
    )


def second_of_day(day: DayWindow, before: Pump) -> DayWindow:
    """Count a second in which the pump is on."""
    if before.mode is Mode.OFF or day.closed:
        return day
    hour_begins = day.second_of_hour == 3599
    return replace(
        day,
        passed_s=day.passed_s + 1,
        second_of_hour=0 if hour_begins else day.second_of_hour + 1,
        hours=day.hours + (1 if hour_begins else 0),
        closed=day.passed_s == 90_000,
    )


def count_start(day: DayWindow, outputs: Outputs) -> DayWindow:
    """A bolus begins."""
    return replace(day, starts=day.starts + 1) if accepted(outputs) and not day.closed else day


DAY_WINDOW = Observer(
    "day window",
    says="Opens at any moment and counts seconds and the boluses that begin by itself.",
    record=DayWindow,
    begin=open_day,
    steps=((Tick, second_of_day), (ConfirmBolus, count_start), (ConfirmExtendedBolus, count_start)),
    arbitrary_start=True,
)


@lemma("INV-BOLUS-108", says="The pump counts 3600 seconds to the hour, and no hour holds a negative count.")
def hours_are_counted(pump: Pump) -> bool:
    time = 0 <= pump.bolus_starts.second_of_hour <= 3599
    return time and all(pump.bolus_starts.by_hour[hour] >= 0 for hour in range(25))


@lemma(
    "INV-BOLUS-109",
    says="The hours that the pump keeps hold no more boluses than a day may.",
    uses=("INV-BOLUS-107", "INV-BOLUS-108"),
)
def hours_hold_no_more_than_a_day(pump: Pump, limits: Limits) -> bool:
    return sum(pump.bolus_starts.by_hour) <= limits.max_boluses_per_day


@invariant(
    "INV-BOLUS-019",
    says="The hours of the pump last 3600 seconds each: window and pump count the same seconds.",
    formalizes=("REQ-BOLUS-008", "REQ-BOLUS-007"),
    uses=("INV-BOLUS-108",),
)
def day_and_pump_are_in_step(pump: Pump, day: DayWindow) -> bool:
    opened_at_second = 3600 * day.hours + day.second_of_hour - day.passed_s
    together = day.second_of_hour == pump.bolus_starts.second_of_hour and day.passed_s <= 90_000
    return day.closed or (together and 0 <= opened_at_second <= 3599 and day.passed_s >= 0)


@lemma(
    "INV-BOLUS-110",
    says="The boluses of the window lie in the hours of the pump since it opened, and in any longer stretch.",
    uses=("INV-BOLUS-108", "INV-BOLUS-019"),
)
def window_lies_in_its_hours(pump: Pump, day: DayWindow) -> bool:
    return day.closed or all(
        day.hours > k or day.starts <= sum(pump.bolus_starts.by_hour[: k + 1]) for k in range(25)
    )


def is_within_the_day(day: DayWindow) -> bool:
    """At most 86,400 seconds have passed."""
    return not day.closed and day.passed_s <= 86_400


def some_bolus_began(day: DayWindow) -> bool:
    return day.starts > 0


@invariant(
    "INV-BOLUS-020",
    says="In every window of 24 hours, wherever it begins, no more boluses begin than the number set for a day.",
    formalizes=("REQ-BOLUS-008",),
    when=is_within_the_day,
    uses=(
        "INV-BOLUS-019",
        "INV-BOLUS-109",
        "INV-BOLUS-110",
        "INV-BOLUS-107",
        "INV-BOLUS-108",
    ),
    witness=some_bolus_began,
)
def day_holds_no_more(day: DayWindow, limits: Limits) -> bool:
    return day.starts <= limits.max_boluses_per_day


@invariant(
    "INV-BOLUS-021",
    says="What counts against the day began in the window since the hours counted began: no bolus counts for too long.",
    formalizes=("REQ-BOLUS-002.c",),
    uses=("INV-BOLUS-019", "INV-BOLUS-108"),
    witness=some_bolus_began,
)
def hours_lie_in_the_window(pump: Pump, day: DayWindow) -> bool:
    return day.closed or all(
        day.hours < k or sum(pump.bolus_starts.by_hour[:k]) <= day.starts for k in range(26)
    )


BOLUS_STARTS_PROPERTIES: tuple[Property, ...] = (
    lockout_is_true,
    boluses_keep_their_distance,
    hours_are_counted,
    hours_hold_no_more_than_a_day,
    day_and_pump_are_in_step,
    window_lies_in_its_hours,
    day_holds_no_more,
    hours_lie_in_the_window,
)
