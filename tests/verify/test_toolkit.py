"""What counts as the toolkit: a change of it is checked anew, a change of a pump is not."""

import shutil
from pathlib import Path

import pytest

from pumpproof.verify import toolkit


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pumpproof"
    shutil.copytree(toolkit.package_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(toolkit, "package_folder", lambda: folder)
    return folder


def _content() -> str:
    return toolkit.content.__wrapped__()


@pytest.mark.parametrize("file", ["verify/judge.py", "statemachine/kernel/machine.py", "cli/verifying.py"])
def test_a_change_of_what_proves_is_a_change_of_the_toolkit(copy: Path, file: str) -> None:
    before = _content()
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    assert _content() != before


@pytest.mark.parametrize("file", ["statemachine/pump/bolus.py", "spec/pump/properties/bolus.py"])
def test_a_change_of_the_reference_pump_is_none(copy: Path, file: str) -> None:
    before = _content()
    with (copy / file).open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    assert _content() == before


def test_every_folder_of_a_system_is_there() -> None:
    assert all((toolkit.package_folder() / one).is_dir() for one in toolkit.SYSTEMS)
