"""One trial: verify a system, with one of its modules replaced by a mutant, in a process of its own.

The process reads a ``Trial`` as JSON from standard input and writes a ``Finding`` as JSON to standard output.
"""

import json
import pickle
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from pumpproof.spec.kernel.binding import BindingError
from pumpproof.spec.kernel.properties import Kind, Property, Role
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.judge import rests_on, upheld
from pumpproof.verify.language.reader import OutsideSubset
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof.cache import FileCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem, WrittenMode, WrittenRefusal
from pumpproof.verify.proof.verdicts import Discharge, Verdict
from pumpproof.verify.record import CheckResult, PropertyResult, Verification
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.counterexample import find_counterexamples
from pumpproof.verify.search.guided import Goals, explore
from pumpproof.verify.search.run import Run

RUNS = "runs"
"""File of the runs that are known of the unchanged system."""


@dataclass(frozen=True)
class Trial:
    """What to verify: ``system`` as ``module:NAME``, with ``module`` (none, if empty) loaded from ``file``.

    ``folder`` holds what is known of the unchanged system: obligations that were discharged, and runs. The trial of
    the unchanged system (without ``module``) writes it, and no other trial may run beside that one.
    """

    system: str
    folder: str
    module: str = ""
    file: str = ""


@dataclass(frozen=True)
class Finding:
    """What a trial found.

    ``proved`` are the properties and checks whose verdict is so; ``open`` those of which an obligation of their own
    is not discharged. ``refuted`` says for a property how many events a run has that breaks it, replayed in the
    running machine. ``reasons`` is by property and check. ``rejected`` says why the system could not be built or read,
    ``fault`` what failed in the tool.
    """

    proved: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    refuted: dict[str, int] = field(default_factory=dict)
    vacuous: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    rejected: str = ""
    fault: str = ""

    @staticmethod
    def from_json(text: str) -> "Finding":
        """A finding as a trial writes it."""
        data: dict[str, Any] = json.loads(text)
        for name, value in data.items():
            data[name] = tuple(value) if isinstance(value, list) else value
        return Finding(**data)


def finding_of(found: Verification) -> Finding:
    """The part of a verification that a campaign judges by."""
    of_properties = [(result.property.id, result) for result in found.properties]
    results: list[tuple[str, PropertyResult | CheckResult]] = [
        *of_properties,
        *((check.name, check) for check in found.checks),
    ]
    return Finding(
        proved=tuple(name for name, result in results if result.verdict is Verdict.PROVED),
        open=(
            *(name for name, result in of_properties if result.situation is not None),
            *(check.name for check in found.checks if check.situations),
        ),
        refuted={
            name: len(result.counterexample.run)
            for name, result in of_properties
            if result.verdict is Verdict.REFUTED and result.counterexample is not None
        },
        vacuous=tuple(name for name, result in results if result.verdict is Verdict.VACUOUS),
        unreached=tuple(row.name for row in found.rows if row.reached is None),
        reasons={name: result.reason for name, result in results if result.reason},
    )


def runs_of(found: Verification) -> tuple[Run, ...]:
    """Every run that shows a row or the situation of a property, each once."""
    shown = (*(row.reached for row in found.rows), *(result.witness for result in found.properties))
    return tuple(dict.fromkeys(run for run in shown if run is not None))


class _Replacement(MetaPathFinder):
    """Loads one module from another file."""

    def __init__(self, module: str, file: str) -> None:
        self._module = module
        self._file = file

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_file_location(fullname, self._file) if fullname == self._module else None


def system_named(name: str) -> System:
    """The system called ``module:NAME``.

    Raises:
        ValueError: the name has another form, or stands for something else.
        ImportError: there is no such module.
    """
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise ValueError(f"{name!r} does not name a system; write module:NAME")
    found = getattr(import_module(module), attribute, None)
    if not isinstance(found, System):
        raise ValueError(f"{name!r} is not a System; write module:NAME")  # noqa: TRY004 -- the name is wrong
    return found


def try_out(trial: Trial) -> Finding:
    """Carry out a trial in this process, which must not have loaded the module to be replaced."""
    if trial.module:
        assert trial.module not in sys.modules, f"{trial.module} was loaded before it was replaced"
        sys.meta_path.insert(0, _Replacement(trial.module, trial.file))
    try:
        system = system_named(trial.system)
    except Exception as error:  # noqa: BLE001 -- a mutant can fail in any way when it is imported
        return Finding(rejected=f"{type(error).__name__}: {error}")
    try:
        return _of_mutant(system, trial) if trial.module else _of_unchanged(system, trial)
    except (OutsideSubset, BindingError, WrittenMode, WrittenRefusal) as error:
        return Finding(rejected=f"{type(error).__name__}: {error}")


