"""Mutants of a system: small edits of the source of its rows, each of which some property ought to notice.

A mutant is one edit of one file. What is edited are the functions that the rows run (guards, refusals, effects and
all they call, found in the reader's own call tree), the function of the initial state, and the rows themselves.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import FunctionType
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Row, Target
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.walk import called_functions

_CONTEXT = 60
"""How much of a line is shown on each side of an edit."""


class Kind(Enum):
    """What a mutant changes."""

    CONJUNCT = "conjunct removed"
    DISJUNCT = "disjunct removed"
    GUARD = "guard removed"
    REFUSAL = "refusal removed"
    BRANCH = "branch removed"
    ASSIGNMENT = "assignment removed"
    COMPARISON = "strict and non-strict swapped"
    CHOICE = "one side of a choice taken always"
    CALL = "call removed"
    CONSTANT = "constant off by one"
    SOURCE = "mode removed from a row"
    TARGET = "target of a row changed"

    @property
    def extra(self) -> bool:
        """Beyond removals in the rows and swapped comparisons; counted apart."""
        return self in (Kind.CHOICE, Kind.CALL, Kind.CONSTANT, Kind.SOURCE, Kind.TARGET)


@dataclass(frozen=True)
class Edit:
    """Replace the bytes from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Mutant:
    """One edit of one module. ``owner`` is the function or the row that it changes, ``rows`` the rows that feel it."""

    module: str
    path: Path
    line: int
    owner: str
    kind: Kind
    edit: Edit
    difference: str
    rows: tuple[str, ...]

    @property
    def place(self) -> str:
        """File and function, as ``--only`` names it."""
        return f"{self.path.name}/{self.owner}"

    def source(self) -> bytes:
        """The mutated file."""
        text = self.path.read_bytes()
        return text[: self.edit.start] + self.edit.text.encode() + text[self.edit.end :]


