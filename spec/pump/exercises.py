"""Exercises of the reference pump: what a hard day looks like, for the search of counterexamples."""

from pumpproof.spec.kernel.exercises import Exercise
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
from pumpproof.spec.pump.ordinary_use import FAILING, HEALTHY, QUICK_LIMITS, STEPS, use_ordinarily
from pumpproof.spec.pump.state import (
    ALARMS,
    InsulinCurve,
    Mode,
    Pattern,
    Pump,
    Question,
    SelfTestFailure,
)
from pumpproof.spec.pump.supervised_use import SUPERVISED_LIMITS, SUPERVISED_USES
from pumpproof.spec.pump.ways import QUIET, is_held, scrambled, towards_delivery

_LONG = 9_000
"""Two and a half hours: an hour-long window opens and closes within it."""


def fill_every_hour(pump: Pump, limits: Limits, number: int) -> Event:
    """Largest basal, and between seconds boluses as large as the pump takes, halving what it refuses."""
    return towards_delivery(pump, limits, limits.max_basal_millipulses_per_h) or _greedy(pump, limits, number)


def fill_then_run_basal(pump: Pump, limits: Limits, number: int) -> Event:
    """Boluses as large as the pump takes with no basal for half an hour, then the largest basal for an hour."""
    rate = 0 if number % 5_400 < 1_800 else limits.max_basal_millipulses_per_h
    return towards_delivery(pump, limits, rate) or _greedy(pump, limits, number)


def _greedy(pump: Pump, limits: Limits, number: int) -> Event:
    turn = number % 67
    if pump.confirmation.question is Question.BOLUS:
        return _confirmed_soon(pump, number)
    if pump.bolus.remaining_pulses == 0 and turn < 16:
        return BolusRequested(max(limits.max_bolus_pulses >> turn, 1))
    return QUIET


def _confirmed_soon(pump: Pump, number: int) -> Event:
    """Basal goes on while a person reads what is shown, and may take the room that there was."""
    return ConfirmBolus(pump.confirmation.pulses) if number % 7 == 0 else QUIET


def take_every_small_bolus(pump: Pump, limits: Limits, number: int) -> Event:
    """One pulse as soon as the pump takes a bolus, all day, without basal."""
    way = towards_delivery(pump, limits, 0)
    if way is not None:
        return way
    if pump.confirmation.question is Question.BOLUS:
        return ConfirmBolus(pump.confirmation.pulses)
    return BolusRequested(1) if pump.bolus_starts.lockout_s == 0 and number % 2 == 0 else QUIET


def run_out_of_insulin(pump: Pump, limits: Limits, number: int) -> Event:
    """Small reservoirs, primes and boluses that take all of it."""
    small = min(2 * limits.stroke_pulses + 1, limits.reservoir_capacity_pulses)
    if pump.mode is Mode.IDLE and pump.reservoir.pulses == 0:
        return ReservoirReplaced(small)
    if pump.mode is Mode.IDLE and not is_held(pump) and number % 3 == 0:
        return StartPrime(min(pump.reservoir.pulses, limits.max_prime_pulses))
    if pump.mode is Mode.PRIMING:
        return QUIET
    rate = limits.max_basal_millipulses_per_h
    way = towards_delivery(pump, limits, rate)
    if way is not None:
        return way
    if pump.confirmation.question is Question.BOLUS:
        return _confirmed_soon(pump, number)
    if pump.bolus.remaining_pulses == 0 and number % 5 == 0:
        return BolusRequested(min(pump.reservoir.pulses, limits.max_bolus_pulses))
    return QUIET


