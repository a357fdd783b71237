"""Valid limits: each condition matters, none contradicts another, and the defaults satisfy all of them."""

import ast
import dataclasses
import inspect
import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.spec.kernel.parameters import (
    PULSE,
    Condition,
    Default,
    Parameter,
    Quantity,
    Role,
    check_parameters,
)
from pumpproof.spec.kernel.units import Rounding
from pumpproof.spec.pump.limits import CONDITIONS, PARAMETERS, Limits

VALID = Limits(
    max_bolus_pulses=1000,
    max_basal_millipulses_per_h=600_000,
    max_hour_pulses=2000,
    max_day_pulses=16_000,
    stroke_pulses=1,
    stroke_interval_s=1,
    max_prime_pulses=600,
    max_prime_s=1200,
    prime_confirmation_s=180,
    max_cannula_fill_pulses=40,
    set_change_s=259_200,
    service_grace_s=28_800,
    reservoir_capacity_pulses=12_000,
    low_reservoir_pulses=800,
    level_disagreement_pulses=400,
    occlusion_pressure_pa=100_000,
    occlusion_persistence_s=3,
    occlusion_release_pa=50_000,
    repeated_occlusion_window_s=600,
    max_carbohydrate_g=200,
    lowest_glucose_mg_per_dl=54,
    highest_glucose_mg_per_dl=600,
    glucose_valid_s=600,
    least_millipulses_per_g=240,
    most_millipulses_per_g=20_000,
    least_millipulses_per_mg_per_dl=80,
    most_millipulses_per_mg_per_dl=4000,
    lowest_target_mg_per_dl=87,
    highest_target_mg_per_dl=180,
    temporary_highest_times=3,
    temporary_current_times=4,
    min_extended_s=1_800,
    max_extended_s=28_800,
    max_temporary_basal_s=86_400,
    audio_pause_s=120,
    escalation_s=600,
    bolus_lockout_s=360,
    max_boluses_per_day=24,
    confirmation_s=180,
    max_timed_suspension_s=7_200,
    reminder_s=900,
    count_tolerance_pulses=10,
    gross_difference_pulses=40,
    surplus_persistence_s=10,
    shortfall_persistence_s=60,
    self_test_interval_s=780,
    self_test_bound_s=60,
    watchdog_s=10,
)


def violated(limits: Limits) -> list[str]:
    return [condition.id for condition in CONDITIONS if not condition.holds(limits)]


CASES = [
    ("ASM-DOSE-001", {"max_bolus_pulses": 0}),
    ("ASM-DOSE-002", {"max_bolus_pulses": 12_001}),
    ("ASM-DOSE-003", {"max_basal_millipulses_per_h": 0}),
    (
        "ASM-DOSE-004",
        {"max_basal_millipulses_per_h": 3_600_001, "max_hour_pulses": 4000, "max_day_pulses": 90_000},
    ),
    ("ASM-DOSE-005", {"max_hour_pulses": 600}),
    ("ASM-DOSE-006", {"stroke_pulses": 0}),
    ("ASM-DOSE-007", {"stroke_interval_s": 0}),
    ("ASM-DOSE-008", {"max_prime_pulses": 0}),
    ("ASM-DOSE-010", {"low_reservoir_pulses": 12_000}),
    ("ASM-DOSE-012", {"occlusion_persistence_s": 0}),
    ("ASM-DOSE-013", {"max_temporary_basal_s": 0}),
    ("ASM-DOSE-014", {"max_day_pulses": 14_400}),
    ("ASM-BOLUS-001", {"bolus_lockout_s": 0}),
    ("ASM-BOLUS-002", {"max_boluses_per_day": 0}),
    ("ASM-UI-001", {"confirmation_s": 0}),
    ("ASM-BASAL-001", {"temporary_highest_times": 0}),
    ("ASM-BASAL-001", {"temporary_highest_times": 11}),
    ("ASM-BASAL-002", {"temporary_current_times": 0}),
    ("ASM-BASAL-002", {"temporary_current_times": 11}),
    ("ASM-SUSP-001", {"max_timed_suspension_s": 0}),
    ("ASM-SUSP-002", {"reminder_s": 0}),
    ("ASM-RES-001", {"prime_confirmation_s": 0}),
    ("ASM-RES-002", {"max_prime_s": 1}),
    ("ASM-RES-003", {"max_cannula_fill_pulses": 0}),
    ("ASM-RES-004", {"set_change_s": 0}),
    ("ASM-RES-005", {"service_grace_s": -1}),
    ("ASM-RES-006", {"level_disagreement_pulses": 0}),
    ("ASM-RES-007", {"level_disagreement_pulses": 801}),
    ("ASM-OCC-001", {"occlusion_release_pa": 100_000}),
    ("ASM-OCC-002", {"occlusion_release_pa": 0}),
    ("ASM-OCC-003", {"repeated_occlusion_window_s": 0}),
    ("ASM-BOLUS-020", {"max_carbohydrate_g": 0}),
    ("ASM-BOLUS-020", {"max_carbohydrate_g": 1000}),
    ("ASM-BOLUS-021", {"lowest_glucose_mg_per_dl": -1}),
    ("ASM-BOLUS-022", {"highest_glucose_mg_per_dl": 1000}),
    ("ASM-BOLUS-023", {"glucose_valid_s": 0}),
    ("ASM-BOLUS-024", {"least_millipulses_per_g": 0}),
    ("ASM-BOLUS-024", {"least_millipulses_per_g": 20_001}),
    ("ASM-BOLUS-025", {"least_millipulses_per_mg_per_dl": 0}),
    ("ASM-BOLUS-025", {"least_millipulses_per_mg_per_dl": 4001}),
    ("ASM-BOLUS-026", {"lowest_target_mg_per_dl": 53}),
    ("ASM-BOLUS-027", {"lowest_target_mg_per_dl": 181}),
    ("ASM-BOLUS-028", {"highest_target_mg_per_dl": 601}),
    ("ASM-BOLUS-010", {"min_extended_s": 28_801}),
    ("ASM-BOLUS-011", {"stroke_interval_s": 61}),
    ("ASM-ALARM-001", {"audio_pause_s": 0}),
    ("ASM-ALARM-002", {"escalation_s": 120}),
    ("ASM-INTEG-001", {"count_tolerance_pulses": 0}),
    ("ASM-INTEG-002", {"gross_difference_pulses": 9}),
    ("ASM-INTEG-003", {"gross_difference_pulses": 12_001}),
    ("ASM-INTEG-004", {"surplus_persistence_s": 0}),
    ("ASM-INTEG-005", {"shortfall_persistence_s": 0}),
    ("ASM-INTEG-006", {"self_test_interval_s": 0}),
    ("ASM-INTEG-007", {"self_test_bound_s": 0}),
    ("ASM-INTEG-008", {"watchdog_s": 0}),
]


