"""The command ``verify``: from a request to a report, files and an exit code."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pumpproof.cli.commands import tool_version
from pumpproof.cli.console import standard_error, standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.files import check_writable, same_file, write_whole
from pumpproof.cli.jobs import check_jobs
from pumpproof.cli.progress import ProgressReport
from pumpproof.cli.report import report
from pumpproof.cli.system import load_profiles, load_system
from pumpproof.cli.words import did_you_mean
from pumpproof.spec.kernel.binding import BindingError
from pumpproof.spec.kernel.profiles import Profile, ProfileError
from pumpproof.statemachine.kernel.machine import InvalidLimits
from pumpproof.statemachine.kernel.system import InvalidSystem, System
from pumpproof.verify import run
from pumpproof.verify.engines.engine import Budget
from pumpproof.verify.engines.portfolio import NAMES, engines_named
from pumpproof.verify.explaining.explanation import explain
from pumpproof.verify.junit import junit
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.types import UnsupportedType
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof.cache import FileCache, NoCache, default_path
from pumpproof.verify.proof.cluster import ClusterError, OnCluster
from pumpproof.verify.proof.cores import CoreMemory
from pumpproof.verify.proof.pool import Workers
from pumpproof.verify.proof.symbolic import WrittenMode, WrittenRefusal
from pumpproof.verify.record import Verification
from pumpproof.verify.results.document import Circumstances, canonical, document
from pumpproof.verify.results.left_out import LeftOut
from pumpproof.verify.results.outcome import exit_code
from pumpproof.verify.results.trace import Traces
from pumpproof.verify.search.memory import RunMemory

INPUT_ERRORS = (
    BindingError,
    ClusterError,
    InvalidLimits,
    InvalidSystem,
    OutsideSubset,
    ProfileError,
    UnsupportedType,
    WrittenMode,
    WrittenRefusal,
    run.UnknownProperty,
)
"""What is wrong with the system or the request, not with the toolkit."""


@dataclass(frozen=True)
class Request:
    """What stands on the command line."""

    system: str
    profiles: tuple[str, ...]
    only: tuple[str, ...]
    jobs: int
    json: Path | None
    junit: Path | None
    use_cache: bool
    cores: bool = False
    cluster: str | None = None
    engine: str = "induction"
    find_lemmas: bool = False


def verify_and_report(request: Request) -> int:
    """Verify, write the files that were asked for, print the report; returns the exit code.

    Raises:
        BadInput: something on the command line, in the system or in a profile can not be used.
    """
    started = datetime.now(UTC).isoformat(timespec="seconds")
    check_jobs(request.jobs)
    if request.cluster is not None and request.jobs != 1:
        raise BadInput("--jobs is for this machine and --cluster for others; give one of the two")
    for path, option in ((request.json, "--json"), (request.junit, "--junit")):
        if path is not None:
            check_writable(path, option)
    if request.json is not None and request.junit is not None and same_file(request.json, request.junit):
        raise BadInput(f"--json and --junit both name {request.junit}; give each a file of its own")
    if request.engine not in NAMES:
        raise BadInput(f"--engine {request.engine}: there is no such engine; there are {', '.join(NAMES)}")
    system = load_system(request.system)
    profiles = load_profiles(system, request.profiles)
    verification = verified(
        system,
        request.only,
        profiles.judged,
        request.jobs,
        request.use_cache,
        request.cores,
        None if request.cluster is None else OnCluster(request.cluster, request.system),
        request.engine,
    )
    code = finish(request, verification, started, profiles.left_out)
    if request.find_lemmas:
        from pumpproof.cli.lemmas import propose_lemmas

        propose_lemmas(verification, Budget())
    return code


def finish(
    request: Request, verification: Verification, started: str, left_out: Sequence[LeftOut] = ()
) -> int:
    """Write and print what was found; files first, so that they are whole even if nobody reads the report.

    Raises:
        BadInput: a file can not be written.
        ReplayMismatch: a counterexample does not break its property in the running machine.
    """
    traces = Traces.of(verification)
    explanations = explain(verification, traces) if request.json or request.junit else {}
    if request.json is not None:
        circumstances = Circumstances(
            started, platform.node(), platform.platform(), platform.python_version()
        )
        content = document(verification, traces, circumstances, tool_version(), left_out, explanations)
        write_whole(request.json, canonical(content), "--json")
    if request.junit is not None:
        write_whole(request.junit, junit(verification, traces, explanations), "--junit")
    for incident in verification.incidents:
        standard_error().say(f"note: {incident}")
    standard_output().show(*report(verification, traces, left_out))
    return exit_code(verification)


def verified(
    system: System,
    only: Sequence[str],
    profiles: tuple[Profile[Any], ...] = (),
    jobs: int = 1,
    use_cache: bool = True,
    cores: bool = False,
    workers: Workers | None = None,
    engine: str = "induction",
) -> Verification:
    """Verify with progress on standard error and the obligations of earlier runs at hand.

    Raises:
        BadInput: an id can not be used, or the system's code can not be read.
    """
    check_ids(system, only)
    engines = engines_named(engine)
    asked = run.Request(tuple(dict.fromkeys(only)), profiles, jobs, cores=cores, engines=engines)
    cache = cache_of(system.name, use_cache)
    memory = RunMemory(default_path(system.name, "runs.json")) if use_cache else None
    core_memory = CoreMemory(default_path(system.name, "cores.json") if use_cache else None)
    with ProgressReport(standard_error()) as progress:
        try:
            verification = run.verify_system(
                system,
                asked,
                cache=cache,
                memory=memory,
                core_memory=core_memory,
                workers=workers,
                progress=progress,
            )
        except INPUT_ERRORS as error:
            raise BadInput(str(error)) from error
    _require_working(use_cache)
    for one in (cache, memory, core_memory):
        if isinstance(one, FileCache | RunMemory | CoreMemory):
            _save(one)
    return verification


def cache_of(name: str, use_cache: bool) -> FileCache | NoCache:
    """The obligations of earlier runs of a system, or nothing."""
    return FileCache(default_path(name), SOLVER) if use_cache else NoCache()


def _require_working(use_cache: bool) -> None:
    """Ask the toolkit what is known, once for each content of it, before anything that it said is shown or kept."""
    from pumpproof.cli.edge import broken_at_the_edge
    from pumpproof.verify.selfcheck.check import require_working

    try:
        require_working(default_path("toolkit", "checked") if use_cache else None, broken_at_the_edge)
    except OSError as error:
        standard_error().say(
            f"that the toolkit was checked can not be remembered ({error}); it is checked again"
        )


def _save(cache: FileCache | RunMemory | CoreMemory) -> None:
    """A cache that can not be written costs time the next time, and nothing else."""
    try:
        cache.save()
    except OSError as error:
        standard_error().say(f"the cache was not written ({error}); set PUMPPROOF_CACHE to a folder of yours")


def check_ids(system: System, only: Sequence[str]) -> None:
    """See that ``--only`` names properties.

    Raises:
        BadInput: an id is none.
    """
    properties = [known.id for known in system.properties]
    for identifier in only:
        if identifier in properties:
            continue
        others = {
            **{entry.id: "an entry of the table" for entry in system.table},
            **{requirement.id: "a requirement" for requirement in system.requirements},
            **{condition.id: "a condition of valid limits" for condition in system.conditions},
        }
        if identifier in others:
            formalize = [known.id for known in system.properties if identifier in known.formalizes]
            hint = f"; it is formalised by {', '.join(formalize)}" if formalize else ""
            raise BadInput(
                f"--only {identifier}: this is {others[identifier]}, and only properties are proved{hint}"
            )
        raise BadInput(
            f"--only {identifier}: system {system.name} has no such property."
            f"{did_you_mean(identifier, properties)} `pumpproof list` shows all."
        )
