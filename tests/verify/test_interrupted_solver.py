"""An interrupt while z3 works ends the run; it is no answer."""

import os
import signal
import threading

import pytest
import z3

from pumpproof.verify.logic.smt import SOLVER


def test_an_interrupt_while_the_solver_works_is_no_unknown() -> None:
    assert SOLVER.startswith("z3")
    solver = z3.SimpleSolver()
    solver.set("rlimit", 1_000_000)
    unknowns = [z3.Int(f"x{number}") for number in range(12)]
    for number in range(10):
        one, two, three = unknowns[number : number + 3]
        solver.add(one * two * three == 1234567 * (number + 3) + one)
    with pytest.raises(KeyboardInterrupt):
        interrupted(solver)


def interrupted(solver: z3.Solver) -> None:
    """Ask the solver, and send an interrupt meanwhile; the loop gives Python a moment to notice it."""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert solver.check() == z3.unknown
    for _ in range(1000):
        pass