@pytest.mark.verifies("REQ-INTEG-010")
@pytest.mark.parametrize(("condition_id", "broken"), CASES)
def test_each_condition_can_be_the_only_one_violated(condition_id: str, broken: dict[str, int]) -> None:
    assert violated(dataclasses.replace(VALID, **broken)) == [condition_id]


def test_every_condition_has_a_case_above_and_its_own_id() -> None:
    assert sorted(condition.id for condition in CONDITIONS) == sorted({name for name, _ in CASES})


@pytest.mark.parametrize(
    "edge",
    [
        {},
        {"max_bolus_pulses": 1},
        {"max_bolus_pulses": 12_000},
        {"max_basal_millipulses_per_h": 1},
        {"max_basal_millipulses_per_h": 3_600_000, "max_hour_pulses": 3601, "max_day_pulses": 86_401},
        {"max_hour_pulses": 601},
        {"low_reservoir_pulses": 400},
        {"level_disagreement_pulses": 1, "low_reservoir_pulses": 1},
        {"service_grace_s": 0},
        {"max_prime_s": 2},
        {"max_day_pulses": 14_401},
        {"occlusion_release_pa": 99_999},
        {"occlusion_pressure_pa": 2, "occlusion_release_pa": 1},
        {"low_reservoir_pulses": 11_999},
        {"count_tolerance_pulses": 1, "gross_difference_pulses": 1},
        {"gross_difference_pulses": 12_000},
    ],
)
def test_limits_are_still_valid_on_the_boundary(edge: dict[str, int]) -> None:
    assert violated(dataclasses.replace(VALID, **edge)) == []


def test_every_condition_is_one_sentence_that_says_why() -> None:
    for condition in CONDITIONS:
        assert re.fullmatch(r"[A-Z][^.]*, (because|so that) [^.]*\.", condition.says), condition.says


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.id)
def test_a_condition_is_one_return_of_comparisons_of_limits_and_literals(condition: Condition) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(condition.holds)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert [type(statement) for statement in function.body] == [ast.Return]
    allowed = (
        ast.Return,
        ast.Compare,
        ast.cmpop,
        ast.BinOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Attribute,
        ast.Name,
    )
    for node in ast.walk(function.body[0]):
        if isinstance(node, ast.Constant):
            assert type(node.value) is int
        elif isinstance(node, ast.Name):
            assert node.id == "limits"
        else:
            assert isinstance(node, (*allowed, ast.Load))


