"""What stands at the head of every exported file, so that it can be read without this tool."""

from collections.abc import Iterable, Iterator
from enum import Enum
from textwrap import wrap

from pumpproof.verify.export.transitions import Transitions
from pumpproof.verify.language.types import EnumType, RecordType, TupleType, Type
from pumpproof.verify.proof.symbolic import SymbolicSystem, record_type

_WIDTH = 110


def remarks(symbolic: SymbolicSystem, system: Transitions, claim: str) -> Iterator[str]:
    """The lines: what the system is, how far the claim goes, what the numbers and names mean, and each property."""
    of = symbolic.system
    yield from wrap(f"{of.name}: {of.says}", _WIDTH)
    yield from wrap(claim, _WIDTH)
    yield from wrap(
        "One step is one event. `event` says which, `event 'NAME'.FIELD` is its payload; `before.FIELD` is the state, "
        "`ghost 'NAME'.FIELD` the record of an observer, which opens anew after a step where `open 'NAME'` says so; "
        "`held ID` says whether the last step was as a property asks; `limits.FIELD` never changes.",
        _WIDTH,
    )
    yield from wrap(f"event: {_numbered(event.__name__ for event in of.events)}", _WIDTH)
    for enum in sorted(_enums(symbolic), key=lambda one: one.__name__):
        yield from wrap(f"{enum.__name__}: {_numbered(member.name for member in enum)}", _WIDTH)
    yield "Properties:"
    for number, judged in enumerate(system.properties):
        yield from wrap(f"{number} {judged.id}: {judged.says}", _WIDTH)


def _numbered(names: Iterable[str]) -> str:
    return ", ".join(f"{number} {name}" for number, name in enumerate(names))


def _enums(symbolic: SymbolicSystem) -> set[type[Enum]]:
    """Every enumeration that a variable can hold."""
    system = symbolic.system
    records = (system.state, system.limits, *system.events, *(one.record for one in system.observers))
    return {enum for record in records for enum in _enums_in(record_type(record))}


def _enums_in(of: Type) -> Iterator[type[Enum]]:
    match of:
        case EnumType():
            yield of.enum
        case RecordType():
            for _, kind in of.fields:
                yield from _enums_in(kind)
        case TupleType():
            yield from _enums_in(of.item)
        case _:
            return
