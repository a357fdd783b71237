"""The second count: what was commanded against what the encoder has seen, and what a difference does."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, step_property
from pumpproof.spec.pump.events import EncoderRead, ReservoirReplaced, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import asks_for, seen_by_report
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    extended_rest_cancelled,
    gives_nothing,
    is_on,
    prime_broken,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import (
    NO_FLOW,
    OVER_DELIVERY,
    UNDER_DELIVERY,
    Action,
    AlarmPhase,
    Mode,
    Priority,
    Pump,
)


@dataclass(frozen=True)
class TwoCounts:
    """Since the reservoir was put in: pulses that were driven, and pulses that the encoder said last; for how many
    seconds in a row the encoder has been ahead, or behind, beyond the tolerance."""

    driven: int
    read: int
    ahead_s: int
    behind_s: int


def begin_counts(pump: Pump) -> TwoCounts:
    """Nothing was driven yet, and nothing read."""
    return TwoCounts(driven=0, read=0, ahead_s=0, behind_s=0)


def ahead_pulses(counts: TwoCounts) -> int:
    """By how many pulses the encoder is ahead."""
    return counts.read - counts.driven


def behind_pulses(counts: TwoCounts) -> int:
    """By how many pulses the encoder is behind."""
    return counts.driven - counts.read


def seconds_ahead(counts: TwoCounts, limits: Limits) -> int:
    """Seconds in a row in which the encoder was ahead beyond the tolerance, the running one included."""
    return counts.ahead_s + 1 if ahead_pulses(counts) > limits.count_tolerance_pulses else 0


def seconds_behind(counts: TwoCounts, limits: Limits) -> int:
    """Seconds in a row in which the encoder was behind beyond the tolerance, the running one included."""
    return counts.behind_s + 1 if behind_pulses(counts) > limits.count_tolerance_pulses else 0


def count_second(counts: TwoCounts, before: Pump, outputs: Outputs, limits: Limits) -> TwoCounts:
    """A second in which the pump is on: the counts are compared, then what it drives is added."""
    if before.mode is Mode.OFF:
        return counts
    return TwoCounts(
        driven=counts.driven + outputs.drive_pulses,
        read=counts.read,
        ahead_s=seconds_ahead(counts, limits),
        behind_s=seconds_behind(counts, limits),
    )


def with_reading(counts: TwoCounts, event: EncoderRead, limits: Limits) -> TwoCounts:
    """A reading; a row of seconds ends with the first one that is within the tolerance."""
    read = replace(counts, read=event.pulses)
    return replace(
        read,
        ahead_s=read.ahead_s if ahead_pulses(read) > limits.count_tolerance_pulses else 0,
        behind_s=read.behind_s if behind_pulses(read) > limits.count_tolerance_pulses else 0,
    )


def note_reading(counts: TwoCounts, before: Pump, event: EncoderRead, limits: Limits) -> TwoCounts:
    """Readings count while the pump is on."""
    return counts if before.mode is Mode.OFF else with_reading(counts, event, limits)


def begin_anew(counts: TwoCounts, outputs: Outputs) -> TwoCounts:
    """A reservoir was put in."""
    return TwoCounts(driven=0, read=0, ahead_s=0, behind_s=0) if accepted(outputs) else counts


def note_drive(counts: TwoCounts, outputs: Outputs) -> TwoCounts:
    """Whatever is driven counts."""
    return replace(counts, driven=counts.driven + outputs.drive_pulses)


TWO_COUNTS = Observer(
    "two counts",
    says="Counts what is driven and what the encoder says, and the seconds for which they differ too much.",
    record=TwoCounts,
    begin=begin_counts,
    steps=((Tick, count_second), (EncoderRead, note_reading), (ReservoirReplaced, begin_anew)),
    otherwise=note_drive,
)


def counts_differ(counts: TwoCounts) -> bool:
    return counts.driven > 0 and counts.read > 0 and counts.read != counts.driven


@invariant(
    "INV-INTEG-010",
    says="What was commanded and what the encoder said last are counted apart, from the same reservoir on.",
    formalizes=("REQ-INTEG-001.a",),
    witness=counts_differ,
)
def both_counts_are_kept(pump: Pump, counts: TwoCounts) -> bool:
    commanded = pump.drive_count.commanded_pulses == counts.driven
    return commanded and pump.drive_count.counted_pulses == counts.read


def surplus_lasts(counts: TwoCounts, limits: Limits) -> bool:
    return counts.ahead_s >= limits.surplus_persistence_s


@invariant(
    "INV-INTEG-011",
    says="The seconds for which the encoder is ahead beyond the tolerance are counted exactly, up to the persistence.",
    formalizes=("REQ-ALARM-011.b",),
    uses=("INV-INTEG-010",),
    witness=surplus_lasts,
)
def surplus_is_timed(pump: Pump, counts: TwoCounts, limits: Limits) -> bool:
    return pump.drive_count.surplus_s == min(counts.ahead_s, limits.surplus_persistence_s)


def shortfall_lasts(counts: TwoCounts, limits: Limits) -> bool:
    return counts.behind_s >= limits.shortfall_persistence_s


@invariant(
    "INV-INTEG-012",
    says="The seconds for which the encoder is behind beyond the tolerance are counted exactly, up to the persistence.",
    formalizes=("REQ-ALARM-011.b",),
    uses=("INV-INTEG-010",),
    witness=shortfall_lasts,
)
def shortfall_is_timed(pump: Pump, counts: TwoCounts, limits: Limits) -> bool:
    return pump.drive_count.shortfall_s == min(counts.behind_s, limits.shortfall_persistence_s)


def all_is_stopped(before: Pump, after: Pump, outputs: Outputs) -> bool:
    """Nothing is driven, insulin is held back, and boluses and prime have ended, with each bolus's rest reported."""
    extended = after.extended_bolus == extended_rest_cancelled(before.extended_bolus)
    ended = after.bolus == rest_cancelled(before.bolus) and after.prime.remaining_pulses == 0
    return outputs.drive_pulses == 0 and after.holds.alarm and ended and extended


