"""Set-up from a bare checkout: done once, begun again if interrupted, clear about what is in the way."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from checkout import ROOMS, make_skeleton, run_program

# One worker builds environments at a time.
pytestmark = pytest.mark.xdist_group("set-up")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of two empty packages."""
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("needed", "helpful"):
        source = folder / "source" / name
        source.mkdir(parents=True)
        (source / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n')
        (source / f"{name}.py").touch()
        pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-index", "--no-build-isolation"]
        done = run_program([*pip, "-w", folder, source], folder)
        assert done.returncode == 0, done.stderr
    return folder


def locked(wheels: Path, name: str) -> str:
    """The line that locks a package."""
    (wheel,) = wheels.glob(f"{name}-1-*.whl")
    return f"{name}==1 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


class Checkout:
    """The empty rooms with the real set-up, and locks that name the build tool and a small package each."""

    def __init__(self, repository: Path, root: Path, wheels: Path) -> None:
        self.root = root
        self.wheels = wheels
        shutil.copytree(repository / "tools", root / "tools")
        for name in ("LICENSE", "Makefile"):
            shutil.copy2(repository / name, root)
        (root / "README.md").touch()
        (root / "src/pumpproof/cli.py").write_text("def main() -> None:\n    print('it runs')\n")
        (root / "locks").mkdir()
        lock = (repository / "locks/runtime.txt").read_text()
        build_tool = re.search(r"^setuptools==.*(?:\n    .*)*\n", lock, re.MULTILINE)
        assert build_tool
        (root / "locks/runtime.txt").write_text(build_tool[0] + locked(wheels, "needed"))
        (root / "locks/dev.txt").write_text(locked(wheels, "helpful"))

    def change(self, name: str, pattern: str, replacement: str) -> None:
        """Replace in a file what a pattern describes."""
        text = (self.root / name).read_text()
        changed = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        assert changed != text
        (self.root / name).write_text(changed)

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_program(command, self.root, PIP_FIND_LINKS=str(self.wheels), **variables)

    def set_up(self, what: str = "verify", **variables: str) -> list[str]:
        """Set up; return what was said."""
        done = self.run("tools/set-up.sh", what, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout.splitlines()

    def refused(self, what: str = "verify", **variables: str) -> str:
        """Set up in vain; return what was said about it."""
        done = self.run("tools/set-up.sh", what, **variables)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr

    def has(self, module: str) -> bool:
        return self.run(".venv/bin/python", "-c", f"import {module}").returncode == 0


@pytest.fixture
def checkout(repository: Path, skeleton: Path, wheels: Path) -> Checkout:
    """A checkout of its own in which nothing is set up."""
    return Checkout(repository, skeleton, wheels)


@dataclass(frozen=True)
class FirstRuns:
    """What the first set-up for each command said, and what could be imported after the first of them."""

    checkout: Checkout
    said_for_verify: list[str]
    said_for_test: list[str]
    needed_after_verify: bool
    helpful_after_verify: bool


@pytest.fixture(scope="session")
def first_runs(repository: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> FirstRuns:
    checkout = Checkout(repository, make_skeleton(repository, tmp_path_factory.mktemp("set-up")), wheels)
    said_for_verify = checkout.set_up("verify", PYTHON=sys.executable)
    needed, helpful = checkout.has("needed"), checkout.has("helpful")
    return FirstRuns(checkout, said_for_verify, checkout.set_up("test"), needed, helpful)


@pytest.fixture
def ready(first_runs: FirstRuns) -> Checkout:
    """A checkout set up for both commands. Tests share it, as making it takes seconds; they leave it fit."""
    first_runs.checkout.set_up("test")
    return first_runs.checkout


def interpreter(folder: Path, version: str) -> str:
    """A stand-in for an old interpreter: it answers the question for its version, nothing else."""
    folder.mkdir(exist_ok=True)
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\necho {version}\nexit 1\n")
    program.chmod(0o755)
    return str(program)


def test_the_first_run_does_each_step(first_runs: FirstRuns) -> None:
    made, *steps = first_runs.said_for_verify
    assert made.startswith(f"set-up: making .venv with {sys.executable} (3.")
    assert steps == [
        "set-up: installing the locked runtime packages",
        "set-up: installing PumpProof itself (editable)",
    ]
    assert first_runs.needed_after_verify
    assert not first_runs.helpful_after_verify


def test_the_tests_need_only_their_tools_in_addition(first_runs: FirstRuns) -> None:
    assert first_runs.said_for_test == ["set-up: installing the locked tools for lint, types and tests"]
    assert first_runs.checkout.has("helpful")


def test_a_second_run_does_nothing_and_is_immediate(ready: Checkout) -> None:
    started = time.monotonic()
    assert ready.set_up("verify") == ready.set_up("test") == []
    assert ready.run("make", "verify").stdout == "it runs\n"
    assert time.monotonic() - started < 1


def test_a_changed_configuration_installs_pumpproof_anew_and_nothing_else(ready: Checkout) -> None:
    ready.change("pyproject.toml", '^version = ".*"', 'version = "9.9"')
    assert ready.set_up("test") == ["set-up: installing PumpProof itself (editable)"]


def test_a_changed_lock_makes_the_environment_anew(ready: Checkout) -> None:
    ready.change("locks/runtime.txt", r"\Z", "# changed\n")
    assert ready.set_up()[0].startswith("set-up: making .venv")
    assert ready.has("needed")
    assert not ready.has("helpful")


def test_a_moved_checkout_makes_the_environment_anew(ready: Checkout) -> None:
    ready.root = ready.root.rename(ready.root.with_name("moved checkout"))
    assert ready.set_up()[0].startswith("set-up: making .venv")
    assert ready.run(".venv/bin/pumpproof").stdout == "it runs\n"


def test_what_does_not_match_its_lock_is_not_installed(ready: Checkout) -> None:
    lock = ready.root / "locks/runtime.txt"
    right = lock.read_text()
    try:
        ready.change("locks/runtime.txt", r"^(needed.*:)\w{64}$", r"\g<1>" + "0" * 64)
        said = ready.refused()
        assert "THESE PACKAGES DO NOT MATCH THE HASHES" in said
        assert "set-up: the installation did not succeed; pip's own words are above." in said
        assert not ready.has("needed")
        assert not ready.has("pumpproof")
    finally:
        lock.write_text(right)
    assert ready.set_up() == [
        "set-up: installing the locked runtime packages",
        "set-up: installing PumpProof itself (editable)",
    ]


def test_a_package_without_a_hash_is_not_installed(ready: Checkout) -> None:
    lock = ready.root / "locks/dev.txt"
    right = lock.read_text()
    ready.run(".venv/bin/python", "-m", "pip", "uninstall", "-qq", "--yes", "helpful")
    try:
        ready.change("locks/dev.txt", " --hash.*", "")
        assert "Hashes are required in --require-hashes mode" in ready.refused("test")
        assert not ready.has("helpful")
    finally:
        lock.write_text(right)


def test_a_run_that_is_killed_leaves_nothing_that_counts_as_done(ready: Checkout) -> None:
    ready.change("locks/runtime.txt", r"\Z", "# killed\n")
    process = subprocess.Popen(
        ["tools/set-up.sh", "verify"],
        cwd=ready.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    assert "making .venv" in process.stdout.readline()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert ready.set_up()[-1] == "set-up: installing PumpProof itself (editable)"
    assert ready.has("needed")
    assert ready.has("pumpproof")


@pytest.mark.parametrize("version", ["2.7.18", "3.6.15", "3.10.13"])
def test_an_interpreter_that_is_too_old_is_named(checkout: Checkout, version: str) -> None:
    old = interpreter(checkout.root / "old", version)
    assert checkout.refused(PYTHON=old) == (
        f"set-up: PumpProof needs Python 3.11 or newer, but PYTHON={old} is {version}.\n"
        "set-up: Choose another one, for instance: make verify PYTHON=python3.12\n"
    )


def test_a_missing_interpreter_is_named(checkout: Checkout) -> None:
    assert "but PYTHON=python9.9 is not a working interpreter." in checkout.refused(PYTHON="python9.9")


def test_a_machine_with_only_an_old_interpreter_gets_a_clear_message(checkout: Checkout) -> None:
    tools = checkout.root / "old"
    interpreter(tools, "3.9.2")
    for name in ("sh", "dirname", "pwd", "cat", "cmp"):
        program = shutil.which(name)
        assert program
        (tools / name).symlink_to(program)
    assert checkout.refused(PATH=str(tools)) == (
        "set-up: PumpProof needs Python 3.11 or newer; python3 is 3.9.2 and no newer one is on the PATH.\n"
        "set-up: Name one that is elsewhere, for instance: make verify PYTHON=/path/to/python3.12\n"
    )


@pytest.mark.parametrize("room", ROOMS)
def test_a_checkout_without_links_is_named(checkout: Checkout, room: str) -> None:
    link = checkout.root / "src/pumpproof" / room
    link.unlink()
    link.write_text(f"../../{room}")
    said = checkout.refused()
    assert said.startswith(
        f"set-up: src/pumpproof/{room} is not a folder: this checkout was made without symbolic links.\n"
    )
    assert "Run 'git config core.symlinks true' and 'git checkout -- src/pumpproof'" in said
    assert not (checkout.root / ".venv").exists()


def test_a_wrong_call_does_nothing(checkout: Checkout) -> None:
    assert checkout.refused("everything") == "set-up: usage: tools/set-up.sh verify|test|crosscheck|lock\n"
    assert not (checkout.root / ".venv").exists()
