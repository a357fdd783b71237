"""Do many units of work, here or over several processes; what comes of it is the same for any number.

The longest units are begun first. What a worker had in hand when it died is done once more by others, and then here.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Protocol

from pumpproof.verify.proof.cores import CoreMemory, SubjectCores
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.verdicts import Discharge
from pumpproof.verify.proof.work import Bench, Product, Task, Unit, obligations_of

__all__ = [
    "Forked",
    "Workers",
    "begin_worker",
    "can_fork",
    "cores_of_all",
    "discharge_all",
    "obligations_of",
    "workers_of",
]

Done = Callable[[str], None]


class WorkerLost(RuntimeError):
    """A worker ended before its work was done."""


class Workers(Protocol):
    """Those who do units of work."""

    @property
    def incidents(self) -> list[str]:
        """What happened to workers, in words; it changes no result."""
        ...

    def work(self, bench: Bench, units: Sequence[Unit]) -> Iterator[Product]:
        """Do the units, begun in their order; what is finished first comes first.

        Raises:
            WorkerLost: a worker ended before its work was done; what is missing can be asked for again.
        """
        ...


def workers_of(jobs: int) -> Workers | None:
    """Processes that work side by side; None for this one alone."""
    return Forked(jobs) if jobs > 1 else None


def discharge_all(
    obligations: Obligations,
    subjects: Sequence[str],
    prover: Prover,
    jobs: int,
    done: Done,
    workers: Workers | None = None,
) -> dict[str, Discharge]:
    """Discharge each subject with ``workers`` or ``jobs`` processes; ``done`` is told of each that is finished."""
    bench = Bench(obligations, prover)
    units = [bench.unit(Task.DISCHARGE, subject) for subject in subjects]
    results: dict[str, Discharge] = {}
    for product in _products(bench, units, workers or workers_of(jobs)):
        assert isinstance(product.found, Discharge)
        prover.cache.learn(product.keys)
        results[product.unit.subject] = product.found
        done(product.unit.subject)
    return {subject: results[subject] for subject in subjects}


def cores_of_all(
    obligations: Obligations,
    subjects: Sequence[str],
    prover: Prover,
    memory: CoreMemory,
    workers: Workers | None = None,
) -> dict[str, SubjectCores]:
    """The cores of each subject; all their obligations must have been discharged."""
    bench = Bench(obligations, prover, memory)
    units = [bench.unit(Task.CORES, subject) for subject in subjects]
    results: dict[str, SubjectCores] = {}
    for product in _products(bench, units, workers):
        assert isinstance(product.found, SubjectCores)
        memory.learn(product.cores)
        results[product.unit.subject] = product.found
    return {subject: results[subject] for subject in subjects}


def _products(bench: Bench, units: Sequence[Unit], workers: Workers | None) -> Iterator[Product]:
    if workers is None:
        yield from map(bench.do, units)
        return
    left = dict.fromkeys(sorted(units, key=bench.effort, reverse=True))
    for again in ("by other workers", "in this process"):
        try:
            for product in workers.work(bench, tuple(left)):
                del left[product.unit]
                yield product
        except WorkerLost as lost:
            subjects = ", ".join(sorted(unit.subject for unit in left))
            workers.incidents.append(f"{lost}; done again {again}: {subjects}")
        else:
            return
    yield from map(bench.do, left)


def can_fork() -> bool:
    """Say whether work can be spread over processes here: it needs ``fork``, which shares the terms."""
    return "fork" in multiprocessing.get_all_start_methods() and os.name == "posix"


@dataclass
class Forked:
    """Processes of this machine that inherit the system by a fork; none of them outlives this one."""

    jobs: int
    incidents: list[str] = field(default_factory=list)

    def work(self, bench: Bench, units: Sequence[Unit]) -> Iterator[Product]:
        """See ``Workers``."""
        global _bench  # noqa: PLW0603 -- inherited by the forked workers, which can not be given it otherwise
        if not units:
            return
        bench.obligations.prepare()
        others = set(multiprocessing.active_children())
        context = multiprocessing.get_context("fork")
        pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=begin_worker)
        _bench, finished = bench, False
        try:
            for future in as_completed([pool.submit(_in_worker, unit) for unit in units]):
                yield future.result()
            finished = True
        except BrokenProcessPool as error:
            raise WorkerLost("a worker process ended unexpectedly") from error
        finally:
            _bench = None
            if not finished:
                for child in set(multiprocessing.active_children()) - others:
                    child.terminate()
            pool.shutdown(wait=True, cancel_futures=True)


_bench: Bench | None = None
"""What a worker process inherits from its parent at the fork."""


def _in_worker(unit: Unit) -> Product:
    assert _bench is not None
    return _bench.do(unit)


def begin_worker() -> None:
    """Leave an interrupt to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