def is_latched(pump: Pump, alarm: int) -> bool:
    """The alarm at this place of the table is latched."""
    return pump.alarms.phases[alarm] is not AlarmPhase.SILENT


def too_much_in_second(before: Pump, event: Tick, limits: Limits, counts: TwoCounts) -> bool:
    return is_on(before) and seconds_ahead(counts, limits) >= limits.surplus_persistence_s


@step_property(
    "INV-INTEG-013",
    says="A second in which the encoder has been ahead for the persistence commands nothing, holds and alarms high.",
    formalizes=("REQ-DOSE-011.a", "REQ-DOSE-012", "REQ-INTEG-001.b", "REQ-INTEG-001.c"),
    when=too_much_in_second,
    uses=("INV-INTEG-010", "INV-INTEG-011", "INV-PRIME-010"),
)
def surplus_stops(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    high = is_latched(after, OVER_DELIVERY) and outputs.signal.priority is Priority.HIGH
    return high and all_is_stopped(before, after, outputs)


def far_too_much_is_read(before: Pump, event: EncoderRead, limits: Limits, counts: TwoCounts) -> bool:
    return is_on(before) and event.pulses - counts.driven > limits.gross_difference_pulses


@step_property(
    "INV-INTEG-014",
    says="A reading that is far ahead, as in free flow, stops all insulin and alarms in that step, in every mode.",
    formalizes=("REQ-DOSE-011.b", "REQ-INTEG-001.b", "REQ-INTEG-001.c"),
    when=far_too_much_is_read,
    uses=("INV-INTEG-010", "INV-PRIME-010"),
)
def free_flow_stops_at_once(before: Pump, after: Pump, event: EncoderRead, outputs: Outputs) -> bool:
    return is_latched(after, OVER_DELIVERY) and all_is_stopped(before, after, outputs)


def far_too_little_is_read(before: Pump, event: EncoderRead, limits: Limits, counts: TwoCounts) -> bool:
    return is_on(before) and counts.driven - event.pulses > limits.gross_difference_pulses


@step_property(
    "INV-INTEG-015",
    says="A reading that is far behind, as where nothing flows, stops all insulin, warns and alarms in that step.",
    formalizes=("REQ-DOSE-016.b", "REQ-INTEG-001.b", "REQ-INTEG-001.c"),
    when=far_too_little_is_read,
    uses=("INV-INTEG-010", "INV-PRIME-010"),
)
def no_flow_stops_at_once(before: Pump, after: Pump, event: EncoderRead, outputs: Outputs) -> bool:
    told = is_latched(after, NO_FLOW) and is_latched(after, UNDER_DELIVERY)
    return told and all_is_stopped(before, after, outputs)


def counts_are_far_apart(before: Pump, event: Tick, limits: Limits, counts: TwoCounts) -> bool:
    far = max(ahead_pulses(counts), behind_pulses(counts)) > limits.gross_difference_pulses
    return is_on(before) and far


@step_property(
    "INV-INTEG-016",
    says="A second that begins with a gross difference commands nothing, also where the encoder has fallen silent.",
    formalizes=("REQ-INTEG-001.c", "REQ-DOSE-011.b", "REQ-DOSE-016.b"),
    when=counts_are_far_apart,
    uses=("INV-INTEG-010", "INV-PRIME-010"),
)
def gross_difference_gives_nothing(
    before: Pump, after: Pump, event: Tick, outputs: Outputs, counts: TwoCounts
) -> bool:
    alarm = is_latched(after, OVER_DELIVERY) if ahead_pulses(counts) > 0 else is_latched(after, NO_FLOW)
    high = alarm and outputs.signal.priority is Priority.HIGH
    return high and all_is_stopped(before, after, outputs)


def too_little_in_second(before: Pump, event: Tick, limits: Limits, counts: TwoCounts) -> bool:
    far = behind_pulses(counts) > limits.gross_difference_pulses
    lasts = seconds_behind(counts, limits) >= limits.shortfall_persistence_s
    return is_on(before) and (lasts or far)


def warning_was_acknowledged(before: Pump) -> bool:
    return before.alarms.phases[UNDER_DELIVERY] is AlarmPhase.ACKNOWLEDGED


@step_property(
    "INV-INTEG-017",
    says="While insulin misses beyond its time every second warns on show, also after the warning was acknowledged.",
    formalizes=("REQ-DOSE-016.a", "REQ-DOSE-017", "REQ-ALARM-005", "REQ-INTEG-001.b"),
    when=too_little_in_second,
    uses=("INV-INTEG-010", "INV-INTEG-012"),
    witness=warning_was_acknowledged,
)
def missing_insulin_warns(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    urgent = outputs.signal.priority is Priority.MEDIUM or outputs.signal.priority is Priority.HIGH
    return is_latched(after, UNDER_DELIVERY) and urgent and outputs.signal.light


def no_count_alarms(pump: Pump) -> bool:
    """None of the alarms of the two counts is latched."""
    too_much = is_latched(pump, OVER_DELIVERY)
    return not (too_much or is_latched(pump, NO_FLOW) or is_latched(pump, UNDER_DELIVERY))


def second_without_count_alarm(before: Pump, event: Tick) -> bool:
    return is_on(before) and no_count_alarms(before)


def ahead_by_the_tolerance(counts: TwoCounts, limits: Limits) -> bool:
    return ahead_pulses(counts) == limits.count_tolerance_pulses


@step_property(
    "INV-INTEG-018",
    says="A second begins an alarm of the counts exactly when the difference is beyond its measure for its time.",
    formalizes=("REQ-DOSE-013",),
    when=second_without_count_alarm,
    uses=("INV-INTEG-010", "INV-INTEG-011", "INV-INTEG-012"),
    witness=ahead_by_the_tolerance,
)
def second_begins_count_alarms(
    before: Pump, after: Pump, event: Tick, limits: Limits, counts: TwoCounts
) -> bool:
    far_ahead = ahead_pulses(counts) > limits.gross_difference_pulses
    far_behind = behind_pulses(counts) > limits.gross_difference_pulses
    too_much = far_ahead or seconds_ahead(counts, limits) >= limits.surplus_persistence_s
    too_little = far_behind or seconds_behind(counts, limits) >= limits.shortfall_persistence_s
    over = is_latched(after, OVER_DELIVERY) == too_much
    under = is_latched(after, UNDER_DELIVERY) == too_little
    return over and under and is_latched(after, NO_FLOW) == far_behind


def reading_without_count_alarm(before: Pump, event: EncoderRead) -> bool:
    return is_on(before) and no_count_alarms(before)


def reading_is_just_not_gross(event: EncoderRead, limits: Limits, counts: TwoCounts) -> bool:
    return event.pulses - counts.driven == limits.gross_difference_pulses


@step_property(
    "INV-INTEG-019",
    says="A reading begins an alarm of the counts exactly when it shows a gross difference, of more than its measure.",
    formalizes=("REQ-DOSE-013",),
    when=reading_without_count_alarm,
    uses=("INV-INTEG-010", "INV-INTEG-011", "INV-INTEG-012", "INV-INTEG-020"),
    witness=reading_is_just_not_gross,
)
def reading_begins_count_alarms(
    before: Pump, after: Pump, event: EncoderRead, limits: Limits, counts: TwoCounts
) -> bool:
    far_ahead = event.pulses - counts.driven > limits.gross_difference_pulses
    far_behind = counts.driven - event.pulses > limits.gross_difference_pulses
    over = is_latched(after, OVER_DELIVERY) == far_ahead
    under = is_latched(after, UNDER_DELIVERY) == far_behind
    return over and under and is_latched(after, NO_FLOW) == far_behind


@invariant(
    "INV-INTEG-020",
    says="A difference that has lasted for its time is on record: its alarm is latched.",
    formalizes=("REQ-DOSE-011.a", "REQ-DOSE-016.a"),
    uses=("INV-INTEG-010", "INV-INTEG-011", "INV-INTEG-012"),
    witness=surplus_lasts,
)
def lasting_difference_alarms(pump: Pump, counts: TwoCounts, limits: Limits) -> bool:
    over = counts.ahead_s < limits.surplus_persistence_s or is_latched(pump, OVER_DELIVERY)
    return over and (counts.behind_s < limits.shortfall_persistence_s or is_latched(pump, UNDER_DELIVERY))


def reading_is_heard(before: Pump, event: EncoderRead) -> bool:
    return is_on(before)


@step_property(
    "INV-INTEG-021",
    says="A reading is kept as it is, may move alarms, stops for an alarm that asks for it, and changes nothing else.",
    formalizes=("REQ-INTEG-001.a", "REQ-INTEG-001.c"),
    when=reading_is_heard,
    uses=("INV-INTEG-010", "INV-INTEG-011", "INV-INTEG-012"),
)
def reading_does_this_alone(
    before: Pump, after: Pump, event: EncoderRead, outputs: Outputs, limits: Limits, counts: TwoCounts
) -> bool:
    seen = seen_by_report(before, after)
    stop = asks_for(seen, limits, Action.STOP)
    ends_bolus = stop or asks_for(seen, limits, Action.BASAL_ONLY)
    read = with_reading(counts, event, limits)
    drive_count = replace(
        before.drive_count,
        counted_pulses=event.pulses,
        surplus_s=min(read.ahead_s, limits.surplus_persistence_s),
        shortfall_s=min(read.behind_s, limits.shortfall_persistence_s),
    )
    expected = replace(
        before,
        mode=Mode.IDLE if before.mode is Mode.PRIMING and stop else before.mode,
        drive_count=drive_count,
        alarms=replace(before.alarms, phases=after.alarms.phases, audio_paused_s=after.alarms.audio_paused_s),
        holds=replace(before.holds, alarm=before.holds.alarm or stop),
        bolus=rest_cancelled(before.bolus) if ends_bolus else before.bolus,
        extended_bolus=extended_rest_cancelled(before.extended_bolus)
        if ends_bolus
        else before.extended_bolus,
        prime=prime_broken(before.prime) if stop else before.prime,
        calculator=suggestion_ended(before.calculator) if ends_bolus else before.calculator,
        confirmation=bolus_withdrawn(before.confirmation) if ends_bolus else before.confirmation,
    )
    return after == expected and gives_nothing(outputs)


DRIVE_COUNT_PROPERTIES: tuple[Property, ...] = (
    both_counts_are_kept,
    surplus_is_timed,
    shortfall_is_timed,
    surplus_stops,
    free_flow_stops_at_once,
    no_flow_stops_at_once,
    gross_difference_gives_nothing,
    missing_insulin_warns,
    second_begins_count_alarms,
    reading_begins_count_alarms,
    lasting_difference_alarms,
    reading_does_this_alone,
)
