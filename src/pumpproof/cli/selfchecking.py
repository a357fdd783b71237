"""The command ``selfcheck``: the toolkit's own check, and whether it notices faults of the toolkit."""

import contextlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from pumpproof.cli.console import Output, standard_error, standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.words import count
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.selfcheck.check import Broken, broken, counted
from pumpproof.verify.selfcheck.faults import FaultError, faults
from pumpproof.verify.selfcheck.mutants import sampled_mutants
from pumpproof.verify.selfcheck.trial import Change, Trial, try_all


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
    if request.jobs < 1 or request.limit < 1:
        raise BadInput("--jobs and --limit: give 1 or more")
    if request.faults and request.mutants:
        raise BadInput("--faults and --mutants: give one of the two")
    if request.only and not request.faults:
        raise BadInput("--only is for --faults")
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
    chosen = sampled_mutants(request.limit, request.seed)
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
        errors.say(f"{len(done)} of {len(changes)}: {trial.id} {'detected' if trial.detected else 'NOT DETECTED'}")

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


def broken_at_the_edge() -> Iterator[Broken]:
    """What the command line gets wrong: exit codes, the report and the record of a system that is not proved."""
    from pumpproof.cli import main
    from pumpproof.cli.verifying import Request as Verify
    from pumpproof.cli.verifying import finish
    from pumpproof.verify.results.trace import Traces
    from pumpproof.verify.run import Request as Asked
    from pumpproof.verify.run import verify_system
    from pumpproof.verify.selfcheck.answers import STEPS
    from pumpproof.verify.selfcheck.systems import wrong

    for name, error, expected in (
        ("an unexpected error", RuntimeError("known"), ExitCode.FAULT),
        ("bad input", BadInput("known"), ExitCode.INPUT),
    ):
        with contextlib.redirect_stderr(io.StringIO()):
            code = main.guarded(_raising(error))
        if code != expected:
            yield Broken("exit code", f"{name} gives {code}; expected {int(expected)}")
    found = verify_system(wrong.NO_ROW, Asked(steps=STEPS))
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = finish(Verify("known", (), (), 1, None, None, use_cache=False), found, "")
    if code != ExitCode.REFUTED or "Exit code 1." not in said.getvalue() or "ALL PROVED" in said.getvalue():
        yield Broken("report", f"a system that is not proved ends with code {code}")
    lines = said.getvalue().splitlines()
    for one in found.properties:
        if not any(one.property.id in line and f" {one.verdict.value}" in line for line in lines):
            yield Broken("report", f"{one.property.id} is {one.verdict.value}, and it does not say so")
    yield from _broken_records(found, Traces.of(found))


def _raising(error: Exception):  # type: ignore[no-untyped-def]
    def action() -> int:
        raise error

    return action


def _broken_records(found, traces) -> Iterator[Broken]:  # type: ignore[no-untyped-def]
    from pumpproof.verify.results.document import Circumstances, canonical, document

    text = canonical(document(found, traces, Circumstances("", "", "", ""), "known", ()))
    recorded = {one["id"]: one["verdict"] for one in json.loads(text)["properties"]}
    for one in found.properties:
        if recorded.get(one.property.id) != one.verdict.value:
            yield Broken("record", f"{one.property.id} is {one.verdict.value}; recorded {recorded.get(one.property.id)}")


__all__ = ["Output", "Request", "broken_at_the_edge", "check_toolkit"]
