"""``pumpproof init``: a project that is proved and tested as it stands, or nothing at all."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checkout import run_program

from pumpproof.cli import starting

Call = Callable[..., Any]

SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture
def project(folder: Path, call: Call) -> Path:
    """A fresh project ``my_pump``, and the current folder in it."""
    answer = call("init", "my_pump")
    assert answer.code == 0
    os.chdir(folder / "my_pump")
    return folder / "my_pump"


def test_the_project_is_proved_as_it_stands(project: Path, call: Call) -> None:
    answer = call("verify", "my_pump.pump:SYSTEM", "--no-cache")
    assert answer.code == 0, answer.out
    assert "system my_pump. Exit code 0." in answer.out


def test_its_own_tests_pass(project: Path) -> None:
    done = run_program([sys.executable, "-m", "pytest", "-q"], project, PYTHONPATH=str(SOURCE))
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_its_own_tests_notice_a_fault(project: Path) -> None:
    rows = project / "my_pump" / "rows.py"
    rows.write_text(rows.read_text().replace("drive_pulses=1", "drive_pulses=2"))
    done = run_program([sys.executable, "-m", "pytest", "-q"], project, PYTHONPATH=str(SOURCE))
    assert done.returncode == 1, done.stdout


def test_it_says_what_to_do_next(folder: Path, call: Call) -> None:
    said = call("init", "night_pump").out
    assert "pumpproof verify night_pump.pump:SYSTEM" in said


def test_every_file_is_written_under_the_name_of_the_project(project: Path) -> None:
    written = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert written == set(starting.project_files("my_pump"))
    texts = {path: (project / path).read_text() for path in written}
    assert [path for path, text in texts.items() if "starter" in text or "$name" in text] == []


def test_the_folders_can_be_read_by_whoever_may_read_the_place(project: Path) -> None:
    assert stat.S_IMODE(project.stat().st_mode) & 0o500 == 0o500
    assert stat.S_IMODE(project.stat().st_mode) == stat.S_IMODE((project / "tests").stat().st_mode)


def test_a_folder_that_is_there_is_left_alone(folder: Path, call: Call) -> None:
    (folder / "my_pump").mkdir()
    (folder / "my_pump" / "notes.txt").write_text("mine")
    answer = call("init", "my_pump")
    assert answer.code == 4
    assert answer.err == (
        f"pumpproof: {folder}/my_pump is there already; nothing was written. Choose another name or folder.\n"
    )
    assert [path.name for path in (folder / "my_pump").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["My_Pump", "my-pump", "1pump", "class", "", "pömp", "my/pump", ".."])
def test_a_name_that_no_package_can_have(folder: Path, call: Call, name: str) -> None:
    answer = call("init", name)
    assert answer.code == 4
    assert answer.err == (
        f"pumpproof: {name!r} can not be the name of a package; "
        "use small letters, digits and _, beginning with a letter, for example my_pump\n"
    )
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["json", "tests", "pumpproof"])
def test_a_name_that_another_package_has(folder: Path, call: Call, name: str) -> None:
    answer = call("init", name)
    assert answer.code == 4
    assert answer.err == (
        f"pumpproof: {name!r} is the name of another package; choose another, for example my_pump\n"
    )
    assert list(folder.iterdir()) == []


def test_a_failure_half_way_leaves_nothing_behind(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(self: Path, *arguments: object, **options: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full_disk)
    answer = call("init", "my_pump")
    assert answer.code == 4
    assert answer.err == f"pumpproof: {folder}/my_pump: can not be written (No space left on device)\n"
    assert list(folder.iterdir()) == []
