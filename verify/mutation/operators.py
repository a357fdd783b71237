"""Mutation operators on the functions that rows run: each is a small edit of one expression."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from itertools import pairwise
from types import FunctionType

from pumpproof.verify.language import tree
from pumpproof.verify.language.types import IntType, RecordType, TupleType, Type, plain_fields
from pumpproof.verify.language.walk import nodes
from pumpproof.verify.mutation.text import Edit, Text

Found = Iterator[tuple["Operator", Edit]]


class Operator(Enum):
    """What a mutant changes."""

    CONJUNCT = "conjunct removed"
    DISJUNCT = "disjunct removed"
    NEGATION = "condition negated"
    GUARD = "guard removed"
    REFUSAL = "refusal removed"
    BRANCH = "branch removed"
    CHOICE = "one side of a choice taken always"
    COMPARISON = "comparison changed"
    CONSTANT = "constant off by one"
    ASSIGNMENT = "assignment removed"
    EXCHANGE = "assignments exchanged"
    FIELD = "another field of the same unit read"
    WRITTEN = "another field of the same unit written"
    EXTREME = "min and max exchanged"
    SIGN = "plus and minus exchanged"
    CALL = "call removed"
    ROW = "row dropped"
    WIDER = "mode added to a row"
    NARROWER = "mode removed from a row"
    TARGET = "target of a row changed"


@dataclass(frozen=True)
class Place:
    """A function that rows run, its syntax, its reading, and what it is to them. ``rows`` are those that feel it."""

    text: Text
    node: ast.FunctionDef
    read: tree.Function
    names: dict[str, object]
    is_guard: bool
    is_refusal: bool
    is_initial: bool
    rows: tuple[str, ...]

    def resolve(self, node: ast.expr) -> object:
        """What a plain name in this function stands for; None for anything else."""
        return self.names.get(node.id) if isinstance(node, ast.Name) else None


def edits_of(place: Place) -> Found:
    """Every edit of a function; of the function of the initial state its constants alone are changed."""
    at = {_key(node.span): node for node in nodes(place.read.body)}
    for statement in place.node.body:
        for node in ast.walk(statement):
            if place.is_initial:
                yield from _off_by_one(place.text, node)
            else:
                yield from _edits(place, node, at)


At = dict[tuple[int, int, int, int], tree.Expression]
"""The reading of what stands at a place: line and column of its beginning and of its end."""


def _key(span: tree.Span) -> tuple[int, int, int, int]:
    return (span.line, span.column, span.end_line, span.end_column)


def _at(at: At, node: ast.expr) -> tree.Expression | None:
    return at.get((node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0))


def _edits(place: Place, node: ast.AST, at: At) -> Found:
    text = place.text
    match node:
        case ast.BoolOp():
            yield from _operands_removed(text, node)
            for operand in node.values:
                yield from _negated(text, operand)
        case ast.Compare():
            yield from _comparisons_removed(text, node)
            yield from _comparisons_changed(text, node)
        case ast.If():
            kind = Operator.REFUSAL if place.is_refusal else Operator.BRANCH
            yield kind, _replacement(text, node.test, "False")
            if not isinstance(node.test, ast.BoolOp):
                yield from _negated(text, node.test)
        case ast.IfExp():
            yield from _choices(place, node)
            if not isinstance(node.test, ast.BoolOp):
                yield from _negated(text, node.test)
        case ast.Call():
            yield from _assignments_removed(place, node)
            yield from _assignments_exchanged(text, node, at)
            yield from _other_field_written(text, node, at)
            yield from _call_removed(place, node)
            yield from _extreme(place, node)
        case ast.BinOp():
            yield from _sign(text, node, at)
        case ast.Attribute():
            yield from _other_field_read(text, node, at)
        case ast.Return(value=ast.expr() as value) if place.is_guard:
            if not isinstance(value, ast.BoolOp | ast.Constant):
                yield Operator.GUARD, _replacement(text, value, "True")
                yield from _negated(text, value)
        case _:
            yield from _off_by_one(text, node)


def _replacement(text: Text, node: ast.AST, new: str) -> Edit:
    return Edit(text.start(node), text.end(node), new)


def _enclosed(text: Text, node: ast.expr) -> str:
    """The text of an operand, in parentheses where it may need them."""
    written = text.of(node)
    loose = isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) or "\n" in written
    return f"({written})" if loose else written


def _negated(text: Text, node: ast.expr) -> Found:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield Operator.NEGATION, _replacement(text, node, _enclosed(text, node.operand))
    elif not isinstance(node, ast.Compare) or len(node.ops) > 1:
        # A single comparison is negated in its operator, or takes its boundary to the other side: see there.
        yield Operator.NEGATION, _replacement(text, node, f"(not {_enclosed(text, node)})")
    elif type(node.ops[0]) not in _OPPOSITE:
        yield Operator.NEGATION, _replacement(text, node, f"(not {_enclosed(text, node)})")


def _operands_removed(text: Text, node: ast.BoolOp) -> Found:
    kind, word = (Operator.CONJUNCT, "and") if isinstance(node.op, ast.And) else (Operator.DISJUNCT, "or")
    for number, removed in enumerate(node.values):
        left, right = (node.values[0], node.values[1]) if number == 0 else (node.values[number - 1], removed)
        if text.between(text.end(left), text.start(right)).strip() == word:
            cut = (text.start(left), text.start(right)) if number == 0 else (text.end(left), text.end(right))
            yield kind, Edit(*cut, "")
        else:
            kept = [_enclosed(text, value) for value in node.values if value is not removed]
            yield kind, _replacement(text, node, f" {word} ".join(kept))


def _comparisons_removed(text: Text, node: ast.Compare) -> Found:
    """Each comparison of a chain is a conjunct."""
    terms = [node.left, *node.comparators]
    links = [text.between(text.start(a), text.end(b)) for a, b in pairwise(terms)]
    for removed in range(len(links)) if len(links) > 1 else ():
        kept = " and ".join(link for number, link in enumerate(links) if number != removed)
        yield Operator.CONJUNCT, _replacement(text, node, kept if len(links) == 2 else f"({kept})")


_OPPOSITE = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
_BOUNDARY = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
_SWAPPED = _OPPOSITE | _BOUNDARY


def _comparisons_changed(text: Text, node: ast.Compare) -> Found:
    """``<`` and ``<=``, ``>`` and ``>=``, ``==`` and ``!=``, ``is`` and ``is not``."""
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if type(operator) in _SWAPPED:
            old, new = _SWAPPED[type(operator)]
            between = text.between(text.end(left), text.start(right))
            if old in between:
                start = text.end(left) + between.index(old)
                yield Operator.COMPARISON, Edit(start, start + len(old), new)
        left = right


def _choices(place: Place, node: ast.IfExp) -> Found:
    for side in (node.body, node.orelse):
        accepts = isinstance(side, ast.Attribute) and side.attr == "NONE"
        kind = Operator.REFUSAL if place.is_refusal and accepts else Operator.CHOICE
        yield kind, _replacement(place.text, node, _enclosed(place.text, side))


def _assignments_removed(place: Place, node: ast.Call) -> Found:
    text, called = place.text, place.resolve(node.func)
    arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    if called is replace:
        if len(arguments) == 2:
            yield Operator.ASSIGNMENT, _replacement(text, node, _enclosed(text, node.args[0]))
            return
        removable: Iterable[ast.expr | ast.keyword] = node.keywords
    elif isinstance(called, type) and is_dataclass(called):
        removable = _with_default(called, node)
    else:
        return
    for argument in removable:
        yield Operator.ASSIGNMENT, _argument_removed(text, arguments, argument)


def _with_default(record: type, node: ast.Call) -> Iterator[ast.expr | ast.keyword]:
    """Arguments that a constructor can do without: any keyword, and the last of the positional ones."""
    optional = {item.name for item in fields(record) if item.default is not MISSING}
    names = [item.name for item in fields(record)]
    for number, argument in enumerate(node.args):
        if number == len(node.args) - 1 and names[number] in optional:
            yield argument
    for keyword in node.keywords:
        if keyword.arg in optional:
            yield keyword


def _argument_removed(
    text: Text, arguments: list[ast.expr | ast.keyword], removed: ast.expr | ast.keyword
) -> Edit:
    number = arguments.index(removed)
    if number > 0:
        return Edit(text.end(arguments[number - 1]), text.end(removed), "")
    end = text.start(arguments[1]) if len(arguments) > 1 else text.end(removed)
    return Edit(text.start(removed), end, "")


def _written_record(node: ast.Call, at: At) -> dict[str, Type] | None:
    """The fields of the record that a call makes or changes."""
    found = _at(at, node)
    return dict(found.type.fields) if isinstance(found, tree.ReplaceFields | tree.MakeRecord) else None


def _assignments_exchanged(text: Text, node: ast.Call, at: At) -> Found:
    """Two assignments of the same type that follow each other exchange their values."""
    of = _written_record(node, at)
    by_type: dict[Type, list[ast.keyword]] = {}
    for keyword in node.keywords if of is not None else ():
        if of is not None and keyword.arg in of:
            by_type.setdefault(of[keyword.arg], []).append(keyword)
    for keywords in by_type.values():
        for one, other in pairwise(keywords):
            first, second = text.of(one.value), text.of(other.value)
            if first != second:
                between = text.between(text.end(one.value), text.start(other.value))
                stretch = (text.start(one.value), text.end(other.value))
                yield Operator.EXCHANGE, Edit(*stretch, f"{second}{between}{first}")


def unit_of(name: str) -> str:
    """What a field counts: its last word."""
    return name.rpartition(".")[2].rpartition("_")[2]


def _next_alike(of: dict[str, Type], name: str) -> str | None:
    """The next field of the same type, and for numbers of the same unit; after the last one the first."""
    alike = [
        other
        for other, kind in of.items()
        if kind == of[name] and (not isinstance(kind, IntType | TupleType) or unit_of(other) == unit_of(name))
    ]
    return alike[(alike.index(name) + 1) % len(alike)] if len(alike) > 1 else None


def _other_field_read(text: Text, node: ast.Attribute, at: At) -> Found:
    """A value that is read from a record, or from a record in it, is taken from elsewhere in the outermost one."""
    found, links = _at(at, node), list[ast.Attribute]()
    link: ast.expr = node
    while isinstance(found, tree.FieldOf) and isinstance(link, ast.Attribute):
        links.insert(0, link)
        link, found = link.value, found.record
    if found is None or not links or not isinstance(found.type, RecordType):
        return
    places = {one.path: one.type for one in plain_fields(found.type)}
    path = ".".join(link.attr for link in links)
    other = _next_alike(places, path) if path in places else None
    if other is not None:
        names = other.split(".")
        first = next(i for i, (link, name) in enumerate(zip(links, names, strict=False)) if link.attr != name)
        start = text.end(links[first]) - len(links[first].attr.encode())
        yield Operator.FIELD, Edit(start, text.end(node), ".".join(names[first:]))


def _other_field_written(text: Text, node: ast.Call, at: At) -> Found:
    of = _written_record(node, at)
    written = {keyword.arg for keyword in node.keywords}
    for keyword in node.keywords if of is not None else ():
        if of is None or keyword.arg not in of:
            continue
        free = {name: kind for name, kind in of.items() if name == keyword.arg or name not in written}
        other = _next_alike(free, keyword.arg)
        if other is not None:
            start = text.start(keyword)
            yield Operator.WRITTEN, Edit(start, start + len(keyword.arg.encode()), other)


def _call_removed(place: Place, node: ast.Call) -> Found:
    """A call that gives what its first argument is, such as ``watch_alarms(pump, limits)``, leaves the argument."""
    called = place.resolve(node.func)
    if isinstance(called, FunctionType) and called is not replace and node.args:
        hints = called.__annotations__
        first = next(iter(hints.values()), None)
        if "return" in hints and first == hints["return"]:
            yield Operator.CALL, _replacement(place.text, node, _enclosed(place.text, node.args[0]))


def _extreme(place: Place, node: ast.Call) -> Found:
    other = {"min": "max", "max": "min"}
    if isinstance(node.func, ast.Name) and node.func.id in other and node.func.id not in place.names:
        yield Operator.EXTREME, _replacement(place.text, node.func, other[node.func.id])


def _sign(text: Text, node: ast.BinOp, at: At) -> Found:
    signs = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
    if type(node.op) in signs and isinstance(_at(at, node), tree.Arithmetic):
        old, new = signs[type(node.op)]
        start = text.end(node.left) + text.between(text.end(node.left), text.start(node.right)).index(old)
        yield Operator.SIGN, Edit(start, start + 1, new)


def _off_by_one(text: Text, node: ast.AST) -> Found:
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield Operator.CONSTANT, _replacement(text, node, str(not node.value))
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        for value in (node.value - 1, node.value + 1):
            yield Operator.CONSTANT, _replacement(text, node, str(value) if value >= 0 else f"({value})")
