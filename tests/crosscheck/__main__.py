"""Ask tools that are not ours about exported systems: ``python -m tests.crosscheck [--patience SECONDS]``.

Small systems go to Berkeley ABC as BTOR2, and what is proved to Yices as VMT-LIB; the reference pump goes to Yices.
Exit codes: 0 every answer is ours, or was not expected; 2 a tool did not decide what it was expected to; 4 a tool is
not installed; 5 a tool contradicts us.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from typing import assert_never

import hardware_checker
import vmt_induction
from hardware_checker import Broken, Found, HardwareChecker, Holds, Unbroken, Undecided
from models import load, model_files, system_of

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.export.btor2 import btor2
from pumpproof.verify.export.transitions import Transitions, transitions
from pumpproof.verify.export.vmt import vmt
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import PropertyResult
from pumpproof.verify.run import Request, verify_system

ABC, YICES = "abc, BTOR2", "yices, VMT-LIB"
BEYOND = {("dual bolus", ABC): "property-directed reachability on bits does not come to an end"}
"""What a tool is known not to decide; it is shown, and never counted as agreement."""

_DECIDED = (Verdict.PROVED, Verdict.REFUTED, Verdict.VACUOUS)
"""Of another verdict no answer is a contradiction, so nothing is asked."""

_DEEPEST = 50
"""Up to so many steps a counterexample is sought shortest first; a longer one by what also proves."""


@dataclass(frozen=True)
class Answer:
    """What a tool says of a property, and whether we say the same; None if it said nothing."""

    system: str
    identifier: str
    tool: str
    theirs: str
    ours: str
    agrees: bool | None

    @property
    def accepted(self) -> bool:
        """No agreement, and none was expected."""
        return self.agrees is None and (self.system, self.tool) in BEYOND

    def line(self) -> str:
        agreement = {True: "yes", False: "NO", None: "-"}[self.agrees]
        why = f" ({BEYOND[self.system, self.tool]})" if self.accepted else ""
        return f"{self.system:26} {self.identifier:14} {self.tool:15} {self.theirs:28} {self.ours:20} {agreement}{why}"


def main() -> int:
    """Ask, and print an answer a line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.crosscheck", description="Ask tools that are not ours."
    )
    parser.add_argument("--patience", type=int, default=120, metavar="SECONDS", help="for one question (120)")
    patience_s = parser.parse_args().patience
    missing = list(_missing())
    if missing:
        print(*missing, sep="\n", file=sys.stderr)
        return 4
    print(f"{'system':26} {'property':14} {'tool':15} {'theirs':28} {'ours':20} agreement")
    answers = []
    for answer in _answers(patience_s):
        print(answer.line(), flush=True)
        answers.append(answer)
    text, code = summary(answers)
    print(text)
    return code


def summary(answers: Sequence[Answer]) -> tuple[str, int]:
    """The last line and the exit code."""
    wrong = [one for one in answers if one.agrees is False]
    silent = [one for one in answers if one.agrees is None]
    unexpected = [one for one in silent if not one.accepted]
    text = (
        f"{len(answers)} answers: {len(answers) - len(wrong) - len(silent)} agree, {len(wrong)} contradict, "
        f"{len(silent)} not decided, {len(silent) - len(unexpected)} of them as expected"
    )
    return text, 5 if wrong else 2 if unexpected else 0


def _missing() -> Iterator[str]:
    if hardware_checker.MISSING:
        yield f"not installed: {', '.join(hardware_checker.MISSING)}; {hardware_checker.HOW_TO_INSTALL}"
    if vmt_induction.SOLVER is None:
        yield f"not installed: yices-smt2; {vmt_induction.HOW_TO_INSTALL}"


def _answers(patience_s: int) -> Iterator[Answer]:
    for folder in ("proved", "refuted", "vacuous"):
        for path in model_files(folder):
            module = load(path)
            system = system_of(module)
            symbolic = SymbolicSystem(system)
            exported = transitions(symbolic, system.properties)
            results = {one.property.id: one for one in verify_system(system, Request()).properties}
            wanted = [module.SUBJECT] if folder == "refuted" else list(results)
            asked = [results[one] for one in wanted if results[one].verdict in _DECIDED]
            yield from _by_bits(symbolic, exported, asked, patience_s)
            if folder == "proved":
                yield from _by_induction(symbolic, exported, tuple(results.values()), patience_s)
    yield from _reference_pump(patience_s)


def _reference_pump(patience_s: int) -> Iterator[Answer]:
    symbolic = SymbolicSystem(REFERENCE_PUMP)
    exported = transitions(symbolic, REFERENCE_PUMP.properties)
    results = verify_system(REFERENCE_PUMP, Request()).properties
    yield from _by_induction(symbolic, exported, results, patience_s)


def _by_bits(
    symbolic: SymbolicSystem, exported: Transitions, results: Sequence[PropertyResult], patience_s: int
) -> Iterator[Answer]:
    system = symbolic.system
    with TemporaryDirectory() as folder:
        checker = HardwareChecker(btor2(symbolic, exported), Path(folder), patience_s)
        lives = checker.takes_a_step()
        together = checker.proof() if all(one.counterexample is None for one in results) else None
        for one in results:
            found = _asked(checker, one) if together is None or isinstance(together, Broken) else together
            yield _bits_say(system, found, one, lives=lives)


def _asked(checker: HardwareChecker, ours: PropertyResult) -> Found:
    known = ours.counterexample
    if known is not None and len(known.run) <= _DEEPEST:
        return checker.shortest(ours.property.id, len(known.run))
    return checker.proof(ours.property.id)


def _bits_say(system: System, found: Found, ours: PropertyResult, *, lives: bool) -> Answer:
    known = ours.counterexample
    said = ours.verdict.value if known is None else f"{ours.verdict.value} by {len(known.run)} steps"
    agrees: bool | None
    match found:
        case Holds():
            theirs = "holds, bounded" if lives else "holds, no run exists"
            agrees = ours.verdict is Verdict.VACUOUS or (ours.verdict is Verdict.PROVED and lives)
        case Broken():
            theirs = f"broken by {found.steps} steps"
            exact = known is not None and known.shortest and found.shortest
            agrees = ours.verdict is Verdict.REFUTED and (
                not exact or (known is not None and found.steps == len(known.run))
            )
        case Unbroken():
            theirs = f"not broken by {found.steps} steps"
            agrees = False
        case Undecided():
            theirs, agrees = found.why, None
        case _:
            assert_never(found)
    return Answer(system.name, ours.property.id, ABC, theirs, said, agrees)


def _by_induction(
    symbolic: SymbolicSystem, exported: Transitions, results: Sequence[PropertyResult], patience_s: int
) -> Iterator[Answer]:
    name = symbolic.system.name
    try:
        proved = set(vmt_induction.VmtInduction(vmt(symbolic, exported), patience_s).proved())
    except TimeoutExpired:
        proved = set()
    sound = {"defined", "typed"} <= proved
    for one in results:
        holds = sound and one.property.id in proved
        theirs = "holds" if holds else "not decided by induction"
        agrees = one.verdict is Verdict.PROVED if holds else None
        yield Answer(name, one.property.id, YICES, theirs, one.verdict.value, agrees)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AssertionError as fault:
        print(f"a tool failed, or a file could not be read: {fault}", file=sys.stderr)
        sys.exit(5)
