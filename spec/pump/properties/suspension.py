"""Suspend, resume, and the hold of the person."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import Resume, Suspend
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.alarms import AlarmWatch
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    boluses_are_over,
    extended_rest_cancelled,
    gives_nothing,
    held,
    is_on,
    reminder_ended,
    request_is_accepted,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import ACTIONS, ALARM_COUNT, Action, Holds, Mode, Pump


@dataclass(frozen=True)
class UserHold:
    """Whether the person has suspended and not resumed since."""

    suspended: bool


def begin_hold(pump: Pump) -> UserHold:
    """Nobody has suspended yet."""
    return UserHold(suspended=False)


def note_suspend(hold: UserHold, outputs: Outputs) -> UserHold:
    """An accepted suspend."""
    return UserHold(suspended=hold.suspended or accepted(outputs))


def note_resume(hold: UserHold, outputs: Outputs) -> UserHold:
    """An accepted resume."""
    return UserHold(suspended=hold.suspended and not accepted(outputs))


USER_HOLD = Observer(
    "user hold",
    says="Remembers a suspend until the next accepted resume, and no other event.",
    record=UserHold,
    begin=begin_hold,
    steps=((Suspend, note_suspend), (Resume, note_resume)),
)


def hold_was_set(before: Pump) -> bool:
    return held(before)


@step_property(
    "INV-SUSP-001",
    says="Nothing is commanded while any hold is set.",
    formalizes=("REQ-SUSP-001.a", "REQ-SUSP-004.a"),
    when=hold_was_set,
    uses=("INV-PRIME-009",),
)
def nothing_while_held(before: Pump, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def hold_is_set(after: Pump) -> bool:
    return held(after)


@step_property(
    "INV-SUSP-002",
    says="A step that ends held commands nothing.",
    formalizes=("REQ-SUSP-001.b", "REQ-SUSP-004.a"),
    when=hold_is_set,
    uses=("INV-PRIME-009", "INV-PRIME-010"),
)
def nothing_in_a_step_that_holds(after: Pump, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def person_has_suspended(hold: UserHold) -> bool:
    return hold.suspended


@invariant(
    "INV-SUSP-003",
    says="The hold of the person begins with suspend and ends with an accepted resume, whatever else happens.",
    formalizes=("REQ-SUSP-003", "REQ-SUSP-004.b"),
    witness=person_has_suspended,
)
def user_hold_ends_by_resume_only(pump: Pump, hold: UserHold) -> bool:
    return pump.holds.user == hold.suspended


@acceptance(
    "INV-SUSP-004",
    says="Suspend is obeyed in every mode but off.",
    formalizes=("REQ-SUSP-002.a", "REQ-POWER-001.c", "REQ-UI-006.c"),
    witness=request_is_accepted,
)
def suspend_is_obeyed(before: Pump, event: Suspend, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before)


def something_may_flow(before: Pump) -> bool:
    return before.mode is Mode.DELIVERING or before.mode is Mode.PRIMING


@step_property(
    "INV-SUSP-005",
    says="Suspend works from every delivering situation: the hold is set, and boluses and prime are over.",
    formalizes=("REQ-SUSP-002.b", "REQ-SUSP-004.a"),
    when=something_may_flow,
)
def suspend_works_while_delivering(before: Pump, after: Pump, event: Suspend, outputs: Outputs) -> bool:
    stopped = accepted(outputs) and outputs.drive_pulses == 0 and after.holds.user
    return stopped and boluses_are_over(after) and after.prime.remaining_pulses == 0


def suspended_now(event: Suspend, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-SUSP-006",
    says="Suspend sets the hold, ends boluses and prime, reports the rest, withdraws one shown or suggested, no more.",
    formalizes=("REQ-SUSP-002.b", "REQ-BOLUS-003"),
    when=suspended_now,
)
def suspend_does_this_alone(before: Pump, after: Pump, event: Suspend, outputs: Outputs) -> bool:
    expected = replace(
        before,
        mode=Mode.IDLE if before.mode is Mode.PRIMING else before.mode,
        holds=replace(before.holds, user=True),
        bolus=rest_cancelled(before.bolus),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        prime=replace(before.prime, remaining_pulses=0),
        calculator=suggestion_ended(before.calculator),
        confirmation=bolus_withdrawn(before.confirmation),
    )
    return after == expected and gives_nothing(outputs)


@acceptance(
    "INV-SUSP-007",
    says="Resume is accepted exactly in idle or delivering, with keys unlocked, something held, no stop alarm latched.",
    formalizes=("REQ-SUSP-003", "REQ-POWER-001.c"),
    uses=("INV-ALARM-009", "INV-OCC-110"),
    witness=request_is_accepted,
)
def resume_is_accepted(before: Pump, event: Resume, outputs: Outputs, watch: AlarmWatch) -> bool:
    place = before.mode is Mode.IDLE or before.mode is Mode.DELIVERING
    over = all(
        ACTIONS[k] is not Action.STOP or (watch.acknowledged[k] and not watch.present[k])
        for k in range(ALARM_COUNT)
    )
    free = held(before) and not before.key_lock.locked
    return accepted(outputs) == (place and free and over)


def resumed_now(event: Resume, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-SUSP-008",
    says="Resume ends the holds, and the reminder where therapy runs on, and no more; no bolus is taken up again.",
    formalizes=("REQ-SUSP-003", "REQ-BOLUS-003", "REQ-SUSP-004.c", "REQ-COMM-006.c", "REQ-ALARM-012.c"),
    when=resumed_now,
)
def resume_does_this_alone(before: Pump, after: Pump, event: Resume, outputs: Outputs) -> bool:
    free = replace(before, holds=Holds(user=False, alarm=False, timed_s=0, remote=False))
    expected = reminder_ended(free) if before.mode is Mode.DELIVERING else free
    return after == expected and outputs == Outputs()


SUSPENSION_PROPERTIES: tuple[Property, ...] = (
    nothing_while_held,
    nothing_in_a_step_that_holds,
    user_hold_ends_by_resume_only,
    suspend_is_obeyed,
    suspend_works_while_delivering,
    suspend_does_this_alone,
    resume_is_accepted,
    resume_does_this_alone,
)
