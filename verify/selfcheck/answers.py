"""Known answers: small systems are verified, and what is said of them is compared with what is known of them.

What is known stands in ``answers.toml``: for each system every verdict, and how much was examined, so that neither a
wrong verdict nor a question that was left out passes. ``tests/selfcheck/test_known_answers.py`` writes the file.
"""

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof.cache import FileCache
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import CheckResult, PropertyResult, Verification
from pumpproof.verify.results.outcome import exit_code
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.selfcheck.systems import pump, wrong

STEPS = 2_000
"""Budget of the search for runs; everything in these systems that can be reached is within a few steps."""

_ANSWERS = Path(__file__).with_name("answers.toml")


@dataclass(frozen=True)
class Difference:
    """A known answer that was not given: which question, and what was said instead of what."""

    question: str
    says: str

    def __str__(self) -> str:
        return f"{self.question}: {self.says}"


QUESTIONS: Mapping[str, tuple[System, Request]] = {
    "proved": (pump.SYSTEM, Request(steps=STEPS)),
    "wrong claims": (wrong.CLAIMS, Request(steps=STEPS)),
    "changed code": (wrong.CHANGED, Request(steps=STEPS)),
    "only one": (pump.SYSTEM, Request(only=("INV-BOLUS-001",), steps=STEPS)),
    "two rows": (wrong.TWO_ROWS, Request(steps=STEPS)),
    "no row": (wrong.NO_ROW, Request(steps=STEPS)),
    "index out of range": (wrong.RAISES, Request(steps=STEPS)),
    "index out of range, unseen": (wrong.RAISES_UNSEEN, Request(steps=STEPS)),
    "self-defined": (wrong.SELF_DEFINED, Request(steps=STEPS)),
    "contradiction": (wrong.CONTRADICTION, Request(steps=STEPS)),
    "loose ends": (wrong.LOOSE, Request(steps=STEPS)),
    "proved again": (pump.SYSTEM, Request(steps=STEPS)),
}
"""Asked in this order, with one cache: what an earlier question left there must not answer a later one."""


def answers() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every question with what the toolkit says, without what depends on time, place or the luck of a search."""
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        path = Path(folder, "obligations")
        for name, (system, request) in QUESTIONS.items():
            cache = FileCache(path, SOLVER)
            yield name, tuple(_lines(verify_system(system, request, cache=cache)))
            cache.save()


def _lines(found: Verification) -> Iterator[str]:
    reached = sum(row.reached is not None for row in found.rows)
    yield f"exit code {int(exit_code(found))}"
    yield f"pairs {found.accounted} of {found.requested}"
    yield f"rows {reached} of {len(found.rows)}"
    yield from map(_of_check, found.checks)
    yield from map(_of_property, found.properties)


def _of_check(check: CheckResult) -> str:
    examined = f"{check.examined} examined, {len(check.findings)} found"
    return f"{check.name} {check.verdict.value}, {check.tally.total} solved, {examined}"


def _of_property(one: PropertyResult) -> str:
    line = f"{one.property.id} {one.verdict.value}, {one.tally.total} discharged"
    line += f", rests on {' '.join(one.rests_on)}" if one.rests_on else ""
    if one.verdict is Verdict.REFUTED:
        line += ", shown by a run" if one.counterexample is not None else ", shown by nothing"
    if one.verdict is Verdict.PROVED:
        line += ", with a witness" if one.witness is not None else ", without a witness"
    return (
        line if one.verdict is not Verdict.UNKNOWN or ":" not in one.reason else f"{line}, {_why(one.reason)}"
    )


def _why(reason: str) -> str:
    return reason if reason.startswith("rests on") else reason.partition(";")[0].partition(":")[0]


def known_answers() -> Mapping[str, tuple[str, ...]]:
    """What is known of each system, from ``answers.toml``."""
    with _ANSWERS.open("rb") as file:
        content = tomllib.load(file)
    return {name: tuple(entry["lines"]) for name, entry in content.items()}


def differences() -> Iterator[Difference]:
    """Ask everything whose answer is known; nothing is yielded of a toolkit that works."""
    known = known_answers()
    for name, said in answers():
        expected = known[name.removesuffix(" again")]
        missing = [line for line in expected if line not in said]
        others = [line for line in said if line not in expected]
        if missing or others or len(expected) != len(said):
            instead = "; ".join(others[:2]) or "less"
            yield Difference(name, f"expected {'; '.join(missing[:2]) or 'less'}, and it says {instead}")