@given(
    pulse=st.sampled_from([1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000]),
    capacity_pulses=st.integers(10, 50_000),
    bolus_share=st.integers(1, 100),
    basal_mu_per_h=st.integers(1, 3_600_000),
    remainder=st.integers(0, 999),
)
def test_the_reference_defaults_satisfy_every_condition_for_any_device(
    pulse: int, capacity_pulses: int, bolus_share: int, basal_mu_per_h: int, remainder: int
) -> None:
    capacity_mu = capacity_pulses * pulse + remainder % pulse
    device = {
        "pulse_mu": pulse,
        "max_bolus_mu": max(pulse, capacity_mu * bolus_share // 100),
        "max_basal_mu_per_h": min(basal_mu_per_h, 3600 * pulse),
        "bolus_speed_mu_per_min": 60 * pulse,
        "reservoir_capacity_mu": capacity_mu,
    }
    fields: dict[str, int] = {}
    for parameter in PARAMETERS:
        fields.update(parameter.convert(edge_value(parameter, device), pulse))
    limits = Limits(**fields)
    assert violated(limits) == []
    basal_pulses = limits.max_basal_millipulses_per_h // 1000 + 1
    assert limits.max_hour_pulses >= basal_pulses + limits.max_bolus_pulses


def edge_value(parameter: Parameter, device: dict[str, int]) -> int:
    if parameter.default is None:
        return device[parameter.edge]
    return (
        parameter.default.value
        if isinstance(parameter.default.value, int)
        else parameter.default.value(device)
    )


@pytest.mark.verifies("REQ-BOLUS-005.a")
def test_caps_are_rounded_down_and_the_warning_threshold_up() -> None:
    rounding = {parameter.edge: parameter.rounding for parameter in PARAMETERS}
    assert {edge for edge, direction in rounding.items() if direction is Rounding.AT_MOST} == {
        "max_bolus_mu",
        "max_basal_mu_per_h",
        "max_hour_mu",
        "max_day_mu",
        "max_prime_mu",
        "max_cannula_fill_mu",
        "level_disagreement_mu",
        "reservoir_capacity_mu",
        "count_tolerance_mu",
        "gross_difference_mu",
        "most_dose_mu_per_g",
        "most_dose_mu_per_mg_per_dl",
    }
    assert {edge for edge, direction in rounding.items() if direction is Rounding.AT_LEAST} == {
        "low_reservoir_mu",
        "least_dose_mu_per_g",
        "least_dose_mu_per_mg_per_dl",
    }


def test_the_parameters_fill_every_limit_exactly_once() -> None:
    check_parameters(PARAMETERS, Limits)
    message = (
        "no parameter fills 'max_bolus_pulses'; 'max_prime_pulses' is filled more than once; "
        "the edge name 'max_prime_mu' is used more than once."
    )
    prime = next(parameter for parameter in PARAMETERS if parameter.edge == "max_prime_mu")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check_parameters([*PARAMETERS[1:], prime], Limits)
    with pytest.raises(ValueError, match=r"^'nothing_pulses' is no field of Limits\.$"):
        check_parameters([*PARAMETERS, described(edge="x_mu", fields=("nothing_pulses",))], Limits)
    with pytest.raises(ValueError, match=r"^the edge name 'pulse_mu' is used more than once\.$"):
        check_parameters([*PARAMETERS, PULSE], Limits)


def described(
    edge: str = "x_mu",
    fields: tuple[str, ...] = ("x_pulses",),
    quantity: Quantity = Quantity.VOLUME,
    role: Role = Role.DEVICE,
    default: Default | None = None,
) -> Parameter:
    return Parameter("x", "An x.", edge, fields, quantity, role, Rounding.EXACT, default=default)


def test_a_parameter_description_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^parameter 'x' is given in mU; its name must end in '_mu'\.$"):
        described(edge="x")
    with pytest.raises(
        ValueError, match=r"^parameter 'x_mu_per_min' names 1 fields; a value in mU/min becomes 2\.$"
    ):
        described(edge="x_mu_per_min", quantity=Quantity.SPEED)
    expected = r"^parameter 'x_mu': a setting has a reference default, a device fact has none\.$"
    with pytest.raises(ValueError, match=expected):
        described(role=Role.SETTING)
    with pytest.raises(ValueError, match=expected):
        described(default=Default(1, "one", "because"))


def test_a_condition_has_an_assumption_id_and_a_sentence() -> None:
    with pytest.raises(ValueError, match="must start with ASM"):
        Condition("INV-DOSE-001", "It holds.", bool)
    with pytest.raises(ValueError, match="is not of the form"):
        Condition("ASM-dose-1", "It holds.", bool)
    with pytest.raises(
        ValueError, match=r"^ASM-DOSE-001: `says` must be a sentence that ends in a full stop$"
    ):
        Condition("ASM-DOSE-001", "It holds", bool)
