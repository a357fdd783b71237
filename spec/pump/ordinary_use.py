"""Ordinary use of the reference pump in many turns, under limits at which everything happens within seconds."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    CancelBolus,
    CancelTemporaryBasal,
    ChooseInsulinCurve,
    ChoosePattern,
    ClockFailed,
    ClockSet,
    ConfirmBolus,
    ConfirmClock,
    ConfirmUnlock,
    EncoderRead,
    Event,
    FaultDetected,
    HardwareReported,
    LockKeys,
    PauseAudio,
    PowerOff,
    PowerOn,
    ProgramBasal,
    ReadInsulinOnBoard,
    RemoteResumeAsked,
    RemoteStop,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    StartTemporaryBasal,
    StartTemporaryPercent,
    StopDelivery,
    StopPrime,
    Suspend,
    SuspendFor,
    Tick,
    UnlockRequested,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import (
    Alarm,
    Battery,
    InsulinCurve,
    Motion,
    Pattern,
    Pump,
    SelfTestFailure,
    Temperature,
)

QUICK_LIMITS = (
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
        audio_pause_s=3,
        escalation_s=8,
        bolus_lockout_s=2,
        max_boluses_per_day=100_000,
        confirmation_s=4,
        max_timed_suspension_s=6,
        reminder_s=20,
        temporary_highest_times=3,
        temporary_current_times=4,
        count_tolerance_pulses=12,
        gross_difference_pulses=40,
        surplus_persistence_s=2,
        shortfall_persistence_s=3,
        self_test_interval_s=300,
        self_test_bound_s=50,
        watchdog_s=90,
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
        audio_pause_s=2,
        escalation_s=5,
        bolus_lockout_s=5,
        max_boluses_per_day=100_000,
        confirmation_s=2,
        max_timed_suspension_s=3,
        reminder_s=7,
        temporary_highest_times=1,
        temporary_current_times=2,
        count_tolerance_pulses=12,
        gross_difference_pulses=12,
        surplus_persistence_s=4,
        shortfall_persistence_s=2,
        self_test_interval_s=1_000,
        self_test_bound_s=100,
        watchdog_s=90,
    ),
)
"""A pulse of the largest basal comes every 2 or 3 seconds; strokes have to wait, and the hour's cap can be met."""

STEPS = 12_000
_CHOICES = 24


HEALTHY = HardwareReported(
    reservoir_present=True,
    air_in_line=False,
    motion=Motion.FOLLOWS,
    battery=Battery.GOOD,
    temperature=Temperature.IN_RANGE,
)
FAILING = (
    replace(HEALTHY, reservoir_present=False),
    replace(HEALTHY, air_in_line=True),
    replace(HEALTHY, motion=Motion.STALLED),
    replace(HEALTHY, motion=Motion.OUT_OF_STEP),
    replace(HEALTHY, battery=Battery.LOW),
    replace(HEALTHY, battery=Battery.CRITICAL),
    replace(HEALTHY, temperature=Temperature.TOO_LOW),
    replace(HEALTHY, temperature=Temperature.TOO_HIGH),
)
"""One trouble each."""


def use_ordinarily(pump: Pump, limits: Limits, number: int) -> Event:
    """The next event of the same turns each time, whatever the pump makes of them."""
    return _events(limits)[number]


@cache
def _events(limits: Limits) -> tuple[Event, ...]:
    events: list[Event] = []
    turn = 0
    while len(events) < STEPS:
        events += _turns(limits, random.Random(turn))  # noqa: S311 -- reproducible, not secret
        turn += 1
    return tuple(events[:STEPS])


