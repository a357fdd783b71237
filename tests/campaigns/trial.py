"""One trial: verify a system, with one of its modules replaced by a mutant, in a process of its own.

The process reads a ``Trial`` as JSON from standard input and writes a ``Finding`` as JSON to standard output.
"""

import json
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from pumpproof.spec.kernel.binding import BindingError
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.language.reader import OutsideSubset
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof.cache import FileCache
from pumpproof.verify.proof.symbolic import WrittenMode
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import CheckResult, PropertyResult, Verification
from pumpproof.verify.run import Request, verify_system


@dataclass(frozen=True)
class Trial:
    """What to verify: ``system`` as ``module:NAME``, with ``module`` (none, if empty) loaded from ``file``.

    ``cache`` holds obligations that were discharged before; ``seeds`` says that this trial is to fill it. Only one
    trial may do so, and no other may run beside it.
    """

    system: str
    cache: str
    seeds: bool = False
    module: str = ""
    file: str = ""


@dataclass(frozen=True)
class Finding:
    """What a trial found.

    ``verdicts`` and ``reasons`` are by property id and by name of check. ``open`` names those of which an obligation
    of their own could not be discharged, ``refuted`` the properties that a replayed run of the machine breaks, with
    its length in events. ``rejected`` says why the system could not be built or read, ``fault`` what failed in
    the tool.
    """

    verdicts: dict[str, str]
    reasons: dict[str, str]
    open: tuple[str, ...]
    refuted: dict[str, int]
    unreached: tuple[str, ...]
    seconds: dict[str, float]
    rejected: str = ""
    fault: str = ""


def finding_of(found: Verification) -> Finding:
    """The part of a verification that a campaign judges by."""
    of_properties = [(result.property.id, result) for result in found.properties]
    of_checks = [(check.name, check) for check in found.checks]
    results: list[tuple[str, PropertyResult | CheckResult]] = [*of_properties, *of_checks]
    return Finding(
        verdicts={name: result.verdict.value for name, result in results},
        reasons={name: result.reason for name, result in results},
        open=(
            *(name for name, result in of_properties if _is_open(result)),
            *(name for name, check in of_checks if check.verdict is not Verdict.PROVED),
        ),
        refuted={
            name: len(result.counterexample.run)
            for name, result in of_properties
            if result.verdict is Verdict.REFUTED and result.counterexample is not None
        },
        unreached=tuple(row.name for row in found.rows if row.reached is None),
        seconds=found.seconds,
    )


def _is_open(result: PropertyResult) -> bool:
    """An obligation of the property itself is not discharged; one that merely rests on such a property is not open."""
    undecided = result.reason.startswith("the solver")
    return result.verdict is not Verdict.PROVED and (result.situation is not None or undecided)


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
        return _nothing(rejected=f"{type(error).__name__}: {error}")
    if trial.module:
        loaded = sys.modules[trial.module].__file__ if trial.module in sys.modules else "nothing"
        assert loaded == trial.file, f"{trial.module} was loaded from {loaded}, not from {trial.file}"
    cache = FileCache(Path(trial.cache), SOLVER)
    try:
        found = verify_system(system, Request(), cache=cache)
    except (OutsideSubset, BindingError, WrittenMode) as error:
        return _nothing(rejected=f"{type(error).__name__}: {error}")
    if trial.seeds:
        cache.save()
    return finding_of(found)


def _nothing(*, rejected: str = "", fault: str = "") -> Finding:
    return Finding({}, {}, (), {}, (), {}, rejected, fault)


def finding_from(text: str) -> Finding:
    """A finding from its JSON."""
    data: dict[str, Any] = json.loads(text)
    return Finding(**data | {"open": tuple(data["open"]), "unreached": tuple(data["unreached"])})


def main() -> None:
    """Carry out the trial on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the campaign ends its trials itself
    sys.dont_write_bytecode = True
    trial = Trial(**json.loads(sys.stdin.read()))
    try:
        finding = try_out(trial)
    except Exception:  # noqa: BLE001 -- whatever fails is reported with the mutant on which it failed
        finding = _nothing(fault=traceback.format_exc())
    sys.stdout.write(json.dumps(asdict(finding)))


if __name__ == "__main__":
    main()
