"""Which lemmas a proof needs, and which of these each lemma needs in turn."""

from collections.abc import Iterable, Iterator, Sequence

from pumpproof.spec.kernel.properties import Kind
from pumpproof.verify.engines.engine import Question
from pumpproof.verify.logic.smt import Answer, Solver, Z3Terms
from pumpproof.verify.logic.terms import TRUE, Term, implies, negate, variable
from pumpproof.verify.proof.obligations import Obligation, Stage

Needs = dict[Term, tuple[Term, ...]]
"""For each lemma, the lemmas that its proof assumes besides itself."""


class NotShown(Exception):
    """An obligation does not follow from all the lemmas together, or not within the budget."""


def needed(question: Question, lemmas: Sequence[Term], resource_limit: int) -> tuple[tuple[Term, ...], Needs]:
    """The lemmas that the property needs, and what each lemma of the closure needs; no lemma can be left out of it.

    The property itself, where it is an invariant, is among the lemmas that a lemma may need.

    Raises:
        NotShown: the lemmas together do not show the property.
    """
    search = _Search(question, lemmas, resource_limit)
    kept = tuple(lemmas)
    goals, needs = search.closure(kept)
    for lemma in reversed(tuple(needs)):
        if lemma not in needs:
            continue
        fewer = tuple(one for one in needs if one is not lemma)
        try:
            goals, needs = search.closure(fewer)
        except NotShown:
            continue
    return goals, needs


class _Search:
    def __init__(self, question: Question, lemmas: Sequence[Term], resource_limit: int) -> None:
        self.known = question.known
        self.obligations = question.obligations.strengthened({self.known.id: lemmas})
        own = (self.obligations.before(self.known.id),) if self.known.kind is Kind.INVARIANT else ()
        self.own = frozenset(own)
        self.literals = {term: variable(f"needed {number}", "Bool") for number, term in enumerate(lemmas)}
        self.literals |= {term: variable("needed: the property", "Bool") for term in own}
        self.of_literal = {literal: term for term, literal in self.literals.items()}
        self.solver = Solver(resource_limit, Z3Terms())
        self.solver.push(implies(literal, term) for term, literal in self.literals.items())

    def closure(self, allowed: Iterable[Term]) -> tuple[tuple[Term, ...], Needs]:
        """What is needed when only these lemmas may be used."""
        permitted = frozenset(allowed) | self.own
        of_property = self._core(self._of_property(), permitted, self.own)
        needs: Needs = {}
        pending = [term for term in of_property if term not in self.own]
        while pending:
            lemma = pending.pop(0)
            if lemma not in needs:
                obligations = self.obligations.of_strengthening(self.known, "lemma", lemma)
                needs[lemma] = self._core(obligations, permitted, frozenset((lemma,)))
                pending += [term for term in needs[lemma] if term not in self.own]
        return tuple(term for term in of_property if term not in self.own), needs

    def _of_property(self) -> Iterator[Obligation]:
        for one in self.obligations.of_property(self.known):
            if one.stage is not Stage.STRENGTHENING:
                yield one

    def _core(
        self, obligations: Iterable[Obligation], permitted: frozenset[Term], own: frozenset[Term]
    ) -> tuple[Term, ...]:
        """Lemmas from which all the obligations follow, besides ``own``, which are assumed in any case."""
        found: set[Term] = set()
        for one in obligations:
            if one.unchanged or one.goal is TRUE:
                continue
            always = [term for term in one.hypotheses if term not in self.literals or term in own]
            soft = [self.literals[term] for term in one.hypotheses if term in permitted - own]
            self.solver.push((*always, negate(one.goal)))
            answer, core = self.solver.check_assuming(soft)
            self.solver.pop()
            if answer is not Answer.UNSATISFIABLE:
                raise NotShown(one.name)
            found |= {self.of_literal[literal] for literal in core}
        return tuple(term for term in self.literals if term in found)
