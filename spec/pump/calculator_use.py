"""Use of the bolus calculator, for the exercises of the reference pump."""

import random

from pumpproof.spec.pump.events import (
    BolusRequested,
    CancelBolus,
    CancelExtendedBolus,
    ConfirmBolus,
    ConfirmExtendedBolus,
    ConfirmUnlock,
    Event,
    ExtendedBolusRequested,
    LockKeys,
    PowerOff,
    PowerOn,
    Resume,
    SelfTestFinished,
    SetDoses,
    StartDelivery,
    StopDelivery,
    SuggestBolus,
    Suspend,
    Tick,
    UnlockRequested,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Period

SLOTS = (0, 11, 12, 21, 22, 33, 34, 47)
"""The first and the last half hour of each period."""


def some_doses(limits: Limits, period: Period, draw: int) -> SetDoses:
    """Settings of a period, mostly in range and often at its ends; three in thirteen are beyond them."""
    least, most = limits.least_millipulses_per_g, limits.most_millipulses_per_g
    low, high = limits.least_millipulses_per_mg_per_dl, limits.most_millipulses_per_mg_per_dl
    lowest, highest = limits.lowest_target_mg_per_dl, limits.highest_target_mg_per_dl
    choices = (
        (least, low, lowest, highest),
        (most, high, highest, highest),
        ((least + most) // 2, low + 1, lowest, lowest),
        (most - 1, high, lowest + 3, highest - 4),
        (most + 1, low, lowest, highest),
        (0, low, lowest, highest),
        (least, high + 1, lowest, highest),
        (least, low - 1, lowest, highest),
        (most, low, lowest - 1, highest),
        (most, low, lowest, highest + 1),
        (most, low, highest, lowest),
        (least + 1, high - 1, lowest, highest),
        (most // 2, high // 2, lowest, highest),
    )
    per_g, per_mg_per_dl, target_low, target_high = choices[draw % len(choices)]
    return SetDoses(period, per_g, per_mg_per_dl, target_low, target_high)


def some_suggestion(limits: Limits, draw: int) -> SuggestBolus:
    """A request with entries at their limits, mostly within them."""
    food = (0, 1, 7, limits.max_carbohydrate_g, 35, limits.max_carbohydrate_g + 1, 48, -1)
    lowest, highest = limits.lowest_glucose_mg_per_dl, limits.highest_glucose_mg_per_dl
    target = limits.lowest_target_mg_per_dl
    glucose = (target, 250, lowest, highest, 155, target - 1, lowest - 1, highest + 1, 400)
    age = (0, 0, limits.glucose_valid_s - 1, 1, limits.glucose_valid_s, 0, -1)
    return SuggestBolus(
        slot=SLOTS[draw // 5 % len(SLOTS)],
        carbohydrate_g=food[draw % len(food)],
        glucose_mg_per_dl=glucose[draw // 3 % len(glucose)],
        glucose_age_s=age[draw // 2 % len(age)],
    )


def large_doses(limits: Limits, period: Period) -> SetDoses:
    """All but the largest doses that can be set, so that a part of a pulse is left over."""
    return some_doses(limits, period, 3)


def large_suggestion(limits: Limits) -> SuggestBolus:
    """For the most carbohydrate and the highest glucose."""
    return SuggestBolus(0, limits.max_carbohydrate_g, limits.highest_glucose_mg_per_dl, 0)


def small_suggestion(limits: Limits) -> SuggestBolus:
    """For a gram, a little above the target."""
    return SuggestBolus(0, 1, limits.highest_target_mg_per_dl + 1, 0)


def all_periods(limits: Limits, draw: int) -> tuple[Event, ...]:
    """Settings for the whole day, other ones in each period."""
    return tuple(some_doses(limits, period, (0, 1, 3, 12)[(draw + k) % 4]) for k, period in enumerate(Period))


def calculator_turns(limits: Limits, choice: random.Random) -> tuple[tuple[Event, ...], ...]:
    """Some turns: settings, suggestions that are followed by a bolus in time and too late, and interruptions."""
    draw = choice.randrange(10_000)
    period = choice.choice(tuple(Period))
    second = Tick(0, 0, delivery_inhibited=False)
    young = SuggestBolus(choice.choice(SLOTS), choice.choice((0, 7, 35)), choice.choice((250, 100, 60)), 0)
    old = SuggestBolus(young.slot, young.carbohydrate_g, 250, limits.glucose_valid_s - 1)
    pulses = choice.choice((1, 2, limits.max_bolus_pulses))
    asked = BolusRequested(pulses)
    extended = (
        ExtendedBolusRequested(0, 2, limits.max_extended_s),
        second,
        ConfirmExtendedBolus(0, 2, limits.max_extended_s),
        young,
        CancelExtendedBolus(),
    )
    interruption = choice.choice(
        (
            (Suspend(), Resume()),
            (LockKeys(), UnlockRequested(), ConfirmUnlock()),
            (StopDelivery(), StartDelivery()),
            (PowerOff(), PowerOn(), SelfTestFinished(passed=True), StartDelivery()),
            (CancelBolus(),),
        )
    )
    return (
        (some_doses(limits, period, draw),),
        all_periods(limits, draw),
        (*all_periods(limits, draw), young, asked, second, ConfirmBolus(pulses)),
        (*all_periods(limits, draw), old, asked, second, ConfirmBolus(pulses)),
        (*all_periods(limits, draw), young, asked, *interruption, asked, ConfirmBolus(pulses)),
        (*all_periods(limits, draw), young, second, young, *(second for _ in range(5)), asked),
        (*all_periods(limits, draw), young, *extended),
        (some_suggestion(limits, draw),),
        (some_suggestion(limits, draw), asked, *interruption),
        (LockKeys(), some_doses(limits, period, 0), young, UnlockRequested(), ConfirmUnlock()),
    )
