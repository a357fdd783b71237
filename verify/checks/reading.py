"""What is declared and never read: it could be left out, or something should depend on it and does not."""

from collections.abc import Callable, Iterable, Iterator

from pumpproof.spec.kernel.declared import place_of_field
from pumpproof.statemachine.kernel.table import Command, Refused, Row
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.language import tree
from pumpproof.verify.language.types import RecordType, TupleType, plain_fields
from pumpproof.verify.language.walk import called_functions, children
from pumpproof.verify.proof.symbolic import record_type
from pumpproof.verify.record import CheckResult

UNREAD = "unread"
OUTPUTS = "outputs"

Field = tuple[type, str]


def check_unread(context: Context) -> CheckResult:
    """Whether each field of the state, the events, the limits and the observers' records is read.

    A field that is read only to compute its own next value decides nothing and does not count as read, nor does a
    comparison of whole records, unless one of them is kept by an observer. Of the limits, the conditions of valid
    limits do not count.
    """
    rows = Rows(UNREAD, "Every field of state, events, limits and observers is read.")
    system = context.system
    read = set(_read(context, (*_of_table(context), *_of_specification(context), system.initial)))
    spoken_of = {ghost for known in system.properties for ghost in context.symbolic.binding(known).ghosts}
    read.add((system.state, "mode"))
    for what, record in (
        ("state", system.state),
        ("limits", system.limits),
        *(("event", event) for event in system.events),
        *(("observer", one.record) for one in system.observers),
    ):
        if what == "observer" and record not in spoken_of:
            name = context.symbolic.observer(record).name
            rows.found(
                name, context.place(context.symbolic.observer(record).begin), "no property asks for it"
            )
            continue
        for known, name in _fields_of(record):
            if (known, name) in read:
                rows.sound()
            else:
                where = place_of_field(known, name)
                rows.found(f"{known.__name__}.{name}", where, f"nothing reads this field of the {what}")
    return rows.result()


def check_outputs(context: Context) -> CheckResult:
    """Whether a property or an observer reads each output; a refusal only where something can be refused."""
    rows = Rows(OUTPUTS, "A property reads every output.")
    system = context.system
    read = set(_read(context, _of_specification(context)))
    if not any(isinstance(entry, Command | Refused) for entry in system.table):
        read.add((system.outputs, "refusal"))
    for known, name in _fields_of(system.outputs):
        if (known, name) in read:
            rows.sound()
        else:
            where = place_of_field(known, name)
            says = "no property reads it, so that nothing is proved of it"
            rows.undecided(f"{known.__name__}.{name}", where, says)
    return rows.result()


def _of_table(context: Context) -> Iterator[Callable[..., object]]:
    for entry in context.system.table:
        if isinstance(entry, Row):
            yield from (entry.guard, entry.effect)
        elif isinstance(entry, Command):
            yield from (entry.refuse, entry.effect)


def _of_specification(context: Context) -> Iterator[Callable[..., object]]:
    for known in context.system.properties:
        yield known.claim
        if known.when is not None:
            yield known.when
    for observer in context.system.observers:
        yield observer.begin
        yield from (function for _, function in observer.steps)
        if observer.otherwise is not None:
            yield observer.otherwise


def _fields_of(record: type) -> Iterator[Field]:
    """The fields of a record, of the records in it, and of the records in its tuples; each once."""
    return iter(dict.fromkeys(_every_field_of(record_type(record))))


def _every_field_of(of: RecordType) -> Iterator[Field]:
    for one in plain_fields(of):
        yield one.owner, one.name
        item = one.type
        while isinstance(item, TupleType):
            item = item.item
        if isinstance(item, RecordType):
            yield from _every_field_of(item)


def _read(context: Context, functions: Iterable[Callable[..., object]]) -> Iterator[Field]:
    seen: set[tree.Function] = set()
    kept = frozenset(observer.record for observer in context.system.observers)
    for function in functions:
        for called in called_functions(context.symbolic.function(function)):
            if called not in seen:
                seen.add(called)
                yield from _reads(called.body, frozenset(), kept)


def _reads(root: tree.Expression, own: frozenset[Field], kept: frozenset[type]) -> Iterator[Field]:
    """Fields that an expression reads, except those in ``own``, whose next value it is a part of.

    ``kept`` are the records of observers.
    """
    seen: set[tuple[int, frozenset[Field]]] = set()
    pending = [(root, own)]
    while pending:
        node, skipped = pending.pop()
        if (id(node), skipped) in seen:
            continue
        seen.add((id(node), skipped))
        if isinstance(node, tree.ReplaceFields):
            pending.append((node.record, skipped))
            pending += [(value, skipped | {(node.type.record, name)}) for name, value in node.changes]
            continue
        if isinstance(node, tree.MakeRecord):
            pending += [(value, skipped | {(node.type.record, name)}) for name, value in node.fields]
            continue
        if isinstance(node, tree.FieldOf) and isinstance(node.record.type, RecordType):
            field = (node.record.type.record, node.name)
            if field not in skipped:
                yield field
        if isinstance(node, tree.Compare) and isinstance(node.left.type, RecordType):
            if any(_outermost(side) in kept for side in (node.left, node.right)):
                yield from _every_field_of(node.left.type)
        pending += [(child, skipped) for child in children(node)]


def _outermost(node: tree.Expression) -> type | None:
    """The record that a field lies in, or in whose fields it lies."""
    while isinstance(node, tree.FieldOf):
        node = node.record
    return node.type.record if isinstance(node.type, RecordType) else None
