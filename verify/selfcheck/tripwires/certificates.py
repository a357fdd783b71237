"""Certificates, and the checker that shares no code with what writes them."""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.certificates import second_solver
from pumpproof.verify.certificates.export import Exported, Exporter
from pumpproof.verify.certificates.second_solver import content
from pumpproof.verify.certificates.write import MANIFEST, certificates, manifest_text, write_folder
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
_SEEN = "|term 0000000000000000|"


@invariant("INV-DOSE-903", says="A new window is empty.", formalizes=pump.GIVE, uses=("INV-DOSE-102",))
def begins_empty(window: pump.Window) -> bool:
    """Shown from what its lemma says of any window."""
    return window.age_s != 0 or window.pulses == 0


_WITH_LEMMA = replace(pump.SYSTEM, properties=(pump.memory_covers_window, begins_empty))


def the_checker() -> Iterator[str]:
    """A certificate of another pump, or with an assumption of its own, is not accepted."""
    small = _Checking(_SMALL)
    good = _made(_SMALL)
    said = small.checked(good)
    if not isinstance(said, Checked) or said.undecided or len(said.properties) != len(_CERTIFIED):
        yield f"nothing: it does not accept a certificate: {said}"
    for assumption in ("false", "(not true)"):
        if small.accepts(_assuming(good, assumption)):
            yield f"a certificate that assumes {assumption}"
    for name in good:
        text = good[name].replace("(check-sat)", "(assert false)\n(check-sat)", 1)
        if text != good[name] and small.accepts(good | {name: text}):
            yield f"a file {name} that is not the one of the certificate"
    claim = re.compile(rf"(\(define-fun \|property {_CERTIFIED[0].id}\| \(.*?\)\) Bool )(.*)\)\n")
    for what, new in (
        ("says nothing", r"\1true)\n"),
        ("sees the state before", rf"(define-fun {_SEEN} () Bool \2)\n\1(or {_SEEN} \2))\n"),
    ):
        forged = _forged(good, claim, new)
        if forged == good:
            yield f"nothing: there is no claim to forge that {what}"
        elif small.accepts(forged):
            yield f"a certificate of a claim that {what}"
    if _Checking(replace(_SMALL, properties=wrong.FORGETFUL.properties)).accepts(_made(wrong.FORGETFUL)):
        yield "a certificate of another pump"
    if _Checking(_WITH_LEMMA).accepts(_made(_WITH_LEMMA, begins_empty.id)):
        yield "a certificate that assumes an invariant which it does not certify"
    raises = replace(wrong.RAISES, properties=wrong.FORGETFUL.properties)
    unasked = _without_queries(_made(raises), "code.smt2")
    if _Checking(raises).accepts(unasked):
        yield "a certificate that does not show that a guard never raises"
    said_to_be_true = re.sub(
        r"(\|defined guard MDL-BOLUS-006\| \(\) Bool) .*", r"\1 true)", unasked["code.smt2"]
    )
    if said_to_be_true == unasked["code.smt2"]:
        yield "nothing: a certificate does not say where a guard is defined"
    if _Checking(raises).accepts(_with(unasked, "code.smt2", said_to_be_true)):
        yield "a certificate that says itself that a guard never raises"


Files = dict[str, str]
"""The files of a certificate, by their names."""


def _made(system: System, *only: str) -> Files:
    names = only or tuple(one.id for one in system.properties)
    return certificates(Exporter(SymbolicSystem(system), frozenset(names)), names).files


def _assuming(files: Files, assumption: str) -> Files:
    """With one assumption more in the first query of each file."""
    return _forged(files, re.compile(r"\A(.*?)\(assert ", re.DOTALL), rf"\1(assert {assumption})\n(assert ")


def _without_queries(files: Files, name: str) -> Files:
    return _with(files, name, re.sub(r"\(push 1\)\n.*?\(pop 1\)\n", "", files[name], flags=re.DOTALL))


def _forged(files: Files, old: re.Pattern[str], new: str) -> Files:
    """With other text wherever a pattern fits, and nothing that would give it away."""
    for name in files.keys() - {MANIFEST}:
        files = _with(files, name, old.sub(new, files[name]))
    return files


def _with(files: Files, name: str, text: str) -> Files:
    """With another text of a file, and nothing that would give it away."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"][name] |= {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "queries": text.count("(check-sat)\n"),
    }
    return files | {name: text, MANIFEST: manifest_text(manifest)}


class _Checking:
    """Checks certificates of one system, which is read once."""

    def __init__(self, system: System) -> None:
        self._system, self._reading = system, read_system(system)

    def checked(self, files: Files) -> Checked | Exception:
        with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
            place = Path(folder, "certificates")
            write_folder(((name, text.encode()) for name, text in files.items()), place)
            try:
                return check_certificates(place, self._system, self._reading)
            except (Rejected, Disagreement) as error:
                return error

    def accepts(self, files: Files) -> bool:
        said = self.checked(files)
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


@step_property("INV-BOLUS-903", says="No pulse is the last.", formalizes=pump.GIVE)
def never_the_last(before: pump.Pump, outputs: pump.Outputs) -> bool:
    """False only of the second of two rows that give a pulse."""
    return outputs.drive_pulses == 0 or before.remaining_pulses > 1


def what_the_second_solver_refutes() -> Iterator[str]:
    """Of several steps that have to show the same, the second solver refutes the one that does not."""
    system = replace(pump.SYSTEM, properties=(never_the_last,))
    exporter = Exporter(SymbolicSystem(system), frozenset())
    asked = [one for one in exporter.of_subject(never_the_last.id) if isinstance(one, Exported)]
    refuted = [
        one.where
        for one, said in zip(asked, second_solver.ask(asked), strict=True)
        if said is not Answer.UNSATISFIABLE
    ]
    if refuted != ["MDL-BOLUS-004"]:
        yield f"a step that gives the last pulse; it refutes {', '.join(refuted) or 'nothing'}"


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


CERTIFICATES = (
    the_checker,
    content_for_the_second_solver,
    what_the_second_solver_refutes,
    what_the_second_solver_does_not_know,
)