def use_at_random(pump: Pump, limits: Limits, number: int) -> Event:
    """Every event there is, in an order that only looks random, with pressure, lateness and amounts at the limits."""
    draw = scrambled(number)
    high = scrambled(number // 9) % 5 == 0
    tick = Tick(
        slot=scrambled(number // 50) % 2,
        pressure_pa=limits.occlusion_pressure_pa - (0 if high else 1),
        delivery_inhibited=draw % 11 == 0,
    )
    if draw % 100 < 15:
        return _some_request(pump, limits, draw // 100)
    flows = pump.mode is Mode.PRIMING or pump.mode is Mode.DELIVERING
    if draw % 100 < (80 if flows else 35):
        return tick
    return tick if pump.mode is Mode.PRIMING else _usual(pump, limits)


def _usual(pump: Pump, limits: Limits) -> Event:
    way = towards_delivery(pump, limits, limits.max_basal_millipulses_per_h)
    if way is not None:
        return way
    if pump.confirmation.question is Question.BOLUS:
        return ConfirmBolus(pump.confirmation.pulses)
    return BolusRequested(min(limits.max_bolus_pulses, pump.reservoir.pulses, 3 * limits.stroke_pulses + 1))


def _some_request(pump: Pump, limits: Limits, draw: int) -> Event:
    rate, pulses = (
        limits.max_basal_millipulses_per_h,
        (1, limits.stroke_pulses, limits.max_bolus_pulses)[draw % 3],
    )
    pattern = tuple(Pattern)[draw // 2 % 4]
    requests: tuple[Event, ...] = (
        BolusRequested(pulses),
        BolusRequested(min(pump.reservoir.pulses, limits.max_bolus_pulses)),
        ConfirmBolus(pulses),
        CancelBolus(),
        LockKeys(),
        UnlockRequested(),
        ConfirmUnlock(),
        Suspend(),
        SuspendFor(draw % 40),
        RemoteStop(),
        RemoteResumeAsked(),
        Resume(),
        StartTemporaryBasal(rate_millipulses_per_h=rate - draw % 2, duration_s=1 + draw % 40),
        StartTemporaryPercent(percent=10 * (draw % 22), duration_s=1 + draw % 40),
        CancelTemporaryBasal(),
        ClockSet(3600 - 3600 * (draw % 3)),
        ConfirmClock(),
        ProgramBasal(pattern, slot=draw % 2, rate_millipulses_per_h=rate + 1 - draw % 3),
        ChoosePattern(pattern),
        StopDelivery(),
        StartPrime(pulses),
        StopPrime(),
        ReservoirReplaced(draw % (limits.reservoir_capacity_pulses + 2)),
        AcknowledgeAlarm(ALARMS[draw % len(ALARMS)]),
        StartDelivery(),
        PauseAudio(),
        FAILING[draw % len(FAILING)],
        HEALTHY,
        ReadInsulinOnBoard(),
        ChooseInsulinCurve(tuple(InsulinCurve)[draw % len(InsulinCurve)]),
        PowerOn() if draw % 2 else PowerOff(),
        (FaultDetected() if draw % 2 else ClockFailed())
        if draw % 3 == 0
        else SelfTestFinished(draw % 3 == 1, tuple(SelfTestFailure)[draw % 20 if draw % 20 < 10 else 0]),
        EncoderRead(pump.drive_count.commanded_pulses + draw % 5 - 2),
    )
    return requests[scrambled(draw) % len(requests)]


EXERCISES: tuple[Exercise, ...] = (
    *(
        Exercise(
            f"ordinary use {number}", "Many turns of use, in little time.", STEPS, use_ordinarily, limits
        )
        for number, limits in enumerate(QUICK_LIMITS, start=1)
    ),
    Exercise("use at random", "Every event in many orders, amounts at their limits.", _LONG, use_at_random),
    Exercise("run out of insulin", "Small reservoirs, used up again and again.", 2_000, run_out_of_insulin),
    Exercise("small boluses", "As many small boluses as a day takes.", _LONG, take_every_small_bolus),
    Exercise("fill every hour", "Largest basal and all boluses that are accepted.", _LONG, fill_every_hour),
    Exercise(
        "fill, then run basal", "All boluses first, then the largest basal.", _LONG, fill_then_run_basal
    ),
    *(
        Exercise(f"{name} {which}", says, 2_000, use, limits)
        for name, says, use in SUPERVISED_USES
        for which, limits in (("in little time", SUPERVISED_LIMITS), ("as set", None))
    ),
)
