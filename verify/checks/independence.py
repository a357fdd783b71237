"""The specification judges by code of its own: no property and no observer calls a function that a row calls.

Otherwise a fault in that function would change the row and its judge alike, and no proof could notice it.
"""

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.language import tree
from pumpproof.verify.language.walk import called_functions
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.record import CheckResult

INDEPENDENCE = "independence"


def check_independence(context: Context) -> CheckResult:
    """Whether each property and each observer keeps away from the functions that the rows run."""
    rows = Rows(INDEPENDENCE, "No property or observer calls a function that a row calls.")
    shared = shared_functions(context.symbolic)
    guilty = {name for _, name, _ in shared}
    rows.sound(sum(name not in guilty for name, _ in judges(context.system)))
    for function, name, row in shared:
        says = f"it calls {function.name}, as {row} does: a fault there changes the row and its judge alike"
        rows.found(name, str(function.span), says)
    return rows.result()


def shared_functions(symbolic: SymbolicSystem) -> tuple[tuple[tree.Function, str, str], ...]:
    """Functions that a row runs and that a property or an observer calls too, with the first id of each side."""
    used: dict[tree.Function, str] = {}
    for entry in symbolic.system.table:
        for function in called(symbolic, _run_by(entry)):
            used.setdefault(function, entry.id)
    found: dict[tree.Function, tuple[tree.Function, str, str]] = {}
    for name, roots in judges(symbolic.system):
        for function in called(symbolic, roots):
            if function in used:
                found.setdefault(function, (function, name, used[function]))
    return tuple(found.values())


def _run_by(entry: Entry) -> tuple[Callable[..., Any], ...]:
    match entry:
        case Row():
            return (entry.guard, entry.effect)
        case Command():
            return (entry.refuse, entry.effect)
        case Refused() | Ignored():
            return ()
        case _:
            assert_never(entry)


def called(symbolic: SymbolicSystem, roots: tuple[Callable[..., Any], ...]) -> Iterator[tree.Function]:
    """The functions and all that they call."""
    for root in roots:
        yield from called_functions(symbolic.function(root))


def judges(system: System) -> Iterator[tuple[str, tuple[Callable[..., Any], ...]]]:
    """The functions of the specification: those of properties, and those of observers."""
    for one in system.properties:
        yield one.id, (one.claim,) if one.when is None else (one.claim, one.when)
    for observer in system.observers:
        steps = tuple(function for _, function in observer.steps)
        otherwise = () if observer.otherwise is None else (observer.otherwise,)
        yield f"observer {observer.name}", (observer.begin, *steps, *otherwise)
