"""Ordinary use of the reference pump in many turns, under limits at which everything happens within seconds."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from pumpproof.spec.pump.calculator_use import calculator_turns
from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    CancelBolus,
    CancelExtendedBolus,
    CancelTemporaryBasal,
    ChooseInsulinCurve,
    ChoosePattern,
    ClockFailed,
    ClockSet,
    ConfirmBolus,
    ConfirmClock,
    ConfirmConnected,
    ConfirmDisconnected,
    ConfirmExtendedBolus,
    ConfirmLine,
    ConfirmUnlock,
    EncoderRead,
    Event,
    ExtendedBolusRequested,
    FaultDetected,
    FillCannula,
    HardwareReported,
    LevelReported,
    LockKeys,
    PauseAudio,
    PowerOff,
    PowerOn,
    ProgramBasal,
    ReadInsulinOnBoard,
    ReadReservoir,
    RemoteResumeAsked,
    RemoteStop,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    SetChanged,
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
    Mode,
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
        max_day_pulses=44_400,
        stroke_pulses=2,
        stroke_interval_s=3,
        max_prime_pulses=5,
        max_prime_s=12,
        prime_confirmation_s=4,
        max_cannula_fill_pulses=3,
        set_change_s=120,
        service_grace_s=40,
        reservoir_capacity_pulses=40,
        low_reservoir_pulses=5,
        level_disagreement_pulses=3,
        occlusion_pressure_pa=10,
        occlusion_persistence_s=2,
        occlusion_release_pa=5,
        repeated_occlusion_window_s=60,
        max_temporary_basal_s=5,
        audio_pause_s=3,
        escalation_s=8,
        bolus_lockout_s=2,
        max_boluses_per_day=100_000,
        confirmation_s=4,
        max_timed_suspension_s=6,
        reminder_s=20,
        max_carbohydrate_g=60,
        lowest_glucose_mg_per_dl=54,
        highest_glucose_mg_per_dl=600,
        glucose_valid_s=9,
        least_millipulses_per_g=5,
        most_millipulses_per_g=500,
        least_millipulses_per_mg_per_dl=2,
        most_millipulses_per_mg_per_dl=30,
        lowest_target_mg_per_dl=87,
        highest_target_mg_per_dl=180,
        temporary_highest_times=3,
        temporary_current_times=4,
        min_extended_s=6,
        max_extended_s=40,
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
        max_day_pulses=30_000,
        stroke_pulses=1,
        stroke_interval_s=2,
        max_prime_pulses=3,
        max_prime_s=9,
        prime_confirmation_s=3,
        max_cannula_fill_pulses=1,
        set_change_s=60,
        service_grace_s=0,
        reservoir_capacity_pulses=12,
        low_reservoir_pulses=3,
        level_disagreement_pulses=2,
        occlusion_pressure_pa=10,
        occlusion_persistence_s=3,
        occlusion_release_pa=9,
        repeated_occlusion_window_s=25,
        max_temporary_basal_s=70,
        audio_pause_s=2,
        escalation_s=5,
        bolus_lockout_s=5,
        max_boluses_per_day=100_000,
        confirmation_s=2,
        max_timed_suspension_s=3,
        reminder_s=7,
        max_carbohydrate_g=60,
        lowest_glucose_mg_per_dl=54,
        highest_glucose_mg_per_dl=600,
        glucose_valid_s=4,
        least_millipulses_per_g=5,
        most_millipulses_per_g=100,
        least_millipulses_per_mg_per_dl=2,
        most_millipulses_per_mg_per_dl=10,
        lowest_target_mg_per_dl=87,
        highest_target_mg_per_dl=180,
        temporary_highest_times=1,
        temporary_current_times=2,
        min_extended_s=3,
        max_extended_s=70,
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


NEW_SET = (ConfirmDisconnected(), SetChanged(), ConfirmConnected())
"""The set is taken off, changed, and worn again."""


def towards_a_sound_set(pump: Pump, limits: Limits) -> Event | None:
    """The next event on the way to a set that may be used and a level that is not in doubt; None once there."""
    if pump.reservoir.level_error_pulses != 0:
        return LevelReported(pump.reservoir.pulses)
    old = pump.infusion_set.age_s >= limits.set_change_s + limits.service_grace_s
    if not (old or pump.prime.failed):
        return ConfirmConnected() if pump.infusion_set.disconnected else None
    if pump.mode is Mode.DELIVERING:
        return StopDelivery()
    return SetChanged() if pump.infusion_set.disconnected else ConfirmDisconnected()


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
    yield from NEW_SET
    yield ReservoirReplaced(
        choice.choice((limits.reservoir_capacity_pulses, 1, 4, limits.reservoir_capacity_pulses))
    )
    yield Tick(0, 0, delivery_inhibited=False)
    yield from (AcknowledgeAlarm(alarm) for alarm in Alarm)
    yield ConfirmLine()
    yield Resume()
    yield ChoosePattern(Pattern.WEEKDAY)
    yield ProgramBasal(Pattern.WEEKDAY, 0, choice.choice((limits.max_basal_millipulses_per_h, 700_001, 0)))
    yield ProgramBasal(Pattern.WEEKDAY, 47, limits.max_basal_millipulses_per_h)
    if choice.random() < 0.25:
        yield from (ConfirmDisconnected(), StartPrime(limits.max_prime_pulses))
    else:
        yield StartDelivery()
    for _ in range(_CHOICES):
        yield from _some_seconds(limits, choice) if choice.random() < 0.55 else _command(limits, choice)


def _some_seconds(limits: Limits, choice: random.Random) -> Iterator[Event]:
    low, high = limits.occlusion_pressure_pa - 1, limits.occlusion_pressure_pa
    release = limits.occlusion_release_pa
    pressure = choice.choice((0, 0, 0, release - 1, release, low, high))
    tick = Tick(choice.choice((0, 0, 0, 1, 47)), pressure, choice.random() < 0.1)
    for _ in range(choice.choice((1, 1, 2, 3, 5, 7, 60)) if pressure < high else choice.choice((1, 2, 3))):
        yield tick


def _extended(now: int, extended: int, duration_s: int) -> tuple[Event, Event]:
    """Asked for and confirmed."""
    return (
        ExtendedBolusRequested(now, extended, duration_s),
        ConfirmExtendedBolus(now, extended, duration_s),
    )


def _extended_use(limits: Limits, choice: random.Random) -> tuple[Event, ...]:
    """An extended bolus by itself, with its immediate part, given way to, ended, or refused."""
    bolus, shortest, longest = limits.max_bolus_pulses, limits.min_extended_s, limits.max_extended_s
    second = Tick(0, 0, delivery_inhibited=False)
    late = Tick(0, 0, delivery_inhibited=True)
    fits = bolus * limits.stroke_interval_s
    long = choice.choice((max(fits, shortest), max(fits, shortest) + 1, longest))
    square = _extended(0, bolus, long)
    dual = _extended(bolus - 3, 3, long)
    wait = tuple(second for _ in range(limits.bolus_lockout_s))
    another = (BolusRequested(2), ConfirmBolus(2))
    uses: tuple[tuple[Event, ...], ...] = (
        (*square, *(second for _ in range(long + 2))),
        (*dual, *(second for _ in range(long + 8))),
        (*square, *wait, *another, second, second, *square, late, late, *(second for _ in range(long))),
        (*dual, *wait, *wait, *another, CancelExtendedBolus(), second, CancelBolus()),
        (
            *dual,
            second,
            choice.choice((CancelBolus(), Suspend(), StopDelivery(), PowerOff(), FaultDetected())),
        ),
        (*square, second, second, choice.choice(FAILING), second, HEALTHY),
        (*square, *wait, *square, *_extended(-1, 2, long), *_extended(1, 0, long)),
        (*_extended(bolus, 1, long), *_extended(0, 1, shortest - 1), *_extended(0, 1, longest + 1)),
        (*_extended(0, bolus, shortest), *_extended(0, 1, shortest), *wait, *wait, *wait),
        (ExtendedBolusRequested(1, 2, long), ConfirmBolus(1), ConfirmExtendedBolus(1, 2, long + 1)),
        (ExtendedBolusRequested(1, 2, long), choice.choice((CancelBolus(), LockKeys(), Suspend(), second))),
        (BolusRequested(2), ConfirmExtendedBolus(2, 0, 0), ConfirmExtendedBolus(2, 1, long), ConfirmBolus(2)),
        (LockKeys(), *square, CancelExtendedBolus(), UnlockRequested(), ConfirmUnlock()),
        (StopDelivery(), *square, CancelExtendedBolus(), StartDelivery()),
        (PowerOff(), *square, CancelExtendedBolus()),
    )
    return choice.choice(uses)


def _command(limits: Limits, choice: random.Random) -> Iterator[Event]:
    bolus, prime = limits.max_bolus_pulses, limits.max_prime_pulses
    rate = choice.choice(
        (0, -1, 1, limits.max_basal_millipulses_per_h, limits.max_basal_millipulses_per_h + 1)
    )
    pulses = choice.choice((bolus, bolus, 3, 1, 0, bolus + 1))
    one_bolus = (BolusRequested(pulses), ConfirmBolus(pulses))
    largest_bolus = (BolusRequested(bolus), ConfirmBolus(bolus))
    second = Tick(0, 0, delivery_inhibited=False)
    late = Tick(0, 0, delivery_inhibited=True)
    off_the_body, worn = (StopDelivery(), ConfirmDisconnected()), (ConfirmConnected(), StartDelivery())
    primes, fill = (*off_the_body, StartPrime(prime)), limits.max_cannula_fill_pulses
    pattern = choice.choice(tuple(Pattern))
    unlocked = (UnlockRequested(), ConfirmUnlock())
    blocked = Tick(0, limits.occlusion_pressure_pa, delivery_inhibited=False)
    occluded = _occluded(limits)
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
        (*off_the_body, StartPrime(choice.choice((prime, prime, 1, 0, prime + 1)))),
        (StopPrime(),),
        (*primes, second, StopPrime(), *worn),
        (*primes, *(blocked for _ in range(limits.occlusion_persistence_s))),
        (*primes, *(late for _ in range(limits.max_prime_s + 1)), *worn),
        (*primes, *(second for _ in range(limits.max_prime_s)), StartPrime(1), *worn),
        (*off_the_body, *(second for _ in range(limits.prime_confirmation_s)), StartPrime(1), *worn),
        (*primes, second, choice.choice((PowerOff(), FaultDetected(), ClockFailed())), PowerOff(), *started),
        (StopDelivery(), *NEW_SET, FillCannula(fill), second, second, FillCannula(1), StartDelivery()),
        (StopDelivery(), *NEW_SET, FillCannula(choice.choice((0, fill + 1, 1))), second, StartDelivery()),
        (*off_the_body, SetChanged(), FillCannula(fill), LockKeys(), ConfirmConnected(), *unlocked, *worn),
        (LockKeys(), StopDelivery(), *NEW_SET, FillCannula(fill), *unlocked),
        (LevelReported(choice.choice((0, 1, limits.reservoir_capacity_pulses))), second),
        (ReadReservoir(),),
        (StopDelivery(), ReservoirReplaced(choice.choice((0, 1, limits.reservoir_capacity_pulses, 4)))),
        (*occluded, Resume(), second, *one_bolus, ConfirmLine(), *one_bolus),
        (*occluded, Resume(), *occluded, Resume(), *occluded, Resume(), ConfirmLine(), Resume(), second),
        (*occluded, choice.choice((ConfirmLine(), LockKeys())), ConfirmLine(), *unlocked, *occluded),
        (ConfirmLine(), Resume()),
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
            ReadReservoir(),
            LevelReported(0),
            ConfirmDisconnected(),
            LockKeys(),
            ConfirmLine(),
            *started,
        ),
        (FaultDetected(), ConfirmLine(), ClockFailed(), FaultDetected(), PowerOff(), ClockFailed(), *started),
        (ReservoirReplaced(1), *primes, Suspend(), Resume(), *worn),
        (choice.choice(FAILING), PauseAudio()),
        (BolusRequested(bolus), choice.choice(FAILING), ConfirmBolus(bolus), HEALTHY),
        (choice.choice(FAILING), StopDelivery(), Resume(), StartDelivery(), *one_bolus),
        (choice.choice(FAILING), *one_bolus, PauseAudio(), HEALTHY),
        (*primes, choice.choice(FAILING)),
        (*primes, choice.choice((HEALTHY, replace(HEALTHY, battery=Battery.LOW)))),
        (HEALTHY, *(AcknowledgeAlarm(alarm) for alarm in Alarm), Resume(), StartDelivery()),
        (PauseAudio(),),
        (EncoderRead(choice.choice((0, 5, limits.count_tolerance_pulses + 1))), second),
        (SelfTestFinished(passed=True), ReadInsulinOnBoard()),
        (BolusRequested(bolus), SelfTestFinished(choice.random() < 0.5, SelfTestFailure.SENSORS), second),
        started,
        _extended_use(limits, choice),
        _extended_use(limits, choice),
        _extended_use(limits, choice),
    )
    yield from choice.choice((*sequences, *calculator_turns(limits, choice)))


def _occluded(limits: Limits) -> tuple[Event, ...]:
    """An occlusion that is found, acknowledged and gone."""
    blocked = Tick(0, limits.occlusion_pressure_pa, delivery_inhibited=False)
    seen = (AcknowledgeAlarm(Alarm.OCCLUSION), AcknowledgeAlarm(Alarm.REPEATED_OCCLUSION))
    return (*(blocked,) * limits.occlusion_persistence_s, Tick(0, 0, delivery_inhibited=False), *seen)
