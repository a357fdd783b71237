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


def test_an_interrupt_within_a_finalizer_is_not_lost(folder: Path) -> None:
    (folder / "half_made.py").write_text(INTERRUPTED_WITHIN_A_FINALIZER, encoding="utf-8")
    process = subprocess.run(
        [sys.executable, "-m", "pumpproof", "verify", "half_made:SYSTEM"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(str(Path(one).resolve()) for one in sys.path if one)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (process.returncode, process.stderr) == (130, "pumpproof: interrupted\n")


def alive(group: int) -> bool:
    """Say whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
