"""Exercises of the reference pump: what a hard day looks like, for the search of counterexamples."""

from dataclasses import replace

from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.pump.calculator_use import (
    large_doses,
    large_suggestion,
    small_suggestion,
    some_doses,
    some_suggestion,
)
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
from pumpproof.spec.pump.ordinary_use import (
    FAILING,
    HEALTHY,
    QUICK_LIMITS,
    STEPS,
    use_ordinarily,
)
from pumpproof.spec.pump.state import (
    ALARMS,
    InsulinCurve,
    Mode,
    Pattern,
    Period,
    Pump,
    Question,
    SelfTestFailure,
)
from pumpproof.spec.pump.supervised_use import SUPERVISED_LIMITS, SUPERVISED_USES
from pumpproof.spec.pump.ways import QUIET, is_held, scrambled, towards_delivery, towards_supervision

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


def _confirmed(pump: Pump) -> Event:
    """What is shown, with an extended part if it has one."""
    shown = pump.confirmation
    if shown.extended_pulses > 0:
        return ConfirmExtendedBolus(shown.pulses, shown.extended_pulses, shown.duration_s)
    return ConfirmBolus(shown.pulses)


def _confirmed_soon(pump: Pump, number: int) -> Event:
    """Basal goes on while a person reads what is shown, and may take the room that there was."""
    return _confirmed(pump) if number % 7 == 0 else QUIET


def take_every_small_bolus(pump: Pump, limits: Limits, number: int) -> Event:
    """One pulse as soon as the pump takes a bolus, all day, without basal."""
    way = towards_delivery(pump, limits, 0)
    if way is not None:
        return way
    if pump.confirmation.question is Question.BOLUS:
        return _confirmed(pump)
    return BolusRequested(1) if pump.bolus_starts.lockout_s == 0 and number % 2 == 0 else QUIET


def ask_every_second(pump: Pump, limits: Limits, number: int) -> Event:
    """A pulse is asked for in every second and never confirmed, so that every window ends with a request."""
    return towards_delivery(pump, limits, 0) or (BolusRequested(1) if number % 2 else QUIET)


