"""Certificates, and the checker that shares no code with what writes them."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.certificates import second_solver
from pumpproof.verify.certificates.export import Exported, Exporter
from pumpproof.verify.certificates.second_solver import content
from pumpproof.verify.certificates.write import certificates, write_certificates
from pumpproof.verify.checker.check import Checked, Disagreement, check_certificates
from pumpproof.verify.checker.scripts import Rejected
from pumpproof.verify.judge import ToolFault, with_second_opinion
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.cache import FileCache
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge, Tally
from pumpproof.verify.second_reader import read_system
from pumpproof.verify.selfcheck.systems import pump, wrong

_CERTIFIED = (pump.counts_are_not_negative, pump.memory_covers_window)
_SMALL = replace(pump.SYSTEM, properties=_CERTIFIED)


def the_checker() -> Iterator[str]:
    """A certificate of another pump, or with an assumption of its own, is not accepted."""
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        good, other = Path(folder, "good"), Path(folder, "other")
        _write(_SMALL, good)
        said = _checked(good, _SMALL)
        if not isinstance(said, Checked) or said.undecided or len(said.properties) != len(_CERTIFIED):
            yield f"nothing: it does not accept a certificate: {said}"
        _write(replace(wrong.TWO_ROWS, name=_SMALL.name, properties=_CERTIFIED), other)
        if _accepted(_checked(other, _SMALL)):
            yield "a certificate of another pump"
        for assertion in ("false", "(not true)"):
            for path in good.rglob("*.smt2"):
                text = path.read_text(encoding="utf-8")
                if "(check-sat)" not in text:
                    continue
                path.write_text(
                    text.replace("(check-sat)", f"(assert {assertion})\n(check-sat)", 1), encoding="utf-8"
                )
                if _accepted(_checked(good, _SMALL)):
                    yield f"a certificate that assumes {assertion}"
                path.write_text(text, encoding="utf-8")
                break


def _write(system: System, folder: Path) -> None:
    names = [one.id for one in system.properties]
    write_certificates(certificates(Exporter(SymbolicSystem(system), frozenset(names)), names), folder)


def _checked(folder: Path, system: System) -> Checked | Exception:
    try:
        return check_certificates(folder, system, read_system(system))
    except (Rejected, Disagreement) as error:
        return error


def _accepted(said: Checked | Exception) -> bool:
    return isinstance(said, Checked) and not said.undecided


def content_for_the_second_solver() -> Iterator[str]:
    """An obligation has another address after a change of what its names stand for."""
    found = []
    for system in (pump.SYSTEM, wrong.CHANGED):
        exporter = Exporter(SymbolicSystem(system), frozenset((pump.bolus_is_covered.id,)))
        asked = exporter.of_subject(pump.bolus_is_covered.id)
        found.append([content(one) for one in asked if isinstance(one, Exported)])
    if found[0] == found[1]:
        yield "a change of the effect of a row"


def what_the_second_solver_does_not_know() -> Iterator[str]:
    """What the second solver can not decide is open, now and in the next run."""
    name = pump.bolus_is_covered.id
    exporter = Exporter(SymbolicSystem(pump.SYSTEM), frozenset((name,)))
    asked = [one for one in exporter.of_subject(name) if isinstance(one, Exported)]
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        cache = FileCache(Path(folder, "obligations"), "a solver")
        with patch.object(second_solver, "_beside", lambda new: lambda: [Answer.UNKNOWN for _ in new]):
            opinion = second_solver.second_opinions(exporter, (name,), cache)()[name]
        cache.save()
        later = FileCache(Path(folder, "obligations"), "a solver")
        if any(later.holds_text(content(one)) for one in asked):
            yield "an obligation that it could not decide, remembered as discharged"
    before = Discharge(name, len(asked), len(asked), Tally(solved=len(asked)), (), 0.0)
    if with_second_opinion(before, opinion).proved:
        yield "an obligation that it could not decide"
    try:
        with_second_opinion(before, replace(opinion, refuted=("known",)))
        yield "an obligation that it refutes"
    except ToolFault:
        pass


CERTIFICATES = (the_checker, content_for_the_second_solver, what_the_second_solver_does_not_know)
