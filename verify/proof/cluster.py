"""Work on a cluster of ``dask.distributed``, through its executor: the same units, the same products.

A worker imports the system by its address and reads it for itself, once per process. It refuses to work if its code is
not the code of the one who asks: what it proved would be something else.
"""

import hashlib
import importlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pumpproof.spec import kernel as spec_kernel
from pumpproof.statemachine import kernel as machine_kernel
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify import language, logic, proof
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
        asked = digest_of(bench.obligations)
        with _client(self.address) as client:
            before = set(client.nthreads())
            executor = client.get_executor(pure=False)
            futures = [executor.submit(do_on_worker, self.system, asked, unit) for unit in units]
            try:
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


_benches: dict[str, tuple[str, Bench]] = {}
_one_at_a_time = threading.Lock()
"""Terms and solvers of a process belong to one thread at a time."""


def do_on_worker(system: str, asked: str, unit: Unit) -> Product:
    """Do a unit of work on the system with this address.

    Raises:
        WorkerRefused: the system can not be imported here, or its code or the toolkit's is not that of ``asked``.
    """
    with _one_at_a_time:
        if system not in _benches:
            bench = _bench_of(system, unit.resource_limit)
            _benches[system] = digest_of(bench.obligations), bench
        own, bench = _benches[system]
        if own != asked:
            raise WorkerRefused(
                f"its code of {system}, of pumpproof or of the solver is not the code here; "
                "install the same version on every worker and restart it"
            )
        bench.prover.resource_limit = unit.resource_limit
        bench.prover.cache = FileCache(_NOWHERE, SOLVER)
        bench.memory.found.clear()
        return bench.do(unit)


def _bench_of(address: str, resource_limit: int) -> Bench:
    module, _, name = address.partition(":")
    try:
        system = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise WorkerRefused(f"it can not import {address} ({error})") from error
    assert isinstance(system, System)
    symbolic = SymbolicSystem(system)
    return Bench(Obligations(symbolic), Prover(symbolic, NoCache(), resource_limit))


def digest_of(obligations: Obligations) -> str:
    """Of the code that a proof depends on: the system's functions and steps, this toolkit, the solver and Python."""
    symbolic = obligations.symbolic
    digest = hashlib.sha256(f"{SOLVER} {sys.version_info[:2]}".encode())
    for package in (spec_kernel, machine_kernel, language, logic, proof):
        for file in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
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
    return digest.hexdigest()


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
