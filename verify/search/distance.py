"""How far a situation is from making a formula true: 0 where it holds, and less the nearer the numbers come.

The distance of a comparison is the difference of its sides, that of a conjunction the sum, that of a disjunction the
least of its parts (the branch distance of search-based testing). It only ever guides a search.
"""

from collections.abc import Collection, Mapping
from typing import assert_never

from pumpproof.verify.logic.terms import Operator, Term, in_order

FAR = 1 << 40
"""The distance of what no number can come nearer to: a mode, a flag."""

_Pair = tuple[int, int]
"""The distances from true and from false."""


class Distance:
    """Distances from one formula; ``counters`` are the variables whose values may come near to something."""

    def __init__(self, formula: Term, counters: Collection[Term]) -> None:
        self._formula = formula
        self._counters = frozenset(counters)
        self._order = tuple(in_order(formula, lambda _: False))

    def at(self, values: Mapping[Term, int | bool]) -> int:
        """The distance where the variables have these values."""
        numbers: dict[Term, int] = {}
        truths: dict[Term, _Pair] = {}
        for term in self._order:
            if term.sort == "Int":
                numbers[term] = _number(term, values, numbers, truths)
            else:
                truths[term] = self._truth(term, values, numbers, truths)
        return truths[self._formula][0]

    def _truth(
        self,
        term: Term,
        values: Mapping[Term, int | bool],
        numbers: Mapping[Term, int],
        truths: Mapping[Term, _Pair],
    ) -> _Pair:
        arguments = term.arguments
        match term.operator:
            case Operator.TRUTH:
                return _fixed(holds=bool(term.integer))
            case Operator.VARIABLE:
                return _fixed(holds=bool(values[term]))
            case Operator.NOT:
                true, false = truths[arguments[0]]
                return false, true
            case Operator.AND:
                return sum(truths[part][0] for part in arguments), min(truths[part][1] for part in arguments)
            case Operator.OR:
                return min(truths[part][0] for part in arguments), sum(truths[part][1] for part in arguments)
            case Operator.IF:
                condition, first, second = (truths[part] for part in arguments)
                return (
                    min(condition[0] + first[0], condition[1] + second[0]),
                    min(condition[0] + first[1], condition[1] + second[1]),
                )
            case Operator.EQUAL | Operator.LESS_OR_EQUAL:
                left, right = arguments
                if left.sort == "Bool":
                    one, other = truths[left], truths[right]
                    return min(one[0] + other[0], one[1] + other[1]), min(
                        one[0] + other[1], one[1] + other[0]
                    )
                difference = numbers[left] - numbers[right]
                if term.operator is Operator.LESS_OR_EQUAL:
                    return max(0, difference), max(0, 1 - difference)
                if term.variables <= self._counters:
                    return abs(difference), int(difference == 0)
                return _fixed(holds=difference == 0)
            case (
                Operator.INTEGER | Operator.ADD | Operator.SCALE | Operator.FLOOR_DIVIDE | Operator.REMAINDER
            ):
                raise AssertionError("an integer is no truth value")
            case _:
                assert_never(term.operator)


def _fixed(*, holds: bool) -> _Pair:
    return (0, FAR) if holds else (FAR, 0)


def _number(
    term: Term, values: Mapping[Term, int | bool], numbers: Mapping[Term, int], truths: Mapping[Term, _Pair]
) -> int:
    arguments = term.arguments
    match term.operator:
        case Operator.INTEGER:
            return term.integer
        case Operator.VARIABLE:
            return int(values[term])
        case Operator.ADD:
            return sum(numbers[part] for part in arguments)
        case Operator.SCALE:
            return term.integer * numbers[arguments[0]]
        case Operator.FLOOR_DIVIDE:
            return numbers[arguments[0]] // term.integer
        case Operator.REMAINDER:
            return numbers[arguments[0]] % term.integer
        case Operator.IF:
            return numbers[arguments[1 if truths[arguments[0]][0] == 0 else 2]]
        case (
            Operator.TRUTH
            | Operator.NOT
            | Operator.AND
            | Operator.OR
            | Operator.EQUAL
            | Operator.LESS_OR_EQUAL
        ):
            raise AssertionError("a truth value is no integer")
        case _:
            assert_never(term.operator)
