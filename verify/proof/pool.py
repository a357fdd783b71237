"""Discharge many subjects, in this process or over several; the result is the same for any number."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from pumpproof.verify.proof.cores import CoreMemory, CoreSearch, Found, SubjectCores
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligation, Obligations
from pumpproof.verify.proof.parts import Parts
from pumpproof.verify.proof.verdicts import Discharge

T = TypeVar("T")
Done = Callable[[str], None]


def discharge_all(
    obligations: Obligations, subjects: Sequence[str], prover: Prover, jobs: int, done: Done
) -> dict[str, Discharge]:
    """Discharge each subject; ``done`` is told of each that is finished."""
    if jobs > 1:
        obligations.prepare()

    def work(subject: str) -> tuple[Discharge, frozenset[str]]:
        before = prover.cache.used
        discharge = prover.discharge(subject, obligations_of(obligations, subject))
        return discharge, prover.cache.used - before

    results: dict[str, Discharge] = {}
    for discharge, keys in _spread(work, subjects, jobs):
        prover.cache.learn(keys)
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


def cores_of_all(
    obligations: Obligations, subjects: Sequence[str], memory: CoreMemory, jobs: int
) -> dict[str, SubjectCores]:
    """The cores of each subject; all their obligations must have been discharged."""
    search = CoreSearch(Parts(obligations), memory)

    def work(subject: str) -> tuple[SubjectCores, dict[str, Found]]:
        known = set(search.memory.found)
        found = search.of_subject(subject, obligations_of(obligations, subject))
        return found, {key: search.memory.found[key] for key in search.memory.found.keys() - known}

    results: dict[str, SubjectCores] = {}
    for cores, found in _spread(work, subjects, jobs):
        memory.learn(found)
        results[cores.subject] = cores
    return results


def _spread(work: Callable[[str], T], subjects: Sequence[str], jobs: int) -> Iterator[T]:
    """Do the work of each subject, here or in processes that inherit it by a fork."""
    global _work  # noqa: PLW0603 -- inherited by the forked workers, which can not be given it otherwise
    if jobs <= 1:
        yield from map(work, subjects)
        return
    _work = work
    try:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
            yield from pool.map(_in_worker, subjects)
    finally:
        _work = None


_work: Callable[[str], Any] | None = None
"""What a worker process inherits from its parent at the fork."""


def _in_worker(subject: str) -> Any:
    assert _work is not None
    return _work(subject)
