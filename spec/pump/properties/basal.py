"""Basal: its limits, its programme, the temporary rate, and exactness over time."""

from dataclasses import dataclass, replace
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import CancelTemporaryBasal, PowerOff, ProgramBasal, StartTemporaryBasal, Tick
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
from pumpproof.spec.pump.state import PULSE, Mode, Pump, TemporaryBasal


@dataclass(frozen=True)
class BasalProgramme:
    """What the accepted requests have programmed, and how long the temporary rate has still to run."""

    rates_millipulses_per_h: Annotated[tuple[int, ...], Length(48)]
    temporary_millipulses_per_h: int
    temporary_left_s: int


def begin_programme(pump: Pump) -> BasalProgramme:
    """Nothing is programmed."""
    return BasalProgramme(
        rates_millipulses_per_h=tuple(0 for slot in range(48)),
        temporary_millipulses_per_h=0,
        temporary_left_s=0,
    )


def note_rate(programme: BasalProgramme, event: ProgramBasal, outputs: Outputs) -> BasalProgramme:
    """An accepted rate replaces that of its slot."""
    if not accepted(outputs):
        return programme
    return replace(
        programme,
        rates_millipulses_per_h=tuple(
            event.rate_millipulses_per_h if event.slot == slot else programme.rates_millipulses_per_h[slot]
            for slot in range(48)
        ),
    )


def note_temporary(programme: BasalProgramme, event: StartTemporaryBasal, outputs: Outputs) -> BasalProgramme:
    """An accepted temporary rate replaces the one before."""
    if not accepted(outputs):
        return programme
    return replace(
        programme,
        temporary_millipulses_per_h=event.rate_millipulses_per_h,
        temporary_left_s=event.duration_s,
    )


def note_end_of_temporary(programme: BasalProgramme, outputs: Outputs) -> BasalProgramme:
    """Cancelled, or ended by power off."""
    return replace(programme, temporary_left_s=0) if accepted(outputs) else programme


def second_of_programme(programme: BasalProgramme, before: Pump) -> BasalProgramme:
    """The temporary rate runs in every second in which the pump is on."""
    if before.mode is Mode.OFF or programme.temporary_left_s == 0:
        return programme
    return replace(programme, temporary_left_s=programme.temporary_left_s - 1)


BASAL_PROGRAMME = Observer(
    "basal programme",
    says="Writes down every accepted basal rate and counts the temporary rate down.",
    record=BasalProgramme,
    begin=begin_programme,
    steps=(
        (ProgramBasal, note_rate),
        (StartTemporaryBasal, note_temporary),
        (CancelTemporaryBasal, note_end_of_temporary),
        (PowerOff, note_end_of_temporary),
        (Tick, second_of_programme),
    ),
)


@dataclass(frozen=True)
class BasalStretch:
    """Basal still owed since the stretch began, in units of which ``PULSE`` make a pulse."""

    owed: int
    broken: bool


def begin_stretch(pump: Pump) -> BasalStretch:
    """A stretch may begin at any moment."""
    return BasalStretch(owed=0, broken=False)


def rate_of_second(pump: Pump, slot: int) -> int:
    """Millipulses per hour that are programmed for this second."""
    if pump.basal.temporary.remaining_s >= 1:
        return pump.basal.temporary.millipulses_per_h
    return pump.basal.programme_millipulses_per_h[slot]


def second_of_stretch(
    stretch: BasalStretch, before: Pump, after: Pump, event: Tick, outputs: Outputs
) -> BasalStretch:
    """A second without basal enabled breaks the stretch; every other second owes its rate.

    An observer that may open anywhere has not seen for how long the pressure was high before; that a second ends held
    by an alarm exactly when there is a cause to stop is a property of its own.
    """
    free = before.mode is Mode.DELIVERING and not held(before) and not event.delivery_inhibited
    if not free or after.holds.alarm:
        return replace(stretch, broken=True)
    return replace(
        stretch, owed=stretch.owed + rate_of_second(before, event.slot) - PULSE * outputs.basal_pulses
    )


def pulses_between_seconds(stretch: BasalStretch, outputs: Outputs) -> BasalStretch:
    """Whatever is given counts."""
    return replace(stretch, owed=stretch.owed - PULSE * outputs.basal_pulses)


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
    witness=temporary_basal_is_in_force,
)
def rates_are_within_limits(pump: Pump, limits: Limits) -> bool:
    largest = limits.max_basal_millipulses_per_h
    temporary = 0 <= pump.basal.temporary.millipulses_per_h <= largest
    return temporary and all(
        0 <= pump.basal.programme_millipulses_per_h[slot] <= largest for slot in range(48)
    )


