"""A checkout of the repository as tests see it: its files, and programs run in a copy of it."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOMS = ("spec", "statemachine", "verify", "reference_impl", "hardware_adapters")


def versioned_files(repository: Path) -> list[Path]:
    """Every file that is or is about to be under version control, relative to the repository's root."""
    listing = run_program(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], repository)
    listing.check_returncode()
    names = {Path(name) for name in listing.stdout.split("\0") if name}
    return sorted(name for name in names if os.path.lexists(repository / name))


def make_skeleton(repository: Path, folder: Path) -> Path:
    """Fill a folder with the rooms, all modules empty, their links and the repository's configuration."""
    shutil.copy2(repository / "pyproject.toml", folder)
    package = folder / "src" / "pumpproof"
    package.mkdir(parents=True)
    parts = ("language", "logic", "proof", "search", "second_reader", "certificates", "checker")
    packages = ("kernel", "number_entry", "occlusion_bench", "pump")
    inner = tuple(f"{room}/{name}" for room in ("spec", "statemachine") for name in packages)
    for name in (*ROOMS, *inner, *(f"verify/{part}" for part in parts), "tests", "examples"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
    for room in ROOMS:
        (package / room).symlink_to(Path("..", "..", room))
    (package / "__init__.py").touch()
    (package / "py.typed").touch()
    return folder


def run_program(
    command: Sequence[str | Path], folder: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it printed; `variables` are added to the environment.

    Settings of Python, pytest and make that belong to the test run itself are not handed on.
    """
    own = ("PYTHON", "PYTEST", "MAKE", "MFLAGS", "COV_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
