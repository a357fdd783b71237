"""What the pump asks the person to confirm, and how a question ends."""

from dataclasses import replace

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Confirmation, Pump, Question


def nothing_asked() -> Confirmation:
    """No question."""
    return Confirmation(question=Question.NONE, pulses=0, extended_pulses=0, duration_s=0, remaining_s=0)


def show_bolus(pulses: int, limits: Limits) -> Confirmation:
    """Ask whether to give this bolus, in place of whatever was asked before."""
    return Confirmation(
        question=Question.BOLUS,
        pulses=pulses,
        extended_pulses=0,
        duration_s=0,
        remaining_s=limits.confirmation_s,
    )


def show_extended_bolus(
    immediate_pulses: int, extended_pulses: int, duration_s: int, limits: Limits
) -> Confirmation:
    """Ask whether to give this bolus, in part at once and in part over this time."""
    return Confirmation(
        question=Question.BOLUS,
        pulses=immediate_pulses,
        extended_pulses=extended_pulses,
        duration_s=duration_s,
        remaining_s=limits.confirmation_s,
    )


def ask_to_unlock(limits: Limits) -> Confirmation:
    """Ask whether to unlock the keys."""
    return Confirmation(
        question=Question.UNLOCK,
        pulses=0,
        extended_pulses=0,
        duration_s=0,
        remaining_s=limits.confirmation_s,
    )


def withdraw_bolus(confirmation: Confirmation) -> Confirmation:
    """What ends a bolus ends one that is only shown; another question stays."""
    return nothing_asked() if confirmation.question is Question.BOLUS else confirmation


def second_of_confirmation(confirmation: Confirmation) -> Confirmation:
    """The time to confirm runs; with its last second the question ends."""
    if confirmation.remaining_s <= 1:
        return nothing_asked()
    return replace(confirmation, remaining_s=confirmation.remaining_s - 1)


def question_lapses(before: Pump, after: Pump) -> bool:
    """A question ends and nobody has confirmed it, which the person has to be told."""
    asked = before.confirmation.question is not Question.NONE
    return asked and after.confirmation.question is Question.NONE