def _turns(limits: Limits, choice: random.Random) -> Iterator[Event]:
    """From power on and without holds, some minutes of use."""
    yield PowerOff()
    yield PowerOn()
    yield SelfTestFinished(passed=True)
    yield HEALTHY
    yield UnlockRequested()
    yield ConfirmUnlock()
    yield ReservoirReplaced(
        choice.choice((limits.reservoir_capacity_pulses, 1, 4, limits.reservoir_capacity_pulses))
    )
    yield Tick(0, 0, delivery_inhibited=False)
    yield from (AcknowledgeAlarm(alarm) for alarm in Alarm)
    yield Resume()
    yield ChoosePattern(Pattern.WEEKDAY)
    yield ProgramBasal(Pattern.WEEKDAY, 0, choice.choice((limits.max_basal_millipulses_per_h, 700_001, 0)))
    yield ProgramBasal(Pattern.WEEKDAY, 47, limits.max_basal_millipulses_per_h)
    yield choice.choice(
        (StartDelivery(), StartDelivery(), StartDelivery(), StartPrime(limits.max_prime_pulses))
    )
    for _ in range(_CHOICES):
        yield from _some_seconds(limits, choice) if choice.random() < 0.55 else _command(limits, choice)


def _some_seconds(limits: Limits, choice: random.Random) -> Iterator[Event]:
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
    pulses = choice.choice((bolus, bolus, 3, 1, 0, bolus + 1))
    one_bolus = (BolusRequested(pulses), ConfirmBolus(pulses))
    largest_bolus = (BolusRequested(bolus), ConfirmBolus(bolus))
    second = Tick(0, 0, delivery_inhibited=False)
    pattern = choice.choice(tuple(Pattern))
    unlocked = (UnlockRequested(), ConfirmUnlock())
    blocked = Tick(0, limits.occlusion_pressure_pa, delivery_inhibited=False)
    started = (PowerOn(), SelfTestFinished(passed=choice.random() < 0.8))
    sequences: tuple[tuple[Event, ...], ...] = (
        one_bolus,
        (*one_bolus, *one_bolus),
        (*largest_bolus, second, CancelBolus()),
        (*largest_bolus, Suspend()),
        (BolusRequested(bolus), second, choice.choice((ConfirmBolus(bolus), ConfirmBolus(1), CancelBolus()))),
        (BolusRequested(bolus), choice.choice((Suspend(), LockKeys(), StopDelivery(), PowerOff()))),
        (BolusRequested(bolus), *(second for _ in range(limits.confirmation_s)), ConfirmBolus(bolus)),
        (CancelBolus(),),
        (LockKeys(), *one_bolus, *unlocked),
        (
            LockKeys(),
            choice.choice((Resume(), StartDelivery(), CancelTemporaryBasal(), Suspend())),
            *unlocked,
        ),
        (
            LockKeys(),
            choice.choice((ChoosePattern(pattern), StartTemporaryPercent(130, 1), ConfirmClock())),
            *unlocked,
        ),
        (LockKeys(), ChooseInsulinCurve(InsulinCurve.BILINEAR_3_H), ReadInsulinOnBoard(), *unlocked),
        (UnlockRequested(), *(second for _ in range(limits.confirmation_s)), ConfirmUnlock()),
        (StartTemporaryBasal(rate, choice.choice((0, 1, 4, limits.max_temporary_basal_s + 1))),),
        (StartTemporaryBasal(limits.max_basal_millipulses_per_h, limits.max_temporary_basal_s),),
        (StartTemporaryPercent(choice.choice((0, 10, 130, 200, 210, 15)), limits.max_temporary_basal_s),),
        (StartTemporaryBasal(0, limits.max_temporary_basal_s), second, CancelTemporaryBasal()),
        (ReadInsulinOnBoard(),),
        (ChooseInsulinCurve(choice.choice(tuple(InsulinCurve))), ReadInsulinOnBoard()),
        (ClockSet(choice.choice((3600, -3600, 1))), choice.choice((ConfirmClock(), ClockSet(-3600)))),
        (ConfirmClock(),),
        (ProgramBasal(pattern, choice.choice((0, 1, 47, 48, -1)), rate),),
        (ProgramBasal(pattern, 0, limits.max_basal_millipulses_per_h), ChoosePattern(pattern)),
        (ChoosePattern(Pattern.WEEKDAY),),
        (Suspend(),),
        (choice.choice((SuspendFor(0), SuspendFor(limits.max_timed_suspension_s + 1))),),
        (SuspendFor(limits.max_timed_suspension_s), second, SuspendFor(1), LockKeys(), *unlocked),
        (*largest_bolus, SuspendFor(1), choice.choice((second, blocked, Suspend())), second, second),
        (*largest_bolus, choice.choice((RemoteStop(), SuspendFor(2))), RemoteResumeAsked()),
        (BolusRequested(bolus), choice.choice((RemoteStop(), SuspendFor(1))), ConfirmBolus(bolus)),
        (StopDelivery(), StartPrime(prime), choice.choice((RemoteStop(), SuspendFor(1))), second),
        (LockKeys(), choice.choice((RemoteStop(), SuspendFor(1))), second, RemoteResumeAsked(), *unlocked),
        (
            choice.choice((StopDelivery(), Suspend(), RemoteStop())),
            *(second for _ in range(limits.reminder_s)),
        ),
        (
            choice.choice((StopDelivery(), Suspend())),
            *(second for _ in range(limits.reminder_s)),
            choice.choice((AcknowledgeAlarm(Alarm.NO_THERAPY), second)),
            Resume(),
            StartDelivery(),
        ),
        (Resume(),),
        (*(AcknowledgeAlarm(alarm) for alarm in Alarm), Resume()),
        (AcknowledgeAlarm(choice.choice(tuple(Alarm))),),
        (Resume(), StartDelivery()),
        (StartDelivery(),),
        (StopDelivery(),),
        (StopDelivery(), StartPrime(choice.choice((prime, prime, 1, 0, prime + 1)))),
        (StopPrime(),),
        (StopDelivery(), StartPrime(prime), Tick(0, 0, delivery_inhibited=False), StopPrime()),
        (StopDelivery(), StartPrime(prime), *(blocked for _ in range(limits.occlusion_persistence_s))),
        (StopDelivery(), ReservoirReplaced(choice.choice((0, 1, limits.reservoir_capacity_pulses, 4)))),
        (choice.choice((PowerOff(), FaultDetected(), PowerOn(), ClockFailed())),),
        (PowerOff(), *started, Resume(), StartDelivery()),
        (
            PowerOff(),
            PauseAudio(),
            CancelTemporaryBasal(),
            SuspendFor(1),
            RemoteStop(),
            RemoteResumeAsked(),
            ClockSet(1),
            ReadInsulinOnBoard(),
            LockKeys(),
            *started,
        ),
        (FaultDetected(), ClockFailed(), FaultDetected(), PowerOff(), ClockFailed(), *started),
        (ReservoirReplaced(1), StopDelivery(), StartPrime(prime), Suspend()),
        (choice.choice(FAILING), PauseAudio()),
        (BolusRequested(bolus), choice.choice(FAILING), ConfirmBolus(bolus), HEALTHY),
        (choice.choice(FAILING), StopDelivery(), Resume(), StartDelivery(), *one_bolus),
        (choice.choice(FAILING), *one_bolus, PauseAudio(), HEALTHY),
        (StopDelivery(), StartPrime(prime), choice.choice(FAILING)),
        (StopDelivery(), StartPrime(prime), choice.choice((HEALTHY, replace(HEALTHY, battery=Battery.LOW)))),
        (HEALTHY, *(AcknowledgeAlarm(alarm) for alarm in Alarm), Resume(), StartDelivery()),
        (PauseAudio(),),
        (EncoderRead(choice.choice((0, 5, limits.count_tolerance_pulses + 1))), second),
        (SelfTestFinished(passed=True), ReadInsulinOnBoard()),
        (BolusRequested(bolus), SelfTestFinished(choice.random() < 0.5, SelfTestFailure.SENSORS), second),
        started,
    )
    yield from choice.choice(sequences)