def use_the_calculator(pump: Pump, limits: Limits, number: int) -> Event:
    """Doses for the whole day, suggestions at their limits, and boluses that rest on them."""
    way = towards_delivery(pump, limits, 0)
    if way is not None:
        return way
    if pump.calculator.evening.millipulses_per_g == 0:
        return large_doses(limits, tuple(Period)[number % len(Period)])
    if pump.confirmation.question is Question.BOLUS:
        return _confirmed_soon(pump, number)
    if pump.extended_bolus.remaining_pulses > 0:
        return CancelExtendedBolus()
    if pump.bolus.remaining_pulses > 0:
        return QUIET
    if number % 5 < 2:
        return large_suggestion(limits) if number % 2 == 0 else small_suggestion(limits)
    if pump.bolus_starts.lockout_s > 0:
        return QUIET if number % 3 else some_suggestion(limits, number // 5)
    if number % 5 > 2:
        return some_suggestion(limits, number // 5)
    first = pump.extended_bolus.programmed_pulses == 0
    pulses = min(5, limits.max_bolus_pulses)
    return ExtendedBolusRequested(0, 1, limits.min_extended_s) if first else BolusRequested(pulses)


def give_extended_boluses(pump: Pump, limits: Limits, number: int) -> Event:
    """The largest dual bolus in the least time, so that its pulses come soon; each one is cancelled after a while."""
    way = towards_delivery(pump, limits, limits.max_basal_millipulses_per_h)
    if way is not None:
        return way
    if pump.confirmation.question is Question.BOLUS:
        return _confirmed(pump)
    if number % 60 == 59:
        return CancelExtendedBolus()
    if pump.extended_bolus.remaining_pulses == 0 and pump.bolus_starts.lockout_s == 0:
        now = min(2 * limits.stroke_pulses, limits.max_bolus_pulses - 1)
        return ExtendedBolusRequested(now, limits.max_bolus_pulses - now, limits.min_extended_s)
    return QUIET


def run_out_of_insulin(pump: Pump, limits: Limits, number: int) -> Event:
    """Small reservoirs, primes and boluses that take all of it."""
    small = min(2 * limits.stroke_pulses + 1, limits.reservoir_capacity_pulses)
    if pump.mode is Mode.IDLE and pump.reservoir.pulses == 0:
        return ReservoirReplaced(small)
    if pump.mode is Mode.IDLE and not is_held(pump) and number % 3 == 0:
        prime = StartPrime(min(pump.reservoir.pulses, limits.max_prime_pulses))
        return prime if pump.infusion_set.prime_permit_s > 0 else ConfirmDisconnected()
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


def prime_in_vain(pump: Pump, limits: Limits, number: int) -> Event:
    """Primes of which all seconds come late but those that the watchdog needs: each fails, and a new set is filled."""
    if pump.mode is Mode.PRIMING:
        late = pump.supervision.late_s + 1 < limits.watchdog_s
        return towards_supervision(pump, limits) or replace(QUIET, delivery_inhibited=late)
    if pump.mode is not Mode.IDLE or pump.reservoir.pulses == 0:
        return towards_delivery(pump, limits, 0) or StopDelivery()
    disconnected = pump.infusion_set.disconnected
    if pump.prime.failed:
        return SetChanged() if disconnected else ConfirmDisconnected()
    if pump.infusion_set.cannula_to_fill:
        return ConfirmConnected() if disconnected else FillCannula(limits.max_cannula_fill_pulses)
    prime = StartPrime(min(pump.reservoir.pulses, limits.max_prime_pulses))
    return prime if pump.infusion_set.prime_permit_s > 0 else ConfirmDisconnected()


def block_again_and_again(pump: Pump, limits: Limits, number: int) -> Event:
    """Therapy into a line that blocks every few minutes; the person resumes, and confirms only what has to be."""
    blocked = number % 97 <= limits.occlusion_persistence_s
    flows = pump.mode is Mode.DELIVERING and not is_held(pump)
    if blocked and flows:
        return Tick(slot=0, pressure_pa=limits.occlusion_pressure_pa, delivery_inhibited=False)
    if number % 97 < 48 and pump.line.holds_insulin and not pump.line.occluded_repeatedly:
        return Resume() if number % 2 else QUIET
    return towards_delivery(pump, limits, limits.max_basal_millipulses_per_h) or _greedy(pump, limits, number)


def use_at_random(pump: Pump, limits: Limits, number: int) -> Event:
    """Every event there is, in an order that only looks random, with pressure, lateness and amounts at the limits."""
    draw = scrambled(number)
    high, release = limits.occlusion_pressure_pa, limits.occlusion_release_pa
    tick = Tick(
        slot=scrambled(number // 50) % 2,
        pressure_pa=(high, high - 1, release, release - 1, high - 1)[scrambled(number // 9) % 5],
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
        return _confirmed(pump)
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
        ExtendedBolusRequested(draw % 2 * pulses, 3, limits.min_extended_s + draw % 5),
        CancelExtendedBolus(),
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
        ConfirmLine(),
        ProgramBasal(pattern, slot=draw % 2, rate_millipulses_per_h=rate + 1 - draw % 3),
        ChoosePattern(pattern),
        StopDelivery(),
        StartPrime(pulses),
        StopPrime(),
        ConfirmDisconnected(),
        ConfirmConnected(),
        SetChanged(),
        FillCannula(min(pulses, limits.max_cannula_fill_pulses)),
        LevelReported(pump.reservoir.pulses - draw % (limits.level_disagreement_pulses + 1)),
        ReadReservoir(),
        ReservoirReplaced(draw % (limits.reservoir_capacity_pulses + 2)),
        AcknowledgeAlarm(ALARMS[draw % len(ALARMS)]),
        StartDelivery(),
        PauseAudio(),
        FAILING[draw % len(FAILING)],
        HEALTHY,
        ReadInsulinOnBoard(),
        ChooseInsulinCurve(tuple(InsulinCurve)[draw % len(InsulinCurve)]),
        some_doses(limits, tuple(Period)[draw % len(Period)], draw // 4),
        some_suggestion(limits, draw),
        some_suggestion(limits, draw // 7),
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
    Exercise("block again", "Occlusions in quick succession.", 2_000, block_again_and_again),
    Exercise("use the calculator", "Suggestions, and boluses that rest on them.", 2_000, use_the_calculator),
    Exercise("run out of insulin", "Small reservoirs, used up again and again.", 2_000, run_out_of_insulin),
    Exercise("prime in vain", "Primes that time out.", 2_000, prime_in_vain),
    Exercise("extended boluses", "Dual boluses, one after the other.", 1_000, give_extended_boluses),
    *(
        Exercise(f"{name} {which}", says, 2_000, use, limits)
        for name, says, use in SUPERVISED_USES
        for which, limits in (("in little time", SUPERVISED_LIMITS), ("as set", None))
    ),
    Exercise("ask every second", "A bolus that is shown all the time.", 8_000, ask_every_second),
    Exercise("small boluses", "As many small boluses as a day takes.", _LONG, take_every_small_bolus),
    Exercise("fill every hour", "Largest basal and all boluses that are accepted.", _LONG, fill_every_hour),
    Exercise(
        "fill, then run basal", "All boluses first, then the largest basal.", _LONG, fill_then_run_basal
    ),
)
