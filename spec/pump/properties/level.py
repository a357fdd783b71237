"""The level of the reservoir from two estimates, and the time for which it lasts."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, lemma, step_property
from pumpproof.spec.pump.events import LevelReported, ReadReservoir, ReservoirReplaced, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.reservoir import ReservoirLedger
from pumpproof.spec.pump.properties.words import accepted, boluses_are_over, is_on, request_is_accepted
from pumpproof.spec.pump.state import LEVEL_IN_DOUBT, LOW_RESERVOIR, AlarmPhase, Pump


@dataclass(frozen=True)
class LevelReading:
    """Whether the level of this reservoir was ever read, and the last reading less what was driven since."""

    known: bool
    pulses: int


def begin_reading(pump: Pump) -> LevelReading:
    """Nothing was read yet."""
    return LevelReading(known=False, pulses=0)


def note_level(reading: LevelReading, event: LevelReported, before: Pump) -> LevelReading:
    """A reading counts in every mode but off."""
    return LevelReading(known=True, pulses=event.pulses) if is_on(before) else reading


def note_replacement(reading: LevelReading, outputs: Outputs) -> LevelReading:
    """What was read of the old reservoir says nothing of the new one."""
    return LevelReading(known=False, pulses=0) if accepted(outputs) else reading


def note_drive(reading: LevelReading, outputs: Outputs) -> LevelReading:
    """Whatever is driven is gone."""
    return replace(reading, pulses=reading.pulses - outputs.drive_pulses)


LEVEL_READING = Observer(
    "level reading",
    says="Keeps the last reading of the level of this reservoir, less what was driven since.",
    record=LevelReading,
    begin=begin_reading,
    steps=((LevelReported, note_level), (ReservoirReplaced, note_replacement)),
    otherwise=note_drive,
)


def level_is_known(reading: LevelReading) -> bool:
    return reading.known


@lemma(
    "INV-RES-110",
    says="The error of the level is by how much the reading exceeds the content; it is none before the first reading.",
    uses=("INV-RES-001",),
    witness=level_is_known,
)
def error_is_reading_less_count(pump: Pump, reading: LevelReading, ledger: ReservoirLedger) -> bool:
    error_pulses = reading.pulses - ledger.pulses if reading.known else 0
    return pump.reservoir.level_error_pulses == error_pulses


def levels_differ(
    before: Pump, event: Tick, reading: LevelReading, ledger: ReservoirLedger, limits: Limits
) -> bool:
    apart = limits.level_disagreement_pulses
    too_much = reading.pulses - ledger.pulses >= apart or ledger.pulses - reading.pulses >= apart
    return is_on(before) and reading.known and too_much


@step_property(
    "INV-RES-020",
    says="While a reading and the count are too far apart, each second gives nothing, alarms, holds, and ends doses.",
    formalizes=("REQ-RES-006.b",),
    when=levels_differ,
    uses=("INV-RES-110", "INV-RES-001", "INV-PRIME-010"),
)
def disagreement_stops(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    alarms = after.alarms.phases[LEVEL_IN_DOUBT] is not AlarmPhase.SILENT
    ended = boluses_are_over(after) and after.prime.remaining_pulses == 0
    return outputs.drive_pulses == 0 and alarms and after.holds.alarm and ended


def reads_empty(before: Pump, event: Tick, reading: LevelReading) -> bool:
    return is_on(before) and reading.known and reading.pulses <= 0


@step_property(
    "INV-RES-021",
    says="A reservoir that is empty by its reading has its warning by the count, or the two disagree, which stops.",
    formalizes=("REQ-RES-006.a",),
    when=reads_empty,
    uses=("INV-RES-110", "INV-RES-001"),
)
def empty_reading_was_warned_of(before: Pump, after: Pump, event: Tick) -> bool:
    warned = after.alarms.phases[LOW_RESERVOIR] is not AlarmPhase.SILENT
    return warned or after.alarms.phases[LEVEL_IN_DOUBT] is not AlarmPhase.SILENT


def level_is_heard(before: Pump, event: LevelReported) -> bool:
    return is_on(before)


@step_property(
    "INV-RES-022",
    says="A reading of the level is kept as its difference to the count, and changes nothing else.",
    formalizes=("REQ-RES-006.b",),
    when=level_is_heard,
)
def reading_does_this_alone(before: Pump, after: Pump, event: LevelReported, outputs: Outputs) -> bool:
    error_pulses = event.pulses - before.reservoir.pulses
    reservoir = replace(before.reservoir, level_error_pulses=error_pulses)
    return after == replace(before, reservoir=reservoir) and outputs == Outputs()


@acceptance(
    "INV-RES-023",
    says="For how long the reservoir lasts is told in every mode but off, and telling changes nothing.",
    formalizes=("REQ-RES-009.b", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def time_left_is_told(before: Pump, after: Pump, event: ReadReservoir, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before) and after == before


def it_lasts_for_hours(event: ReadReservoir, outputs: Outputs) -> bool:
    return outputs.reservoir_lasts_h > 0


@step_property(
    "INV-RES-024",
    says="So many hours, at most 72, the content lasts at the highest rate of the programme, and not an hour more.",
    formalizes=("REQ-RES-009.b",),
    uses=("INV-RES-001", "INV-BASAL-001", "INV-RES-002"),
    witness=it_lasts_for_hours,
)
def time_left_is_the_content(
    before: Pump, event: ReadReservoir, outputs: Outputs, ledger: ReservoirLedger
) -> bool:
    highest = max(before.basal.programme_millipulses_per_h)
    told = 0 <= outputs.reservoir_lasts_h <= 72
    exact = all(
        (outputs.reservoir_lasts_h >= hours) == (hours * highest <= 1000 * ledger.pulses)
        for hours in range(1, 73)
    )
    return not accepted(outputs) or (told and exact)


LEVEL_PROPERTIES: tuple[Property, ...] = (
    error_is_reading_less_count,
    disagreement_stops,
    empty_reading_was_warned_of,
    reading_does_this_alone,
    time_left_is_told,
    time_left_is_the_content,
)
