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
from pumpproof.verify.proof.symbolic import SymbolicSystem, WrittenMode
from pumpproof.verify.proof.verdicts import Discharge, Situation, Verdict
from pumpproof.verify.record import CheckResult, PropertyResult, Verification
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.counterexample import find_counterexamples
from pumpproof.verify.search.guided import Goals, explore
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import VIOLATION, Found
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper, Watched, broken

RUNS = "runs"
"""File of the runs that are known of the unchanged system."""


@dataclass(frozen=True)
class Trial:
    """What to verify: ``system`` as ``module:NAME``, with ``module`` (none, if empty) loaded from ``file``.

    ``folder`` holds what is known of the unchanged system: obligations that were discharged, and runs. The trial of
    the unchanged system (without ``module``) writes it, and no other trial may run beside that one. ``uses`` names a
    function, as ``module:NAME``, that gives further runs.
    """

    system: str
    folder: str
    uses: str = ""
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


def named(name: str) -> Any:
    """What is called ``module:NAME``.

    Raises:
        ValueError: the name has another form.
        ImportError: there is no such module.
    """
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise ValueError(f"{name!r} does not name a system; write module:NAME")
    return getattr(import_module(module), attribute, None)


def system_named(name: str) -> System:
    """The system called ``module:NAME``.

    Raises:
        ValueError: the name has another form, or stands for something else.
        ImportError: there is no such module.
    """
    found = named(name)
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
    except (OutsideSubset, BindingError, WrittenMode) as error:
        return Finding(rejected=f"{type(error).__name__}: {error}")


def _of_unchanged(system: System, trial: Trial) -> Finding:
    cache = _cache(trial)
    found = verify_system(system, Request(), cache=cache)
    cache.save()
    runs = (*runs_of(found), *(named(trial.uses)() if trial.uses else ()))
    (Path(trial.folder) / RUNS).write_bytes(pickle.dumps(runs))
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
        """Properties of a role that a run was found for, one at least if any was, with its length in events."""
        candidates = self._candidates(role)
        open_ = [known for known in candidates if known.id in self.broken]
        return self._known(candidates) or (self._searched(open_) if open_ else {})

    def _known(self, candidates: Sequence[Property]) -> dict[str, int]:
        """The first run that is known which breaks one of the candidates."""
        system = self.symbolic.system
        for limits in dict.fromkeys(run.limits for run in self.runs):
            stepper, specification = Stepper(system, limits), Specification(system, limits)
            watched = [specification.watched[known.id] for known in candidates]
            for run in (run for run in self.runs if run.limits == limits):
                found = _first_broken(stepper, specification, watched, run)
                if found is not None:
                    (confirmed,) = confirm(system, limits, [found])
                    return {found.name: len(confirmed.run)}
        return {}

    def _searched(self, candidates: Sequence[Property]) -> dict[str, int]:
        """The search of a verification: for what is not proved itself, not for what rests on it."""
        first = self.runs[0]
        known_run = replace(explore(self.symbolic, first.limits, Goals(), steps=0), reached={"": first})
        found = find_counterexamples(
            self.symbolic, {known.id: self._situation(known) for known in candidates}, known_run
        )
        return {known.id: len(found[known.id].run) for known in candidates if known.id in found}

    def _situation(self, known: Property) -> Situation | None:
        failures = self.discharges[known.id].failures
        return next((one.situation for one in failures if one.situation is not None), None)

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


def _first_broken(
    stepper: Stepper, specification: Specification, watched: Sequence[Watched], run: Run
) -> Found | None:
    """The run up to the first step that breaks one of the properties; None if none does, or a step is undefined."""
    needed = specification.needed(watched)
    state = stepper.system.initial(run.limits)
    ghosts = specification.opened(state, needed)
    events: list[Any] = []
    for event in run.events():
        events.append(event)
        try:
            taken = stepper.step(state, event)
            facts = specification.facts(taken, ghosts)
            ghosts = specification.advance(facts, type(event), ghosts, needed)
            facts_after = specification.facts_of_state(taken.after, ghosts)
            for one in watched:
                if one.of_step() and one.event not in (None, type(event)):
                    continue
                if broken(one, facts if one.of_step() else facts_after):
                    parts = Run.of(run.limits, events).parts
                    return Found(VIOLATION, one.property.id, tuple(Stretch(e, count) for e, count in parts))
        except CAN_RAISE:
            return None
        state = taken.after
    return None


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
