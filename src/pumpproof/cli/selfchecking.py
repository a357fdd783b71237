"""The command ``selfcheck``: the toolkit's own check, and whether it notices faults of the toolkit."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from pumpproof.cli.console import standard_error, standard_output
from pumpproof.cli.edge import broken_at_the_edge
from pumpproof.cli.errors import BadInput
from pumpproof.cli.jobs import check_jobs
from pumpproof.cli.words import count
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.selfcheck.check import broken, counted
from pumpproof.verify.selfcheck.faults import FaultError, faults
from pumpproof.verify.selfcheck.mutants import mutants_at, sampled_mutants
from pumpproof.verify.selfcheck.trial import Change, Trial, try_all
from pumpproof.verify.toolkit import package_folder


@dataclass(frozen=True)
class Request:
    """What stands on the command line."""

    faults: bool
    only: tuple[str, ...]
    mutants: bool
    limit: int
    seed: int
    jobs: int


def check_toolkit(request: Request) -> int:
    """Check the toolkit, or try whether its check notices faults; returns the exit code.

    Raises:
        BadInput: the arguments do not fit together, or name a fault that is not there.
    """
    check_jobs(request.jobs)
    if request.limit < 1:
        raise BadInput(f"--limit {request.limit}: give a number, 1 or more")
    if request.faults and request.mutants:
        raise BadInput("--faults and --mutants: give one of the two")
    if request.only and not request.faults and not request.mutants:
        raise BadInput("--only is for --faults and --mutants")
    if request.faults:
        return _try_faults(request)
    return _try_mutants(request) if request.mutants else _check()


def _check() -> int:
    found = [*broken_at_the_edge(), *broken()]
    for one in found:
        standard_error().say(f"pumpproof: {one}")
    tripwires, answers = counted()
    summary = f"{count(tripwires, 'tripwire')} and {count(answers, 'known answer')}"
    if found:
        standard_output().say(f"BROKEN TOOLKIT: {count(len(found), 'finding')} in {summary}. Exit code 5.")
        return ExitCode.FAULT
    standard_output().say(f"The toolkit works: {summary}, all as they have to be. Exit code 0.")
    return ExitCode.PROVED


def _try_faults(request: Request) -> int:
    try:
        chosen = faults(request.only)
        for one in chosen:
            one.place(package_folder())
    except FaultError as error:
        raise BadInput(str(error)) from error
    trials = _tried([Change(one.id, one.says, one.put_into) for one in chosen], request.jobs)
    standard_output().show(_table(trials, "FAULT"))
    missed = [one for one in trials if not one.detected]
    outcome = f"{len(trials) - len(missed)} of {count(len(trials), 'fault')} detected"
    if missed:
        standard_output().say(f"NOT DETECTED: {', '.join(one.id for one in missed)}; {outcome}. Exit code 5.")
        return ExitCode.FAULT
    standard_output().say(f"{outcome}. Exit code 0.")
    return ExitCode.PROVED


def _try_mutants(request: Request) -> int:
    try:
        chosen = mutants_at(request.only) or sampled_mutants(request.limit, request.seed)
    except FaultError as error:
        raise BadInput(str(error)) from error
    trials = _tried([Change(one.id, one.says, one.put_into) for one in chosen], request.jobs)
    missed = [one for one in trials if not one.detected]
    if missed:
        standard_output().show(_table(missed, "SURVIVOR"))
    noticed = len(trials) - len(missed)
    standard_output().say(f"{noticed} of {count(len(trials), 'mutant')} detected, {len(missed)} survive.")
    return ExitCode.UNDECIDED if missed else ExitCode.PROVED


def _tried(changes: Sequence[Change], jobs: int) -> tuple[Trial, ...]:
    errors = standard_error()
    done: list[str] = []

    def finished(trial: Trial) -> None:
        done.append(trial.id)
        errors.say(
            f"{len(done)} of {len(changes)}: {trial.id} {'detected' if trial.detected else 'NOT DETECTED'}"
        )

    try:
        return try_all(changes, jobs, finished)
    except FaultError as error:
        raise BadInput(str(error)) from error


def _table(trials: Sequence[Trial], heading: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    for name in (heading, "SAYS", "DETECTED BY"):
        table.add_column(name, no_wrap=name == heading, overflow="fold")
    for one in trials:
        table.add_row(Text(one.id), Text(one.says), Text(one.detected_by or "nothing"))
    return table
