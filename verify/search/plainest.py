"""Among the runs of one length the plainest, in an order that leaves nothing to the solver's choice.

First come the fewest events other than ``Tick``, then the fewest observers that open anew, then the smallest payloads,
then the events in the order of the system, each value by itself, and the limits. Each is made as small as can be while
what came before is kept; a query that the solver does not decide counts as impossible here, which costs plainness and
nothing else.
"""

from collections.abc import Iterator

from pumpproof.verify.logic.smt import Answer, Reply
from pumpproof.verify.logic.terms import (
    Term,
    add,
    choose,
    evaluate,
    integer,
    less_or_equal,
    negate,
    scale,
)
from pumpproof.verify.logic.values import known, leaves, same
from pumpproof.verify.search.unrolling import Unrolling

QUIET = "Tick"
"""Name of the event that is the passing of a second; every other event interferes."""

BUDGET = 10_000_000
"""z3 resource count of all queries of one run."""


def plainest(unrolling: Unrolling, reply: Reply, limits: object = None) -> Reply:
    """The plainest model of the goal at the length of ``unrolling``, where ``reply`` is any.

    With ``limits`` the run has those, if some run of the length can.
    """
    search = _Plainest(unrolling, reply)
    symbolic = unrolling.symbolic
    if limits is not None:
        search.keep_if_possible(same(symbolic.limits, known(symbolic.limits_type, limits)))
    for number in range(unrolling.length):
        search.keep_if_possible(
            less_or_equal(_total(_one_if(one) for one in _kinds(unrolling, number)), integer(1))
        )
    for measure in _measures(unrolling):
        search.minimise(measure)
    return search.reply


class _Plainest:
    def __init__(self, unrolling: Unrolling, reply: Reply) -> None:
        self.unrolling = unrolling
        self.reply = reply
        self.kept: list[Term] = []
        self._most = unrolling.solver.spent + BUDGET

    def keep_if_possible(self, term: Term) -> bool:
        """Demand ``term`` of the run, if some run satisfies it; says whether."""
        if self.unrolling.solver.spent > self._most:
            return False
        if not term.variables <= self.reply.values.keys() or not evaluate(term, self._values(term)):
            reply = self.unrolling.ask((*self.kept, term))
            if reply.answer is not Answer.SATISFIABLE:
                return False
            self.reply = reply
        self.kept.append(term)
        return True

    def minimise(self, measure: Term) -> None:
        """Make a measure that is never negative as small as can be, by halving."""
        low, high = 0, self._value(measure)
        middle = 0  # the least value is the likeliest
        while low < high:
            if self._improves(less_or_equal(measure, integer(middle))):
                high = self._value(measure)
            else:
                low = middle + 1
            middle = (low + high) // 2
        self.kept.append(less_or_equal(measure, integer(high)))

    def _improves(self, term: Term) -> bool:
        if self.unrolling.solver.spent > self._most:
            return False
        reply = self.unrolling.ask((*self.kept, term))
        if reply.answer is not Answer.SATISFIABLE:
            return False
        self.reply = reply
        return True

    def _value(self, measure: Term) -> int:
        return int(evaluate(measure, self._values(measure)))

    def _values(self, term: Term) -> dict[Term, int | bool]:
        return {name: self.reply.values[name] for name in term.variables}


def _kinds(unrolling: Unrolling, number: int) -> tuple[Term, ...]:
    return tuple(unrolling.takes(number, event) for event in unrolling.symbolic.system.events)


def _measures(unrolling: Unrolling) -> Iterator[Term]:
    events = unrolling.symbolic.system.events
    steps = range(unrolling.length)
    taken = [_kinds(unrolling, number) for number in steps]
    payloads = [
        (one, leaf)
        for number in steps
        for event, one in zip(events, taken[number], strict=True)
        for leaf in leaves(unrolling.frames[number].events[event])
    ]
    quiet = [event.__name__ == QUIET for event in events]
    yield _total(
        _one_if(one) for kinds in taken for one, is_quiet in zip(kinds, quiet, strict=True) if not is_quiet
    )
    yield _total(_one_if(opens) for frame in unrolling.frames for opens in frame.opens.values())
    yield _total(_where(one, _magnitude(leaf)) for one, leaf in payloads)
    for kinds in taken:
        yield _total(_where(one, integer(position)) for position, one in enumerate(kinds))
    for frame in unrolling.frames:
        yield from map(_one_if, frame.opens.values())
    for one, leaf in payloads:
        yield from (_where(one, part) for part in _parts(leaf))
    for leaf in leaves(unrolling.symbolic.limits):
        yield from _parts(leaf)


def _parts(leaf: Term) -> Iterator[Term]:
    """The magnitude of a value, then whether it is negative."""
    yield _magnitude(leaf)
    if leaf.sort == "Int":
        yield _one_if(negate(less_or_equal(integer(0), leaf)))


def _magnitude(leaf: Term) -> Term:
    if leaf.sort == "Bool":
        return _one_if(leaf)
    return choose(less_or_equal(integer(0), leaf), leaf, scale(-1, leaf))


def _one_if(condition: Term) -> Term:
    return _where(condition, integer(1))


def _where(condition: Term, value: Term) -> Term:
    return choose(condition, value, integer(0))


def _total(terms: Iterator[Term]) -> Term:
    total = integer(0)
    for term in terms:
        total = add(total, term)
    return total
