"""Work on a cluster of ``dask.distributed``, through its executor: the same units, the same products.

A worker imports the system by its address and reads it for itself, once per process. It refuses to work if its Python,
its solver, its toolkit or its system is not that of the one who asks: what it proved would be something else.
"""

import hashlib
import importlib
import logging
import os
import platform
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify import toolkit
from pumpproof.verify.language.walk import called_functions
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.pool import WorkerLost
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.work import Bench, Product, Unit

_NOWHERE = Path(os.devnull)
"""A cache that begins empty and is never saved: it tells the keys of what a unit discharged."""

_CONNECT_S = 10
"""Seconds to wait for the scheduler, and then for a first worker."""


class ClusterError(RuntimeError):
    """The cluster can not be used; the message says why and what to do."""


@dataclass
class OnCluster:
    """The workers of the scheduler at ``address``, who import ``system``, an address ``package.module:NAME``."""

    address: str
    system: str
    incidents: list[str] = field(default_factory=list)

    def work(self, bench: Bench, units: Sequence[Unit]) -> Iterator[Product]:
        """See ``Workers``.

        Raises:
            ClusterError: the cluster can not be reached, has no workers, or a worker has other code.
        """
        if bench.obligations.is_strengthened:  # by terms that are known in this process alone
            yield from map(bench.do, units)
            return
        if not units:
            return
        asked = code_of(bench.obligations)
        with _client(self.address) as client:
            before = set(client.nthreads())
            executor = client.get_executor(pure=False)
            try:
                futures = [executor.submit(do_on_worker, self.system, asked, unit) for unit in units]
                for future in as_completed(futures):
                    yield future.result()
            except _lost() as error:
                raise WorkerLost(f"a worker of {self.address} was lost") from error
            except (WorkerRefused, ImportError) as error:
                raise ClusterError(
                    f"--cluster {self.address}: a worker can not do the work: {error}"
                ) from error
            lost = before - set(client.nthreads())
            self.incidents += [
                f"the worker {worker} was lost; the cluster did its work again" for worker in lost
            ]


def _distributed() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(
            "--cluster needs the package distributed; install pumpproof[cluster], here and on every worker"
        ) from error


def _lost() -> tuple[type[BaseException], ...]:
    distributed = _distributed()
    return (distributed.KilledWorker, distributed.comm.CommClosedError, CancelledError)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    distributed = _distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"--cluster {address}: no scheduler answers there ({type(error).__name__}); give the address that "
            "`dask scheduler` prints, such as tcp://host:8786"
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_S)
        except TimeoutError as error:
            raise ClusterError(
                f"--cluster {address}: the scheduler has no workers; start some with `dask worker {address}`"
            ) from error
        yield client
    finally:
        client.close()


class WorkerRefused(RuntimeError):
    """A worker can not do the work of this system, or may not."""


@dataclass(frozen=True)
class Code:
    """What a proof depends on, apart from what is asked: two that are equal prove the same things."""

    python: str
    solver: str
    toolkit: str
    system: str

    def instead_of(self, asked: "Code") -> str:
        """In what this differs from what was asked for; nothing if in nothing."""
        here, there = asdict(self), asdict(asked)
        return ", ".join(
            f"{name} {here[name]} and not {there[name]}" for name in here if here[name] != there[name]
        )


_benches: dict[str, tuple[Code, Bench]] = {}
_one_at_a_time = threading.Lock()
"""Terms and solvers of a process belong to one thread at a time."""


def do_on_worker(system: str, asked: Code, unit: Unit) -> Product:
    """Do a unit of work on the system with this address.

    Raises:
        WorkerRefused: the system can not be imported here, or its code or the toolkit's is not that of ``asked``.
    """
    with _one_at_a_time:
        _require_same(replace(_tools(), system=asked.system), asked)
        if system not in _benches:
            bench = _bench_of(system, unit.resource_limit)
            _benches[system] = code_of(bench.obligations), bench
        own, bench = _benches[system]
        _require_same(own, asked)
        bench.prover.resource_limit = unit.resource_limit
        bench.prover.cache = FileCache(_NOWHERE, SOLVER)
        bench.memory.found.clear()
        return bench.do(unit)


def _require_same(own: Code, asked: Code) -> None:
    if differences := own.instead_of(asked):
        raise WorkerRefused(
            f"on {platform.node()} it has {differences}; install the same versions on every worker, "
            "give it the same files of the system, and restart it"
        )


def _bench_of(address: str, resource_limit: int) -> Bench:
    module, _, name = address.partition(":")
    try:
        system = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise WorkerRefused(f"on {platform.node()} it can not import {address} ({error})") from error
    assert isinstance(system, System)
    symbolic = SymbolicSystem(system)
    return Bench(Obligations(symbolic), Prover(symbolic, NoCache(), resource_limit))


def code_of(obligations: Obligations) -> Code:
    """What the proof of these obligations depends on in this process."""
    return replace(_tools(), system=_digest_of(obligations.symbolic))


def _tools() -> Code:
    version = ".".join(map(str, sys.version_info[:2]))
    return Code(version, SOLVER, toolkit.content()[:16], "")


def _digest_of(symbolic: SymbolicSystem) -> str:
    """Of the system's steps as they were read, and of the files that they and the properties stand in."""
    digest = hashlib.sha256()
    for arrow in symbolic.arrows:
        digest.update(arrow.name.encode() + arrow.enabled.digest)
        for leaf in (*leaves(arrow.after), *leaves(arrow.outputs)):
            digest.update(leaf.digest)
    files = {
        called.span.file
        for one in _functions(symbolic)
        for called in called_functions(symbolic.function(one))
    }
    digest.update(b"".join(sorted(hashlib.sha256(Path(file).read_bytes()).digest() for file in files)))
    return digest.hexdigest()[:16]


def _functions(symbolic: SymbolicSystem) -> Iterator[Callable[..., object]]:
    system = symbolic.system
    yield system.initial
    yield from (one.holds for one in system.conditions)
    for entry in system.table:
        if isinstance(entry, Row | Command):
            yield entry.guard if isinstance(entry, Row) else entry.refuse
            yield entry.effect
    for observer in system.observers:
        yield observer.begin
        yield from (function for _, function in observer.steps)
        if observer.otherwise is not None:
            yield observer.otherwise
    for known in system.properties:
        yield known.claim
        if known.when is not None:
            yield known.when
