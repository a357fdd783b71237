"""Among the runs of one length the plainest, in an order that leaves nothing to the solver's choice.

First come the fewest events other than ``Tick``, then the fewest observers that open anew, then the smallest payloads,
then the events in the order of the system, each value by itself, and the limits. Each is made as small as can be while
what came before is kept; a query that the solver does not decide counts as impossible here, which costs plainness and
nothing else.
"""

from collections.abc import Iterable, Iterator

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

BUDGET = 2_000_000
"""z3 resource count of all queries of one run."""


def plainest(unrolling: Unrolling, reply: Reply, limits: object = None) -> Reply:
    """The plainest model of the goal at the length of ``unrolling``, where ``reply`` is any.

    With ``limits`` the run has those, if some run of the length can.
    """
    search = _Plainest(unrolling, reply)
    symbolic = unrolling.symbolic
    has_limits = limits is not None and search.keep_if_possible(
        same(symbolic.limits, known(symbolic.limits_type, limits))
    )
    for number in range(unrolling.length):
        kinds = _total(map(_one_if, _kinds(unrolling, number)))
        search.keep_if_possible(less_or_equal(kinds, integer(1)))
    for measure in _of_events(unrolling):
        search.minimise(measure)
    for measure in _of_values(unrolling, search.reply):
        search.minimise(measure)
    for leaf in () if has_limits else leaves(symbolic.limits):
        for measure in _parts(leaf):
            search.minimise(measure)
    search.end()
    return search.reply


class _Plainest:
    """The best model so far; what is decided of it is open as scopes of the solver until ``end``."""

    def __init__(self, unrolling: Unrolling, reply: Reply) -> None:
        self.unrolling = unrolling
        self.reply = reply
        self._scopes = 0
        self._most = unrolling.solver.spent + BUDGET

    def end(self) -> None:
        """Leave the solver as it was."""
        for _ in range(self._scopes):
            self.unrolling.solver.pop()

    def keep_if_possible(self, term: Term) -> bool:
        """Demand ``term`` of the run, if some run satisfies it; says whether."""
        if not evaluate(term, self._values(term)) and not self._improves(term):
            return False
        self._keep(term)
        return True

    def minimise(self, measure: Term) -> None:
        """Make a measure that is never negative as small as can be: look whether it is, then by halving."""
        low, high = 0, self._value(measure)
        tried = high - 1
        while low < high:
            if self._improves(less_or_equal(measure, integer(tried))):
                high = self._value(measure)
            else:
                low = tried + 1
            tried = (low + high) // 2
        self._keep(less_or_equal(measure, integer(high)))

    def _keep(self, term: Term) -> None:
        self.unrolling.solver.push((term,))
        self._scopes += 1

    def _improves(self, term: Term) -> bool:
        if self.unrolling.solver.spent > self._most:
            return False
        reply = self.unrolling.ask((term,))
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


def _of_events(unrolling: Unrolling) -> Iterator[Term]:
    """How many events interfere, how many observers open anew, how great payloads are, and which events they are."""
    events = unrolling.symbolic.system.events
    taken = [_kinds(unrolling, number) for number in range(unrolling.length)]
    of_events = [
        (one, event, unrolling.frames[number].events[event])
        for number, kinds in enumerate(taken)
        for one, event in zip(kinds, events, strict=True)
    ]
    yield _total(_one_if(one) for one, event, _ in of_events if event.__name__ != QUIET)
    yield _total(_one_if(opens) for frame in unrolling.frames for opens in frame.opens.values())
    yield _total(_where(one, _magnitude(leaf)) for one, _, value in of_events for leaf in leaves(value))
    for kinds in taken:
        yield _total(_where(one, integer(position)) for position, one in enumerate(kinds))


def _of_values(unrolling: Unrolling, reply: Reply) -> Iterator[Term]:
    """Where observers open, and each value of the events that ``reply`` takes."""
    for frame in unrolling.frames:
        yield from map(_one_if, frame.opens.values())
    for frame in unrolling.frames[:-1]:
        arrows = zip(unrolling.symbolic.arrows, frame.taken, strict=True)
        first = next(arrow.event_type for arrow, taken in arrows if reply.values[taken])
        for leaf in leaves(frame.events[first]):
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


def _total(terms: Iterable[Term]) -> Term:
    total = integer(0)
    for term in terms:
        total = add(total, term)
    return total
