"""Priming: filling the infusion set from idle, disconnected from the person."""

from dataclasses import replace

from pumpproof.spec.pump.events import StartPrime, StopPrime, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Prime, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row
from pumpproof.statemachine.pump.accounts import book_prime
from pumpproof.statemachine.pump.alarms import second_finds_stop, watch_alarms
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.doses import end_prime
from pumpproof.statemachine.pump.drive import begin_wait, stroke_is_due
from pumpproof.statemachine.pump.drive_count import count_command
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.reservoir import draw
from pumpproof.statemachine.pump.second import second_passes
from pumpproof.statemachine.pump.signals import signal
from pumpproof.statemachine.pump.supervision import self_test_is_due


def refuse_prime(pump: Pump, event: StartPrime, limits: Limits) -> Reason:
    """Within the limit and the reservoir, which must be in place, and never while insulin is held back."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if is_held(pump.holds):
        return Reason.HELD
    if not pump.hardware.reservoir_present:
        return Reason.NO_RESERVOIR
    if not 1 <= event.pulses <= limits.max_prime_pulses:
        return Reason.OUT_OF_RANGE
    if event.pulses > pump.reservoir.pulses:
        return Reason.RESERVOIR_TOO_LOW
    return Reason.NONE


def start_prime(pump: Pump, event: StartPrime, limits: Limits) -> Step:
    """The next ticks give it stroke by stroke."""
    return Step(replace(pump, prime=replace(pump.prime, remaining_pulses=event.pulses)))


def any_stop_of_prime(pump: Pump, event: StopPrime, limits: Limits) -> bool:
    """Stopping needs no condition."""
    return True


def stop_prime(pump: Pump, event: StopPrime, limits: Limits) -> Step:
    """The rest of the prime is dropped."""
    return Step(replace(pump, prime=end_prime(pump.prime)))


def give_prime(prime: Prime, pulses: int) -> Prime:
    """What is given no longer remains."""
    return replace(prime, remaining_pulses=prime.remaining_pulses - pulses)


def prime_must_stop(pump: Pump, event: Tick, limits: Limits) -> bool:
    """This second finds a reason to stop."""
    return second_finds_stop(pump, event, limits)


def prime_waits(pump: Pump, event: Tick, limits: Limits) -> bool:
    """No stroke in this second: it came late, or the last stroke was too short a time ago."""
    return not second_finds_stop(pump, event, limits) and (
        event.delivery_inhibited or not stroke_is_due(pump.drive)
    )


def prime_goes_on(pump: Pump, event: Tick, limits: Limits) -> bool:
    """A stroke is due and more will follow."""
    due = (
        not second_finds_stop(pump, event, limits)
        and not event.delivery_inhibited
        and stroke_is_due(pump.drive)
    )
    return due and pump.prime.remaining_pulses > limits.stroke_pulses


def prime_ends(pump: Pump, event: Tick, limits: Limits) -> bool:
    """The last stroke is due."""
    due = (
        not second_finds_stop(pump, event, limits)
        and not event.delivery_inhibited
        and stroke_is_due(pump.drive)
    )
    return due and pump.prime.remaining_pulses <= limits.stroke_pulses


def pause_prime(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give nothing in this second."""
    watched = watch_alarms(second_passes(pump, event, limits), limits)
    outputs = Outputs(
        signal=signal(watched.alarms, limits),
        question_lapsed=question_lapses(pump, watched),
        self_test_due=self_test_is_due(watched, limits),
    )
    return Step(watched, outputs)


def stroke_of_prime(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give a stroke of the prime; it is no therapy."""
    pulses = min(pump.prime.remaining_pulses, limits.stroke_pulses)
    watched = watch_alarms(second_passes(pump, event, limits), limits)
    given = replace(
        watched,
        prime=give_prime(watched.prime, pulses),
        drive=begin_wait(watched.drive, limits),
        drive_count=count_command(watched.drive_count, pulses),
        reservoir=draw(watched.reservoir, pulses),
        accounts=book_prime(watched.accounts, pulses),
    )
    outputs = Outputs(
        drive_pulses=pulses,
        prime_pulses=pulses,
        signal=signal(watched.alarms, limits),
        question_lapsed=question_lapses(pump, given),
        self_test_due=self_test_is_due(given, limits),
    )
    return Step(given, outputs)


PRIME_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-PRIME-001",
        (Mode.IDLE,),
        StartPrime,
        refuse_prime,
        start_prime,
        to=Mode.PRIMING,
        why="A prime starts only from idle, without a hold, within its limit and the reservoir.",
        requirements=("REQ-PRIME-001", "REQ-SUSP-001", "REQ-RES-001"),
    ),
    Row(
        "MDL-PRIME-002",
        (Mode.PRIMING,),
        StopPrime,
        any_stop_of_prime,
        stop_prime,
        to=Mode.IDLE,
        why="A prime can always be stopped.",
        requirements=("REQ-PRIME-001",),
    ),
    Row(
        "MDL-PRIME-003",
        (Mode.PRIMING,),
        Tick,
        prime_must_stop,
        pause_prime,
        to=Mode.IDLE,
        why="The second that finds a reason to stop ends the prime and gives nothing more.",
        requirements=("REQ-OCC-001",),
    ),
    Row(
        "MDL-PRIME-004",
        (Mode.PRIMING,),
        Tick,
        prime_waits,
        pause_prime,
        to=SAME_MODE,
        why="A prime waits between its strokes, and through a second that came late.",
        requirements=("REQ-PRIME-001", "REQ-DOSE-003"),
    ),
    Row(
        "MDL-PRIME-005",
        (Mode.PRIMING,),
        Tick,
        prime_goes_on,
        stroke_of_prime,
        to=SAME_MODE,
        why="A prime is given stroke by stroke and booked apart from therapy.",
        requirements=("REQ-PRIME-001", "REQ-PRIME-002", "REQ-RES-003"),
    ),
    Row(
        "MDL-PRIME-006",
        (Mode.PRIMING,),
        Tick,
        prime_ends,
        stroke_of_prime,
        to=Mode.IDLE,
        why="A prime ends with its last stroke.",
        requirements=("REQ-PRIME-001", "REQ-PRIME-002", "REQ-RES-003"),
    ),
    Refused(
        "MDL-PRIME-007",
        (Mode.OFF,),
        (StartPrime, StopPrime),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-PRIME-008",
        (Mode.SELF_TEST, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        (StartPrime,),
        Reason.NOT_IN_THIS_MODE,
        why="A prime starts from idle only, never beside therapy.",
        requirements=("REQ-PRIME-001",),
    ),
    Refused(
        "MDL-PRIME-009",
        (Mode.SELF_TEST, Mode.IDLE, Mode.DELIVERING, Mode.FAULT),
        (StopPrime,),
        Reason.NOT_IN_THIS_MODE,
        why="There is no prime to stop.",
        requirements=("REQ-PRIME-001",),
    ),
)
