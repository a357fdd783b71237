"""Asks the model checker of Berkeley ABC, by way of Yosys, about an exported BTOR2 file."""

import re
import shutil
import subprocess
from functools import cached_property
from pathlib import Path

from btor2_file import Btor2File

TOOLS = ("yosys", "berkeley-abc")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
"""The programs that are not installed here."""

WHY_SKIPPED = f"not installed: {', '.join(MISSING)}; `apt-get install yosys berkeley-abc` brings both"

_TO_AIGER = (
    "read_verilog top.v; hierarchy -check -top top; proc; flatten; opt; techmap; opt; dfflegalize -cell $_DFF_P_ 01; opt -fast -nodffe -nosdff; aigmap; opt_clean; "
    "write_aiger -zinit -map top.map top.aig"
)
_PROVED = re.compile(r"^Property proved\.", re.MULTILINE)
_REFUTED = re.compile(r"^Output .* was asserted in frame (\d+)\.", re.MULTILINE)
_PATIENCE_S = 25


class HardwareChecker:
    """A file that Yosys has made gates of, in a folder of its own."""

    def __init__(self, text: str, folder: Path) -> None:
        self._folder = folder
        self._file = Btor2File(text)
        self.properties = tuple(self._file.bad)
        (folder / "top.v").write_text(self._file.verilog(), encoding="utf-8")
        self._run("yosys", "-q", "-p", _TO_AIGER)

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            words, cwd=self._folder, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @cached_property
    def _outputs(self) -> dict[str, int]:
        """The number of each output of the gates."""
        lines = (self._folder / "top.map").read_text(encoding="utf-8").splitlines()
        words = (line.split() for line in lines)
        return {one[3]: int(one[1]) for one in words if one[0] == "output"}

    def violated_after(self, identifier: str | None = None) -> int | None:
        """The number of steps of a run that breaks a property, or None if the checker proves it of every run.

        Without a property: of a run that breaks any. Together they are proved sooner, for they hold up each other.
        Any other answer of the checker is an error.
        """
        output = self._outputs["bad_any" if identifier is None else f"bad_{self._file.bad[identifier]}"]
        said = self._run("berkeley-abc", "-c", f"read_aiger top.aig; cone -s -O {output}; pdr")
        refuted, proved = _REFUTED.search(said), _PROVED.search(said)
        assert (refuted is None) is not (proved is None), said
        return None if refuted is None else int(refuted[1])
