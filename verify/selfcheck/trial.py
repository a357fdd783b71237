"""Trials: a copy of the toolkit with a fault in it does what a user's run does, in a process of its own."""

import compileall
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pumpproof.verify.selfcheck.check import BrokenToolkit
from pumpproof.verify.toolkit import package_folder

SYSTEM = "pumpproof.verify.selfcheck.systems.pump:SYSTEM"
"""What is verified in a trial: a system that is proved."""

TIME_LIMIT_S = 300.0
_MEMORY_BYTES = 6 * 2**30
_POLL_S = 0.3
_MARK = "the toolkit fails its own check: "


@dataclass(frozen=True)
class Trial:
    """What became of one change: ``detected_by`` is empty where the run said that all is proved."""

    id: str
    says: str
    detected_by: str
    seconds: float

    @property
    def detected(self) -> bool:
        """Whether the run noticed."""
        return bool(self.detected_by)


@dataclass(frozen=True)
class Change:
    """A change of the toolkit; ``put_into`` makes it in a copy of the package."""

    id: str
    says: str
    put_into: Callable[[Path], None]


@contextmanager
def private_copy() -> Iterator[Path]:
    """A folder with a compiled copy of the installed package, links resolved; gone at the end.

    Raises:
        BrokenToolkit: the unchanged copy fails its own check, so that trials of it would say nothing.
    """
    with tempfile.TemporaryDirectory(prefix="pumpproof-selfcheck-") as folder:
        original = Path(folder, "original")
        shutil.copytree(
            package_folder(), original / "pumpproof", ignore=shutil.ignore_patterns("__pycache__")
        )
        compileall.compile_dir(original, quiet=2, force=True)
        unchanged = _outcome(original, threading.Event())
        if unchanged:
            raise BrokenToolkit(f"the unchanged toolkit fails: {unchanged}")
        yield original


def try_all(changes: Sequence[Change], jobs: int, finished: Callable[[Trial], None]) -> tuple[Trial, ...]:
    """Try every change, ``jobs`` side by side; the result is in the order of the changes.

    Nothing is left behind, neither by an interrupt nor by a request to end: no process, no file.

    Raises:
        BrokenToolkit: the unchanged toolkit fails its own check.
        KeyboardInterrupt: the process was interrupted, or asked to end.
    """
    stop = threading.Event()
    trials: dict[Future[Trial], Trial] = {}
    with _ended_as_interrupted(), private_copy() as original, ThreadPoolExecutor(jobs) as pool:
        pending = [pool.submit(_tried, change, original, stop) for change in changes]
        try:
            for future in as_completed(pending):
                trials[future] = future.result()
                finished(trials[future])
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(trials[future] for future in pending)


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """A request to end is met like an interrupt: what was begun is cleared away first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tried(change: Change, original: Path, stop: threading.Event) -> Trial:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="trial-", dir=original.parent) as folder:
        copy = Path(folder, "copy")
        shutil.copytree(original, copy)
        change.put_into(copy / "pumpproof")
        outcome = _outcome(copy, stop)
    return Trial(change.id, change.says, outcome, time.perf_counter() - started)


def _outcome(copy: Path, stop: threading.Event) -> str:
    """By what a run with this copy of the toolkit is told from one that proves the system; empty if by nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUMPPROOF")}
    environment |= {
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PUMPPROOF_CACHE": str(copy / "cache"),
        "TMPDIR": str(copy),  # what a run that is ended had no time to remove goes with the copy
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "pumpproof", "verify", SYSTEM],
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _limit_memory(process.pid)
    ends = time.monotonic() + TIME_LIMIT_S
    said = complained = ""
    try:
        while True:
            try:
                said, complained = process.communicate(timeout=_POLL_S)
                break
            except subprocess.TimeoutExpired:
                if stop.is_set():
                    return "interrupted"
                if time.monotonic() > ends:
                    return f"the run does not end within {TIME_LIMIT_S:.0f} s"
    finally:
        _end(process)
    return _told(process.returncode, said, complained)


def _told(code: int, said: str, complained: str) -> str:
    if code == 0:
        return "" if "ALL PROVED" in said else "the report does not say that all is proved"
    last = next((line for line in reversed(complained.splitlines()) if _MARK in line), "")
    if last:
        return last.partition(_MARK)[2]
    lines = [
        line for line in complained.splitlines() if line.startswith("pumpproof: ")
    ] or complained.splitlines()
    what = lines[-1].removeprefix("pumpproof: ") if lines else "the report"
    return f"exit code {code}: {what}"


def _limit_memory(process: int) -> None:
    """A fault may make the toolkit endless; it must not take the machine with it."""
    try:
        import resource

        resource.prlimit(process, resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    except (ImportError, AttributeError, OSError):
        return  # not on this platform, or the process has ended: the time limit remains


def _end(process: "subprocess.Popen[str]") -> None:
    """End the process and whatever it started, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
