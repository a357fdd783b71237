"""How long a suggestion stands: by the age of its glucose, and not beyond an interruption."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import (
    BolusRequested,
    ClockFailed,
    ConfirmBolus,
    ConfirmExtendedBolus,
    EncoderRead,
    ExtendedBolusRequested,
    FaultDetected,
    HardwareReported,
    LockKeys,
    PowerOff,
    RemoteStop,
    SelfTestFinished,
    StopDelivery,
    SuggestBolus,
    Suspend,
    SuspendFor,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import latched
from pumpproof.spec.pump.properties.words import accepted, boluses_are_over, held, passes
from pumpproof.spec.pump.state import Action, Mode, Pump, Question


@dataclass(frozen=True)
class Advice:
    """Whether a suggestion stands and how old its glucose is; and the same of the bolus that was last asked for.

    ``relied`` says that this bolus was asked for while a suggestion stood, whose glucose is ``relied_age_s`` old.
    """

    stands: bool
    age_s: int
    relied: bool
    relied_age_s: int


def begin_advice(pump: Pump) -> Advice:
    """Nothing was suggested or asked for yet."""
    return Advice(stands=False, age_s=0, relied=False, relied_age_s=0)


def over(advice: Advice) -> Advice:
    """The suggestion does not stand any more."""
    return replace(advice, stands=False, age_s=0)


def note_suggestion(advice: Advice, event: SuggestBolus, outputs: Outputs) -> Advice:
    """A new suggestion takes the place of the last."""
    return replace(advice, stands=True, age_s=event.glucose_age_s) if accepted(outputs) else advice


def note_bolus(advice: Advice, outputs: Outputs) -> Advice:
    """Whoever asks for a bolus while a suggestion stands relies on it."""
    return replace(advice, relied=advice.stands, relied_age_s=advice.age_s) if accepted(outputs) else advice


def note_end(advice: Advice, outputs: Outputs) -> Advice:
    """The bolus begins, or something interrupts."""
    return over(advice) if accepted(outputs) else advice


def note_self_test(advice: Advice, event: SelfTestFinished, outputs: Outputs) -> Advice:
    """A self-test that fails interrupts."""
    return over(advice) if accepted(outputs) and not passes(event) else advice


def note_alarms(advice: Advice, after: Pump) -> Advice:
    """An alarm that holds insulin back, or leaves basal only, interrupts."""
    return over(advice) if after.holds.alarm or latched(after, Action.BASAL_ONLY) else advice


def grow_older(advice: Advice, before: Pump, after: Pump, limits: Limits) -> Advice:
    """A second in which the pump is on: glucose that is too old carries nothing any more."""
    if before.mode is Mode.OFF:
        return advice
    relied_age_s = advice.relied_age_s + 1 if advice.relied else 0
    older = replace(advice, age_s=advice.age_s + 1 if advice.stands else 0, relied_age_s=relied_age_s)
    return over(older) if older.age_s >= limits.glucose_valid_s else note_alarms(older, after)


ADVICE = Observer(
    "advice",
    says="Counts the age of the glucose of a suggestion, and of the one on which a bolus rests.",
    record=Advice,
    begin=begin_advice,
    steps=(
        (SuggestBolus, note_suggestion),
        (BolusRequested, note_bolus),
        (ExtendedBolusRequested, note_bolus),
        (ConfirmBolus, note_end),
        (ConfirmExtendedBolus, note_end),
        (LockKeys, note_end),
        (PowerOff, note_end),
        (Suspend, note_end),
        (SuspendFor, note_end),
        (RemoteStop, note_end),
        (StopDelivery, note_end),
        (FaultDetected, note_end),
        (ClockFailed, note_end),
        (SelfTestFinished, note_self_test),
        (HardwareReported, note_alarms),
        (EncoderRead, note_alarms),
        (Tick, grow_older),
    ),
)


def suggestion_stands(advice: Advice) -> bool:
    return advice.stands


@lemma(
    "INV-BOLUS-220",
    says="The glucose of a suggestion that stands is younger than it may be, and no age is negative.",
    witness=suggestion_stands,
)
def advice_is_young(advice: Advice, limits: Limits) -> bool:
    ages = advice.age_s >= 0 and (advice.stands or advice.age_s == 0) and advice.relied_age_s >= 0
    return ages and advice.age_s < limits.glucose_valid_s


@invariant(
    "INV-BOLUS-194",
    says="A suggestion stands from its making until its glucose is too old, it is interrupted, or its bolus begins.",
    formalizes=("REQ-CGM-001.b", "REQ-CGM-001.c"),
    uses=("INV-BOLUS-220", "INV-BOLUS-195"),
    witness=suggestion_stands,
)
def suggestion_stands_as_long(pump: Pump, advice: Advice, limits: Limits) -> bool:
    left_s = limits.glucose_valid_s - advice.age_s if advice.stands else 0
    return pump.calculator.suggestion_left_s == left_s


@invariant(
    "INV-BOLUS-195",
    says="A suggestion stands only while the pump delivers, nothing is held, and no alarm, key lock or line bars it.",
    formalizes=("REQ-CGM-001.c", "REQ-UI-006.b"),
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002"),
    witness=suggestion_stands,
)
def interruption_ends_a_suggestion(pump: Pump) -> bool:
    therapy = pump.mode is Mode.DELIVERING and not held(pump)
    free = therapy and not latched(pump, Action.BASAL_ONLY) and not pump.key_lock.locked
    idle = free and boluses_are_over(pump) and not pump.line.holds_insulin
    return pump.calculator.suggestion_left_s == 0 or (idle and pump.calculator.suggestion_left_s > 0)


def bolus_that_relied_is_shown(pump: Pump, advice: Advice) -> bool:
    return advice.relied and pump.confirmation.question is Question.BOLUS


@lemma(
    "INV-BOLUS-221",
    says="A bolus that was asked for while a suggestion stood is shown for no longer than its glucose is young enough.",
    uses=("INV-BOLUS-194", "INV-BOLUS-220", "INV-UI-021", "INV-UI-101"),
    witness=bolus_that_relied_is_shown,
)
def bolus_is_not_shown_too_long(pump: Pump, advice: Advice, limits: Limits) -> bool:
    shown = pump.confirmation.question is Question.BOLUS
    left_s = limits.glucose_valid_s - advice.relied_age_s
    return not (advice.relied and shown) or pump.confirmation.remaining_s <= left_s


def bolus_that_relied_starts(event: ConfirmBolus, outputs: Outputs, advice: Advice) -> bool:
    return accepted(outputs) and advice.relied


@step_property(
    "INV-BOLUS-196",
    says="A bolus that was asked for while a suggestion stood begins only while its glucose is not too old.",
    formalizes=("REQ-CGM-001.b",),
    when=bolus_that_relied_starts,
    uses=("INV-BOLUS-221", "INV-UI-021", "INV-UI-101"),
)
def bolus_starts_on_young_glucose(
    event: ConfirmBolus, outputs: Outputs, advice: Advice, limits: Limits
) -> bool:
    return advice.relied_age_s < limits.glucose_valid_s


def extended_bolus_that_relied_starts(event: ConfirmExtendedBolus, outputs: Outputs, advice: Advice) -> bool:
    return accepted(outputs) and advice.relied


@step_property(
    "INV-BOLUS-199",
    says="An extended bolus that was asked for while a suggestion stood begins only while its glucose is not too old.",
    formalizes=("REQ-CGM-001.b",),
    when=extended_bolus_that_relied_starts,
    uses=("INV-BOLUS-221", "INV-UI-021", "INV-UI-101", "INV-BOLUS-107"),
)
def extended_bolus_starts_on_young_glucose(
    event: ConfirmExtendedBolus, outputs: Outputs, advice: Advice, limits: Limits
) -> bool:
    return advice.relied_age_s < limits.glucose_valid_s


SUGGESTION_PROPERTIES: tuple[Property, ...] = (
    advice_is_young,
    suggestion_stands_as_long,
    interruption_ends_a_suggestion,
    bolus_is_not_shown_too_long,
    bolus_starts_on_young_glucose,
    extended_bolus_starts_on_young_glucose,
)
