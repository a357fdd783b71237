"""Limits for a search where no profile gives any."""

from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import Term, integer, less_or_equal
from pumpproof.verify.logic.values import RecordValue, leaves, python_value
from pumpproof.verify.proof.induction import fill_in
from pumpproof.verify.proof.symbolic import SymbolicSystem

_CEILINGS = (0, 1, 2, 5, 10, 100, 1_000, 1_000_000)


class NoValidLimits(ValueError):
    """No limits were found that satisfy every condition of a system."""


def some_valid_limits(symbolic: SymbolicSystem, resource_limit: int = 10_000_000) -> object:
    """Limits that satisfy every condition, each field as small as a few steps show it can be, in turn.

    Raises:
        NoValidLimits: the conditions contradict each other, or the solver does not know.
    """
    solver = Solver(resource_limit)
    names = tuple(leaves(symbolic.limits))
    held: list[Term] = [symbolic.typed, symbolic.valid_limits]
    reply = solver.check(held, names)
    if reply.answer is not Answer.SATISFIABLE:
        raise NoValidLimits(
            f"system {symbolic.system.name}: no limits satisfy every condition ({reply.answer.value}); "
            "check the conditions of valid limits against each other"
        )
    for name in names:
        for ceiling in _CEILINGS if name.sort == "Int" else ():
            tried = (*held, less_or_equal(integer(0), name), less_or_equal(name, integer(ceiling)))
            smaller = solver.check(tried, names)
            if smaller.answer is Answer.SATISFIABLE:
                held, reply = list(tried), smaller
                break
    value = fill_in(reply, symbolic.limits)
    assert isinstance(value, RecordValue)
    return python_value(symbolic.limits_type, value)
