"""Guided search on concrete states: rows reached, witnesses and violations, with constants of real size."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.explorer import Report, Search
from pumpproof.verify.search.goals import Goals, every_goal
from pumpproof.verify.search.reuse import still_shown
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings
from pumpproof.verify.search.shorten import ARROW, RAISED, VIOLATION, WITNESS, Found, Shortener

STEPS = 150_000
"""Default budget of a search, in steps of the table."""

_STEPS_TO_SHORTEN = 400


@dataclass(frozen=True)
class Exploration:
    """What was found; each run ends with the step that shows it, and was replayed in the running machine.

    ``reached`` has arrows by name and witnesses by property id, ``violations`` has property ids, ``raised`` the runs
    before a step that the system does not define, by message. ``openings`` says for a name in ``reached`` when
    observers have to be opened beside the initial state, ``openings_of_violations`` the same.
    ``missing`` are the goals that no run was found for: nothing is known of them. ``broken_by_witness`` has the ids of
    the properties that do not hold in the very run that is their witness.
    """

    reached: dict[str, Run]
    violations: dict[str, Run]
    raised: dict[str, Run]
    openings: dict[str, Openings]
    openings_of_violations: dict[str, Openings]
    missing: tuple[str, ...]
    steps: int
    cells: int
    broken_by_witness: frozenset[str] = frozenset()


def explore(
    symbolic: SymbolicSystem,
    limits: Any,
    goals: Goals | None = None,
    *,
    seed: int = 0,
    steps: int = STEPS,
    suggestions: Sequence[Found] = (),
    report: Report | None = None,
) -> Exploration:
    """Search runs of the machine with these limits until every goal is shown or the budget of steps is used up.

    ``suggestions`` are tried first, the first of a goal before the next: what they show needs no search, and the
    search for the rest begins with the situations that they lead to. ``report`` is called now and then with the number
    of goals found, the number of all, and the steps used.
    """
    return _explored(symbolic.system, symbolic, limits, goals, seed, steps, suggestions, report)


def explore_system(
    system: System,
    limits: Any,
    goals: Goals | None = None,
    *,
    seed: int = 0,
    steps: int = STEPS,
    suggestions: Sequence[Found] = (),
) -> Exploration:
    """As ``explore``, for a system that need not be readable as formulas: then no solver helps."""
    return _explored(system, None, limits, goals, seed, steps, suggestions)


def _explored(
    system: System,
    symbolic: SymbolicSystem | None,
    limits: Any,
    goals: Goals | None,
    seed: int,
    steps: int,
    suggestions: Sequence[Found],
    report: Report | None = None,
) -> Exploration:
    wanted = goals or every_goal(system)
    choice = random.Random(seed)  # noqa: S311  reproducible, not secret
    search = Search(system, symbolic, limits, wanted, choice, steps)
    shown = still_shown(search.stepper, search.specification, wanted, suggestions)
    search.report = report
    search.begin(shown)
    search.run()
    shortener = Shortener(search.stepper, search.specification, steps // 4)
    shortened = [shortener.shorten(one, _STEPS_TO_SHORTEN) for one in search.found]
    confirmed = confirm(system, limits, [*shown, *shortened])
    reached = {one.name: one.run for one in confirmed if one.kind in (ARROW, WITNESS)}
    missing = tuple(name for name in (*wanted.arrows, *wanted.witnesses) if name not in reached)
    return Exploration(
        reached,
        {one.name: one.run for one in confirmed if one.kind == VIOLATION},
        {one.name: one.run for one in confirmed if one.kind == RAISED},
        {one.name: one.openings for one in confirmed if one.openings and one.kind != VIOLATION},
        {one.name: one.openings for one in confirmed if one.openings and one.kind == VIOLATION},
        missing,
        search.used,
        len(search.archive.by_cell),
        frozenset(one.name for one in confirmed if one.broken),
    )


__all__ = ["STEPS", "Exploration", "Goals", "every_goal", "explore", "explore_system"]