def _of_unchanged(system: System, trial: Trial) -> Finding:
    cache = _cache(trial)
    found = verify_system(system, Request(), cache=cache)
    cache.save()
    (Path(trial.folder) / RUNS).write_bytes(pickle.dumps(runs_of(found)))
    return finding_of(found)


def _of_mutant(system: System, trial: Trial) -> Finding:
    """First what can be proved. If all can, the whole verification follows; else runs that break what can not.

    The search is that of a verification. It begins with the runs that show something of the unchanged system, asks
    requirements before lemmas, and ends with the first property that a run breaks.
    """
    loaded = sys.modules[trial.module].__file__ if trial.module in sys.modules else "nothing"
    assert loaded == trial.file, f"{trial.module} was loaded from {loaded}, not from {trial.file}"
    symbolic = SymbolicSystem(system)
    prover, obligations = Prover(symbolic, _cache(trial)), Obligations(symbolic)
    ids = [known.id for known in system.properties]
    discharges = discharge_all(obligations, ids, prover, 1, _no_progress)
    broken = tuple(name for name in ids if not discharges[name].proved)
    proved = tuple(name for name in ids if name not in broken)
    runs: tuple[Run, ...] = pickle.loads((Path(trial.folder) / RUNS).read_bytes())
    search = _Search(symbolic, discharges, broken, runs)
    refuted = search.first(Role.SAFETY) or search.first(Role.ACCEPTANCE)
    if refuted:
        return Finding(proved, broken, refuted)
    invariants = {known.id for known in system.properties if known.kind is Kind.INVARIANT}
    obligations = obligations.relying_on(upheld(system.properties, discharges).intersection(invariants))
    checks = discharge_all(obligations, (TABLE, CODE), prover, 1, _no_progress)
    broken += tuple(name for name in checks if not checks[name].proved)
    if broken:
        return Finding(proved, broken, search.first(Role.LEMMA))
    return finding_of(verify_system(system, Request(), cache=_cache(trial)))


@dataclass(frozen=True)
class _Search:
    """Searches runs that break properties, and begins with runs that show something of the unchanged system."""

    symbolic: SymbolicSystem
    discharges: dict[str, Discharge]
    broken: tuple[str, ...]
    runs: tuple[Run, ...]

    def first(self, role: Role) -> dict[str, int]:
        """The properties of a role that a run was found for, each with the length of the run."""
        candidates = self._candidates(role)
        unproved = [known for known in candidates if known.id in self.broken]
        situations = {
            known.id: next(
                (one.situation for one in self.discharges[known.id].failures if one.situation is not None),
                None,
            )
            for known in unproved or candidates
        }
        limits = self.runs[0].limits
        nothing = explore(self.symbolic, limits, Goals(), steps=0)
        known_runs = replace(nothing, reached={str(number): run for number, run in enumerate(self.runs)})
        found = (
            find_counterexamples(self.symbolic, situations, known_runs, shortest=False) if situations else {}
        )
        return {identifier: len(one.run) for identifier, one in found.items()}

    def _candidates(self, role: Role) -> list[Property]:
        """Properties that a run may break: those not proved, then those that rest on one of them."""
        properties = self.symbolic.system.properties
        by_id = {known.id: known for known in properties}
        shaken = [
            known
            for known in properties
            if known.role is role
            and (known.id in self.broken or not set(self.broken).isdisjoint(rests_on(known, by_id)))
        ]
        return sorted(shaken, key=lambda known: known.id not in self.broken)


def _no_progress(subject: str) -> None:
    """Show nothing."""


def _cache(trial: Trial) -> FileCache:
    return FileCache(Path(trial.folder) / "obligations", SOLVER)


def main() -> None:
    """Carry out the trial on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the campaign ends its trials itself
    sys.dont_write_bytecode = True
    trial = Trial(**json.loads(sys.stdin.read()))
    try:
        finding = try_out(trial)
    except Exception:  # noqa: BLE001 -- whatever fails is reported with the mutant on which it failed
        finding = Finding(fault=traceback.format_exc())
    sys.stdout.write(json.dumps(asdict(finding)))


if __name__ == "__main__":
    main()
