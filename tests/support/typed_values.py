"""Python values of the types of the subset, for Hypothesis."""

from typing import Any, assert_never

from hypothesis import strategies as st

from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import Substitution, Term
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, known, leaves

_integers = st.one_of(st.integers(-2, 6), st.sampled_from([47, 48, 59, 60, 61, 3599, 3600, 100_000]))


def of_type(kind: Type) -> st.SearchStrategy[Any]:
    """Values of a type, mostly small ones."""
    match kind:
        case IntType():
            return _integers
        case BoolType():
            return st.booleans()
        case EnumType():
            return st.sampled_from(kind.members())
        case RecordType():
            return st.builds(kind.record, **{name: of_type(item) for name, item in kind.fields})
        case TupleType():
            return st.lists(of_type(kind.item), min_size=kind.length, max_size=kind.length).map(tuple)
        case _:
            assert_never(kind)


def at(value: Value, unknowns: list[Value], types: list[Type], values: list[Any]) -> Value:
    """A symbolic value where the unknowns have these Python values."""
    replacements: dict[Term, Term] = {}
    for unknown, kind, python in zip(unknowns, types, values, strict=True):
        replacements |= zip(leaves(unknown), leaves(known(kind, python)), strict=True)
    return _map(value, Substitution(replacements))


def _map(value: Value, change: Substitution) -> Value:
    match value:
        case Term():
            return change(value)
        case RecordValue():
            return RecordValue(value.type, {name: _map(item, change) for name, item in value.fields.items()})
        case TupleValue():
            return TupleValue(tuple(_map(item, change) for item in value.items))
        case _:
            assert_never(value)
