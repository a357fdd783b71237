"""Limits of the bolus calculator: what may be entered, for how long glucose counts, and the ranges of its settings."""

from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits.record import Limits


def carbohydrate_has_three_digits(limits: Limits) -> bool:
    return 1 <= limits.max_carbohydrate_g <= 999


def lowest_glucose_is_not_negative(limits: Limits) -> bool:
    return limits.lowest_glucose_mg_per_dl >= 0


def glucose_has_three_digits(limits: Limits) -> bool:
    return limits.highest_glucose_mg_per_dl <= 999


def glucose_counts_for_a_while(limits: Limits) -> bool:
    return limits.glucose_valid_s >= 1


def dose_for_a_gram_is_positive(limits: Limits) -> bool:
    return 1 <= limits.least_millipulses_per_g <= limits.most_millipulses_per_g


def dose_for_glucose_is_positive(limits: Limits) -> bool:
    return 1 <= limits.least_millipulses_per_mg_per_dl <= limits.most_millipulses_per_mg_per_dl


def lowest_target_can_be_measured(limits: Limits) -> bool:
    return limits.lowest_glucose_mg_per_dl <= limits.lowest_target_mg_per_dl


def targets_form_a_range(limits: Limits) -> bool:
    return limits.lowest_target_mg_per_dl <= limits.highest_target_mg_per_dl


def highest_target_can_be_measured(limits: Limits) -> bool:
    return limits.highest_target_mg_per_dl <= limits.highest_glucose_mg_per_dl


CALCULATOR_CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-BOLUS-020",
        "The most carbohydrate is 1 to 999 g, because it is multiplied digit by digit, by three digits.",
        carbohydrate_has_three_digits,
    ),
    Condition(
        "ASM-BOLUS-021",
        "The lowest glucose is not negative, because a difference of glucose is multiplied by three digits.",
        lowest_glucose_is_not_negative,
    ),
    Condition(
        "ASM-BOLUS-022",
        "The highest glucose is at most 999 mg/dL, because a difference of glucose is multiplied by three digits.",
        glucose_has_three_digits,
    ),
    Condition(
        "ASM-BOLUS-023",
        "Glucose counts for at least one second, because otherwise no dose could ever be suggested.",
        glucose_counts_for_a_while,
    ),
    Condition(
        "ASM-BOLUS-024",
        "The least dose for a gram is above zero and not above the most, because a dose of zero is no setting.",
        dose_for_a_gram_is_positive,
    ),
    Condition(
        "ASM-BOLUS-025",
        "The least dose for a mg/dL is above zero and not above the most, because a dose of zero is no setting.",
        dose_for_glucose_is_positive,
    ),
    Condition(
        "ASM-BOLUS-026",
        "The lowest target is not below the lowest glucose, because no insulin may aim at what is too low to dose.",
        lowest_target_can_be_measured,
    ),
    Condition(
        "ASM-BOLUS-027",
        "The lowest target is not above the highest, because otherwise no target could be set.",
        targets_form_a_range,
    ),
    Condition(
        "ASM-BOLUS-028",
        "The highest target is not above the highest glucose, because otherwise glucose could not lie above it.",
        highest_target_can_be_measured,
    ),
)

_ENTRIES: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="most carbohydrate",
        meaning="The most carbohydrate that one suggestion may be asked for.",
        edge="max_carbohydrate_g",
        fields=("max_carbohydrate_g",),
        quantity=Quantity.CARBOHYDRATE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            200,
            rule="200 g",
            reason="The limit of a public calculator in Coq; a large meal has half of it, a slip of a digit has more.",
        ),
    ),
    Parameter(
        name="lowest glucose",
        meaning="The lowest glucose from which a dose is suggested.",
        edge="lowest_glucose_mg_per_dl",
        fields=("lowest_glucose_mg_per_dl",),
        quantity=Quantity.GLUCOSE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            54,
            rule="54 mg/dL",
            reason="Below it a public calculator withholds insulin: whoever is that low eats first.",
        ),
    ),
    Parameter(
        name="highest glucose",
        meaning="The highest glucose from which a dose is suggested.",
        edge="highest_glucose_mg_per_dl",
        fields=("highest_glucose_mg_per_dl",),
        quantity=Quantity.GLUCOSE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(600, rule="600 mg/dL", reason="The end of the range of common meters."),
    ),
    Parameter(
        name="time for which glucose counts",
        meaning="Glucose that is as old as this, or older, suggests no dose and carries no suggestion.",
        edge="glucose_valid_s",
        fields=("glucose_valid_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            600, rule="10 min", reason="The bound in a public notice on a calculator that used older glucose."
        ),
    ),
)

_RANGES: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="least dose for a gram",
        meaning="The least insulin that may be set for a gram of carbohydrate.",
        edge="least_dose_mu_per_g",
        fields=("least_millipulses_per_g",),
        quantity=Quantity.PER_GRAM,
        role=Role.SETTING,
        rounding=Rounding.AT_LEAST,
        default=Default(
            6, rule="6 mU/g", reason="150 g/U, the end of the guardrails of LoopKit, rounded down."
        ),
    ),
    Parameter(
        name="most dose for a gram",
        meaning="The most insulin that may be set for a gram of carbohydrate.",
        edge="most_dose_mu_per_g",
        fields=("most_millipulses_per_g",),
        quantity=Quantity.PER_GRAM,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(500, rule="500 mU/g", reason="2 g/U, the other end of the guardrails of LoopKit."),
    ),
    Parameter(
        name="least dose for a mg/dL",
        meaning="The least insulin that may be set for a mg/dL above the target.",
        edge="least_dose_mu_per_mg_per_dl",
        fields=("least_millipulses_per_mg_per_dl",),
        quantity=Quantity.PER_GLUCOSE,
        role=Role.SETTING,
        rounding=Rounding.AT_LEAST,
        default=Default(
            2, rule="2 mU for a mg/dL", reason="500 mg/dL/U, the end of the guardrails of LoopKit."
        ),
    ),
    Parameter(
        name="most dose for a mg/dL",
        meaning="The most insulin that may be set for a mg/dL above the target.",
        edge="most_dose_mu_per_mg_per_dl",
        fields=("most_millipulses_per_mg_per_dl",),
        quantity=Quantity.PER_GLUCOSE,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            100, rule="100 mU for a mg/dL", reason="10 mg/dL/U, the other end of the guardrails of LoopKit."
        ),
    ),
    Parameter(
        name="lowest target",
        meaning="The lowest glucose at which a dose may aim.",
        edge="lowest_target_mg_per_dl",
        fields=("lowest_target_mg_per_dl",),
        quantity=Quantity.GLUCOSE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            87, rule="87 mg/dL", reason="The lower end of a target in the guardrails of LoopKit."
        ),
    ),
    Parameter(
        name="highest target",
        meaning="The highest glucose at which a dose may aim.",
        edge="highest_target_mg_per_dl",
        fields=("highest_target_mg_per_dl",),
        quantity=Quantity.GLUCOSE,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(
            180, rule="180 mg/dL", reason="The upper end of a target in the guardrails of LoopKit."
        ),
    ),
)

CALCULATOR_PARAMETERS: Final[tuple[Parameter, ...]] = (*_ENTRIES, *_RANGES)
