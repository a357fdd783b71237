"""The specification's own account of how the last prime, or filling of a cannula, went on and ended."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.pump.events import (
    FillCannula,
    SetChanged,
    StartPrime,
    StopPrime,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import accepted
from pumpproof.spec.pump.state import Mode, Pump


@dataclass(frozen=True)
class PrimeFate:
    """What the last prime or filling of a cannula still owes, how long ago it began, and whether one has failed."""

    owed_pulses: int
    since_s: int
    failed: bool


def begin_fate(pump: Pump) -> PrimeFate:
    """No prime yet."""
    return PrimeFate(owed_pulses=0, since_s=0, failed=False)


def note_prime(fate: PrimeFate, event: StartPrime, outputs: Outputs) -> PrimeFate:
    """An accepted prime owes all of it; the one before has still failed, if it has."""
    return replace(fate, owed_pulses=event.pulses, since_s=0) if accepted(outputs) else fate


def note_fill(fate: PrimeFate, event: FillCannula, outputs: Outputs) -> PrimeFate:
    """The same for the filling of a cannula."""
    return replace(fate, owed_pulses=event.pulses, since_s=0) if accepted(outputs) else fate


def ends(before: Pump, after: Pump) -> bool:
    """A prime that ran does not run any more."""
    return before.mode is Mode.PRIMING and after.mode is not Mode.PRIMING


def note_second(fate: PrimeFate, before: Pump, after: Pump, outputs: Outputs) -> PrimeFate:
    """A second that ends a prime ends it well if it gives the last of it."""
    if before.mode is Mode.OFF:
        return fate
    owed_pulses = fate.owed_pulses - outputs.prime_pulses
    return PrimeFate(
        owed_pulses=owed_pulses,
        since_s=fate.since_s + 1,
        failed=owed_pulses > 0 if ends(before, after) else fate.failed,
    )


def ended_by_person(fate: PrimeFate) -> PrimeFate:
    """Whoever stops a prime knows that it is not complete: that is no failure, and mends none."""
    return fate


def note_new_set(fate: PrimeFate, outputs: Outputs) -> PrimeFate:
    """What failed was the old set."""
    return replace(fate, failed=fate.failed and not accepted(outputs))


def note_failure(fate: PrimeFate, before: Pump, after: Pump) -> PrimeFate:
    """Whatever else ends a prime makes it fail."""
    return replace(fate, failed=fate.failed or ends(before, after))


PRIME_FATE = Observer(
    "prime fate",
    says="Keeps what the last prime owes, the seconds since its start, and whether it failed.",
    record=PrimeFate,
    begin=begin_fate,
    steps=(
        (StartPrime, note_prime),
        (FillCannula, note_fill),
        (Tick, note_second),
        (StopPrime, ended_by_person),
        (Suspend, ended_by_person),
        (SuspendFor, ended_by_person),
        (SetChanged, note_new_set),
    ),
    otherwise=note_failure,
)


def time_is_over(fate: PrimeFate, limits: Limits) -> bool:
    """With this second the prime has had all its time."""
    return fate.since_s + 1 >= limits.max_prime_s
