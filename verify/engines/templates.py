"""Candidate invariants, mined from what a system compares, guards and claims.

Nothing here has to be right: what is not inductive is dropped, what remains is shown. Candidates come in levels, the
plain ones first; each level holds all of those before.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.engines.places import Place, places
from pumpproof.verify.language.types import BoolType, EnumType, IntType
from pumpproof.verify.logic.terms import (
    TRUE,
    Operator,
    Term,
    add,
    equal,
    implies,
    in_order,
    integer,
    less_or_equal,
    negate,
)
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.induction import conjuncts
from pumpproof.verify.proof.obligations import Obligations

_FEW = 12
"""With at most this many whole numbers, each is compared with each other, whatever their units."""

_MOST_ITEMS = 16
"""Items of longer tuples are compared with zero only."""


def mine(obligations: Obligations, known: Property, near: frozenset[Term]) -> Iterator[tuple[Term, ...]]:
    """Growing sets of candidates that may help to show a property.

    First the other invariants of the system that speak of the same records, part by part; then plain candidates over
    the variables that are ``near``, then conditional ones; then both over all variables.
    """
    miner = _Miner(obligations, known)
    found = dict.fromkeys(miner.claims())
    yield tuple(found)
    for reach in (near, None):
        for level in (miner.plain, miner.conditional):
            size = len(found)
            found |= dict.fromkeys(level(reach))
            if len(found) > size:
                yield tuple(found)


class _Miner:
    def __init__(self, obligations: Obligations, known: Property) -> None:
        self.obligations, self.known = obligations, known
        self.symbolic = obligations.symbolic
        self.records = self._records()
        everything = places(self.symbolic, self.records)
        self.fixed = frozenset(leaves(self.symbolic.limits))
        self.whole = [one for one in everything if isinstance(one.type, IntType) and not one.is_item]
        self.items = [one for one in everything if isinstance(one.type, IntType) and one.is_item]
        self.enums = [one for one in everything if isinstance(one.type, EnumType)]
        self.bools = [one for one in everything if isinstance(one.type, BoolType)]
        self.bounds, self.compared = self._comparisons()

    def _records(self) -> tuple[type, ...]:
        """Records of which the property or a lemma of it speaks."""
        by_id = {one.id: one for one in self.symbolic.system.properties}
        wanted = {
            ghost
            for one in (self.known, *(by_id[identifier] for identifier in self.known.uses))
            for ghost in self.symbolic.binding(one).ghosts
        }
        return tuple(record for record in self.symbolic.ghosts if record in wanted)

    def claims(self) -> Iterator[Term]:
        """The other invariants that speak of no other record, and their parts."""
        for one in self._invariants():
            if one.id != self.known.id and set(self.symbolic.binding(one).ghosts) <= set(self.records):
                claim = self.obligations.before(one.id)
                yield claim
                yield from conjuncts(claim)

    def plain(self, reach: frozenset[Term] | None) -> Iterator[Term]:
        """Signs, bounds and orders of whole numbers, conjuncts of the property, and equations between sums."""
        if self.known.kind is Kind.INVARIANT:
            yield from conjuncts(self.obligations.before(self.known.id))
        for one in (*self._own(self.whole, reach), *self._own(self.items, reach)):
            yield less_or_equal(integer(0), one.term)
        for one in self._own(self.whole, reach):
            for bound in self.bounds.get(one.term, ()):
                yield less_or_equal(one.term, integer(bound))
                yield less_or_equal(integer(bound), one.term)
        for left, right in self._pairs(reach):
            yield less_or_equal(left, right)
            yield less_or_equal(right, left)
            yield equal(left, right)
        for total, parts in self._sums(reach):
            yield equal(total, parts)
            yield less_or_equal(parts, total)

    def conditional(self, reach: frozenset[Term] | None) -> Iterator[Term]:
        """What holds in one mode, or while one flag is set or clear."""
        literals = list(self._literals(reach))
        facts = [fact for one in self._own(self.whole, reach) for fact in self._facts(one)]
        facts += [fact for pair in self._pairs(reach) for fact in (less_or_equal(*pair), equal(*pair))]
        for condition in literals:
            for conclusion in (*facts, *(one for one in literals if one is not condition)):
                if condition.variables != conclusion.variables:
                    candidate = implies(condition, conclusion)
                    if candidate is not TRUE:
                        yield candidate

    def _facts(self, one: Place) -> Iterator[Term]:
        yield equal(one.term, integer(0))
        yield less_or_equal(integer(1), one.term)
        for bound in self.bounds.get(one.term, ()):
            yield less_or_equal(one.term, integer(bound))
            yield less_or_equal(integer(bound), one.term)

    def _literals(self, reach: frozenset[Term] | None) -> Iterator[Term]:
        for one in self._own(self.enums, reach):
            assert isinstance(one.type, EnumType)
            for code in range(len(one.type.members())):
                yield equal(one.term, integer(code))
                yield negate(equal(one.term, integer(code)))
        for one in self._own(self.bools, reach):
            yield one.term
            yield negate(one.term)

    def _own(self, found: Iterable[Place], reach: frozenset[Term] | None) -> list[Place]:
        """Places in reach that steps can write."""
        return [one for one in self._near(found, reach) if one.term not in self.fixed]

    def _near(self, found: Iterable[Place], reach: frozenset[Term] | None) -> list[Place]:
        return [one for one in found if reach is None or one.term in reach]

    def _pairs(self, reach: frozenset[Term] | None) -> Iterator[tuple[Term, Term]]:
        """Whole numbers of one unit, or compared somewhere; items of a tuple with whole numbers of their unit."""
        whole, items = self._near(self.whole, reach), self._near(self.items, reach)
        few = len(whole) <= _FEW
        for left, right in combinations((*whole, *(items if len(items) <= _MOST_ITEMS else ())), 2):
            both_fixed = left.term in self.fixed and right.term in self.fixed
            related = few or left.unit == right.unit or frozenset((left.term, right.term)) in self.compared
            if related and not both_fixed and not (left.is_item and right.is_item):
                yield left.term, right.term

    def _sums(self, reach: frozenset[Term] | None) -> Iterator[tuple[Term, Term]]:
        """A whole number against the sum of two others of its unit: books that have to balance."""
        for parts in combinations(self._own(self.whole, reach), 2):
            for total in self._near(self.whole, reach):
                if total not in parts and len({one.unit for one in (total, *parts)}) == 1:
                    yield total.term, add(parts[0].term, parts[1].term)

    def _comparisons(self) -> tuple[dict[Term, tuple[int, ...]], frozenset[frozenset[Term]]]:
        """Constants that each number is compared with, and the pairs that are compared with each other."""
        bounds: dict[Term, dict[int, None]] = {}
        pairs: set[frozenset[Term]] = set()
        for left, right in _compared(self._formulas()):
            for one, other in ((left, right), (right, left)):
                if one.operator is Operator.VARIABLE and other.operator is Operator.INTEGER:
                    bounds.setdefault(one, {})[other.integer] = None
            pairs |= {frozenset(pair) for pair in combinations(_few_variables(left, right), 2)}
        initial, _ = self.symbolic.initial
        for place, value in zip(leaves(self.symbolic.before), leaves(initial), strict=True):
            if value.operator is Operator.INTEGER:
                bounds.setdefault(place, {})[value.integer] = None
            if value.operator is Operator.VARIABLE:
                pairs.add(frozenset((place, value)))
        return {term: tuple(sorted(found)) for term, found in bounds.items()}, frozenset(pairs)

    def _formulas(self) -> Sequence[Term]:
        """Guards, what guarded steps write, and claims."""
        arrows = self.symbolic.arrows
        claims = (self.obligations.before(one.id) for one in self._invariants())
        written = (leaf for arrow in arrows for leaf in leaves(arrow.after))
        return (*(arrow.guard for arrow in arrows), *written, *claims)

    def _invariants(self) -> Iterator[Property]:
        return (one for one in self.symbolic.system.properties if one.kind is Kind.INVARIANT)


def _compared(formulas: Iterable[Term]) -> Iterator[tuple[Term, Term]]:
    seen: set[Term] = set()
    for formula in formulas:
        for term in in_order(formula, seen.__contains__):
            seen.add(term)
            if term.operator in (Operator.LESS_OR_EQUAL, Operator.EQUAL) and term.arguments[0].sort == "Int":
                yield term.arguments[0], term.arguments[1]


def _few_variables(left: Term, right: Term) -> list[Term]:
    """The variables of a comparison in a fixed order; none if there are many, which says nothing of any two."""
    found = sorted(left.variables | right.variables, key=lambda term: term.name)
    return found if len(found) <= 3 else []
