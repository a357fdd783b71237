"""The first command of the README, run once for all tests of the pages."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from checkout import run_program


@pytest.fixture(scope="session")
def first_command(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, new_cache: Callable[[Path], Path]
) -> tuple[Path, str]:
    """Prove the reference pump with nothing known of it: the cache that this leaves, and what was said.

    Continuous integration does so before the tests and says where, in PUMPPROOF_FIRST_RUN: `cache` and `said`. Tests
    that ask for it are of the group `pages`, so that one worker proves it.
    """
    if made := os.environ.get("PUMPPROOF_FIRST_RUN"):
        return Path(made, "cache"), Path(made, "said").read_text(encoding="utf-8")
    cache = new_cache(tmp_path_factory.mktemp("cache"))
    done = run_program(
        [sys.executable, "-m", "pumpproof", "verify"],
        cache.parent,
        COLUMNS="200",
        PYTHONPATH=str(repository / "src"),
        PUMPPROOF_CACHE=str(cache),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return cache, done.stdout
