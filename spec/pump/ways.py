"""The ways of exercises: the next event towards delivery, from wherever the pump is, and numbers that look random."""

from dataclasses import astuple

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    ConfirmLine,
    ConfirmUnlock,
    EncoderRead,
    Event,
    PowerOff,
    PowerOn,
    ProgramBasal,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StopDelivery,
    StopPrime,
    Tick,
    UnlockRequested,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.ordinary_use import HEALTHY, towards_a_sound_set
from pumpproof.spec.pump.state import ACTIONS, ALARMS, Action, AlarmPhase, Mode, Pump, Question

QUIET = Tick(slot=0, pressure_pa=0, delivery_inhibited=False)
"""A second in which nothing happens by itself."""


def towards_delivery(pump: Pump, limits: Limits, rate_millipulses_per_h: int) -> Event | None:
    """The next event on the way to delivery at this rate in slot 0; None once there."""
    ways_back: dict[Mode, Event] = {
        Mode.OFF: PowerOn(),
        Mode.SELF_TEST: SelfTestFinished(passed=True),
        Mode.FAULT: PowerOff(),
        Mode.PRIMING: StopPrime(),
    }
    if pump.mode in ways_back:
        return ways_back[pump.mode]
    supervised = towards_supervision(pump, limits)
    if supervised is not None:
        return supervised
    if pump.key_lock.locked:
        return ConfirmUnlock() if pump.confirmation.question is Question.UNLOCK else UnlockRequested()
    if pump.reservoir.pulses == 0:
        idle = pump.mode is Mode.IDLE
        return ReservoirReplaced(limits.reservoir_capacity_pulses) if idle else StopDelivery()
    if not _is_well(pump):
        return HEALTHY
    for alarm, phase in zip(ALARMS, pump.alarms.phases, strict=True):
        if phase is AlarmPhase.SOUNDING:
            return AcknowledgeAlarm(alarm)
    sound = towards_a_sound_set(pump, limits)
    if sound is not None:
        return sound
    if pump.line.occluded:
        return QUIET
    if pump.line.holds_insulin:
        return ConfirmLine()
    if is_held(pump):
        latched = any(
            phase is not AlarmPhase.SILENT and action is Action.STOP
            for phase, action in zip(pump.alarms.phases, ACTIONS, strict=True)
        )
        return QUIET if latched else Resume()
    if pump.basal.programme_millipulses_per_h[0] != rate_millipulses_per_h:
        return ProgramBasal(pattern=pump.basal.pattern, slot=0, rate_millipulses_per_h=rate_millipulses_per_h)
    return StartDelivery() if pump.mode is Mode.IDLE else None


def towards_supervision(pump: Pump, limits: Limits) -> Event | None:
    """What keeps encoder and self-tests quiet; None while nothing is due."""
    if _is_to_be_read(pump, limits):
        return EncoderRead(pump.drive_count.commanded_pulses)
    due = pump.supervision.since_self_test_s >= limits.self_test_interval_s
    return SelfTestFinished(passed=True) if due else None


def is_held(pump: Pump) -> bool:
    """Somebody or something holds insulin back."""
    return pump.holds.user or pump.holds.alarm or pump.holds.remote or pump.holds.timed_s > 0


def _is_to_be_read(pump: Pump, limits: Limits) -> bool:
    """The encoder was not read for as many pulses as are tolerated, or was read wrongly."""
    unread = pump.drive_count.commanded_pulses - pump.drive_count.counted_pulses
    return not 0 <= unread < limits.count_tolerance_pulses


def _is_well(pump: Pump) -> bool:
    """The hardware has nothing to report."""
    return astuple(pump.hardware) == astuple(HEALTHY)


def scrambled(number: int) -> int:
    """A number that depends on every bit of the given one (multiplicative hashing, Knuth)."""
    mixed = (number + 1) * 2_654_435_761 % 2**32
    return (mixed ^ mixed >> 15) * 2_246_822_519 % 2**32 >> 3
