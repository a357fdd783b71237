"""Every model in `tests/models` has the verdict that its folder says, in the words that stand beside it.

``PUMPPROOF_PIN_MODELS=1 pytest tests/verify/test_models.py`` writes the words anew; read the difference.
"""

import os
from pathlib import Path

import pytest
from models import VERDICTS, load, loaded, model_files, outcome, rejection, system_of, verdict_of, verified

from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.replay import replay


def each(*verdicts: str) -> pytest.MarkDecorator:
    files = [path for verdict in verdicts for path in model_files(verdict)]
    return pytest.mark.parametrize("path", files, ids=lambda path: f"{path.parent.name}/{path.stem}")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_no_folder_is_empty(verdict: str) -> None:
    assert len(model_files(verdict)) >= 3


def test_nothing_but_models_and_their_words_lies_in_the_folders() -> None:
    for verdict in VERDICTS:
        files = model_files(verdict)
        wanted = {file.name for path in files for file in (path, path.with_suffix(".expect"))}
        assert {file.name for file in files[0].parent.iterdir() if file.is_file()} == wanted


@each("proved")
def test_all_of_a_proved_model_is_proved(path: Path) -> None:
    verification = verified(path)
    assert set(verification.verdicts()) == {Verdict.PROVED}
    assert verification.requested == verification.accounted > 0


@each("refuted")
def test_the_subject_of_a_refuted_model_is_broken_by_a_run_of_the_machine(path: Path) -> None:
    subject = loaded(path).SUBJECT
    (result,) = (one for one in verified(path).properties if one.property.id == subject)
    assert result.verdict is Verdict.REFUTED
    assert result.counterexample is not None
    run, openings = result.counterexample.run, result.counterexample.openings
    replayed = replay(system_of(loaded(path)), run, openings=openings, only=(subject,))
    last_steps = {violation.step_number for violation in replayed.violations}
    assert {violation.property_id for violation in replayed.violations} == {subject}
    assert len(run) in last_steps


@each("vacuous")
def test_the_subject_of_a_vacuous_model_is_vacuous(path: Path) -> None:
    assert verdict_of(verified(path), loaded(path).SUBJECT) is Verdict.VACUOUS


@each("rejected")
def test_a_rejected_model_is_refused_with_a_message_or_fails_a_check_and_nothing_is_proved(
    path: Path,
) -> None:
    if rejection(path) is not None:
        return  # The words of the refusal are pinned below.
    assert verdict_of(verified(path), loaded(path).SUBJECT) is not Verdict.PROVED
    assert all(one.verdict is not Verdict.PROVED for one in verified(path).properties)


@each(*VERDICTS)
def test_the_words_are_pinned(path: Path) -> None:
    expected = path.with_suffix(".expect")
    said = outcome(path)
    if os.environ.get("PUMPPROOF_PIN_MODELS") == "1":
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


def _with_a_remedy() -> list[Path]:
    files = [path for verdict in VERDICTS for path in model_files(verdict)]
    return [path for path in files if "\nFIX = (" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", _with_a_remedy(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_remedy_in_the_file_makes_the_model_proved(path: Path, tmp_path: Path) -> None:
    wrong, right = loaded(path).FIX
    mended = tmp_path / path.parent.name / path.name
    mended.parent.mkdir()
    mended.write_text(path.read_text(encoding="utf-8").replace(wrong, right, 1), encoding="utf-8")
    verification = verify_system(system_of(load(mended)), Request())
    assert set(verification.verdicts()) == {Verdict.PROVED}
