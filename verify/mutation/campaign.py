"""A campaign: every mutant in a process of its own, forked from one that holds the verified system ready.

Each attempt begins from the same memory, so its outcome depends neither on the others nor on how many run at a time.
"""

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from pumpproof.verify.mutation.attempt import attempt
from pumpproof.verify.mutation.baseline import Baseline
from pumpproof.verify.mutation.fates import Fate, Outcome
from pumpproof.verify.mutation.mutants import Mutant

TIME_LIMIT_S = 600.0
"""Wall-clock limit of one attempt, many times what the slowest takes; one that reaches it is undecided."""

Done = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Result:
    """A mutant and what became of it."""

    mutant: Mutant
    outcome: Outcome


@dataclass
class _Running:
    number: int
    process: ForkProcess
    ends_at: float


def run_campaign(
    base: Baseline,
    mutants: Sequence[Mutant],
    jobs: int,
    done: Done,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    tried: Callable[[Baseline, Mutant], Outcome] = attempt,
) -> tuple[Result, ...]:
    """Try every mutant, ``jobs`` at a time; results come in the order of the mutants. No process is left behind."""
    outcomes: dict[int, Outcome] = {}
    for number, outcome in _outcomes(base, mutants, jobs, time_limit_s, tried):
        outcomes[number] = outcome
        done(len(outcomes), len(mutants), mutants[number].id)
    return tuple(Result(mutant, outcomes[number]) for number, mutant in enumerate(mutants))


def _outcomes(
    base: Baseline,
    mutants: Sequence[Mutant],
    jobs: int,
    time_limit_s: float,
    tried: Callable[[Baseline, Mutant], Outcome],
) -> Iterator[tuple[int, Outcome]]:
    waiting = list(reversed(range(len(mutants))))
    with _children() as running:
        while waiting or running:
            while waiting and len(running) < jobs:
                number = waiting.pop()
                ours, process = _fork(base, mutants[number], tried)
                running[ours] = _Running(number, process, time.monotonic() + time_limit_s)
            timeout = max(0.0, min(one.ends_at for one in running.values()) - time.monotonic())
            answered = wait(list(running), timeout)
            now = time.monotonic()
            ready = [ours for ours in running if ours in answered]
            late = [ours for ours, one in running.items() if ours not in answered and now >= one.ends_at]
            for ours in (*ready, *late):
                one = running[ours]
                outcome = _received(ours) if ours in ready else _too_long(time_limit_s)
                _end(ours, running.pop(ours))
                yield one.number, outcome


def _fork(
    base: Baseline, mutant: Mutant, tried: Callable[[Baseline, Mutant], Outcome]
) -> tuple[Connection, ForkProcess]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, base, mutant, tried), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _child(
    theirs: Connection, base: Baseline, mutant: Mutant, tried: Callable[[Baseline, Mutant], Outcome]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the campaign ends its attempts itself
    try:
        outcome = tried(base, mutant)
    except Exception:  # noqa: BLE001 -- whatever fails is reported with the mutant on which it failed
        outcome = Outcome(Fate.FAULT, reason=traceback.format_exc().strip())
    theirs.send(outcome)
    theirs.close()
    os._exit(0)  # nothing that the parent holds is to be taken apart here


def _received(ours: Connection) -> Outcome:
    try:
        found = ours.recv()
    except EOFError:
        return Outcome(Fate.FAULT, reason="the process ended without a word")
    assert isinstance(found, Outcome)
    return found


def _too_long(time_limit_s: float) -> Outcome:
    return Outcome(Fate.UNDECIDED, reason=f"the attempt took longer than {time_limit_s:.0f} s")


def _end(ours: Connection, one: _Running) -> None:
    ours.close()
    one.process.kill()
    one.process.join()


@contextmanager
def _children() -> Iterator[dict[Connection, _Running]]:
    """The attempts that run; all are ended, however this ends."""
    running: dict[Connection, _Running] = {}
    try:
        yield running
    finally:
        for ours, one in running.items():
            _end(ours, one)
