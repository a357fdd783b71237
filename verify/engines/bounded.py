"""Bounded search as an engine: a run that breaks a property, or that no run up to a length does."""

from pumpproof.verify.engines.engine import (
    Budget,
    Finding,
    ProvedBounded,
    Question,
    Refuted,
    TimedOut,
    Unknown,
)
from pumpproof.verify.engines.induction import ran_out
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.bounded import BoundedSearch, violation_of

QUERY = 3_000_000
"""The most that one query of an unrolling may take: a deeper one takes ever more and finds nothing."""


class BoundedModelChecking:
    """Lengthens runs of any valid limits by one step at a time."""

    name = "bounded search"

    def attempt(self, question: Question, budget: Budget) -> Finding:
        """See ``Engine``."""
        symbolic = question.obligations.symbolic
        limit = min(QUERY, budget.query)
        search = BoundedSearch(symbolic, violation_of(question.known), resource_limit=limit)
        found = search.up_to(budget.depth)
        if found is not None:
            return Refuted(self.name, Counterexample(found.run, found.shortest, self.name, found.openings))
        if search.impossible >= 0:
            return ProvedBounded(self.name, search.impossible)
        if ran_out(search.reason):
            return TimedOut(self.name, f"the solver's budget ran out at runs of no step: {search.reason}")
        return Unknown(self.name, search.reason or "the budget allows no run")
