"""What explains the refuted models: the row that let it happen, and a guard that is checked to have stopped it."""

from pathlib import Path

import pytest
from models import load, loaded, model_files, system_of, verified
from small_models import undecided_valve

from pumpproof.verify.explaining.explanation import Explanation, explain
from pumpproof.verify.explaining.facts import steps_of
from pumpproof.verify.explaining.remedy import Remedies
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.results.trace import Traces
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.run import Run


def model(name: str) -> Path:
    (path,) = (one for one in model_files("refuted") if one.stem == name)
    return path


def explained(name: str) -> Explanation:
    """The explanation of the subject of a model."""
    verification = verified(model(name))
    return explain(verification, Traces.of(verification))[loaded(model(name)).SUBJECT]


@pytest.mark.parametrize(
    ("name", "condition", "entry"),
    [
        (
            "parts_checked_apart",
            "request.now_pulses + request.extended_pulses <= limits.max_bolus_pulses",
            "MDL-BOLUS-001 accepted",
        ),
        (
            "empty_reservoir",
            "request.now_pulses + request.extended_pulses <= pump.reservoir_pulses",
            "MDL-BOLUS-001 accepted",
        ),
        ("pause_ends_lockout", "pump.lockout_s <= 0", "MDL-SUSP-001"),
    ],
)
def test_the_guard_that_would_have_stopped_it_is_found(name: str, condition: str, entry: str) -> None:
    remedy = explained(name).remedy
    assert remedy is not None
    assert (remedy.condition, remedy.entry) == (condition, entry)
    assert remedy.runs > 0


@pytest.mark.parametrize("name", ["empty_reservoir", "parts_checked_apart"])
def test_a_command_with_the_proposed_condition_is_proved(name: str, tmp_path: Path) -> None:
    remedy = explained(name).remedy
    assert remedy is not None and remedy.is_command
    text = model(name).read_text(encoding="utf-8")
    reason = list(system_of(loaded(model(name))).reason)[-1].name
    head, body = text.split(f"def {remedy.function}(", 1)
    signature, rest = body.split("\n", 1)
    guard = f"    if not ({remedy.condition}):\n        return Reason.{reason}\n"
    path = tmp_path / "refuted" / f"{name}.py"
    path.parent.mkdir()
    path.write_text(f"{head}def {remedy.function}({signature}\n{guard}{rest}", encoding="utf-8")
    verification = verify_system(system_of(load(path)), Request())
    assert {one.verdict for one in verification.properties} == {Verdict.PROVED}


def test_a_lemma_that_breaks_before_is_where_it_became_unavoidable() -> None:
    found = explained("empty_reservoir")
    assert found.broke_first == ("INV-BOLUS-101", 4)
    assert found.let_happen is not None
    assert (found.let_happen.step, found.let_happen.arrow) == (4, "MDL-BOLUS-001 accepted")
    assert [place.function for place in found.let_happen.places] == ["refuse_dual", "start_dual"]


def test_a_refusal_that_should_not_be_has_no_guard_that_stops_it() -> None:
    found = explained("limit_is_exclusive")
    assert found.remedy is None
    assert found.let_happen is not None
    assert found.let_happen.is_refusal


def test_an_initial_state_that_is_wrong_is_named() -> None:
    found = explained("delivers_after_power_up")
    assert found.let_happen is not None
    assert [(place.role, place.function) for place in found.let_happen.places] == [
        ("initial state", "initial")
    ]


def test_a_counterexample_to_induction_names_what_no_run_has_shown(tmp_path: Path) -> None:
    undecided_valve(tmp_path)
    verification = verify_system(system_of(load(tmp_path / "undecided_valve.py")), Request())
    (found,) = explain(verification, Traces.of(verification)).values()
    assert not found.is_run
    assert found.remedy is None
    assert found.clause is not None
    assert found.clause.text == "valve.spare != 2"
    assert [(one.relation, one.here, one.states) for one in found.unseen] == [
        ("spare = 0 in mode READY", "spare = 1", 4)
    ]


def test_the_missing_lemma_shows_among_what_was_never_seen(tmp_path: Path) -> None:
    text = model("pause_ends_lockout").read_text(encoding="utf-8")
    for wrong, right in (
        loaded(model("pause_ends_lockout")).FIX,
        ('    uses=("INV-BOLUS-101",),\n', ""),
        ("properties=(lockout_runs, ", "properties=("),
    ):
        assert wrong in text
        text = text.replace(wrong, right)
    path = tmp_path / "without_lemma.py"
    path.write_text(text, encoding="utf-8")
    verification = verify_system(system_of(load(path)), Request())
    found = explain(verification, Traces.of(verification))["INV-BOLUS-001"]
    relations = [one.relation for one in found.unseen]
    assert "lockout_s + since bolus.seconds == limits.lockout_s where since bolus.given" in relations


def test_a_condition_that_would_stop_a_known_run_is_not_proposed() -> None:
    module = loaded(model("short_window"))
    system = system_of(module)
    (result,) = (
        one for one in verified(model("short_window")).properties if one.property.id == module.SUBJECT
    )
    assert result.counterexample is not None
    run = result.counterexample.run
    last = steps_of(system, run)[-1]
    assert last.event.wanted
    harmless = Run(run.limits, ((last.event, 1),))
    for known_runs, condition in (((), "not tick.wanted"), ((harmless,), None)):
        found = Remedies(SymbolicSystem(system), (), known_runs).stopping(result.property, last, run.limits)
        assert (None if found is None else found.condition) == condition
