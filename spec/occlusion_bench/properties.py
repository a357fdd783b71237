"""What a block keeps back, what it can release at once, and when the pump finds it: bounds for every line.

The properties count for themselves; none of them calls a function that a row of the bench or of the pump runs.
"""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.limits import MOST_PERSISTENCE_S, Limits
from pumpproof.spec.occlusion_bench.model import (
    Bench,
    LineBlocks,
    LineClears,
    Mode,
    Outputs,
    Reason,
    Second,
)


@dataclass(frozen=True)
class SinceBlock:
    """What the drive pushed since the line blocked, and what of it leaked."""

    pushed_pulses: int
    leaked_millipulse_seconds: int


def no_block_yet(bench: Bench) -> SinceBlock:
    """Nothing is missing."""
    return SinceBlock(pushed_pulses=0, leaked_millipulse_seconds=0)


def note_push(since: SinceBlock, before: Bench, event: Second, outputs: Outputs) -> SinceBlock:
    """Insulin that is pushed into a blocked line is missing."""
    if before.mode is Mode.OPEN:
        return since
    return SinceBlock(
        pushed_pulses=since.pushed_pulses + outputs.drive_pulses,
        leaked_millipulse_seconds=since.leaked_millipulse_seconds + outputs.leaked_millipulse_seconds,
    )


def note_clearance(since: SinceBlock, event: LineClears) -> SinceBlock:
    """What was missing is settled."""
    return SinceBlock(pushed_pulses=0, leaked_millipulse_seconds=0)


@dataclass(frozen=True)
class Programme:
    """The programme since the line blocked, for as long as the drive follows it within a pulse.

    ``owed`` is what was programmed less what was pushed; ``surplus`` is what was programmed less the largest leak;
    ``full_s`` are the seconds for which the surplus has filled the line, however much the drive is behind.
    ``leaks_all`` says that every second leaked at least what was programmed for it.
    """

    followed: bool
    owed_millipulse_seconds: int
    surplus_millipulse_seconds: int
    full_s: int
    leaks_all: bool


def no_programme(bench: Bench) -> Programme:
    """The line is open."""
    return Programme(
        followed=False,
        owed_millipulse_seconds=0,
        surplus_millipulse_seconds=0,
        full_s=0,
        leaks_all=False,
    )


def begin_programme(programme: Programme, before: Bench, event: LineBlocks) -> Programme:
    """The account begins with the block."""
    if before.mode is Mode.BLOCKED:
        return programme
    return Programme(
        followed=True,
        owed_millipulse_seconds=0,
        surplus_millipulse_seconds=0,
        full_s=0,
        leaks_all=True,
    )


def fills_line(programme: Programme, limits: Limits) -> bool:
    """Even if the drive is behind by all but a pulse, the line holds what is certain to be read as high."""
    behind = MILLIPULSE_SECONDS_PER_PULSE - 1
    certain = MILLIPULSE_SECONDS_PER_PULSE * limits.certain_pulses
    return programme.surplus_millipulse_seconds >= certain + behind


def note_second(
    programme: Programme, before: Bench, event: Second, outputs: Outputs, limits: Limits
) -> Programme:
    """A second of a blocked line that the contract allows."""
    if before.mode is Mode.OPEN or outputs.refusal is not Reason.NONE:
        return programme
    pushed = MILLIPULSE_SECONDS_PER_PULSE * outputs.drive_pulses
    owed = programme.owed_millipulse_seconds + event.programmed_millipulses_per_h - pushed
    within_a_pulse = -MILLIPULSE_SECONDS_PER_PULSE < owed < MILLIPULSE_SECONDS_PER_PULSE
    gained = event.programmed_millipulses_per_h - limits.most_leak_millipulses_per_h
    return Programme(
        followed=programme.followed and within_a_pulse,
        owed_millipulse_seconds=owed,
        surplus_millipulse_seconds=programme.surplus_millipulse_seconds + gained,
        full_s=programme.full_s + 1 if fills_line(programme, limits) else 0,
        leaks_all=programme.leaks_all and event.leak_millipulses_per_h >= event.programmed_millipulses_per_h,
    )


def end_programme(programme: Programme, event: LineClears) -> Programme:
    """The line is open."""
    return Programme(
        followed=False,
        owed_millipulse_seconds=0,
        surplus_millipulse_seconds=0,
        full_s=0,
        leaks_all=False,
    )


@dataclass(frozen=True)
class HighReadings:
    """Seconds of high readings without a break."""

    high_s: int


def no_reading_yet(bench: Bench) -> HighReadings:
    """Nothing was read."""
    return HighReadings(high_s=0)


