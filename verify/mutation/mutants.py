"""Mutants of a system: small changes of its rows and of their functions, each of which a property ought to notice.

What is changed are the functions that the rows run (guards, refusals, effects and all they call, found in the reader's
own call tree), the function of the initial state, and the rows themselves.
"""

import ast
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Row, Target
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.walk import called_functions
from pumpproof.verify.mutation.operators import Operator, Place, edits_of
from pumpproof.verify.mutation.text import Text


@dataclass(frozen=True)
class CodeChange:
    """The whole source of ``module`` after the edit; only the code of ``function`` differs."""

    module: str
    path: str
    function: str
    source: bytes


@dataclass(frozen=True)
class RowChange:
    """The entry with this id becomes ``entry``, or goes if that is None."""

    id: str
    entry: Entry | None


@dataclass(frozen=True)
class Mutant:
    """One change of a system. ``owner`` is the function or the row that is changed, ``rows`` are those that feel it.

    ``id`` is the place, the operator and a number among its like, in the order of the source. ``difference`` shows
    the change in one line, and ``fingerprint`` stands for place, operator and difference.
    """

    id: str
    file: Path
    line: int
    owner: str
    operator: Operator
    difference: str
    rows: tuple[str, ...]
    change: CodeChange | RowChange

    @property
    def place(self) -> str:
        """File and function or row, as ``--only`` names it."""
        return f"{self.file.name}/{self.owner}"

    @property
    def fingerprint(self) -> str:
        """Changes with the place, the operator or the difference."""
        content = f"{self.place}\n{self.operator.value}\n{self.difference}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]


def mutants_of(system: System) -> tuple[Mutant, ...]:
    """Every mutant of a system, by file and position; no two are the same program."""
    places = places_of(system)
    found: dict[object, tuple[tuple[Any, ...], Mutant]] = {}
    files = {place.text.path: number for number, place in reversed(list(enumerate(places)))}
    kinds = list(Operator)
    for place in places:
        text = place.text
        for operator, edit in edits_of(place):
            source = text.edited(edit)
            function = place.node.name
            change = CodeChange(text.module, str(text.path), function, source)
            line, difference = text.line(edit.start), text.difference(edit)
            mutant = Mutant("", text.path, line, function, operator, difference, place.rows, change)
            order = (files[text.path], edit.start, edit.end, kinds.index(operator), edit.text)
            if source != text.bytes:
                found.setdefault((text.path, _program(source)), (order, mutant))
    listed = [mutant for _, mutant in sorted(found.values(), key=lambda one: one[0])]
    texts = {place.text.module: place.text for place in places}
    lines = _lines_of_entries(system, texts)
    listed += [mutant for entry in system.table for mutant in _of_entry(system, entry, lines)]
    return _numbered(listed)


def _program(source: bytes) -> bytes:
    """Edits that differ in nothing but parentheses make the same program."""
    try:
        return hashlib.sha256(ast.dump(ast.parse(source)).encode()).digest()
    except SyntaxError:
        return source


def _numbered(mutants: list[Mutant]) -> tuple[Mutant, ...]:
    seen: Counter[str] = Counter()
    numbered = []
    for mutant in mutants:
        name = f"{mutant.file.stem}/{mutant.owner}/{mutant.operator.name.lower()}"
        seen[name] += 1
        numbered.append(replace(mutant, id=f"{name}/{seen[name]}"))
    return tuple(numbered)


def places_of(system: System) -> tuple[Place, ...]:
    """Every function that a row runs, once, and the function of the initial state."""
    reader = Reader()
    texts: dict[str, Text] = {}
    found: dict[tuple[str, str], Place] = {}

    def add(function: Any, entry: Entry | None, *, guard: bool = False, refusal: bool = False) -> None:
        root = reader.read(function)
        for called in called_functions(root):
            key = (called.module, called.name)
            text = texts.get(called.module) or texts.setdefault(called.module, Text(called.module))
            names = vars(sys.modules[called.module])
            node = _definition(text, called.name)
            known = found.get(key) or Place(text, node, called, names, False, False, False, ())
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
    return next(
        node for node in ast.walk(text.tree) if isinstance(node, ast.FunctionDef) and node.name == name
    )


def _lines_of_entries(system: System, texts: dict[str, Text]) -> dict[str, tuple[Path, int]]:
    """Where an id is written as the first argument of a call; an entry made in another way stands nowhere."""
    ids = {entry.id for entry in system.table}
    found: dict[str, tuple[Path, int]] = {}
    for text in texts.values():
        for node in ast.walk(text.tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                if node.args[0].value in ids:
                    found.setdefault(str(node.args[0].value), (text.path, node.lineno))
    return found


def _of_entry(system: System, entry: Entry, lines: dict[str, tuple[Path, int]]) -> Iterator[Mutant]:
    """Declared refusals and omissions are left alone: to change the modes of one is never a system."""
    if not isinstance(entry, Row | Command):
        return
    file, line = lines.get(entry.id, (Path("table"), 0))
    modes = [mode.name for mode in entry.modes]

    def mutant(operator: Operator, difference: str, changed: Entry | None) -> Mutant:
        change = RowChange(entry.id, changed)
        return Mutant("", file, line, entry.id, operator, difference, (entry.id,), change)

    yield mutant(Operator.ROW, f"[-{entry.id}-]", None)
    for removed in entry.modes if len(entry.modes) > 1 else ():
        shown = ", ".join(f"[-{name}-]" if name == removed.name else name for name in modes)
        kept = tuple(mode for mode in entry.modes if mode is not removed)
        yield mutant(Operator.NARROWER, f"modes ({shown})", _with(entry, modes=kept))
    for added in system.mode:
        if added not in entry.modes:
            shown = ", ".join([*modes, f"{{+{added.name}+}}"])
            yield mutant(Operator.WIDER, f"modes ({shown})", _with(entry, modes=(*entry.modes, added)))
    same = set(entry.modes) if len(entry.modes) == 1 else set[Enum]()
    for mode in system.mode:
        if mode not in (same if isinstance(entry.to, Target) else {entry.to}):
            shown = f"to=[-{entry.to.name}-]{{+{mode.name}+}}"
            yield mutant(Operator.TARGET, shown, _with(entry, to=mode))


def _with(entry: Row | Command, *, modes: tuple[Enum, ...] | None = None, to: Enum | None = None) -> Entry:
    return replace(entry, modes=modes or entry.modes, to=to or entry.to)
