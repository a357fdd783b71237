"""A counterexample becomes a test that fails until the system is mended."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import run_program
from models import load, loaded, model_files, system_of, verified

from pumpproof.verify.explaining.regression import regression_test
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.run import Run

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"


def counterexample_of(path: Path) -> tuple[str, Counterexample]:
    """The subject of a refuted model and the run that breaks it."""
    subject: str = loaded(path).SUBJECT
    (result,) = (one for one in verified(path).properties if one.property.id == subject)
    assert result.counterexample is not None
    return subject, result.counterexample


def written_test(folder: Path, path: Path) -> Path:
    """The test of a model's counterexample, beside a copy of the model."""
    subject, found = counterexample_of(path)
    shutil.copy(path, folder / path.name)
    text = regression_test(f"{path.stem}:SYSTEM", system_of(loaded(path)).property_named(subject), found)
    text = text.replace(loaded(path).__name__, path.stem)  # here the model was loaded under a name of its own
    test = folder / f"test_{path.stem}_again.py"
    test.write_text(text, encoding="utf-8")
    return test


def run_pytest(test: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test.name]
    return run_program(command, test.parent, PYTHONPATH=str(SOURCE))


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in model_files("refuted")
        if path.stem in ("window_opens_mid_stroke", "pause_ends_lockout")
    ],
    ids=lambda path: path.stem,
)
def test_the_test_fails_and_passes_after_the_remedy(path: Path, tmp_path: Path) -> None:
    test = written_test(tmp_path, path)
    before = run_pytest(test)
    assert before.returncode == 1, before.stdout
    assert "assert replayed.violations == ()" in before.stdout
    wrong, right = loaded(path).FIX
    model = tmp_path / path.name
    model.write_text(model.read_text(encoding="utf-8").replace(wrong, right, 1), encoding="utf-8")
    after = run_pytest(test)
    assert after.returncode == 0, after.stdout


@pytest.mark.parametrize("path", model_files("refuted"), ids=lambda path: path.stem)
def test_every_refuted_model_gives_a_test_that_fails(path: Path, tmp_path: Path) -> None:
    module = load(_with_its_own_name(written_test(tmp_path, path), path))
    (test,) = (value for name, value in vars(module).items() if name.startswith("test_"))
    with pytest.raises(AssertionError):
        test()


def _with_its_own_name(test: Path, path: Path) -> Path:
    """The test, importing the model under the name that it is loaded with here."""
    text = test.read_text(encoding="utf-8")
    test.write_text(text.replace(path.stem, loaded(path).__name__), encoding="utf-8")
    return test


def test_a_property_that_is_gone_does_not_pass_silently(tmp_path: Path) -> None:
    (path,) = (one for one in model_files("refuted") if one.stem == "slow_counter")
    test = written_test(tmp_path, path)
    test.write_text(
        test.read_text(encoding="utf-8").replace("'INV-BASAL-001'", "'INV-BASAL-009'"), encoding="utf-8"
    )
    done = run_pytest(test)
    assert done.returncode == 1
    assert "the system does not have this property any more" in done.stdout


def test_the_text_is_the_same_each_time() -> None:
    (path,) = (one for one in model_files("refuted") if one.stem == "slow_counter")
    subject, found = counterexample_of(path)
    known = system_of(loaded(path)).property_named(subject)
    text = regression_test("slow_counter:SYSTEM", known, found)
    assert text == regression_test(
        "slow_counter:SYSTEM", known, Counterexample(Run(*vars(found.run).values()), True, "")
    )
    assert text.startswith('"""INV-BASAL-001: At most one pulse is ever owed.\n')
    assert ", 7200),)\n" in text
