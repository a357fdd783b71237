"""How long a verification of the reference pump takes.

Each measurement is a process of its own, started in a copy of the sources and with a cache folder of its own.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measure import Failed, Measurement, Say, Section

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ROOMS = ("spec", "statemachine", "verify", "reference_impl", "hardware_adapters", "src")

EDITED = Path("statemachine", "pump", "bolus.py")
LINE = "    if event.pulses > pump.reservoir.pulses:\n"
SAME_MEANING = "    if pump.reservoir.pulses + 1 <= event.pulses:\n"
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


def measurements(repeat: int, say: Say) -> list[Measurement]:
    """All measurements, each repeated; those of one repetition follow each other."""
    found: dict[str, list[float]] = {}
    for number in range(repeat):
        say(f"verification of the reference pump: repetition {number + 1} of {repeat}")
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


SECTIONS = (Section("The whole verification of the reference pump", measurements),)
