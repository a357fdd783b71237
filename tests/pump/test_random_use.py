"""The reference pump under random use: every property holds at every step, and every row is taken."""

import random
from dataclasses import replace
from itertools import compress

from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.pump.calculator_use import all_periods, some_doses, some_suggestion
from pumpproof.spec.pump.events import (
    EVENTS,
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
    PowerOff,
    PowerOn,
    ProgramBasal,
    RemoteStop,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    SetChanged,
    SetDoses,
    StartDelivery,
    StartPrime,
    StartTemporaryBasal,
    StartTemporaryPercent,
    StopDelivery,
    StopPrime,
    SuggestBolus,
    Suspend,
    SuspendFor,
    Tick,
    UnlockRequested,
)
from pumpproof.spec.pump.ordinary_use import FAILING, HEALTHY
from pumpproof.spec.pump.state import (
    ALARMS,
    Alarm,
    AlarmPhase,
    InsulinCurve,
    Mode,
    Pattern,
    Period,
    Pump,
    Question,
    SelfTestFailure,
)
from pumpproof.statemachine.kernel.table import Command
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.system import SYSTEM

STEPS = 6_000
USES = 4
"""What one use leaves out by chance another one meets; together they have to meet everything."""

WIDE = replace(
    SMALL,
    max_hour_pulses=2_400,
    max_day_pulses=45_000,
    max_prime_pulses=20,
    max_prime_s=10,
    max_boluses_per_day=100_000,
    repeated_occlusion_window_s=300,
    reminder_s=9,
    set_change_s=300,
    service_grace_s=30,
    count_tolerance_pulses=10,
    gross_difference_pulses=20,
    self_test_interval_s=30,
    self_test_bound_s=5,
    watchdog_s=3,
)
"""Room for many boluses and for three occlusions in one window, and little for primes, tests and before reminders."""


def mode_is_busy(pump: Pump) -> bool:
    """Idle or therapy, where most of a day is spent."""
    return pump.mode in (Mode.IDLE, Mode.DELIVERING)


def confirmed(pump: Pump) -> Event:
    """What is shown, with an extended part if it has one."""
    shown = pump.confirmation
    if shown.extended_pulses > 0:
        return ConfirmExtendedBolus(shown.pulses, shown.extended_pulses, shown.duration_s)
    return ConfirmBolus(shown.pulses)


