"""Bounded search: every run up to a length at once, over symbolic limits, so that a shortest one is known to be.

Budgets are a length and a solver resource count; an ``unknown`` never counts as impossible. Of the runs of the length
that is found the plainest is taken, see ``pumpproof.verify.search.plainest``.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.plainest import plainest
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings
from pumpproof.verify.search.shorten import Found
from pumpproof.verify.search.unrolling import Goal, Unrolling, arrow_named, violation_of, witness_of

__all__ = [
    "BoundedFind",
    "BoundedSearch",
    "Goal",
    "arrow_named",
    "search_bounded",
    "violation_of",
    "witness_of",
]

DEPTH = 12
"""Default length up to which runs are searched."""

RESOURCE_LIMIT = 3_000_000
"""Default z3 resource count of one query."""

BUDGET = 20_000_000
"""z3 resource count of all queries for one goal."""


@dataclass(frozen=True)
class BoundedFind:
    """A run, replayed in the running machine, that ends with the step that shows the goal.

    ``shortest`` is True only if every shorter length was shown impossible, for all valid limits.
    """

    run: Run
    openings: Openings
    shortest: bool


class BoundedSearch:
    """A search towards one goal that can be taken up again at a greater length.

    ``lemmas`` are ids of invariants that are proved, on which the search may rely. ``limits`` are those that a run
    should have where some run of its length can have them. ``impossible`` is the largest length that was shown
    impossible together with every shorter one, -1 if none was; ``reason`` is what a solver said that did not know.
    """

    def __init__(
        self,
        symbolic: SymbolicSystem,
        goal: Goal,
        *,
        resource_limit: int = RESOURCE_LIMIT,
        lemmas: Collection[str] = (),
        limits: object = None,
    ) -> None:
        self._goal = goal
        self._symbolic = symbolic
        self._resource_limit = resource_limit
        self._lemmas = lemmas
        self._limits = limits
        self._unrolling: Unrolling | None = None
        self._asked = -1
        self.impossible = -1
        self.reason = ""

    @property
    def spent(self) -> int:
        """z3's resource count of all that was asked."""
        return 0 if self._unrolling is None else self._unrolling.solver.spent

    def up_to(self, depth: int, resources: int = BUDGET) -> BoundedFind | None:
        """A run of at most ``depth`` steps, the shortest first; None says nothing. Lengths are asked once.

        No further length is asked about once the queries of this call have cost more than ``resources``.

        Raises:
            ReplayMismatch: the running machine does not do what the formulas say.
        """
        most_spent = min(BUDGET, self.spent + resources)
        while self._asked < depth and self.spent <= most_spent:
            unrolling = self._longer()
            reply = unrolling.ask()
            if reply.answer is Answer.SATISFIABLE:
                limits, script = unrolling.script(plainest(unrolling, reply, self._limits))
                found = Found(self._goal.kind, self._goal.name, script)
                (confirmed,) = confirm(self._symbolic.system, limits, [found])
                return BoundedFind(confirmed.run, confirmed.openings, self.impossible == self._asked - 1)
            if reply.answer is Answer.UNSATISFIABLE and self.impossible == self._asked - 1:
                self.impossible = self._asked
            self.reason = self.reason or reply.reason
        return None

    def _longer(self) -> Unrolling:
        """All runs with one step more than those asked about so far."""
        self._asked += 1
        if self._unrolling is None:
            self._unrolling = Unrolling(self._symbolic, self._goal, self._resource_limit, self._lemmas)
        else:
            self._unrolling.extend()
        return self._unrolling


def search_bounded(
    symbolic: SymbolicSystem, goal: Goal, *, depth: int = DEPTH, resource_limit: int = RESOURCE_LIMIT
) -> BoundedFind | None:
    """A run of at most ``depth`` steps that shows the goal, the shortest first; None says nothing.

    Raises:
        ReplayMismatch: the running machine does not do what the formulas say.
    """
    return BoundedSearch(symbolic, goal, resource_limit=resource_limit).up_to(depth)
