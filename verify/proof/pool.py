"""Discharge many subjects, in this process or over several; the result is the same for any number."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligation, Obligations
from pumpproof.verify.proof.verdicts import Discharge

Done = Callable[[str], None]


def discharge_all(
    obligations: Obligations, subjects: Sequence[str], prover: Prover, jobs: int, done: Done
) -> dict[str, Discharge]:
    """Discharge each subject; ``done`` is told of each that is finished."""
    found = (
        _in_processes(obligations, subjects, prover, jobs)
        if jobs > 1
        else _here(obligations, subjects, prover)
    )
    results: dict[str, Discharge] = {}
    for discharge in found:
        results[discharge.subject] = discharge
        done(discharge.subject)
    return {subject: results[subject] for subject in subjects}


def can_fork() -> bool:
    """Say whether work can be spread over processes here: it needs ``fork``, which shares the terms."""
    return "fork" in multiprocessing.get_all_start_methods() and os.name == "posix"


def obligations_of(obligations: Obligations, subject: str) -> Iterable[Obligation]:
    """The obligations of a subject: the table, the code, or a property by its id."""
    if subject == TABLE:
        return obligations.of_table()
    if subject == CODE:
        return obligations.of_code()
    return obligations.of_property(obligations.symbolic.system.property_named(subject))


def _here(obligations: Obligations, subjects: Sequence[str], prover: Prover) -> Iterator[Discharge]:
    for subject in subjects:
        yield prover.discharge(subject, obligations_of(obligations, subject))


_work: tuple[Obligations, Prover] | None = None
"""What a worker process inherits from its parent at the fork."""


def _in_processes(
    obligations: Obligations, subjects: Sequence[str], prover: Prover, jobs: int
) -> Iterator[Discharge]:
    global _work  # noqa: PLW0603 -- inherited by the forked workers, which can not be given it otherwise
    _work = (obligations, prover)
    obligations.prepare()
    try:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
            for discharge, keys in pool.map(_in_worker, subjects):
                prover.cache.learn(keys)
                yield discharge
    finally:
        _work = None


def _in_worker(subject: str) -> tuple[Discharge, frozenset[str]]:
    assert _work is not None
    obligations, prover = _work
    before = prover.cache.used
    discharge = prover.discharge(subject, obligations_of(obligations, subject))
    return discharge, prover.cache.used - before