class Use:
    """A seeded person, environment and hardware; what it does depends on the seed alone."""

    def __init__(self, seed: int) -> None:
        self.choice = random.Random(seed)
        self.pressure_pa = 0
        self.lateness = 0.05

    def event(self, pump: Pump) -> Event:
        """Mostly seconds; in idle and therapy often a useful next step, and seldom an end of what runs."""
        kind, mode = self.choice.random(), pump.mode
        busy = mode_is_busy(pump)
        if pump.drive_count.last_second_pulses > 0 and self.choice.random() < 0.01:
            return PowerOff()
        if kind < (0.65 if mode is Mode.PRIMING else 0.5 if busy else 0.15):
            return self.second()
        if kind < (0.8 if busy else 0.75 if mode is Mode.PRIMING else 0.35):
            return self.next_step(pump)
        event = self.choice.choice((*EVENTS, HardwareReported, HardwareReported))
        ends = event in (FaultDetected, ClockFailed, StopDelivery, EncoderRead)
        if ends and busy and self.choice.random() < 0.8:
            return self.second()
        if event is EncoderRead:
            off = self.choice.choice((0, 10, -10, 11, -11, -11, 20, -20, 21, -21))
            return EncoderRead(pump.drive_count.commanded_pulses + off)
        return self.with_payload(event)

    def second(self) -> Tick:
        self.lateness = (
            self.choice.choice((0.6, 0.02, 0.02)) if self.choice.random() < 0.05 else self.lateness
        )
        if self.choice.random() < 0.1:
            low_pa = SMALL.occlusion_release_pa - 1
            self.pressure_pa = self.choice.choice((0, low_pa, low_pa, HIGH_PA - 1, HIGH_PA))
        return Tick(self.choice.randrange(2), self.pressure_pa, self.choice.random() < self.lateness)

    def next_step(self, pump: Pump) -> Event:
        sounding = [phase is AlarmPhase.SOUNDING for phase in pump.alarms.phases]
        read = EncoderRead(pump.drive_count.commanded_pulses)
        alarms: tuple[Event, ...] = (
            HEALTHY,
            Resume(),
            *((ConfirmLine(),) if pump.line.occluded_repeatedly else ()),
            *(AcknowledgeAlarm(alarm) for alarm in compress(ALARMS, sounding)),
        )
        idle: tuple[Event, ...] = (
            ReservoirReplaced(SMALL.reservoir_capacity_pulses),
            StartDelivery(),
            StartDelivery(),
            ConfirmDisconnected(),
            ConfirmDisconnected(),
            StartPrime(3),
            FillCannula(3),
            ProgramBasal(self.choice.choice(tuple(Pattern)), 0, FULL_BASAL),
            *all_periods(SMALL, self.choice.randrange(4)),
            *alarms,
        )
        doses: tuple[Event, ...] = (
            BolusRequested(6),
            ConfirmBolus(6),
            CancelBolus(),
            ConfirmLine(),
            ExtendedBolusRequested(self.choice.choice((0, 2)), 4, 12),
            ConfirmExtendedBolus(2, 4, 12),
            CancelExtendedBolus(),
            StartTemporaryBasal(FULL_BASAL, 3),
            StartTemporaryPercent(self.choice.choice((0, 50, 200)), 3),
            CancelTemporaryBasal(),
            some_suggestion(SMALL, self.choice.randrange(5_000)),
            some_suggestion(SMALL, self.choice.randrange(5_000)),
        )
        keen = self.choice.random() < 0.6
        differs = abs(read.pulses - pump.drive_count.counted_pulses) > WIDE.count_tolerance_pulses // 2
        if keen and differs and mode_is_busy(pump) and self.choice.random() < 0.5:
            return read
        if keen and pump.supervision.since_self_test_s > WIDE.self_test_interval_s and mode_is_busy(pump):
            return SelfTestFinished(passed=True)
        if keen and pump.key_lock.locked and pump.mode is not Mode.OFF:
            return ConfirmUnlock() if pump.confirmation.question is Question.UNLOCK else UnlockRequested()
        if keen and pump.mode is Mode.DELIVERING and self.set_is_old_or_off(pump):
            return self.choice.choice((StopDelivery(), self.second()))
        if keen and pump.mode is Mode.IDLE and self.set_is_old_or_off(pump):
            primes = (StartPrime(20), StartPrime(20), StartPrime(3), Resume())
            words = (SetChanged(), ConfirmConnected(), ConfirmDisconnected())
            return self.choice.choice(primes if pump.infusion_set.prime_permit_s > 0 else words)
        if keen and is_held(pump.holds) and mode_is_busy(pump):
            return self.choice.choice(alarms)
        if keen and pump.confirmation.question is Question.BOLUS:
            return confirmed(pump)
        readings = (read, replace(read, pulses=read.pulses + 21))
        steps: dict[Mode, tuple[Event, ...]] = {
            Mode.OFF: (PowerOn(),),
            Mode.SELF_TEST: (SelfTestFinished(self.choice.random() < 0.9),),
            Mode.FAULT: (PowerOff(),),
            Mode.IDLE: idle,
            Mode.DELIVERING: (*doses, *alarms),
            Mode.PRIMING: (
                *readings,
                HEALTHY,
                StopPrime(),
                Suspend(),
                RemoteStop(),
                SuspendFor(0),
                SuspendFor(1),
            ),
        }
        return self.choice.choice(steps[pump.mode])

    def set_is_old_or_off(self, pump: Pump) -> bool:
        old = pump.infusion_set.age_s >= WIDE.set_change_s or pump.prime.failed
        return old or pump.infusion_set.disconnected

    def with_payload(self, event: type) -> Event:
        amount = self.choice.choice((-1, 0, 1, 3, 6, 7, 40, 41))
        rate = self.choice.choice((-1, 0, 1, FULL_BASAL - 1, FULL_BASAL, FULL_BASAL + 1))
        if event is Tick:
            return self.second()
        if event is SelfTestFinished:
            failure = self.choice.choice((*(SelfTestFailure.NONE for _ in range(5)), SelfTestFailure.DRIVE))
            return SelfTestFinished(self.choice.random() < 0.8, failure)
        if event is ProgramBasal:
            return ProgramBasal(
                self.choice.choice(tuple(Pattern)), self.choice.choice((-1, 0, 1, 47, 48)), rate
            )
        if event is StartTemporaryBasal:
            return StartTemporaryBasal(rate, self.choice.choice((0, 1, 4, 5, 6)))
        if event is SuspendFor:
            return SuspendFor(self.choice.choice((0, 1, 2, 6, 7)))
        if event is ChoosePattern:
            return ChoosePattern(self.choice.choice(tuple(Pattern)))
        if event is StartTemporaryPercent:
            return StartTemporaryPercent(
                self.choice.choice((0, 15, 200, 210)), self.choice.choice((0, 1, 5, 6))
            )
        if event is ChooseInsulinCurve:
            return ChooseInsulinCurve(self.choice.choice(tuple(InsulinCurve)))
        if event is SetDoses:
            return some_doses(SMALL, self.choice.choice(tuple(Period)), self.choice.randrange(13))
        if event is SuggestBolus:
            return some_suggestion(SMALL, self.choice.randrange(5_000))
        if event is ClockSet:
            return ClockSet(self.choice.choice((3600, -3600)))
        if event is AcknowledgeAlarm:
            return AcknowledgeAlarm(self.choice.choice(tuple(Alarm)))
        if event is HardwareReported:
            return self.choice.choice((*FAILING, HEALTHY))
        plain: dict[type, Event] = {
            BolusRequested: BolusRequested(amount),
            ConfirmBolus: ConfirmBolus(amount),
            ExtendedBolusRequested: ExtendedBolusRequested(amount, 2, 9 * amount),
            ConfirmExtendedBolus: ConfirmExtendedBolus(amount, 2, 12),
            StartPrime: StartPrime(amount),
            FillCannula: FillCannula(amount),
            LevelReported: LevelReported(amount),
            ReservoirReplaced: ReservoirReplaced(amount),
        }
        return plain.get(event) or event()


def test_together_some_uses_take_every_row_and_every_property_holds() -> None:
    openings = random.Random(2)

    def now_and_then(_observer: Observer, _step: int, _state: object) -> bool:
        return openings.random() < 0.001

    taken: set[tuple[str, bool | None]] = set()
    unheard = {known.id for known in SYSTEM.properties}
    for seed in range(USES):
        use, bench = Use(seed), Bench(WIDE, now_and_then)
        for _ in range(STEPS):
            step = bench.step(use.event(bench.pump()))
            taken.add((step.entry_id, step.accepted))
        unheard -= bench.monitor.reached
    commands = {entry.id for entry in SYSTEM.table if isinstance(entry, Command)}
    assert {(name, answer) for name in commands for answer in (True, False)} - taken == set()
    assert {entry.id for entry in SYSTEM.table} - {name for name, _ in taken} == set()
    full = {"INV-DOSE-009", "INV-DOSE-010", "INV-DOSE-020", "INV-BOLUS-071", "INV-BOLUS-072"}
    assert unheard <= full, "these need a full cap, and an hour"
