"""The wall clock: it chooses a slot, and nothing else follows it."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, step_property
from pumpproof.spec.pump.events import ClockFailed, ClockSet, ConfirmClock, Tick
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    extended_rest_cancelled,
    gives_nothing,
    is_on,
    prime_broken,
    request_is_accepted,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import Clock, Mode, Pump


@dataclass(frozen=True)
class ClockMoves:
    """Seconds by which the clock was moved since a person confirmed the time; forward is positive."""

    since_confirmed_s: int


def begin_moves(pump: Pump) -> ClockMoves:
    """The clock is right."""
    return ClockMoves(since_confirmed_s=0)


def add_move(moves: ClockMoves, event: ClockSet, outputs: Outputs) -> ClockMoves:
    """Moves add up: a zone there and back again is none."""
    return ClockMoves(moves.since_confirmed_s + event.moved_s) if accepted(outputs) else moves


def forget_moves(moves: ClockMoves, outputs: Outputs) -> ClockMoves:
    """The person has seen the time."""
    return ClockMoves(since_confirmed_s=0) if accepted(outputs) else moves


CLOCK_MOVES = Observer(
    "clock moves",
    says="Adds up by how much the clock was moved, until a person confirms the time.",
    record=ClockMoves,
    begin=begin_moves,
    steps=((ClockSet, add_move), (ConfirmClock, forget_moves)),
)


def clock_was_moved(moves: ClockMoves) -> bool:
    return moves.since_confirmed_s != 0


@invariant(
    "INV-CLOCK-001",
    says="By how much the clock was moved, in all, is on show until a person confirms the time.",
    formalizes=("REQ-CLOCK-002.c",),
    witness=clock_was_moved,
)
def moves_are_on_show(pump: Pump, moves: ClockMoves) -> bool:
    return pump.clock.moved_s == moves.since_confirmed_s


@acceptance(
    "INV-CLOCK-002",
    says="Another time of the clock is taken in every mode but off.",
    formalizes=("REQ-CLOCK-002", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def another_time_is_accepted(before: Pump, event: ClockSet, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before)


def clock_is_set_now(event: ClockSet, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-CLOCK-003",
    says="Another time of the clock is noted, gives nothing, and changes no dose, timer, hold, cap or account.",
    formalizes=("REQ-CLOCK-002.a", "REQ-SUSP-003"),
    when=clock_is_set_now,
)
def another_time_does_this_alone(before: Pump, after: Pump, event: ClockSet, outputs: Outputs) -> bool:
    return after == replace(before, clock=after.clock) and outputs == Outputs()


@acceptance(
    "INV-CLOCK-004",
    says="The time can be confirmed in every mode but off, with keys unlocked, when the clock was moved.",
    formalizes=("REQ-CLOCK-002", "REQ-POWER-001.c"),
    uses=("INV-CLOCK-001",),
    witness=request_is_accepted,
)
def confirmation_is_accepted(before: Pump, event: ConfirmClock, outputs: Outputs, moves: ClockMoves) -> bool:
    return accepted(outputs) == (
        is_on(before) and not before.key_lock.locked and moves.since_confirmed_s != 0
    )


def clock_is_confirmed_now(event: ConfirmClock, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-CLOCK-005",
    says="Confirming the time changes nothing else: what was suspended stays so, and what ran goes on.",
    formalizes=("REQ-CLOCK-002.d", "REQ-SUSP-003"),
    when=clock_is_confirmed_now,
)
def confirmation_does_this_alone(before: Pump, after: Pump, event: ConfirmClock, outputs: Outputs) -> bool:
    return after == replace(before, clock=Clock(moved_s=0)) and outputs == Outputs()


def second_counts(before: Pump) -> bool:
    return is_on(before)


@step_property(
    "INV-CLOCK-006",
    says="A second moves hour, temporary basal, lockout and the wait of the drive by one second in any slot.",
    formalizes=("REQ-CLOCK-002.a",),
    when=second_counts,
    uses=("INV-BASAL-003", "INV-BASAL-014", "INV-PRIME-010"),
)
def timers_count_seconds(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    hour = after.accounts.second_of_minute == (
        0 if before.accounts.second_of_minute == 59 else before.accounts.second_of_minute + 1
    )
    left_s = before.basal.temporary.remaining_s
    temporary = after.basal.temporary.remaining_s == (left_s - 1 if left_s > 0 else 0)
    waits = outputs.bolus_pulses == 0 and outputs.prime_pulses == 0 and outputs.extended_pulses == 0
    wait_s = max(before.drive.stroke_wait_s - 1, 0)
    lockout = after.bolus_starts.lockout_s == max(before.bolus_starts.lockout_s - 1, 0)
    return hour and temporary and lockout and (not waits or after.drive.stroke_wait_s == wait_s)


def clock_failure_is_new(before: Pump, event: ClockFailed) -> bool:
    return is_on(before) and before.mode is not Mode.FAULT


@step_property(
    "INV-CLOCK-007",
    says="A clock that fails is a fault: boluses and prime end, one shown or suggested is withdrawn, and no more.",
    formalizes=("REQ-CLOCK-001.a", "REQ-BOLUS-003"),
    when=clock_failure_is_new,
)
def clock_failure_stops(before: Pump, after: Pump, event: ClockFailed, outputs: Outputs) -> bool:
    expected = replace(
        before,
        mode=Mode.FAULT,
        bolus=rest_cancelled(before.bolus),
        prime=prime_broken(before.prime),
        calculator=suggestion_ended(before.calculator),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        confirmation=bolus_withdrawn(before.confirmation),
    )
    return after == expected and gives_nothing(outputs)


CLOCK_PROPERTIES: tuple[Property, ...] = (
    moves_are_on_show,
    another_time_is_accepted,
    another_time_does_this_alone,
    confirmation_is_accepted,
    confirmation_does_this_alone,
    timers_count_seconds,
    clock_failure_stops,
)
