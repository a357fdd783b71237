"""What the generated tests have to show of a table: every arrow, every refusal, both sides of every comparison.

A boundary is a comparison of integers that a guard or a refusal makes, at a place where it decides: with the other
outcome the guard would say something else. Its sides are the last value at which it holds and the first at which it
does not; an equality has its own value and both neighbours. Where all that varies is multiplied, values lie further
apart than one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import gcd

from pumpproof.statemachine.kernel.table import Command, Ignored, Refused, Row
from pumpproof.verify.language.types import EnumType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Operator,
    Term,
    all_of,
    any_of,
    choose,
    equal,
    in_order,
    integer,
    less_or_equal,
    negate,
    rebuild,
    subtract,
    values_of,
)
from pumpproof.verify.logic.translate import as_term
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, known, leaves
from pumpproof.verify.proof.symbolic import Arrow, Outcome, SymbolicSystem

_LONGEST = 100
_INDEX = re.compile(r"\[\d+(\]|$)")

Sides = tuple[tuple[str, int, int], ...]
"""Each side of a comparison with the least and the most that its left may exceed its right by."""


@dataclass(frozen=True, eq=False)
class Goal:
    """A situation and an event with it that a test ends with: ``formula`` speaks of the state before, event and limits.

    ``arrow`` is one that can take the event.
    """

    name: str
    formula: Term
    arrow: Arrow


def goals(symbolic: SymbolicSystem) -> tuple[Goal, ...]:
    """Every goal, in the order of the table."""
    found = [one for arrow in symbolic.arrows for one in _goals_of(symbolic, arrow)]
    assert len({one.name for one in found}) == len(found)
    return tuple(found)


def _goals_of(symbolic: SymbolicSystem, arrow: Arrow) -> Iterator[Goal]:
    yield Goal(arrow.name, arrow.enabled, arrow)
    match arrow.entry:
        case Row():
            yield from _boundaries(symbolic, arrow, arrow.guard)
        case Command() if arrow.outcome is Outcome.REFUSED:
            reason = as_term(arrow.outputs.fields["refusal"])
            yield from _reasons(symbolic, arrow, reason)
            yield from _boundaries(symbolic, arrow, reason)
        case Command() | Refused() | Ignored():
            return


def _reasons(symbolic: SymbolicSystem, arrow: Arrow, reason: Term) -> Iterator[Goal]:
    """Every reason that the function can give."""
    members = tuple(symbolic.system.reason)
    for code in sorted({value.integer for value in _outcomes(reason) if value.operator is Operator.INTEGER}):
        if members[code].name != "NONE":
            said = all_of((arrow.situation, _is(reason, code)))
            yield Goal(f"{arrow.name}: {members[code].name}", said, arrow)


def _is(term: Term, code: int) -> Term:
    """That a term has this value, without the conditions that only choose between others."""
    known: dict[Term, Term] = {}
    for one in in_order(term, known.__contains__):
        if one.operator is Operator.IF and one.sort == "Int":
            condition, then, otherwise = one.arguments
            known[one] = choose(condition, known[then], known[otherwise])
        elif one.sort == "Int":
            known[one] = equal(one, integer(code))
        else:
            known[one] = one
    return known[term]


def _outcomes(term: Term) -> Iterator[Term]:
    """The values between which a term chooses."""
    seen: set[Term] = set()
    pending = [term]
    while pending:
        one = pending.pop()
        if one not in seen:
            seen.add(one)
            pending += one.arguments[1:] if one.operator is Operator.IF else ()
            yield one


def _boundaries(symbolic: SymbolicSystem, arrow: Arrow, decision: Term) -> Iterator[Goal]:
    """Each side of each comparison; one that is made of every item of a tuple is shown of any of them."""
    enums = frozenset(_enum_leaves(symbolic, arrow))
    limits = frozenset(leaves(symbolic.limits))
    sides: dict[str, list[Term]] = {}
    for atom in in_order(decision, lambda _: False):
        if not _compares_integers(atom, enums) or atom.variables <= limits:
            continue  # what the limits alone decide no run can bring about
        left, right = atom.arguments
        decides = all_of(
            (arrow.situation, _differ(_with(decision, atom, TRUE), _with(decision, atom, FALSE)))
        )
        text = _of_any_item(atom)
        beyond = subtract(left, right)
        step = _spacing(beyond, limits)
        for side, low, high in _SIDES[atom.operator](step):
            at = (less_or_equal(integer(low), beyond), less_or_equal(beyond, integer(high)))
            sides.setdefault(f"{text}: {side}", []).append(all_of((decides, *at)))
    for side, formulas in sides.items():
        yield Goal(f"{arrow.entry.id}: {side}", any_of(formulas), arrow)


def _of_any_item(atom: Term) -> str:
    """The text of a comparison, the same for all items of a tuple where it begins the same."""
    text = as_text(atom)
    of_any = _INDEX.sub("[i]", text[:_LONGEST])
    return f"{of_any}..." if of_any != text[:_LONGEST] and len(text) > _LONGEST else text


def _sides_of_order(step: int) -> Sides:
    return ("last that holds", 1 - step, 0), ("first that does not", 1, step)


def _sides_of_equality(step: int) -> Sides:
    return ("equal", 0, 0), ("next below", -step, -1), ("next above", 1, step)


_SIDES: dict[Operator, Callable[[int], Sides]] = {
    Operator.LESS_OR_EQUAL: _sides_of_order,
    Operator.EQUAL: _sides_of_equality,
}


def _spacing(term: Term, constants: frozenset[Term]) -> int:
    """How far apart the values of a sum lie, where ``constants`` do not vary."""
    spacing = 0
    pending = [(1, term)]
    while pending:
        factor, one = pending.pop()
        if one.operator is Operator.ADD:
            pending += [(factor, argument) for argument in one.arguments]
        elif one.operator is Operator.SCALE:
            pending.append((factor * one.integer, one.arguments[0]))
        elif not one.variables <= constants:
            spacing = gcd(spacing, factor)
    return spacing or 1


def _compares_integers(atom: Term, enums: frozenset[Term]) -> bool:
    if atom.operator is Operator.LESS_OR_EQUAL:
        return True
    if atom.operator is not Operator.EQUAL:
        return False
    sides = [side for argument in atom.arguments for side in _outcomes(argument)]
    return all(argument.sort == "Int" for argument in atom.arguments) and enums.isdisjoint(sides)


def _enum_leaves(symbolic: SymbolicSystem, arrow: Arrow) -> Iterator[Term]:
    """The variables that hold members of enumerations."""
    for record in (symbolic.before, symbolic.limits, arrow.event):
        yield from _enums_in(record.type, record)


def _enums_in(of: Type, value: Value) -> Iterator[Term]:
    match of, value:
        case EnumType(), Term():
            yield value
        case RecordType(), RecordValue():
            for name, kind in of.fields:
                yield from _enums_in(kind, value.fields[name])
        case TupleType(), TupleValue():
            for item in value.items:
                yield from _enums_in(of.item, item)
        case _:
            return


def _with(root: Term, atom: Term, outcome: Term) -> Term:
    """The term in which a comparison has this outcome wherever it stands."""
    known = {atom: outcome}
    for term in in_order(root, known.__contains__):
        known[term] = rebuild(term, tuple(known[argument] for argument in term.arguments))
    return known[root]


def _differ(left: Term, right: Term) -> Term:
    if left.sort == "Int":
        return negate(equal(left, right))
    return any_of((all_of((left, negate(right))), all_of((right, negate(left)))))


def as_text(term: Term) -> str:
    """A term as a person writes it; a long one is cut and told apart from others by its digest.

    A term may stand in another many times over, so each is written once, and no longer than what can be shown of it.
    """
    written: dict[Term, str] = {}
    for one in in_order(term, written.__contains__):
        written[one] = _written(one, written)[: _LONGEST + 1]
    text = written[term]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... [{term.digest.hex()[:8]}]"


def _written(term: Term, written: Mapping[Term, str]) -> str:
    inside = [f"({written[one]})" if len(one.arguments) > 1 else written[one] for one in term.arguments]
    match term.operator:
        case Operator.INTEGER:
            return str(term.integer)
        case Operator.TRUTH:
            return str(bool(term.integer))
        case Operator.VARIABLE:
            return term.name.replace("before.", "state.", 1).replace("'", "").removeprefix("event ")
        case Operator.SCALE | Operator.FLOOR_DIVIDE | Operator.REMAINDER:
            sign = {Operator.SCALE: "*", Operator.FLOOR_DIVIDE: "//", Operator.REMAINDER: "%"}[term.operator]
            return f"{inside[0]} {sign} {term.integer}"
        case Operator.IF:
            condition, then, otherwise = inside
            return f"{then} if {condition} else {otherwise}"
        case Operator.NOT:
            return f"not {inside[0]}"
        case Operator.EQUAL:
            return " == ".join(inside)
        case Operator.ADD:
            return " + ".join(written[one] for one in term.arguments)
        case Operator.LESS_OR_EQUAL | Operator.AND | Operator.OR:
            return f" {term.operator.value} ".join(inside)


def holds(symbolic: SymbolicSystem, goal: Goal, before: object, event: object, limits: object) -> bool:
    """Whether a step from ``before`` by ``event`` is what a goal asks for."""
    values: dict[Term, int | bool] = {}
    for value, record in (
        (symbolic.before, before),
        (symbolic.limits, limits),
        (symbolic.event(type(event)), event),
    ):
        for leaf, constant in zip(leaves(value), leaves(known(value.type, record)), strict=True):
            values[leaf] = bool(constant.integer) if constant.sort == "Bool" else constant.integer
    return goal.formula.variables <= values.keys() and values_of((goal.formula,), values) == [True]
