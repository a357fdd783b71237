"""Priming: filling the infusion set from idle, disconnected from the person."""

from dataclasses import replace

from pumpproof.spec.pump.events import StartPrime, StopPrime, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Mode, Prime, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row
from pumpproof.statemachine.pump.accounts import book_prime
from pumpproof.statemachine.pump.alarms import second_finds_stop, watch_alarms
from pumpproof.statemachine.pump.doses import break_prime, end_prime
from pumpproof.statemachine.pump.drive import begin_wait, stroke_is_due
from pumpproof.statemachine.pump.drive_count import count_command
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.infusion_set import forget_permit
from pumpproof.statemachine.pump.reservoir import draw
from pumpproof.statemachine.pump.second import second_passes
from pumpproof.statemachine.pump.second_outputs import told


def refuse_prime(pump: Pump, event: StartPrime, limits: Limits) -> Reason:
    """Within the limit and the reservoir, without a hold, and only just after the set was confirmed disconnected."""
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
    if pump.infusion_set.prime_permit_s == 0:
        return Reason.NOT_DISCONNECTED
    return Reason.NONE


def start_prime(pump: Pump, event: StartPrime, limits: Limits) -> Step:
    """The next ticks give it stroke by stroke; the next prime asks anew whether the set is disconnected."""
    prime = begin_prime(pump.prime, event.pulses, limits)
    return Step(replace(pump, prime=prime, infusion_set=forget_permit(pump.infusion_set)))


def any_stop_of_prime(pump: Pump, event: StopPrime, limits: Limits) -> bool:
    """Stopping needs no condition."""
    return True


def stop_prime(pump: Pump, event: StopPrime, limits: Limits) -> Step:
    """The rest of the prime is dropped."""
    return Step(replace(pump, prime=end_prime(pump.prime)))


def begin_prime(prime: Prime, pulses: int, limits: Limits) -> Prime:
    """All of it remains to be given, and all of its time."""
    return replace(prime, remaining_pulses=pulses, left_s=limits.max_prime_s)


def give_prime(prime: Prime, pulses: int) -> Prime:
    """What is given no longer remains; with the last stroke the prime has ended well."""
    left_pulses = prime.remaining_pulses - pulses
    return replace(prime, remaining_pulses=left_pulses, failed=prime.failed and left_pulses > 0)


def prime_is_over_time(prime: Prime) -> bool:
    """Its time ends with this second."""
    return prime.left_s <= 1


def prime_must_stop(pump: Pump, event: Tick, limits: Limits) -> bool:
    """This second finds a reason to stop."""
    return second_finds_stop(pump, event, limits)


def prime_times_out(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Its time is over, however many strokes it was given."""
    return not second_finds_stop(pump, event, limits) and prime_is_over_time(pump.prime)


def prime_waits(pump: Pump, event: Tick, limits: Limits) -> bool:
    """No stroke in this second: it came late, or the last stroke was too short a time ago."""
    runs = not second_finds_stop(pump, event, limits) and not prime_is_over_time(pump.prime)
    return runs and (event.delivery_inhibited or not stroke_is_due(pump.drive))


def prime_goes_on(pump: Pump, event: Tick, limits: Limits) -> bool:
    """A stroke is due and more will follow."""
    runs = not second_finds_stop(pump, event, limits) and not prime_is_over_time(pump.prime)
    due = runs and not event.delivery_inhibited and stroke_is_due(pump.drive)
    return due and pump.prime.remaining_pulses > limits.stroke_pulses


def prime_ends(pump: Pump, event: Tick, limits: Limits) -> bool:
    """The last stroke is due."""
    runs = not second_finds_stop(pump, event, limits) and not prime_is_over_time(pump.prime)
    due = runs and not event.delivery_inhibited and stroke_is_due(pump.drive)
    return due and pump.prime.remaining_pulses <= limits.stroke_pulses


def pause_prime(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give nothing in this second."""
    watched = watch_alarms(second_passes(pump, event, limits), limits)
    return Step(watched, told(pump, watched, limits))


def time_out_prime(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give nothing more; the prime has failed."""
    watched = watch_alarms(second_passes(pump, event, limits), limits)
    failed = replace(watched, prime=break_prime(watched.prime))
    return Step(failed, told(pump, failed, limits))


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
    return Step(given, replace(told(pump, given, limits), drive_pulses=pulses, prime_pulses=pulses))


PRIME_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-PRIME-001",
        (Mode.IDLE,),
        StartPrime,
        refuse_prime,
        start_prime,
        to=Mode.PRIMING,
        why="A prime starts only from idle, without a hold, within its limits, just after the set was disconnected.",
        requirements=("REQ-PRIME-001", "REQ-PRIME-004", "REQ-SUSP-001", "REQ-RES-001"),
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
        requirements=("REQ-OCC-001", "REQ-PRIME-004"),
    ),
    Row(
        "MDL-PRIME-020",
        (Mode.PRIMING,),
        Tick,
        prime_times_out,
        time_out_prime,
        to=Mode.IDLE,
        why="A prime that has not ended in its time has failed, whatever kept it back.",
        requirements=("REQ-PRIME-004",),
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
