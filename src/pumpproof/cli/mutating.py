"""The command ``mutate``: faults in the rows of a system, one at a time, and what becomes of each."""

import gc
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from pumpproof.cli.console import standard_error, standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.files import check_writable, write_whole
from pumpproof.cli.jobs import check_jobs
from pumpproof.cli.progress import ProgressReport
from pumpproof.cli.report import duration, table
from pumpproof.cli.system import load_system
from pumpproof.cli.verifying import verified
from pumpproof.cli.words import count, did_you_mean
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.types import UnsupportedType
from pumpproof.verify.mutation import report
from pumpproof.verify.mutation.accepted import Acceptance, BadAcceptance, Review, read_accepted, review
from pumpproof.verify.mutation.baseline import SharedFunction, baseline_of
from pumpproof.verify.mutation.campaign import Result, run_campaign
from pumpproof.verify.mutation.fates import Fate
from pumpproof.verify.mutation.fates import count as count_fates
from pumpproof.verify.mutation.mutants import Mutant, mutants_of
from pumpproof.verify.proof.pool import can_fork
from pumpproof.verify.results.exits import ExitCode


@dataclass(frozen=True)
class Request:
    """What stands on the command line."""

    system: str
    only: tuple[str, ...]
    limit: int | None
    jobs: int
    json: Path | None
    accepted: Path | None
    list: bool


def mutate_and_report(request: Request) -> int:
    """Try the mutants, write the record if it was asked for, print the report; returns the exit code.

    Raises:
        BadInput: something on the command line, in the system or in the accepted survivors can not be used.
    """
    check_jobs(request.jobs)
    if request.limit is not None and request.limit < 1:
        raise BadInput(f"--limit {request.limit}: give a number, 1 or more")
    if request.json is not None:
        check_writable(request.json, "--json")
    acceptances = _accepted(request.accepted)
    system = load_system(request.system)
    try:
        mutants = chosen(mutants_of(system), request.only, request.limit)
    except (OutsideSubset, UnsupportedType) as error:
        raise BadInput(str(error)) from error
    if request.list:
        standard_output().show(*(Text(_in_one_line(mutant)) for mutant in mutants))
        return ExitCode.PROVED
    if not can_fork():
        raise BadInput("mutate needs a system that can fork processes, such as Linux or macOS")
    started = time.perf_counter()
    results = _tried(system, mutants, request.jobs)
    found = review(results, acceptances, datetime.now(UTC).date())
    if request.json is not None:
        content = json.dumps(report.as_data(system, results, found), indent=2) + "\n"
        write_whole(request.json, content, "--json")
    standard_output().show(*_report(system, results, found, time.perf_counter() - started))
    return report.exit_code(results, found)


def chosen(mutants: Sequence[Mutant], only: Sequence[str], limit: int | None) -> tuple[Mutant, ...]:
    """The mutants of these files, functions or rows, at most ``limit``.

    Raises:
        BadInput: one of ``only`` names no mutant.
    """
    places = dict.fromkeys(name for mutant in mutants for name in (mutant.file.name, mutant.place))
    for place in only:
        if place not in places:
            files = ", ".join(dict.fromkeys(mutant.file.name for mutant in mutants))
            raise BadInput(
                f"--only {place}: names no mutant.{did_you_mean(place, places)} "
                f"Write FILE or FILE/FUNCTION; the files are {files}"
            )
    selected = [m for m in mutants if not only or m.file.name in only or m.place in only]
    return tuple(selected[:limit])


def _accepted(path: Path | None) -> tuple[Acceptance, ...]:
    try:
        return () if path is None else read_accepted(path)
    except BadAcceptance as error:
        raise BadInput(f"--accepted {error}") from error


def _tried(system: System, mutants: Sequence[Mutant], jobs: int) -> tuple[Result, ...]:
    try:
        base = baseline_of(system, verified(system, ()))
    except SharedFunction as error:
        raise BadInput(str(error)) from error
    if not base.proved:
        raise BadInput(
            f"nothing is proved of system {system.name}, so nothing can notice a fault; verify it first"
        )
    gc.freeze()  # what is here stays, and is not to be looked through in every attempt
    try:
        with ProgressReport(standard_error(), "mutants") as progress:
            return run_campaign(base, mutants, jobs, progress)
    finally:
        gc.unfreeze()


def _in_one_line(mutant: Mutant) -> str:
    place = f"{mutant.file.name}:{mutant.line}"
    return f"{mutant.id}  {place}  {mutant.operator.value}: {mutant.difference}"


def _report(
    system: System, results: Sequence[Result], found: Review, seconds: float
) -> Iterator[RenderableType]:
    yield Text(
        f"{system.name}: {count(len(results), 'mutant')} of its rows and of the functions that they run"
    )
    for fate in (Fate.FAULT, Fate.UNDECIDED, Fate.PROOF_LOST, Fate.SURVIVED):
        of_fate = [one for one in results if one.outcome.fate is fate]
        if of_fate:
            yield Text(f"\n{fate.value} ({len(of_fate)})", style="bold")
        for one in of_fate:
            yield Padding(Text("\n".join(_described(one, found))), (0, 0, 0, 2))
    yield Text("")
    figures = table("FATE", "MUTANTS")
    for fate, number in count_fates([one.outcome for one in results]).items():
        if number:
            figures.add_row(fate.value, str(number))
    yield figures
    yield Text("")
    for problem in found.problems:
        yield Text(f"accepted survivors: {problem}", style="bold yellow")
    yield from _conclusion(results, found, seconds)


def _described(one: Result, found: Review) -> Iterator[str]:
    mutant, outcome = one.mutant, one.outcome
    yield f"{mutant.id}  {mutant.file.name}:{mutant.line}  {mutant.operator.value}"
    yield f"    {mutant.difference}"
    if outcome.by:
        yield f"    by {', '.join(outcome.by)}"
    if outcome.reason:
        yield f"    {outcome.reason.splitlines()[-1]}"
    if outcome.fate is Fate.SURVIVED:
        written = (
            f"its rows write {', '.join(outcome.writes)}"
            if outcome.writes
            else "its rows write nothing that counts"
        )
        yield f"    fingerprint {mutant.fingerprint}; {written}"
        if mutant.id in found.accepted:
            yield "    accepted: no safety effect"


def _conclusion(results: Sequence[Result], found: Review, seconds: float) -> Iterator[Text]:
    rate = 60 * len(results) / seconds if seconds else 0
    yield Text(f"{len(results)} mutants in {duration(seconds)}, {rate:.0f} a minute")
    born = [one for one in results if one.outcome.fate not in (Fate.STILLBORN, Fate.EQUIVALENT)]
    yield Text(
        f"of {len(born)} that are other machines: {report.killed(results)} killed by a run that breaks a requirement's "
        f"property; {report.noticed_by_requirement(results)} with those that cost such a property its proof"
    )
    code = report.exit_code(results, found)
    open_ = report.gaps(results, found)
    accepted = f", {len(found.accepted)} accepted, not killed" if found.accepted else ""
    style = "bold green" if code is ExitCode.PROVED else "bold red"
    said = "NO MUTANT SURVIVES" if not open_ else f"{count(len(open_), 'mutant').upper()} NOT NOTICED"
    yield Text.assemble((f"{said}{accepted}", style), f". Exit code {int(code)}.")
