"""Engines in a verification: the order, the verdicts, and what the record says of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from models import loaded, model_files, system_of
from questions import SMALL, without_lemmas
from small_models import undecided_valve

from pumpproof.cli.main import run
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import Finding, ProvedBounded, TimedOut, Unknown
from pumpproof.verify.engines.portfolio import NAMES, Attempt, engines_named
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import PropertyResult, Verification
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.results.outcome import exit_code
from pumpproof.verify.run import Request, verify_system


def model(name: str, folder: str = "proved") -> System:
    (path,) = (path for path in model_files(folder) if path.stem == name)
    return without_lemmas(system_of(loaded(path)))


def result(found: Verification, identifier: str) -> PropertyResult:
    return next(one for one in found.properties if one.property.id == identifier)


def with_engine(system: System, name: str) -> Verification:
    return verify_system(system, Request(engines=engines_named(name), budget=SMALL))


def test_without_engines_a_missing_lemma_is_unknown() -> None:
    found = result(with_engine(model("single_bolus"), "induction"), "INV-RES-001")
    assert (found.verdict, found.method, found.strengthening) == (Verdict.UNKNOWN, "induction", ())


@pytest.mark.parametrize("name", ["houdini", "spacer", "portfolio"])
def test_an_engine_that_finds_an_invariant_proves_with_it(name: str) -> None:
    verification = with_engine(model("single_bolus"), name)
    found = result(verification, "INV-RES-001")
    assert found.verdict is Verdict.PROVED
    assert "pump.remaining_pulses <= pump.reservoir_pulses" in found.strengthening
    assert verification.requested == verification.accounted
    assert exit_code(verification) is ExitCode.PROVED


def test_bounded_search_alone_proves_up_to_a_length() -> None:
    verification = with_engine(model("single_bolus"), "bounded")
    found = result(verification, "INV-RES-001")
    assert (found.verdict, found.method) == (Verdict.PROVED_BOUNDED, "bounded search")
    assert found.reason == "bounded search: no run of at most 6 steps breaks it"
    assert exit_code(verification) is ExitCode.UNDECIDED


def test_a_used_up_budget_is_a_timeout_and_never_a_success() -> None:
    asked = Request(engines=engines_named("houdini"), budget=replace(SMALL, discovery=1))
    verification = verify_system(model("sliding_cap"), asked)
    found = result(verification, "INV-DOSE-001")
    assert found.verdict is Verdict.TIMEOUT
    assert found.reason.startswith("houdini: the solver's budget ran out with ")
    assert exit_code(verification) is ExitCode.UNDECIDED


def test_what_is_broken_stays_refuted_whatever_is_asked() -> None:
    verification = with_engine(model("empty_reservoir", "refuted"), "portfolio")
    assert result(verification, "INV-RES-001").verdict is Verdict.REFUTED


def test_the_record_is_the_same_for_any_number_of_jobs() -> None:
    system = model("latched_alarm")
    asked = Request(engines=engines_named("portfolio"), budget=SMALL)
    assert verify_system(system, asked) == verify_system(system, replace(asked, jobs=2))


def test_the_best_of_several_findings_is_the_first_that_says_most() -> None:
    unknown, late, bounded = Unknown("a", "no"), TimedOut("b", "late"), ProvedBounded("c", 4)
    cases: list[tuple[tuple[Finding, ...], Finding, Verdict]] = [
        ((unknown, late), late, Verdict.TIMEOUT),
        ((late, bounded), bounded, Verdict.PROVED_BOUNDED),
        ((unknown,), unknown, Verdict.UNKNOWN),
    ]
    for findings, best, verdict in cases:
        attempt = Attempt(findings)
        assert attempt.best == best
        assert attempt.judgement is not None
        assert attempt.judgement.verdict is verdict


def test_the_command_line_names_the_engines_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "--engine", "magic"]) == ExitCode.INPUT
    assert capsys.readouterr().err == (
        f"pumpproof: --engine magic: there is no such engine; there are {', '.join(NAMES)}\n"
    )


def test_the_command_line_proposes_lemmas_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    code = run(["verify", undecided_valve(tmp_path), "--no-cache", "--find-lemmas"])
    out = capsys.readouterr().out
    assert code == ExitCode.UNDECIDED
    assert "# Found by houdini and proved by induction. Give the property the argument" in out
    assert "def proposed_dose_901(valve: Valve" in out
