"""The commands that prove on other machines work as the page shows them, with all machines being this one."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from checkout import run_program

REPOSITORY = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
PORT = "8786"

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")


def shown() -> list[list[str]]:
    """The commands of the page, word by word."""
    (block,) = BLOCK.findall((REPOSITORY / "docs" / "speed.md").read_text(encoding="utf-8"))
    return [shlex.split(line, comments=True) for line in block.splitlines()]


def free_port() -> str:
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return str(some.getsockname()[1])


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    """A program beside the test, ended with every process that it started."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    with (folder / "dask.log").open("ab") as log:
        started = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@pytest.mark.slow  # starts a scheduler and two workers, which read the reference pump, and proves it without a cache
def test_the_commands_for_a_cluster_can_be_followed(tmp_path: Path) -> None:
    port, record = free_port(), tmp_path / "record"
    record.mkdir()
    with ExitStack() as beside:
        for words in shown():
            program, *arguments = [word.replace(PORT, port) for word in words if word != "&"]
            command = [sys.executable, "-m", program, *arguments]
            if program == "dask":
                beside.enter_context(running(command, tmp_path))
                continue
            done = run_program(
                command, record, PYTHONPATH=str(REPOSITORY / "src"), PUMPPROOF_CACHE=str(tmp_path / "cache")
            )
            assert done.returncode == 0, done.stdout + done.stderr
    (file,) = record.iterdir()
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["volatile"]["incidents"] == []
    assert content["counts"]["properties"] == {"proved": len(content["properties"])}
