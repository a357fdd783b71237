"""Comparisons of integers and truth values as source text of the subset, with names of the reader's choice."""

from collections.abc import Mapping
from dataclasses import dataclass

from pumpproof.verify.language.types import EnumType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import Operator, Term
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value


@dataclass(frozen=True)
class Spelling:
    """How a variable is written, and its type."""

    text: str
    type: Type


def spellings(of: Type, value: Value, text: str) -> dict[Term, Spelling]:
    """How each leaf of a value is written if the value is written ``text``."""
    match of, value:
        case RecordType(), RecordValue():
            parts = [spellings(kind, value.fields[name], f"{text}.{name}") for name, kind in of.fields]
        case TupleType(), TupleValue():
            parts = [spellings(of.item, item, f"{text}[{i}]") for i, item in enumerate(value.items)]
        case _:
            assert isinstance(value, Term)
            return {value: Spelling(text, of)} if value.operator is Operator.VARIABLE else {}
    return {leaf: spelling for part in parts for leaf, spelling in part.items()}


def written(condition: Term, names: Mapping[Term, Spelling]) -> str | None:
    """A comparison, a truth value or the negation of one as source text; None if it is not as simple as that."""
    if condition.operator is Operator.NOT:
        return _atom(condition.arguments[0], names, negated=True)
    return _atom(condition, names, negated=False)


def _atom(term: Term, names: Mapping[Term, Spelling], *, negated: bool) -> str | None:
    match term.operator:
        case Operator.VARIABLE:
            known = names.get(term)
            return None if known is None else f"{'not ' if negated else ''}{known.text}"
        case Operator.LESS_OR_EQUAL:
            left, right = term.arguments
            sides = (_linear(left, names), _linear(right, names))
            if sides[0] is None or sides[1] is None:
                return None
            difference = _minus(*sides[::-1]) if not negated else _minus(*sides)
            if negated:
                difference[None] = difference.get(None, 0) - 1
            return _at_least_zero(difference)
        case Operator.EQUAL:
            return _equality(term, names, negated=negated)
        case _:
            return None


Linear = dict[str | None, int]
"""The factor of each written leaf; under None the constant."""


def _linear(term: Term, names: Mapping[Term, Spelling]) -> Linear | None:
    match term.operator:
        case Operator.INTEGER:
            return {None: term.integer}
        case Operator.VARIABLE:
            known = names.get(term)
            return None if known is None or isinstance(known.type, EnumType) else {known.text: 1}
        case Operator.ADD:
            left, right = (_linear(argument, names) for argument in term.arguments)
            return None if left is None or right is None else _plus(left, right, 1)
        case Operator.SCALE:
            inner = _linear(term.arguments[0], names)
            return None if inner is None else {leaf: term.integer * factor for leaf, factor in inner.items()}
        case _:
            return None


def _plus(left: Linear, right: Linear, sign: int) -> Linear:
    total = dict(left)
    for leaf, factor in right.items():
        total[leaf] = total.get(leaf, 0) + sign * factor
    return total


def _minus(left: Linear | None, right: Linear | None) -> Linear:
    assert left is not None and right is not None
    return _plus(left, right, -1)


def _at_least_zero(form: Linear) -> str | None:
    """``form >= 0`` with every leaf on the side where its factor is positive."""
    constant = form.get(None, 0)
    leaves = {leaf: factor for leaf, factor in form.items() if leaf is not None and factor}
    if not leaves:
        return None
    small = [_times(-factor, leaf) for leaf, factor in leaves.items() if factor < 0]
    great = [_times(factor, leaf) for leaf, factor in leaves.items() if factor > 0]
    if not small:
        return (
            f"{' + '.join(great)} > {-constant - 1}"
            if constant == -1
            else f"{' + '.join(great)} >= {-constant}"
        )
    if constant == -1 and great:
        return f"{' + '.join(small)} < {' + '.join(great)}"
    if constant < 0 and great:
        small.append(str(-constant))
    elif constant or not great:
        great.append(str(constant))
    return f"{' + '.join(small)} <= {' + '.join(great)}"


def _times(factor: int, leaf: str) -> str:
    return leaf if factor == 1 else f"{factor} * {leaf}"


def _equality(term: Term, names: Mapping[Term, Spelling], *, negated: bool) -> str | None:
    left, right = term.arguments
    if left.operator is Operator.INTEGER:
        left, right = right, left
    known = names.get(left)
    if known is not None and isinstance(known.type, EnumType):
        if right.operator is not Operator.INTEGER:
            return None
        member = known.type.members()[right.integer]
        return f"{known.text} is {'not ' if negated else ''}{type(member).__name__}.{member.name}"
    sides = (_linear(left, names), _linear(right, names))
    if sides[0] is None or sides[1] is None:
        return None
    form = _minus(*sides)
    constant = form.pop(None, 0)
    great = [_times(factor, leaf) for leaf, factor in form.items() if leaf is not None and factor > 0]
    small = [_times(-factor, leaf) for leaf, factor in form.items() if leaf is not None and factor < 0]
    if not great:
        great, small, constant = small, great, -constant
    if not small:
        small.append(str(-constant))
    elif constant:
        (great if constant > 0 else small).append(str(abs(constant)))
    return f"{' + '.join(great)} {'!=' if negated else '=='} {' + '.join(small)}" if great else None
