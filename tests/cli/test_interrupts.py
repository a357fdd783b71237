"""Ctrl-C at any time: exit code 130, no process is left, no file is half written."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMANDS = {
    "mutate": ("mutate", "--jobs", "2", "--json", "out.json"),
    "certificate write": ("certificate", "write", "out"),
    "generate-tests": ("generate-tests", "out.json"),
    "verify": ("verify", "--jobs", "2", "--no-cache", "--json", "out.json"),
}


@pytest.mark.parametrize("whole_group", [True, False], ids=["group", "parent"])
@pytest.mark.parametrize("after_s", [1.5])
@pytest.mark.parametrize("command", COMMANDS)
def test_an_interrupt_leaves_neither_processes_nor_halves(
    command: str, after_s: float, whole_group: bool, folder: Path
) -> None:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(Path(one).resolve()) for one in sys.path if one)
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "pumpproof", *COMMANDS[command]],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(after_s)
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    if process.returncode != 130:
        assert process.returncode in (-signal.SIGINT, 0, 1, 2), (
            said
        )  # before Python listens, or after the end
    assert "Traceback" not in said or process.returncode == -signal.SIGINT
    deadline = time.monotonic() + 10
    while alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(process.pid)
    if process.returncode == 130:
        assert list(folder.iterdir()) == []


INTERRUPTED_WITHIN_A_FINALIZER = """
import signal, time

class Finalized:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

Finalized()
time.sleep(30)
"""


INTERRUPTED_WHILE_IT_WAS_MADE = """
import signal

class HalfMade:
    def __init__(self):
        signal.raise_signal(signal.SIGINT)
        self.held = 1

    def __del__(self):
        assert self.held

HalfMade()
"""

COMPLAINS_BY_ITSELF = """
class HalfMade:
    def __del__(self):
        assert self.held

HalfMade()
"""


def verify_what_is_written(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    (folder / "half_made.py").write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pumpproof", "verify", "half_made:SYSTEM"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(str(Path(one).resolve()) for one in sys.path if one)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("source", [INTERRUPTED_WITHIN_A_FINALIZER, INTERRUPTED_WHILE_IT_WAS_MADE])
def test_an_interrupt_is_neither_lost_in_a_finalizer_nor_complained_of(folder: Path, source: str) -> None:
    process = verify_what_is_written(folder, source)
    assert (process.returncode, process.stderr) == (130, "pumpproof: interrupted\n")


def test_a_finalizer_that_complains_without_an_interrupt_is_heard(folder: Path) -> None:
    said = verify_what_is_written(folder, COMPLAINS_BY_ITSELF).stderr
    assert "AttributeError: 'HalfMade' object has no attribute 'held'" in said


def alive(group: int) -> bool:
    """Say whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
