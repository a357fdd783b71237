"""What docs/counterexamples.md shows of a counterexample is what the command prints."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from checkout import run_program


def test_the_excerpt_is_real(repository: Path, tmp_path: Path, new_cache: Callable[[Path], Path]) -> None:
    page = (repository / "docs" / "counterexamples.md").read_text(encoding="utf-8")
    (excerpt,) = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert "what would stop it" in excerpt
    done = run_program(
        [sys.executable, "-m", "pumpproof", "explain", "INV-BOLUS-001", "parts_checked_apart:SYSTEM"],
        repository / "tests" / "models" / "refuted",
        COLUMNS="100",
        PYTHONPATH=str(repository / "src"),
        PUMPPROOF_CACHE=str(new_cache(tmp_path)),
    )
    assert done.returncode == 1
    assert excerpt in done.stdout
