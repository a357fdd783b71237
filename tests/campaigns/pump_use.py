"""Runs of the reference pump for a campaign: use as it happens, at limits under which everything happens in seconds.

They are known runs, as those that a verification found are: a mutant is killed only if one of them, replayed in the
running machine, breaks a property. The choices come from seeded generators, so that the runs are always the same.
"""

import random
from collections.abc import Iterator

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    CancelBolus,
    CancelTemporaryBasal,
    Event,
    FaultDetected,
    PowerOff,
    PowerOn,
    ProgramBasal,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    StartTemporaryBasal,
    StopDelivery,
    StopPrime,
    Suspend,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Alarm
from pumpproof.verify.search.run import Run

LIMITS = (
    Limits(
        max_bolus_pulses=6,
        max_basal_millipulses_per_h=1_800_000,
        max_hour_pulses=1_820,
        stroke_pulses=2,
        stroke_interval_s=3,
        max_prime_pulses=5,
        reservoir_capacity_pulses=40,
        low_reservoir_pulses=5,
        occlusion_pressure_pa=10,
        occlusion_persistence_s=2,
        max_temporary_basal_s=5,
    ),
    Limits(
        max_bolus_pulses=5,
        max_basal_millipulses_per_h=1_200_000,
        max_hour_pulses=1_210,
        stroke_pulses=1,
        stroke_interval_s=2,
        max_prime_pulses=3,
        reservoir_capacity_pulses=12,
        low_reservoir_pulses=3,
        occlusion_pressure_pa=10,
        occlusion_persistence_s=3,
        max_temporary_basal_s=70,
    ),
)
"""A pulse of the largest basal comes every 2 or 3 seconds; strokes have to wait, and the hour's cap can be met."""

RUNS_OF_EACH = 60
_CHOICES = 40


def runs() -> tuple[Run, ...]:
    """Every run; the shorter the better known, as the first that breaks a property is shown."""
    return tuple(
        Run.of(limits, _use(limits, random.Random(number)))
        for limits in LIMITS
        for number in range(RUNS_OF_EACH)
    )


def _use(limits: Limits, choice: random.Random) -> Iterator[Event]:
    yield PowerOn()
    yield SelfTestFinished(passed=True)
    yield ReservoirReplaced(
        choice.choice((limits.reservoir_capacity_pulses, 1, 4, limits.reservoir_capacity_pulses))
    )
    yield ProgramBasal(0, choice.choice((limits.max_basal_millipulses_per_h, 700_001, 0)))
    yield ProgramBasal(47, limits.max_basal_millipulses_per_h)
    yield choice.choice(
        (StartDelivery(), StartDelivery(), StartDelivery(), StartPrime(limits.max_prime_pulses))
    )
    for _ in range(_CHOICES):
        yield from _seconds(limits, choice) if choice.random() < 0.55 else _command(limits, choice)


def _seconds(limits: Limits, choice: random.Random) -> Iterator[Event]:
    low, high = limits.occlusion_pressure_pa - 1, limits.occlusion_pressure_pa
    pressure = choice.choice((0, 0, 0, 0, low, high))
    tick = Tick(choice.choice((0, 0, 0, 1, 47)), pressure, choice.random() < 0.1)
    for _ in range(choice.choice((1, 1, 2, 3, 5, 7, 60)) if pressure < high else choice.choice((1, 2, 3))):
        yield tick


def _command(limits: Limits, choice: random.Random) -> Iterator[Event]:
    bolus, prime = limits.max_bolus_pulses, limits.max_prime_pulses
    rate = choice.choice(
        (0, -1, 1, limits.max_basal_millipulses_per_h, limits.max_basal_millipulses_per_h + 1)
    )
    one_bolus = BolusRequested(choice.choice((bolus, bolus, 3, 1, 0, bolus + 1)))
    started = (PowerOn(), SelfTestFinished(passed=choice.random() < 0.8))
    sequences: tuple[tuple[Event, ...], ...] = (
        (one_bolus,),
        (one_bolus, one_bolus),
        (BolusRequested(bolus), Tick(0, 0, delivery_inhibited=False), CancelBolus()),
        (BolusRequested(bolus), Suspend()),
        (CancelBolus(),),
        (StartTemporaryBasal(rate, choice.choice((0, 1, 4, limits.max_temporary_basal_s + 1))),),
        (StartTemporaryBasal(limits.max_basal_millipulses_per_h, limits.max_temporary_basal_s),),
        (CancelTemporaryBasal(),),
        (ProgramBasal(choice.choice((0, 1, 47, 48, -1)), rate),),
        (Suspend(),),
        (Resume(),),
        (*(AcknowledgeAlarm(alarm) for alarm in Alarm), Resume()),
        (AcknowledgeAlarm(choice.choice(tuple(Alarm))),),
        (Resume(), StartDelivery()),
        (StartDelivery(),),
        (StopDelivery(),),
        (StopDelivery(), StartPrime(choice.choice((prime, prime, 1, 0, prime + 1)))),
        (StopPrime(),),
        (StopDelivery(), StartPrime(prime), Tick(0, 0, delivery_inhibited=False), StopPrime()),
        (StopDelivery(), ReservoirReplaced(choice.choice((0, 1, limits.reservoir_capacity_pulses, 4)))),
        (choice.choice((PowerOff(), FaultDetected(), PowerOn())),),
        (PowerOff(), *started, Resume(), StartDelivery()),
        started,
    )
    yield from choice.choice(sequences)
