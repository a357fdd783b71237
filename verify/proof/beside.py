"""Work done in a process beside this one, which can go on in the meantime."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from pumpproof.verify.proof.pool import begin_worker, can_fork

Found = TypeVar("Found")

_work: Callable[[], Any] | None = None
"""What the forked process inherits: terms can not be given to it otherwise."""


def beside(work: Callable[[], Found]) -> Callable[[], Found]:
    """Begin to work in a forked process; the result waits for what is found, and is to be called once.

    What is found must be picklable. Where no process can be forked, and in a process that was forked itself, the
    work is done when its result is asked for.
    """
    global _work  # noqa: PLW0603 -- inherited at the fork
    if not can_fork() or multiprocessing.parent_process() is not None:
        return work
    _work = work
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("fork"), begin_worker)
    try:
        future = pool.submit(_in_worker)
    finally:
        _work = None

    def wait() -> Found:
        with pool:
            found: Found = future.result()
            return found

    return wait


def _in_worker() -> Any:
    assert _work is not None
    return _work()
