"""How long a verification of the reference pump takes: ``python -m tests.benchmarks.verification [--repeat N]``.

Each measurement is a process of its own, started in a copy of the sources and with a cache folder of its own. Times
are for people to read and to compare on one machine: nothing here or in any test asserts one.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ROOMS = ("spec", "statemachine", "verify", "reference_impl", "hardware_adapters", "src")

EDITED = Path("statemachine", "pump", "bolus.py")
LINE = "    if event.pulses > pump.reservoir_pulses:\n"
SAME_MEANING = "    if pump.reservoir_pulses + 1 <= event.pulses:\n"
"""An edit of one guard that every solver has to prove anew and that changes no verdict."""

SOLVING = """
import json, time, z3
seconds = 0.0
check = z3.Solver.check
def timed(*arguments):
    global seconds
    began = time.perf_counter()
    try:
        return check(*arguments)
    finally:
        seconds += time.perf_counter() - began
z3.Solver.check = timed
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.run import Request, verify_system
phases = verify_system(SYSTEM, Request()).seconds
print(json.dumps({"z3": seconds, **phases}))
"""


class Failed(RuntimeError):
    """A verification that was to be measured did not end with exit code 0."""


@dataclass(frozen=True)
class Measurement:
    """What was measured, and the seconds of each repetition."""

    what: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Checkout:
    """A copy of the sources, and a cache of their verification."""

    folder: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @staticmethod
    def make(folder: Path) -> "Checkout":
        """Copy what a verification runs; links stay links, so that the copy loads itself."""
        for room in ROOMS:
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
            shutil.copytree(REPOSITORY / room, folder / room, symlinks=True, ignore=ignored)
        return Checkout(folder)

    def run(self, *arguments: str) -> str:
        """Run Python on the copy.

        Raises:
            Failed: it did not end with exit code 0.
        """
        variables = {"PYTHONPATH": str(self.folder / "src"), "PUMPPROOF_CACHE": str(self.cache)}
        command = [sys.executable, *arguments]
        result = subprocess.run(
            command, cwd=self.folder, env=os.environ | variables, capture_output=True, text=True
        )
        if result.returncode != 0:
            raise Failed(
                f"{' '.join(command)}: exit code {result.returncode}\n{result.stdout}{result.stderr}"
            )
        return result.stdout

    def verify(self, *options: str) -> float:
        """Wall-clock seconds of the command ``pumpproof verify``, the start of Python included."""
        began = time.perf_counter()
        self.run("-m", "pumpproof", "verify", *options)
        return time.perf_counter() - began

    def edit_one_guard(self) -> None:
        """Write one condition of one row in other words."""
        path = self.folder / EDITED
        text = path.read_text(encoding="utf-8")
        if text.count(LINE) != 1:
            raise Failed(
                f"{EDITED} has not exactly one line {LINE.strip()!r}; name another one in {__file__}"
            )
        path.write_text(text.replace(LINE, SAME_MEANING), encoding="utf-8")


def measurements(repeat: int, say: Callable[[str], None]) -> list[Measurement]:
    """All measurements, each repeated; those of one repetition follow each other."""
    found: dict[str, list[float]] = {}
    for number in range(repeat):
        say(f"repetition {number + 1} of {repeat}")
        with TemporaryDirectory(prefix="pumpproof-benchmark-") as folder:
            checkout = Checkout.make(Path(folder))
            checkout.verify("--no-cache")  # compiles the sources
            phases = json.loads(checkout.run("-c", SOLVING))
            seconds = {
                "cold, no cache, 1 job": checkout.verify("--no-cache"),
                "cold, no cache, 2 jobs": checkout.verify("--no-cache", "--jobs", "2"),
                "first run that writes a cache": checkout.verify(),
                "warm, nothing changed": checkout.verify(),
            }
            checkout.edit_one_guard()
            seconds["warm, one guard edited"] = checkout.verify()
            seconds["in one process: all z3 checks"] = phases.pop("z3")
            seconds |= {f"in one process: phase {name}": taken for name, taken in phases.items()}
        for what, taken in seconds.items():
            found.setdefault(what, []).append(taken)
    return [Measurement(what, tuple(taken)) for what, taken in found.items()]


def table(found: Sequence[Measurement]) -> list[str]:
    """Medians, extremes, and the ratio to the first measurement."""
    first = found[0].median
    lines = [f"{'seconds':40} {'median':>8} {'least':>8} {'most':>8} {'ratio':>7}"]
    for one in found:
        least, most = min(one.seconds), max(one.seconds)
        lines.append(f"{one.what:40} {one.median:8.2f} {least:8.2f} {most:8.2f} {one.median / first:7.2f}")
    return lines


def circumstances() -> list[str]:
    """The machine and the versions."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in ("z3-solver", "transitions"))
    return [
        f"{usable} cores usable of {os.cpu_count()}, load {load}; {platform.platform()}, {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}, {packages}",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.verification", description=__doc__)
    parser.add_argument(
        "--repeat", type=int, default=5, metavar="N", help="repetitions; medians are shown (5)"
    )
    repeat = parser.parse_args().repeat
    if repeat < 1:
        parser.error("--repeat must be 1 or more")
    print(*circumstances(), sep="\n")
    found = measurements(repeat, lambda text: print(text, file=sys.stderr))
    print(*table(found), sep="\n")


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
