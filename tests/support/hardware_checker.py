"""Asks the model checkers of Berkeley ABC, by way of Yosys, about an exported BTOR2 file."""

import re
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from btor2_file import Btor2File
from btor2_verilog import ALIVE, ALL, output_of, verilog

TOOLS = ("yosys", "berkeley-abc")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
"""The programs that are not installed here."""

HOW_TO_INSTALL = "`apt-get install yosys berkeley-abc` brings both on Debian and Ubuntu"
WHY_SKIPPED = f"not installed: {', '.join(MISSING)}; {HOW_TO_INSTALL}"

_TO_GATES = (
    "read_verilog top.v; hierarchy -check -top top; proc; flatten; opt; techmap; opt; "
    "dfflegalize -cell $_DFF_P_ 01; opt -fast -nodffe -nosdff; aigmap; opt_clean; "
    "write_aiger -zinit -map top.map top.aig"
)
_PROVED = re.compile(r"^Property proved\.", re.MULTILINE)
_REFUTED = re.compile(r"^Output .* was asserted in frame (\d+)\.", re.MULTILINE)


@dataclass(frozen=True)
class Holds:
    """The checker proves it of every run that fits the bounds."""


@dataclass(frozen=True)
class Broken:
    """A run of so many steps breaks it, and no shorter one if ``shortest``."""

    steps: int
    shortest: bool


@dataclass(frozen=True)
class Unbroken:
    """No run of at most so many steps breaks it; nothing is said of longer ones."""

    steps: int


@dataclass(frozen=True)
class Undecided:
    """The checker gave up, or its time was over."""

    why: str


Found = Holds | Broken | Unbroken | Undecided

_LIMIT_REACHED = Undecided("as many steps as were asked for")


class HardwareChecker:
    """A file that Yosys has made gates of, in a folder of its own."""

    def __init__(self, text: str, folder: Path, patience_s: int, left_out: Collection[str] = ()) -> None:
        """Make the gates; constraints that are ``left_out`` exclude nothing.

        Raises:
            subprocess.TimeoutExpired: that takes longer than ``patience_s``.
            AssertionError: Yosys does not take the file.
        """
        self._folder = folder
        self._file = Btor2File(text)
        self._patience_s = patience_s
        self.properties = tuple(self._file.bad)
        (folder / "top.v").write_text(verilog(self._file, left_out), encoding="utf-8")
        self._run("yosys", "-q", "-p", _TO_GATES)
        lines = (folder / "top.map").read_text(encoding="utf-8").splitlines()
        words = (line.split() for line in lines)
        self._outputs = {one[3]: int(one[1]) for one in words if one[0] == "output"}

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            words, cwd=self._folder, capture_output=True, text=True, timeout=self._patience_s, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def proof(self, identifier: str | None = None) -> Found:
        """What property-directed reachability says of a property; without one, of all of them together.

        Together they are proved sooner, for they hold up each other.
        """
        output = ALL if identifier is None else output_of(self._file, identifier)
        return self._asked(output, f"pdr -T {self._patience_s}", shortest=False)

    def shortest(self, identifier: str, steps: int) -> Found:
        """The shortest run of at most so many steps that breaks a property; it proves nothing."""
        found = self._asked(output_of(self._file, identifier), f"bmc2 -F {steps + 1}", shortest=True)
        return Unbroken(steps) if found == _LIMIT_REACHED else found

    def takes_a_step(self) -> bool:
        """Say whether a run within the bounds takes a step at all: if none does, everything is proved."""
        return isinstance(self._asked(ALIVE, "bmc2 -F 4", shortest=True), Broken)

    def _asked(self, output: str, engine: str, *, shortest: bool) -> Found:
        try:
            chosen = f"cone -s -O {self._outputs[output]}"
            said = self._run("berkeley-abc", "-c", f"read_aiger top.aig; {chosen}; {engine}")
        except subprocess.TimeoutExpired:
            return Undecided(f"not within {self._patience_s} s")
        if refuted := _REFUTED.search(said):
            return Broken(int(refuted[1]), shortest)
        if _PROVED.search(said):
            return Holds()
        return (
            _LIMIT_REACHED if "Reached limit on the number of timeframes" in said else Undecided("no answer")
        )
