"""What README.md shows of the first command is what the command prints."""

import re
from pathlib import Path

import pytest

CUT = "…"


def normal(line: str) -> str:
    """The line without its durations, and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"\b\d+(\.\d+)? (ms|s)\b", "TIME", line)).strip()


@pytest.mark.xdist_group("pages")
def test_the_excerpt_in_the_readme_is_real(repository: Path, first_command: tuple[Path, str]) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    (excerpt,) = re.findall(r"^```text\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    shown = [normal(line) for line in excerpt.splitlines() if line.strip() and line.strip() != CUT]
    assert len(shown) > 10
    _, said = first_command
    printed = [normal(line) for line in said.splitlines()]
    missing = [line for line in shown if not any(known.startswith(line) for known in printed)]
    assert missing == []
