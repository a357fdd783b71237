"""Settings and fixtures that all tests share."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples in every run, so that a red run can be repeated.
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that is under test."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def new_cache(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Make a folder for PUMPPROOF_CACHE that knows nothing but that the toolkit passed its own check.

    The check takes seconds in every process that finds no such note; one note serves all workers of the test run.
    """
    from pumpproof.cli.edge import broken_at_the_edge
    from pumpproof.verify.selfcheck.check import require_working

    base = tmp_path_factory.getbasetemp()
    note = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "toolkit.checked"

    def make(folder: Path) -> Path:
        require_working(note, broken_at_the_edge)
        folder.mkdir(exist_ok=True)
        shutil.copy2(note, folder)
        return folder

    return make
