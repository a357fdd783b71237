"""From the names in an exported file to records of a system, and back."""

from collections.abc import Callable
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.logic.terms import FALSE, TRUE, Term, integer
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, known, leaves, python_value, unknown
from pumpproof.verify.proof.symbolic import record_type

Values = dict[str, int | bool]


def named(record: Any, prefix: str) -> Values:
    """The leaves of a record by the names that a file gives them."""
    of = record_type(type(record))
    pairs = zip(leaves(unknown(of, prefix)), leaves(known(of, record)), strict=True)
    return {
        leaf.name: bool(value.integer) if value.sort == "Bool" else value.integer for leaf, value in pairs
    }


def record(of: type, prefix: str, value_of: Callable[[str], int | bool]) -> Any:
    """The record whose leaves have these values."""
    kind = record_type(of)
    return python_value(kind, _filled(unknown(kind, prefix), value_of))


def event(system: System, value_of: Callable[[str], int | bool]) -> Any:
    """The event that comes, as the inputs of a step say."""
    kind = system.events[value_of("event")]
    return record(kind, f"event {kind.__name__!r}", value_of)


def named_event(system: System, event: Any) -> Values:
    """The inputs that say that this event comes."""
    kind = type(event)
    return {"event": system.events.index(kind), **named(event, f"event {kind.__name__!r}")}


def _filled(value: Value, value_of: Callable[[str], int | bool]) -> Value:
    match value:
        case Term():
            found = value_of(value.name)
            return integer(int(found)) if value.sort == "Int" else TRUE if found else FALSE
        case RecordValue():
            return RecordValue(
                value.type, {name: _filled(item, value_of) for name, item in value.fields.items()}
            )
        case TupleValue():
            return TupleValue(tuple(_filled(item, value_of) for item in value.items))
