"""How long a suggestion stands, and what ends it."""

from dataclasses import replace

from pumpproof.spec.pump.state import Calculator, Confirmation


def second_of_suggestion(calculator: Calculator) -> Calculator:
    """The glucose grows older; with its last second the suggestion ends."""
    return replace(calculator, suggestion_left_s=max(calculator.suggestion_left_s - 1, 0))


def end_suggestion(calculator: Calculator) -> Calculator:
    """Whoever still wants a suggestion has to ask again, with the glucose of that moment."""
    return replace(calculator, suggestion_left_s=0)


def while_it_stands(confirmation: Confirmation, calculator: Calculator) -> Confirmation:
    """A bolus that is asked for while a suggestion stands rests on it, and is shown for no longer than it stands.

    The pump cannot know whether a person took the suggested amount or thought of another one: both may come from the
    same old glucose. So either can be confirmed only while the glucose is young enough.
    """
    left_s = calculator.suggestion_left_s
    return (
        replace(confirmation, remaining_s=min(confirmation.remaining_s, left_s))
        if left_s > 0
        else confirmation
    )
