"""The tutorial works from its first line to its last: every command is run, every change applied, every answer seen."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from checkout import run_program

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|diff|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXIT_CODE = re.compile(r"#\s*exit (\d+)\b")


def plain(text: str) -> str:
    """A text with each run of white space as one blank, because tables and folded lines differ in nothing else."""
    return " ".join(text.split())


@dataclass
class Reader:
    """Someone who does what the page says, in a folder of their own."""

    folder: Path
    cache: Path
    said: str = ""
    done: list[str] = field(default_factory=list)

    def sh(self, block: str) -> None:
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[0] == "cd":
                self.folder /= words[1]
                continue
            assert words[0] == "pumpproof", line
            told = EXIT_CODE.search(line)
            result = run_program(
                [sys.executable, "-m", *words],
                self.folder,
                PYTHONPATH=str(REPOSITORY / "src"),
                PUMPPROOF_CACHE=str(self.cache),
                COLUMNS="200",
            )
            self.said = plain(result.stdout + result.stderr)
            assert result.returncode == (int(told[1]) if told else 0), result.stdout + result.stderr
            self.done.append(line)

    def diff(self, block: str) -> None:
        applied = subprocess.run(
            ["git", "apply", "--unsafe-paths", "-"],
            cwd=self.folder,
            input=block,
            text=True,
            capture_output=True,
        )
        assert applied.returncode == 0, applied.stderr
        self.done.append("change")

    def text(self, block: str) -> None:
        rest = self.said
        for line in map(plain, block.splitlines()):
            assert line in rest, f"{line!r} is not said, or not in this order:\n{self.said}"
            rest = rest.partition(line)[2]


def test_the_tutorial_can_be_followed(tmp_path: Path, new_cache: Callable[[Path], Path]) -> None:
    reader = Reader(tmp_path, new_cache(tmp_path / "cache"))
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        getattr(reader, kind)(block)
    assert reader.done.count("change") == 6
    assert len(reader.done) == 15


def test_an_answer_that_is_not_given_is_noticed(tmp_path: Path) -> None:
    reader = Reader(tmp_path, tmp_path)
    reader.said = "first second"
    reader.text("first\nsecond\n")
    with pytest.raises(AssertionError, match="'first' is not said"):
        reader.text("second\nfirst\n")
