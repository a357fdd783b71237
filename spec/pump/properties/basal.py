"""Basal: its limits, the temporary rate, and exactness over time."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import (
    CancelTemporaryBasal,
    PowerOff,
    StartTemporaryBasal,
    StartTemporaryPercent,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.drive_count import TwoCounts
from pumpproof.spec.pump.properties.occlusion import OcclusionWatch
from pumpproof.spec.pump.properties.stops import STOP_LEMMAS, second_stops
from pumpproof.spec.pump.properties.supervision import SelfTests
from pumpproof.spec.pump.properties.words import (
    accepted,
    held,
    is_on,
    open_for_settings,
    request_is_accepted,
    temporary_ended,
)
from pumpproof.spec.pump.state import PULSE, Mode, Pump, TemporaryBasal, TemporaryKind


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


def ceiling_of_temporary(pump: Pump, slot: int, limits: Limits) -> int:
    """The most that a temporary basal may give in this second."""
    current = times(limits.temporary_current_times, pump.basal.programme_millipulses_per_h[slot])
    return min(limits.max_basal_millipulses_per_h, current)


def rate_of_second(pump: Pump, slot: int, limits: Limits) -> int:
    """Millipulses per hour that are programmed for this second."""
    programmed = pump.basal.programme_millipulses_per_h[slot]
    temporary = pump.basal.temporary
    if temporary.remaining_s < 1:
        return programmed
    tenfold = sum(programmed * tens if temporary.percent == 10 * tens else 0 for tens in range(21))
    wanted = tenfold // 10 if temporary.kind is TemporaryKind.PERCENT else temporary.millipulses_per_h
    return min(wanted, ceiling_of_temporary(pump, slot, limits))


def ceiling_of_second(pump: Pump, slot: int, limits: Limits) -> int:
    """The most that basal may give in this second: only a temporary one can meet a multiple of the schedule."""
    if pump.basal.temporary.remaining_s < 1:
        return limits.max_basal_millipulses_per_h
    return ceiling_of_temporary(pump, slot, limits)


def second_of_stretch(
    stretch: BasalStretch, before: Pump, after: Pump, event: Tick, outputs: Outputs, limits: Limits
) -> BasalStretch:
    """A second without basal enabled breaks the stretch; every other second owes its rate.

    An observer that may open anywhere has not seen for how long the pressure was high before; that a second ends held
    by an alarm exactly when there is a cause to stop is a property of its own.
    """
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    if not free or after.holds.alarm:
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
    uses=("INV-BASAL-001",),
)
def accumulator_holds_less_than_a_pulse(pump: Pump) -> bool:
    return 0 <= pump.basal.accumulator < PULSE


@invariant(
    "INV-BASAL-012",
    says="Missed basal is counted in pulses as soon as it makes one.",
    formalizes=("REQ-BASAL-004.a",),
    uses=("INV-BASAL-001",),
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
    uses=("INV-BASAL-001", "INV-BASAL-101"),
)
def ceilings_follow_accumulator(pump: Pump, stretch: BasalStretch) -> bool:
    return stretch.broken or stretch.below_ceilings > pump.basal.accumulator - PULSE


@invariant(
    "INV-BASAL-019",
    says="No stretch of basal gives a pulse more than the largest rate and the multiple of the schedule allow.",
    formalizes=("REQ-BASAL-005.a", "REQ-BASAL-005.c"),
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
    uses=("INV-ALARM-103", *STOP_LEMMAS),
)
def missed_basal_is_counted(
    before: Pump,
    after: Pump,
    event: Tick,
    limits: Limits,
    watch: OcclusionWatch,
    counts: TwoCounts,
    tests: SelfTests,
) -> bool:
    stop = second_stops(watch, counts, tests, event, limits) or before.reservoir.pulses == 0
    kept_back = held(before) or stop or event.delivery_inhibited
    if before.mode is Mode.DELIVERING and kept_back:
        return missed_basal(after) == missed_basal(before) + rate_of_second(before, event.slot, limits)
    return missed_basal(after) == missed_basal(before)


@acceptance(
    "INV-BASAL-008",
    says="A temporary rate is accepted exactly while delivering, keys unlocked, no hold, within duration and ceilings.",
    formalizes=("REQ-BASAL-002", "REQ-BASAL-005.b", "REQ-DOSE-015.b", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def temporary_is_accepted(before: Pump, event: StartTemporaryBasal, outputs: Outputs, limits: Limits) -> bool:
    rate = (
        event.rate_millipulses_per_h >= 0
        and event.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h
    )
    highest = times(limits.temporary_highest_times, max(before.basal.programme_millipulses_per_h))
    schedule = event.rate_millipulses_per_h <= highest
    duration = event.duration_s > 0 and event.duration_s <= limits.max_temporary_basal_s
    place = before.mode is Mode.DELIVERING and not held(before) and not before.key_lock.locked
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
    says="A percent rate is accepted exactly while delivering, keys unlocked, no hold, for tens to 200, in its time.",
    formalizes=("REQ-BASAL-007.c", "REQ-BASAL-002", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def percent_is_accepted(before: Pump, event: StartTemporaryPercent, outputs: Outputs, limits: Limits) -> bool:
    amount = any(event.percent == 10 * tens for tens in range(21))
    duration = event.duration_s > 0 and event.duration_s <= limits.max_temporary_basal_s
    place = before.mode is Mode.DELIVERING and not held(before) and not before.key_lock.locked
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
    says="A temporary basal that runs can be cancelled in idle, priming or delivering, with keys unlocked.",
    formalizes=("REQ-BASAL-002", "REQ-POWER-001.c"),
    uses=("INV-BASAL-003", "INV-BASAL-014"),
    witness=request_is_accepted,
)
def cancelling_temporary_is_accepted(
    before: Pump, event: CancelTemporaryBasal, outputs: Outputs, watch: TemporaryWatch
) -> bool:
    open_to_all = open_for_settings(before) and not before.key_lock.locked
    return accepted(outputs) == (open_to_all and watch.left_s != 0)


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
    temporary_basal_lasts_its_time,
    temporary_basal_is_bounded,
    accumulator_holds_less_than_a_pulse,
    missed_basal_is_counted_in_pulses,
    stretch_follows_accumulator,
    basal_is_exact,
    ceilings_follow_accumulator,
    ceilings_hold,
    missed_basal_is_counted,
    temporary_is_accepted,
    temporary_does_this_alone,
    percent_is_accepted,
    percent_does_this_alone,
    cancelling_temporary_is_accepted,
    cancelling_temporary_does_this_alone,
)
