"""A property as constrained Horn clauses, for engines that look for an invariant by themselves.

One relation stands for the reachable states, with the limits and one open instance of each record. The clauses say
that it holds initially, at openings and after each arrow, and that no state in it breaks the property.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import z3

from pumpproof.spec.kernel.properties import Kind
from pumpproof.verify.engines.engine import Question
from pumpproof.verify.logic.smt import Z3Terms
from pumpproof.verify.logic.terms import Substitution, Term, all_of, negate
from pumpproof.verify.logic.values import RecordValue, leaves

RELATION = "reachable"


@dataclass(frozen=True)
class Clauses:
    """SMT-LIB text, and what the parameters of the relation stand for."""

    text: str
    parameters: tuple[Term, ...]


def clauses(question: Question) -> Clauses:
    """The clauses of a property, over the variables on which it can depend."""
    return _Writer(question).clauses()


class _Writer:
    def __init__(self, question: Question) -> None:
        self.known, self.obligations = question.known, question.obligations
        self.symbolic = self.obligations.symbolic
        by_id = {one.id: one for one in self.symbolic.system.properties}
        spoken_of = (self.known, *(by_id[identifier] for identifier in self.known.uses))
        wanted = {ghost for one in spoken_of for ghost in self.symbolic.binding(one).ghosts}
        self.records = tuple(record for record in self.symbolic.ghosts if record in wanted)
        self.background = all_of(self.obligations.background)
        self.lemmas = all_of(self.obligations.before(identifier) for identifier in self.known.uses)
        self.bad = tuple(self._bad())
        self.parameters = self._cone()
        self.terms = Z3Terms()
        context = self.terms.context
        sorts = [
            z3.IntSort(context) if one.sort == "Int" else z3.BoolSort(context) for one in self.parameters
        ]
        self.relation = z3.Function(RELATION, *sorts, z3.BoolSort(context))

    def _bad(self) -> Iterator[Term]:
        """What no reachable state may be: one that breaks an invariant, or from which a step breaks the property."""
        if self.known.kind is Kind.INVARIANT:
            yield negate(self.obligations.before(self.known.id))
            return
        event = self.symbolic.binding(self.known).event
        for arrow in self.symbolic.arrows:
            if event in (None, arrow.event_type):
                broken = negate(self.obligations.step_claim(self.known, arrow).holds)
                yield all_of((self.lemmas, arrow.enabled, broken))

    def _cone(self) -> tuple[Term, ...]:
        """The variables that can matter, in the order of their types: all others change nothing that is asked."""
        values: Sequence[RecordValue] = (
            self.symbolic.before,
            *(self.symbolic.ghosts[record] for record in self.records),
        )
        written = [leaf for value in values for leaf in leaves(value)]
        matters: set[Term] = set().union(
            *(term.variables for term in (*self.bad, self.background, self.lemmas))
        )
        size = -1
        while size != len(matters):
            size = len(matters)
            for arrow in self.symbolic.arrows:
                for leaf in written:
                    after = self.obligations.after(leaf, arrow) if leaf in matters else leaf
                    if after is not leaf:
                        matters |= after.variables | arrow.enabled.variables
        return tuple(one for one in (*written, *leaves(self.symbolic.limits)) if one in matters)

    def clauses(self) -> Clauses:
        """See the function of this name."""
        solver = z3.SolverFor("HORN", ctx=self.terms.context)
        now = self.parameters
        solver.add(self._rule((self.background,), None, self._first()))
        for following in self._openings():
            solver.add(self._rule((self.background, self.lemmas), now, following))
        for arrow in self.symbolic.arrows:
            body = (self.background, self.lemmas, arrow.enabled)
            solver.add(self._rule(body, now, [self.obligations.after(one, arrow) for one in now]))
        for bad in self.bad:
            solver.add(self._rule((self.background, bad), now, None))
        return Clauses(solver.to_smt2(), self.parameters)

    def _rule(
        self, body: Sequence[Term], now: Sequence[Term] | None, following: Sequence[Term] | None
    ) -> z3.BoolRef:
        """From a body and perhaps a reachable state follows another, or a contradiction if none is given."""
        premises = [*map(self.terms, body), *(() if now is None else (self._reached(now),))]
        conclusion = z3.BoolVal(False, self.terms.context) if following is None else self._reached(following)
        rule = z3.Implies(z3.And(*premises), conclusion)
        used: frozenset[Term] = frozenset()
        used = used.union(*(term.variables for term in (*body, *(now or ()), *(following or ()))))
        free = [self.terms(term) for term in sorted(used, key=lambda term: term.name)]
        return z3.ForAll(free, rule) if free else rule

    def _reached(self, arguments: Sequence[Term]) -> z3.BoolRef:
        reached = self.relation(*map(self.terms, arguments))
        assert isinstance(reached, z3.BoolRef)
        return reached

    def _first(self) -> list[Term]:
        initial, _ = self.symbolic.initial
        pairs = list(zip(leaves(self.symbolic.before), leaves(initial), strict=True))
        for record in self.records:
            opened, _ = self.symbolic.opened(record, initial)
            pairs += zip(leaves(self.symbolic.ghosts[record]), leaves(opened), strict=True)
        return list(map(Substitution(dict(pairs)), self.parameters))

    def _openings(self) -> Iterator[list[Term]]:
        for record in self.records:
            if self.symbolic.observer(record).arbitrary_start:
                opened, _ = self.symbolic.opened(record, self.symbolic.before)
                pairs = zip(leaves(self.symbolic.ghosts[record]), leaves(opened), strict=True)
                yield list(map(Substitution(dict(pairs)), self.parameters))