def note_reading(readings: HighReadings, event: Second, outputs: Outputs, limits: Limits) -> HighReadings:
    """A reading of a second that the contract allows."""
    if outputs.refusal is not Reason.NONE:
        return readings
    return HighReadings(readings.high_s + 1 if event.pressure_pa >= limits.occlusion_pressure_pa else 0)


OBSERVERS: tuple[Observer, ...] = (
    Observer(
        "since the block",
        says="Adds up what is pushed into a blocked line, and what leaks from it.",
        record=SinceBlock,
        begin=no_block_yet,
        steps=((Second, note_push), (LineClears, note_clearance)),
    ),
    Observer(
        "programme",
        says="Compares what is pushed into a blocked line with what is programmed, and with the largest leak.",
        record=Programme,
        begin=no_programme,
        steps=((LineBlocks, begin_programme), (Second, note_second), (LineClears, end_programme)),
    ),
    Observer(
        "high readings",
        says="Counts the seconds of high readings.",
        record=HighReadings,
        begin=no_reading_yet,
        steps=((Second, note_reading),),
    ),
)


def run_on_pulses(seconds: int, limits: Limits) -> int:
    """The most that the drive pushes in so many seconds, up to the longest persistence."""
    return sum(limits.most_pulses_per_s if i < seconds else 0 for i in range(MOST_PERSISTENCE_S))


def kept_back_pulses(limits: Limits) -> int:
    """The stated bound: what makes a high reading certain, and what the drive pushes in the persistence."""
    return limits.certain_pulses + run_on_pulses(limits.occlusion_persistence_s, limits)


@lemma("INV-LINE-101", says="Nothing is trapped in an open line, and never less than nothing.")
def open_line_traps_nothing(bench: Bench) -> bool:
    trapped = bench.trapped_millipulse_seconds
    return trapped == 0 if bench.mode is Mode.OPEN else trapped >= 0


@lemma(
    "INV-LINE-102",
    says="Above the certain volume a line holds at most what was pushed while its pressure was read as high.",
    uses=("INV-LINE-101", "INV-LINE-103"),
)
def overrun_is_bounded(bench: Bench, limits: Limits) -> bool:
    seconds = min(bench.pressure_high_s + 1, limits.occlusion_persistence_s)
    most = limits.certain_pulses + run_on_pulses(seconds, limits)
    return bench.trapped_millipulse_seconds < MILLIPULSE_SECONDS_PER_PULSE * most


@lemma("INV-LINE-103", says="Seconds are never counted below zero.")
def counts_are_positive(bench: Bench, programme: Programme) -> bool:
    return bench.pressure_high_s >= 0 and programme.full_s >= 0


@lemma("INV-LINE-109", says="The pump counts the seconds of high readings exactly, up to the persistence.")
def readings_are_counted(bench: Bench, readings: HighReadings, limits: Limits) -> bool:
    counted = bench.pressure_high_s == min(readings.high_s, limits.occlusion_persistence_s)
    return counted and readings.high_s >= 0


def is_within_a_pulse_of_the_bound(bench: Bench, limits: Limits) -> bool:
    return bench.trapped_millipulse_seconds >= MILLIPULSE_SECONDS_PER_PULSE * (kept_back_pulses(limits) - 1)


@invariant(
    "INV-LINE-001",
    says="A block keeps back less than the certain volume and what the drive pushes in the persistence.",
    formalizes=("REQ-OCC-004.a",),
    uses=("INV-LINE-102",),
    witness=is_within_a_pulse_of_the_bound,
)
def kept_back_is_bounded(bench: Bench, limits: Limits) -> bool:
    return bench.trapped_millipulse_seconds < MILLIPULSE_SECONDS_PER_PULSE * kept_back_pulses(limits)


def something_leaked(since: SinceBlock) -> bool:
    return since.leaked_millipulse_seconds > 0


@lemma(
    "INV-LINE-104",
    says="What was pushed since the line blocked is trapped, or leaked.",
    uses=("INV-LINE-101",),
    witness=something_leaked,
)
def pushed_is_trapped_or_leaked(bench: Bench, since: SinceBlock) -> bool:
    pushed = MILLIPULSE_SECONDS_PER_PULSE * since.pushed_pulses
    return pushed == bench.trapped_millipulse_seconds + since.leaked_millipulse_seconds


def misses_as_much_as_it_can(since: SinceBlock, limits: Limits) -> bool:
    return since.pushed_pulses >= kept_back_pulses(limits) - 1


