"""The places of a system that an invariant may speak of: fields of the state, of the limits and of records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value
from pumpproof.verify.proof.symbolic import SymbolicSystem


@dataclass(frozen=True, eq=False)
class Place:
    """One variable: the class that it is found in, the way from there in Python, and its type."""

    term: Term
    owner: type
    path: str
    type: IntType | BoolType | EnumType

    @property
    def is_item(self) -> bool:
        """Say whether it is an item of a tuple."""
        return "[" in self.path

    @property
    def unit(self) -> str:
        """The last word of its name, which names the unit."""
        return self.path.partition("[")[0].rpartition(".")[2].rpartition("_")[2]


def places(symbolic: SymbolicSystem, records: Sequence[type] | None = None) -> tuple[Place, ...]:
    """Every place of the state, of the limits and of these records (of all, if None is given), in this order."""
    ghosts = symbolic.ghosts if records is None else {one: symbolic.ghosts[one] for one in records}
    owners: list[tuple[type, RecordValue]] = [
        (symbolic.system.state, symbolic.before),
        (symbolic.system.limits, symbolic.limits),
        *ghosts.items(),
    ]
    return tuple(place for owner, value in owners for place in _within(value.type, value, owner, ""))


def _within(of: Type, value: Value, owner: type, path: str) -> Iterator[Place]:
    match of:
        case IntType() | BoolType() | EnumType():
            assert isinstance(value, Term)
            yield Place(value, owner, path, of)
        case RecordType():
            assert isinstance(value, RecordValue)
            for name, kind in of.fields:
                yield from _within(kind, value.fields[name], owner, f"{path}.{name}".removeprefix("."))
        case TupleType():
            assert isinstance(value, TupleValue)
            for index, item in enumerate(value.items):
                yield from _within(of.item, item, owner, f"{path}[{index}]")
        case _:
            assert_never(of)
