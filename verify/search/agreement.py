"""The formulas of a step against the running machine: on each run that reaches an arrow, its last step is compared."""

from collections.abc import Mapping
from typing import Any

from pumpproof.statemachine.kernel.machine import Machine, Taken
from pumpproof.verify.logic.terms import Term, values_of
from pumpproof.verify.logic.values import RecordValue, known, leaves
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem
from pumpproof.verify.search.replay import ReplayMismatch
from pumpproof.verify.search.run import Run


def compare_with_runs(symbolic: SymbolicSystem, reached: Mapping[str, Run]) -> dict[str, Taken]:
    """Compare guard, new state and outputs of every arrow that a run reaches; return the last step of each run.

    Raises:
        ReplayMismatch: a formula gives another value than the running machine.
    """
    machines: dict[Any, Machine] = {}
    arrows = [arrow for arrow in symbolic.arrows if arrow.name in reached]
    taken: dict[str, Taken] = {}
    for arrow in arrows:
        run = reached[arrow.name]
        if run.limits not in machines:
            machines[run.limits] = Machine(symbolic.system, run.limits)
        taken[arrow.name] = _last_step(machines[run.limits], run)
        _compare(symbolic, arrow, taken[arrow.name], run.limits)
    return taken


def _last_step(machine: Machine, run: Run) -> Taken:
    machine.state = machine.system.initial(run.limits)
    taken = None
    for event in run.events():
        taken = machine.step(event)
    assert taken is not None, "an arrow is reached by a step"
    return taken


def _compare(symbolic: SymbolicSystem, arrow: Arrow, taken: Taken, limits: Any) -> None:
    values: dict[Term, int | bool] = {}
    for unknown, value in (
        (symbolic.before, taken.before),
        (symbolic.limits, limits),
        (arrow.event, taken.event),
    ):
        values |= dict(zip(leaves(unknown), _constants(unknown, value), strict=True))
    if values_of((arrow.enabled,), values) != [True]:
        raise ReplayMismatch(
            f"{arrow.name}: the machine takes {taken.event!r}, but by its formula it may not"
        )
    for what, formula, real in (
        ("state", arrow.after, taken.after),
        ("outputs", arrow.outputs, taken.outputs),
    ):
        computed = values_of(leaves(formula), values)
        if computed != _constants(formula, real):
            raise ReplayMismatch(
                f"{arrow.name}: by its formula, {taken.event!r} gives other {what} than the machine"
            )


def _constants(unknown: RecordValue, value: Any) -> list[int | bool]:
    return [
        bool(leaf.integer) if leaf.sort == "Bool" else leaf.integer
        for leaf in leaves(known(unknown.type, value))
    ]