@invariant(
    "INV-LINE-002",
    says="The insulin that is missing since the line blocked is less than that bound and what leaked.",
    formalizes=("REQ-OCC-004.a",),
    uses=("INV-LINE-102", "INV-LINE-103", "INV-LINE-104"),
    witness=misses_as_much_as_it_can,
)
def missing_is_bounded(since: SinceBlock, limits: Limits) -> bool:
    missing = MILLIPULSE_SECONDS_PER_PULSE * since.pushed_pulses
    bound = MILLIPULSE_SECONDS_PER_PULSE * kept_back_pulses(limits) + since.leaked_millipulse_seconds
    return missing < bound


def releases_as_much_as_it_can(outputs: Outputs, limits: Limits) -> bool:
    most = MILLIPULSE_SECONDS_PER_PULSE * (kept_back_pulses(limits) - 1)
    return outputs.released_millipulse_seconds >= most


@step_property(
    "INV-LINE-003",
    says="A block that gives way delivers less at once than the certain volume and the pushes of the persistence.",
    formalizes=("REQ-OCC-004.a",),
    uses=("INV-LINE-001",),
    witness=releases_as_much_as_it_can,
)
def release_is_bounded(event: LineClears, outputs: Outputs, limits: Limits) -> bool:
    return outputs.released_millipulse_seconds < MILLIPULSE_SECONDS_PER_PULSE * kept_back_pulses(limits)


def all_of_it_is_delivered(before: Bench, event: LineClears) -> bool:
    return before.trapped_millipulse_seconds > 0


@step_property(
    "INV-LINE-004",
    says="A block that gives way delivers all that was missing and did not leak.",
    formalizes=("REQ-OCC-004",),
    when=all_of_it_is_delivered,
    uses=("INV-LINE-101", "INV-LINE-104"),
)
def release_is_what_was_missing(event: LineClears, after: Bench, outputs: Outputs, since: SinceBlock) -> bool:
    pushed = MILLIPULSE_SECONDS_PER_PULSE * since.pushed_pulses
    released = outputs.released_millipulse_seconds + since.leaked_millipulse_seconds == pushed
    return released and after.trapped_millipulse_seconds == 0


@lemma(
    "INV-LINE-105",
    says="A blocked line holds at least the surplus of the programme, less what the drive owes.",
    uses=("INV-LINE-101",),
)
def line_holds_the_surplus(bench: Bench, programme: Programme) -> bool:
    least = programme.surplus_millipulse_seconds - programme.owed_millipulse_seconds
    return bench.mode is Mode.OPEN or bench.trapped_millipulse_seconds >= least


@lemma("INV-LINE-106", says="While the programme is followed the drive is within a pulse of it.")
def drive_follows_within_a_pulse(bench: Bench, programme: Programme) -> bool:
    owed = programme.owed_millipulse_seconds
    within_a_pulse = -MILLIPULSE_SECONDS_PER_PULSE < owed < MILLIPULSE_SECONDS_PER_PULSE
    return not programme.followed or (bench.mode is Mode.BLOCKED and within_a_pulse)


@lemma(
    "INV-LINE-107",
    says="While the programme is followed, every second in which it has filled the line is read as high.",
    uses=("INV-LINE-103", "INV-LINE-105", "INV-LINE-106"),
)
def full_line_is_counted(bench: Bench, programme: Programme, limits: Limits) -> bool:
    counted = bench.pressure_high_s >= min(programme.full_s, limits.occlusion_persistence_s)
    return not programme.followed or counted


def has_been_full_for_the_persistence(
    event: Second, outputs: Outputs, programme: Programme, limits: Limits
) -> bool:
    full = fills_line(programme, limits) and programme.full_s + 1 >= limits.occlusion_persistence_s
    return outputs.refusal is Reason.NONE and programme.followed and full


@step_property(
    "INV-LINE-005",
    says="An occlusion is found at the latest the persistence after the programme, less the largest leak, has given "
    "the certain volume and a pulse.",
    formalizes=("REQ-OCC-004.b",),
    when=has_been_full_for_the_persistence,
    uses=("INV-LINE-105", "INV-LINE-106", "INV-LINE-107"),
)
def occlusion_is_found_in_time(event: Second, outputs: Outputs) -> bool:
    return outputs.occlusion_found


@lemma(
    "INV-LINE-108",
    says="Where a leak takes what is programmed, the line holds no more than a pulse less what the drive owes.",
    uses=("INV-LINE-101", "INV-LINE-106"),
)
def leak_keeps_line_low(bench: Bench, programme: Programme) -> bool:
    most = MILLIPULSE_SECONDS_PER_PULSE - programme.owed_millipulse_seconds
    is_drained = programme.followed and programme.leaks_all
    return not is_drained or bench.trapped_millipulse_seconds <= most


