"""The age of the infusion set: its change is reminded of, and a set with an end stops the insulin there."""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import SetChanged, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted, boluses_are_over, is_on
from pumpproof.spec.pump.state import SET_CHANGE_DUE, SET_EXPIRED, AlarmPhase, Mode, Pump


@dataclass(frozen=True)
class SetAge:
    """Seconds for which the pump was on since the person said that the set is new."""

    worn_s: int


def begin_age(pump: Pump) -> SetAge:
    """A pump that was never told of a set counts from its first use."""
    return SetAge(worn_s=0)


def grow_older(age: SetAge, before: Pump) -> SetAge:
    """Every second in which the pump is on."""
    return age if before.mode is Mode.OFF else SetAge(worn_s=age.worn_s + 1)


def note_new_set(age: SetAge, outputs: Outputs) -> SetAge:
    """An accepted change of the set."""
    return SetAge(worn_s=0) if accepted(outputs) else age


SET_AGE = Observer(
    "set age",
    says="Counts the seconds in which the pump is on since the set was new.",
    record=SetAge,
    begin=begin_age,
    steps=((Tick, grow_older), (SetChanged, note_new_set)),
)


def set_is_worn(age: SetAge) -> bool:
    return age.worn_s > 0


@invariant(
    "INV-PRIME-039",
    says="The age of the set is the seconds in which the pump was on since it was new, and nothing else shortens it.",
    formalizes=("REQ-PRIME-006.a",),
    witness=set_is_worn,
)
def age_is_true(pump: Pump, age: SetAge) -> bool:
    return pump.infusion_set.age_s == age.worn_s


def change_is_due(before: Pump, event: Tick, age: SetAge, limits: Limits) -> bool:
    return is_on(before) and age.worn_s + 1 >= limits.set_change_s


@step_property(
    "INV-PRIME-040",
    says="From its time on every second has the change of the set among the alarms.",
    formalizes=("REQ-PRIME-006.a",),
    when=change_is_due,
    uses=("INV-PRIME-039",),
)
def change_is_reminded_of(after: Pump, event: Tick) -> bool:
    return after.alarms.phases[SET_CHANGE_DUE] is not AlarmPhase.SILENT


def service_is_over(before: Pump, event: Tick, age: SetAge, limits: Limits) -> bool:
    over = age.worn_s + 1 >= limits.set_change_s + limits.service_grace_s
    return is_on(before) and limits.service_grace_s > 0 and over


@step_property(
    "INV-PRIME-041",
    says="At the end of the service of a set and later no second gives anything; it alarms, holds, and ends a prime.",
    formalizes=("REQ-PRIME-006.b",),
    when=service_is_over,
    uses=("INV-PRIME-039", "INV-PRIME-010"),
)
def end_of_service_stops(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    alarms = after.alarms.phases[SET_EXPIRED] is not AlarmPhase.SILENT
    ended = boluses_are_over(after) and after.prime.remaining_pulses == 0
    return outputs.drive_pulses == 0 and alarms and after.holds.alarm and ended


def set_has_ended(pump: Pump, limits: Limits) -> bool:
    """It has an end of its service, and has reached it."""
    age_at_the_end_s = limits.set_change_s + limits.service_grace_s
    return limits.service_grace_s > 0 and pump.infusion_set.age_s >= age_at_the_end_s


@lemma(
    "INV-PRIME-114",
    says="A set that has reached the end of its service has its alarm latched.",
    witness=set_has_ended,
)
def ended_set_alarms(pump: Pump, limits: Limits) -> bool:
    latched = pump.alarms.phases[SET_EXPIRED] is not AlarmPhase.SILENT
    return latched or not set_has_ended(pump, limits)


@invariant(
    "INV-PRIME-042",
    says="A set without an end of its service never alarms of one.",
    formalizes=("REQ-PRIME-006.c",),
)
def only_an_end_of_service_expires(pump: Pump, limits: Limits) -> bool:
    return limits.service_grace_s > 0 or pump.alarms.phases[SET_EXPIRED] is AlarmPhase.SILENT


SET_AGE_PROPERTIES: tuple[Property, ...] = (
    age_is_true,
    change_is_reminded_of,
    end_of_service_stops,
    ended_set_alarms,
    only_an_end_of_service_expires,
)
