"""Many equal events as one symbolic step: states after ``n`` of them as formulas of ``n``.

Where each step adds a constant to each integer and changes nothing else, and where every comparison on the way keeps
its outcome, ``n`` steps are one. The formulas of an arrow say for how long this is so: with each integer written as
``value + change * n``, each term of them is again of this form up to some ``n``, and each truth value stays what it is
up to some ``n``. What is computed here only ever suggests a run; the running machine has to take it, step by step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from pumpproof.verify.logic.terms import (
    Operator,
    Term,
    add,
    in_order,
    integer,
    scale,
)

Values = Mapping[Term, int | bool]
"""A value for each variable."""

ENDLESS = 1 << 62
"""Stands for a stretch without an end."""


@dataclass(frozen=True, slots=True)
class Trend:
    """``value + change * n`` for each ``n`` of ``0 .. last``; a truth value has no change."""

    value: int | bool
    change: int
    last: int


@dataclass(frozen=True)
class Acceleration:
    """The variables of a state after ``n`` equal events, for each ``n`` of ``0 .. most``.

    ``changes`` has the variables that change, each with what one step adds to it.
    """

    values: Values
    changes: Mapping[Term, int]
    most: int

    def at(self, count: Term) -> dict[Term, Term]:
        """Each variable that changes, as a term of the number of events."""
        return {
            name: add(integer(int(self.values[name])), scale(change, count))
            for name, change in self.changes.items()
        }

    def after(self, count: int) -> dict[Term, int | bool]:
        """Each variable after so many events."""
        return {
            name: value + self.changes[name] * count if name in self.changes else value
            for name, value in self.values.items()
        }


def accelerate(
    before: Values, given: Values, after: Mapping[Term, Term], conditions: Iterable[Term]
) -> Acceleration:
    """How far a step goes on as it begins.

    ``before`` has the variables that a step changes, ``given`` all others, which stay. ``after`` has for each variable
    of ``before`` its term after one step, and ``conditions`` are what has to hold for the step to be taken.
    """
    first = _Trends({name: Trend(value, 0, ENDLESS) for name, value in {**before, **given}.items()})
    changes: dict[Term, int] = {}
    for name, term in after.items():
        difference = int(first.of(term).value) - int(before[name])
        if difference and name.sort == "Bool":
            return Acceleration(before, {}, 0)
        if difference:
            changes[name] = difference
    trends = _Trends(
        {name: Trend(value, changes.get(name, 0), ENDLESS) for name, value in {**before, **given}.items()}
    )
    last = ENDLESS
    for term in conditions:
        found = trends.of(term)
        last = min(last, found.last if found.value else -1)
    for name, term in after.items():
        found, change = trends.of(term), changes.get(name, 0)
        # After step n + 1 the variable has to be value + change * (n + 1).
        goes_on = found.value == before[name] + change and found.change == change
        last = min(last, found.last if goes_on else 0)
    return Acceleration(before, changes, last + 1)


class _Trends:
    """Trends of terms, each shared term computed once."""

    def __init__(self, known: dict[Term, Trend]) -> None:
        self._known = known

    def of(self, root: Term) -> Trend:
        known = self._known
        for term in in_order(root, known.__contains__):
            known[term] = _trend(term, [known[argument] for argument in term.arguments])
        return known[root]


def _trend(term: Term, parts: list[Trend]) -> Trend:
    last = min((part.last for part in parts), default=ENDLESS)
    match term.operator:
        case Operator.INTEGER:
            return Trend(term.integer, 0, ENDLESS)
        case Operator.TRUTH:
            return Trend(bool(term.integer), 0, ENDLESS)
        case Operator.VARIABLE:
            raise KeyError(term.name)
        case Operator.ADD:
            return Trend(parts[0].value + parts[1].value, parts[0].change + parts[1].change, last)
        case Operator.SCALE:
            return Trend(term.integer * parts[0].value, term.integer * parts[0].change, last)
        case Operator.FLOOR_DIVIDE | Operator.REMAINDER:
            return _divided(term, parts[0])
        case Operator.IF:
            chosen = parts[1] if parts[0].value else parts[2]
            return Trend(chosen.value, chosen.change, min(parts[0].last, chosen.last))
        case Operator.EQUAL | Operator.LESS_OR_EQUAL:
            difference = Trend(parts[0].value - parts[1].value, parts[0].change - parts[1].change, last)
            return _is_zero(difference) if term.operator is Operator.EQUAL else _is_not_positive(difference)
        case Operator.NOT:
            return Trend(not parts[0].value, 0, last)
        case Operator.AND:
            return _junction(parts, absorbing=False)
        case Operator.OR:
            return _junction(parts, absorbing=True)
        case _:
            assert_never(term.operator)


def _divided(term: Term, part: Trend) -> Trend:
    """A quotient stays, and a remainder goes on, until the next multiple of the divisor."""
    divisor, value, change = term.integer, part.value, part.change
    quotient, rest = divmod(value, divisor)
    is_quotient = term.operator is Operator.FLOOR_DIVIDE
    if change % divisor == 0:
        return Trend(quotient, change // divisor, part.last) if is_quotient else Trend(rest, 0, part.last)
    last = (divisor - 1 - rest) // change if change > 0 else rest // -change
    return Trend(quotient if is_quotient else rest, 0 if is_quotient else change, min(part.last, last))


def _is_zero(difference: Trend) -> Trend:
    value, change = difference.value, difference.change
    if not change:
        return Trend(value == 0, 0, difference.last)
    if value == 0:
        return Trend(True, 0, 0)
    meets = -value // change if -value % change == 0 and -value // change > 0 else ENDLESS
    return Trend(False, 0, min(difference.last, meets - 1))


def _is_not_positive(difference: Trend) -> Trend:
    value, change = difference.value, difference.change
    last = ENDLESS
    if value <= 0 and change > 0:
        last = -value // change
    elif value > 0 and change < 0:
        last = (value - 1) // -change
    return Trend(value <= 0, 0, min(difference.last, last))


def _junction(parts: list[Trend], *, absorbing: bool) -> Trend:
    """One part that absorbs all others is enough, the one that does for longest; otherwise all have to stay."""
    deciding = [part.last for part in parts if bool(part.value) is absorbing]
    if deciding:
        return Trend(absorbing, 0, max(deciding))
    return Trend(not absorbing, 0, min(part.last for part in parts))