@invariant(
    "INV-BASAL-002",
    says="The programme of the day is what the accepted requests made it.",
    formalizes=("REQ-BASAL-001.b",),
)
def programme_is_as_accepted(pump: Pump, programme: BasalProgramme) -> bool:
    return pump.basal.programme_millipulses_per_h == programme.rates_millipulses_per_h


def temporary_basal_runs(programme: BasalProgramme) -> bool:
    return programme.temporary_left_s > 0


@invariant(
    "INV-BASAL-003",
    says="A temporary basal lasts exactly its seconds, at its rate.",
    formalizes=("REQ-BASAL-002.a", "REQ-DOSE-005.b"),
    uses=("INV-BASAL-014",),
    witness=temporary_basal_runs,
)
def temporary_basal_lasts_its_time(pump: Pump, programme: BasalProgramme) -> bool:
    rate = pump.basal.temporary.millipulses_per_h == programme.temporary_millipulses_per_h
    return rate and pump.basal.temporary.remaining_s == programme.temporary_left_s


@invariant(
    "INV-BASAL-014",
    says="No temporary basal has longer to run than the longest, nor a negative time.",
    formalizes=("REQ-BASAL-002.a",),
    witness=temporary_basal_runs,
)
def temporary_basal_is_bounded(programme: BasalProgramme, limits: Limits) -> bool:
    return 0 <= programme.temporary_left_s <= limits.max_temporary_basal_s


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
    formalizes=("REQ-BASAL-003", "REQ-DOSE-001.b", "REQ-BASAL-001.c", "REQ-BASAL-002.c", "REQ-BASAL-004.b"),
    when=stretch_is_unbroken,
    uses=("INV-BASAL-001", "INV-BASAL-101", "INV-BASAL-013"),
)
def basal_is_exact(stretch: BasalStretch) -> bool:
    return -PULSE < stretch.owed < PULSE


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
    uses=("INV-OCC-001", "INV-ALARM-103"),
)
def missed_basal_is_counted(
    before: Pump, after: Pump, event: Tick, limits: Limits, watch: OcclusionWatch
) -> bool:
    stop = occlusion_found(watch, event, limits) or before.reservoir.pulses == 0
    kept_back = held(before) or stop or event.delivery_inhibited
    if before.mode is Mode.DELIVERING and kept_back:
        return missed_basal(after) == missed_basal(before) + rate_of_second(before, event.slot)
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
    return accepted(outputs) == (open_for_settings(before) and not before.key_lock.locked and slot and rate)


def programmed_now(event: ProgramBasal, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-BASAL-007",
    says="Programming a rate changes the programme and nothing else.",
    formalizes=("REQ-BASAL-001",),
    when=programmed_now,
)
def programming_does_this_alone(before: Pump, after: Pump, event: ProgramBasal, outputs: Outputs) -> bool:
    expected = replace(before.basal, programme_millipulses_per_h=after.basal.programme_millipulses_per_h)
    return after == replace(before, basal=expected) and outputs == Outputs()


@acceptance(
    "INV-BASAL-008",
    says="A temporary basal is accepted exactly while delivering without a hold, within rate and duration limits.",
    formalizes=("REQ-BASAL-002", "REQ-DOSE-015.b", "REQ-POWER-001.c", "REQ-UI-004.a"),
    witness=request_is_accepted,
)
def temporary_is_accepted(before: Pump, event: StartTemporaryBasal, outputs: Outputs, limits: Limits) -> bool:
    rate = (
        event.rate_millipulses_per_h >= 0
        and event.rate_millipulses_per_h <= limits.max_basal_millipulses_per_h
    )
    duration = event.duration_s > 0 and event.duration_s <= limits.max_temporary_basal_s
    free = before.mode is Mode.DELIVERING and not held(before) and not before.key_lock.locked
    return accepted(outputs) == (free and rate and duration)


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
    temporary = TemporaryBasal(millipulses_per_h=event.rate_millipulses_per_h, remaining_s=event.duration_s)
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
    before: Pump, event: CancelTemporaryBasal, outputs: Outputs, programme: BasalProgramme
) -> bool:
    open_to_all = open_for_settings(before) and not before.key_lock.locked
    return accepted(outputs) == (open_to_all and programme.temporary_left_s != 0)


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
    programme_is_as_accepted,
    temporary_basal_lasts_its_time,
    temporary_basal_is_bounded,
    accumulator_holds_less_than_a_pulse,
    missed_basal_is_counted_in_pulses,
    stretch_follows_accumulator,
    basal_is_exact,
    missed_basal_is_counted,
    programme_is_accepted,
    programming_does_this_alone,
    temporary_is_accepted,
    temporary_does_this_alone,
    cancelling_temporary_is_accepted,
    cancelling_temporary_does_this_alone,
)
