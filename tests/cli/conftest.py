"""A way to call the command line, and a folder of its own for each test."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pumpproof.cli import run


@dataclass(frozen=True)
class Answer:
    """What a call of the command line gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run the command line in this process."""

    def calling(*arguments: object) -> Answer:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return calling


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_cache: Callable[[Path], Path]) -> Path:
    """An empty current folder, with a cache of its own beside it and no terminal settings from outside."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("PUMPPROOF_CACHE", str(new_cache(tmp_path / "cache")))
    for name in ("COLUMNS", "FORCE_COLOR", "PUMPPROOF_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return here


@pytest.fixture(scope="session")
def shipped_profiles() -> Path:
    """The folder of the reference pump's profiles."""
    from pumpproof.spec.pump.limits import PROFILES

    return PROFILES.folder