def leaks_what_is_programmed(event: Second, outputs: Outputs, programme: Programme) -> bool:
    leaks = event.leak_millipulses_per_h >= event.programmed_millipulses_per_h
    return outputs.refusal is Reason.NONE and programme.followed and programme.leaks_all and leaks


def a_pulse_is_missing(since: SinceBlock) -> bool:
    return since.pushed_pulses >= 1


@step_property(
    "INV-LINE-006",
    says="No occlusion is ever found where, second by second, as much leaks as is programmed.",
    formalizes=("REQ-OCC-004",),
    when=leaks_what_is_programmed,
    uses=("INV-LINE-101", "INV-LINE-106", "INV-LINE-108"),
    witness=a_pulse_is_missing,
)
def no_alarm_where_all_leaks(event: Second, outputs: Outputs) -> bool:
    return not outputs.occlusion_found


def line_is_open(before: Bench, event: Second, outputs: Outputs) -> bool:
    return before.mode is Mode.OPEN and outputs.refusal is Reason.NONE


@step_property(
    "INV-LINE-007",
    says="An open line is never taken for an occluded one.",
    formalizes=("REQ-OCC-004",),
    when=line_is_open,
    uses=("INV-LINE-101",),
)
def open_line_does_not_alarm(event: Second, outputs: Outputs) -> bool:
    return not outputs.occlusion_found


def an_occlusion_is_found(event: Second, outputs: Outputs) -> bool:
    return outputs.occlusion_found


@step_property(
    "INV-LINE-008",
    says="The second that finds an occlusion pushes nothing.",
    formalizes=("REQ-OCC-004.a",),
    when=an_occlusion_is_found,
)
def nothing_is_pushed_into_an_occlusion(event: Second, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def an_occlusion_is_not_found_yet(
    event: Second, outputs: Outputs, readings: HighReadings, limits: Limits
) -> bool:
    too_early = readings.high_s + 1 < limits.occlusion_persistence_s
    return outputs.refusal is Reason.NONE and too_early


@step_property(
    "INV-LINE-009",
    says="No occlusion is found before the reading was high for the whole persistence.",
    formalizes=("REQ-OCC-004",),
    when=an_occlusion_is_not_found_yet,
    uses=("INV-LINE-109",),
)
def no_alarm_before_the_persistence(event: Second, outputs: Outputs) -> bool:
    return not outputs.occlusion_found


def is_open(before: Bench) -> bool:
    return before.mode is Mode.OPEN


@acceptance(
    "INV-LINE-010",
    says="Of an open line the contract excludes exactly more than the largest push, and high readings.",
    formalizes=("REQ-OCC-004",),
    when=is_open,
)
def open_contract(event: Second, outputs: Outputs, limits: Limits) -> bool:
    possible = event.due_pulses <= limits.most_pulses_per_s
    low = event.pressure_pa < limits.occlusion_pressure_pa
    return (outputs.refusal is Reason.NONE) == (possible and low)


def is_blocked(before: Bench) -> bool:
    return before.mode is Mode.BLOCKED


@acceptance(
    "INV-LINE-011",
    says="Of a blocked line the contract excludes exactly more than the largest push or leak, a low reading from the "
    "certain volume on, and a high one below the possible volume.",
    formalizes=("REQ-OCC-004",),
    when=is_blocked,
)
def blocked_contract(before: Bench, event: Second, outputs: Outputs, limits: Limits) -> bool:
    pushed = event.due_pulses <= limits.most_pulses_per_s
    leaked = event.leak_millipulses_per_h <= limits.most_leak_millipulses_per_h
    trapped = before.trapped_millipulse_seconds
    may_be_high = trapped >= MILLIPULSE_SECONDS_PER_PULSE * limits.possible_pulses
    may_be_low = trapped < MILLIPULSE_SECONDS_PER_PULSE * limits.certain_pulses
    read = may_be_high if event.pressure_pa >= limits.occlusion_pressure_pa else may_be_low
    return (outputs.refusal is Reason.NONE) == (pushed and leaked and read)


PROPERTIES: tuple[Property, ...] = (
    open_line_traps_nothing,
    overrun_is_bounded,
    counts_are_positive,
    readings_are_counted,
    kept_back_is_bounded,
    pushed_is_trapped_or_leaked,
    missing_is_bounded,
    release_is_bounded,
    release_is_what_was_missing,
    line_holds_the_surplus,
    drive_follows_within_a_pulse,
    full_line_is_counted,
    occlusion_is_found_in_time,
    leak_keeps_line_low,
    no_alarm_where_all_leaks,
    open_line_does_not_alarm,
    nothing_is_pushed_into_an_occlusion,
    no_alarm_before_the_persistence,
    open_contract,
    blocked_contract,
)
