"""What README.md shows of the first command is what the command prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

CUT = "…"


def normal(line: str) -> str:
    """The line without its durations, and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"\b\d+(\.\d+)? (ms|s)\b", "TIME", line)).strip()


def test_the_excerpt_in_the_readme_is_real(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    (excerpt,) = re.findall(r"^```text\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    shown = [normal(line) for line in excerpt.splitlines() if line.strip() and line.strip() != CUT]
    assert len(shown) > 10
    wide = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "pumpproof", "verify", "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, env=wide)
    assert done.returncode == 0
    printed = [normal(line) for line in done.stdout.splitlines()]
    missing = [line for line in shown if not any(known.startswith(line) for known in printed)]
    assert missing == []