class Text:
    """The source of one module, with positions in bytes as ``ast`` counts them."""

    def __init__(self, module: str) -> None:
        file = sys.modules[module].__file__
        assert file is not None, f"{module} has no source file"
        self.module = module
        self.path = Path(file)
        self.bytes = self.path.read_bytes()
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", self.bytes))]

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.bytes, str(self.path))

    def start(self, node: Any) -> int:
        """Where a node begins."""
        return int(self._starts[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        """Where a node ends."""
        return int(self._starts[node.end_lineno - 1] + node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.between(self.start(node), self.end(node))

    def between(self, start: int, end: int) -> str:
        """The text of a stretch."""
        return self.bytes[start:end].decode()

    def mutant(self, owner: str, kind: Kind, edit: Edit, rows: tuple[str, ...]) -> Mutant:
        """A mutant of this module."""
        line = self.bytes.count(b"\n", 0, edit.start) + 1
        return Mutant(self.module, self.path, line, owner, kind, edit, self._difference(edit), rows)

    def _difference(self, edit: Edit) -> str:
        """One line in which ``[-this-]`` is replaced by ``{+that+}``."""
        first = self.bytes.rfind(b"\n", 0, edit.start) + 1
        last = self.bytes.find(b"\n", edit.end)
        before, after = self.between(first, edit.start).lstrip(), self.between(edit.end, last)
        removed = f"[-{_one_line(self.between(edit.start, edit.end))}-]"
        added = f"{{+{_one_line(edit.text)}+}}" if edit.text else ""
        return f"{_last(_one_line(before))}{removed}{added}{_first(_one_line(after))}"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _last(text: str) -> str:
    return text if len(text) <= _CONTEXT else f"…{text[-_CONTEXT:]}"


def _first(text: str) -> str:
    return text if len(text) <= _CONTEXT else f"{text[:_CONTEXT]}…"


@dataclass(frozen=True)
class Place:
    """A function that rows run, its syntax, and what it is to them."""

    text: Text
    node: ast.FunctionDef
    is_guard: bool
    is_refusal: bool
    is_initial: bool
    rows: tuple[str, ...]

    def resolve(self, node: ast.expr) -> object:
        """What a plain name in this function stands for; None for anything else."""
        names = vars(sys.modules[self.text.module])
        return names.get(node.id) if isinstance(node, ast.Name) else None


def mutants_of(system: System) -> tuple[Mutant, ...]:
    """Every mutant of a system, by file and position; no two give the same source."""
    places = places_of(system)
    found = [
        mutant
        for place in places
        for mutant in (_of_initial(place) if place.is_initial else _of_function(place))
    ]
    texts = {place.text.module: place.text for place in places}
    found += [mutant for text in texts.values() for mutant in _of_entries(text, system)]
    files = list(dict.fromkeys(mutant.path for mutant in found))
    kinds = list(Kind)
    found.sort(
        key=lambda m: (files.index(m.path), m.edit.start, m.edit.end, kinds.index(m.kind), m.edit.text)
    )
    return tuple({(mutant.path, mutant.source()): mutant for mutant in reversed(found)}.values())[::-1]


def places_of(system: System) -> tuple[Place, ...]:
    """Every function that a row runs, once, and the function of the initial state."""
    reader = Reader()
    texts: dict[str, Text] = {}
    found: dict[tuple[str, str], Place] = {}

    def add(function: Any, entry: Entry | None, *, guard: bool = False, refusal: bool = False) -> None:
        root = reader.read(function)
        for called in called_functions(root):
            key = (called.module, called.name)
            text = texts.setdefault(called.module, Text(called.module))
            known = found.get(key) or Place(text, _definition(text, called.name), False, False, False, ())
            own = called is root
            found[key] = replace(
                known,
                is_guard=known.is_guard or (guard and own),
                is_refusal=known.is_refusal or (refusal and own),
                is_initial=known.is_initial or entry is None,
                rows=known.rows if entry is None else tuple(dict.fromkeys((*known.rows, entry.id))),
            )

    for entry in system.table:
        if isinstance(entry, Row):
            add(entry.guard, entry, guard=True)
            add(entry.effect, entry)
        elif isinstance(entry, Command):
            add(entry.refuse, entry, refusal=True)
            add(entry.effect, entry)
    add(system.initial, None)
    return tuple(found.values())


def _definition(text: Text, name: str) -> ast.FunctionDef:
    return next(node for node in text.tree.body if isinstance(node, ast.FunctionDef) and node.name == name)


def _of_initial(place: Place) -> Iterator[Mutant]:
    for node in _walk(place):
        for kind, edit in _off_by_one(place.text, node):
            yield place.text.mutant(place.node.name, kind, edit, place.rows)


def _of_function(place: Place) -> Iterator[Mutant]:
    for node in _walk(place):
        for kind, edit in _edits(place, node):
            yield place.text.mutant(place.node.name, kind, edit, place.rows)


def _walk(place: Place) -> Iterator[ast.AST]:
    for statement in place.node.body:
        yield from ast.walk(statement)


def _edits(place: Place, node: ast.AST) -> Iterator[tuple[Kind, Edit]]:
    text = place.text
    match node:
        case ast.BoolOp():
            yield from _operands_removed(text, node)
        case ast.Compare():
            yield from _comparisons_removed(text, node)
            yield from _comparisons_swapped(text, node)
        case ast.If():
            kind = Kind.REFUSAL if place.is_refusal else Kind.BRANCH
            yield kind, _replacement(text, node.test, "False")
        case ast.IfExp():
            yield from _choices(place, node)
        case ast.Call():
            yield from _assignments_removed(place, node)
            yield from _call_removed(place, node)
        case ast.Return(value=ast.expr() as value) if place.is_guard:
            if not isinstance(value, ast.BoolOp | ast.Constant):
                yield Kind.GUARD, _replacement(text, value, "True")
        case _:
            yield from _off_by_one(text, node)


def _replacement(text: Text, node: ast.AST, new: str) -> Edit:
    return Edit(text.start(node), text.end(node), new)


def _enclosed(text: Text, node: ast.expr) -> str:
    """The text of an operand, in parentheses where it may need them."""
    written = text.of(node)
    loose = isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) or "\n" in written
    return f"({written})" if loose else written


def _operands_removed(text: Text, node: ast.BoolOp) -> Iterator[tuple[Kind, Edit]]:
    kind, word = (Kind.CONJUNCT, "and") if isinstance(node.op, ast.And) else (Kind.DISJUNCT, "or")
    for number, removed in enumerate(node.values):
        left, right = (node.values[0], node.values[1]) if number == 0 else (node.values[number - 1], removed)
        if text.between(text.end(left), text.start(right)).strip() == word:
            cut = (text.start(left), text.start(right)) if number == 0 else (text.end(left), text.end(right))
            yield kind, Edit(*cut, "")
        else:
            kept = [_enclosed(text, value) for value in node.values if value is not removed]
            yield kind, _replacement(text, node, f" {word} ".join(kept))


def _comparisons_removed(text: Text, node: ast.Compare) -> Iterator[tuple[Kind, Edit]]:
    """Each comparison of a chain is a conjunct."""
    terms = [node.left, *node.comparators]
    links = [text.between(text.start(a), text.end(b)) for a, b in pairwise(terms)]
    for removed in range(len(links)) if len(links) > 1 else ():
        kept = " and ".join(link for number, link in enumerate(links) if number != removed)
        yield Kind.CONJUNCT, _replacement(text, node, kept if len(links) == 2 else f"({kept})")


_SWAPPED = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}


def _comparisons_swapped(text: Text, node: ast.Compare) -> Iterator[tuple[Kind, Edit]]:
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if type(operator) in _SWAPPED:
            old, new = _SWAPPED[type(operator)]
            start = text.end(left) + text.between(text.end(left), text.start(right)).index(old)
            yield Kind.COMPARISON, Edit(start, start + len(old), new)
        left = right


def _choices(place: Place, node: ast.IfExp) -> Iterator[tuple[Kind, Edit]]:
    for side in (node.body, node.orelse):
        accepts = isinstance(side, ast.Attribute) and side.attr == "NONE"
        kind = Kind.REFUSAL if place.is_refusal and accepts else Kind.CHOICE
        yield kind, _replacement(place.text, node, _enclosed(place.text, side))


def _assignments_removed(place: Place, node: ast.Call) -> Iterator[tuple[Kind, Edit]]:
    text, called = place.text, place.resolve(node.func)
    arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    if called is replace:
        if len(arguments) == 2:
            yield Kind.ASSIGNMENT, _replacement(text, node, _enclosed(text, node.args[0]))
            return
        removable: Iterable[ast.expr | ast.keyword] = node.keywords
    elif isinstance(called, type) and is_dataclass(called):
        removable = _with_default(called, node)
    else:
        return
    for argument in removable:
        yield Kind.ASSIGNMENT, _argument_removed(text, arguments, argument)


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


def _call_removed(place: Place, node: ast.Call) -> Iterator[tuple[Kind, Edit]]:
    """A call that gives what its first argument is, such as ``watch_alarms(pump, limits)``, leaves the argument."""
    called = place.resolve(node.func)
    if isinstance(called, FunctionType) and called is not replace and node.args:
        hints = called.__annotations__
        first = next(iter(hints.values()), None)
        if "return" in hints and first == hints["return"]:
            yield Kind.CALL, _replacement(place.text, node, _enclosed(place.text, node.args[0]))


def _off_by_one(text: Text, node: ast.AST) -> Iterator[tuple[Kind, Edit]]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for value in (node.value - 1, node.value + 1):
            yield Kind.CONSTANT, _replacement(text, node, str(value))


def _of_entries(text: Text, system: System) -> Iterator[Mutant]:
    entries = {entry.id: entry for entry in system.table}
    for node in ast.walk(text.tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2 or not isinstance(node.args[0], ast.Constant):
            continue
        entry = entries.get(str(node.args[0].value))
        if entry is not None:
            modes = node.args[1]
            for kind, edit in (*_sources(text, modes), *_targets(text, node, modes, entry)):
                yield text.mutant(entry.id, kind, edit, (entry.id,))


def _sources(text: Text, modes: ast.expr) -> Iterator[tuple[Kind, Edit]]:
    if isinstance(modes, ast.Tuple) and len(modes.elts) > 1:
        for removed in modes.elts:
            kept = ", ".join(text.of(mode) for mode in modes.elts if mode is not removed)
            comma = "," if len(modes.elts) == 2 else ""
            yield Kind.SOURCE, _replacement(text, modes, f"({kept}{comma})")


def _targets(text: Text, node: ast.Call, modes: ast.expr, entry: Entry) -> Iterator[tuple[Kind, Edit]]:
    named = [keyword.value for keyword in node.keywords if keyword.arg == "to"]
    written = named or node.args[5:6]
    if not written or not isinstance(entry, Row | Command):
        return
    if not isinstance(modes, ast.Tuple) or not isinstance(modes.elts[0], ast.Attribute):
        return
    name = text.of(modes.elts[0].value)
    same = set(entry.modes) if len(entry.modes) == 1 else set()
    right = same if isinstance(entry.to, Target) else {entry.to}
    for mode in type(entry.modes[0]):
        if mode not in right:
            yield Kind.TARGET, _replacement(text, written[0], f"{name}.{mode.name}")
