"""Operator mutants of the toolkit's own code: small edits of readers, obligations, verdicts, cache and checker."""

import ast
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pumpproof.verify.selfcheck.faults import FaultError
from pumpproof.verify.toolkit import package_folder

PLACES: Final = (
    "verify/language",
    "verify/logic",
    "verify/second_reader",
    "verify/readings.py",
    "verify/equality.py",
    "verify/definitions.py",
    "verify/proof/symbolic.py",
    "verify/proof/obligations.py",
    "verify/proof/induction.py",
    "verify/proof/sanity.py",
    "verify/proof/satisfiability.py",
    "verify/proof/cache.py",
    "verify/judge.py",
    "verify/proving.py",
    "verify/run.py",
    "verify/results/exits.py",
    "verify/results/outcome.py",
    "verify/search/agreement.py",
    "verify/search/confirm.py",
    "verify/search/replay.py",
    "verify/certificates",
    "verify/checker",
)
"""What stands between a system and its verdict, below the package."""

BESIDE: Final = tuple(f"verify/language/{name}.py" for name in ("boundaries", "evaluate", "formula", "latex"))
"""What in these places is for readers of a report, or chooses what is tried beside a proof: no verdict rests on it."""


@dataclass(frozen=True)
class ToolkitMutant:
    """One edit of one file: what stood from ``start`` to ``end``, as offsets in bytes, becomes ``new``."""

    file: str
    line: int
    kind: str
    start: int
    end: int
    old: str
    new: str

    @property
    def id(self) -> str:
        """File and line, and where several edits are possible there, the place in the file."""
        return f"{self.file}:{self.line}+{self.start}"

    @property
    def says(self) -> str:
        """What is changed, in one line."""
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.kind}: `{_short(old)}` becomes `{_short(new)}`"

    def put_into(self, package: Path) -> None:
        """Change a copy of the package."""
        path = package / self.file
        content = path.read_bytes()
        path.write_bytes(content[: self.start] + self.new.encode() + content[self.end :])


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def mutants(package: Path | None = None) -> tuple[ToolkitMutant, ...]:
    """Every mutant, in the order of files and lines."""
    folder = package or package_folder()
    files: list[Path] = []
    for place in PLACES:
        path = folder / place
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    named = ((path, path.relative_to(folder).as_posix()) for path in files)
    return tuple(one for path, name in named if name not in BESIDE for one in _of_file(path, name))


def sampled_mutants(limit: int, seed: int) -> tuple[ToolkitMutant, ...]:
    """So many mutants, chosen by the seed; the same for the same toolkit."""
    everything = mutants()
    chosen = random.Random(seed).sample(range(len(everything)), min(limit, len(everything)))  # noqa: S311
    return tuple(everything[number] for number in sorted(chosen))


def mutants_at(places: Sequence[str]) -> tuple[ToolkitMutant, ...]:
    """Every mutant with one of these ids.

    Raises:
        FaultError: an id is that of no mutant.
    """
    everything = mutants()
    if unknown := set(places) - {one.id for one in everything}:
        raise FaultError(
            f"there is no mutant {min(unknown)}; the toolkit may have changed since it was named"
        )
    return tuple(one for one in everything if one.id in places)


_SWAPPED: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}


def _of_file(path: Path, name: str) -> Iterator[ToolkitMutant]:
    content = path.read_bytes()
    lines = [0]
    for line in content.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))

    def place(node: ast.expr) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return lines[node.lineno - 1] + node.col_offset, lines[end_line - 1] + end_column

    def text(node: ast.expr) -> str:
        start, end = place(node)
        return content[start:end].decode()

    for statement in ast.walk(ast.parse(content)):
        if isinstance(statement, ast.FunctionDef):
            for node in _own(statement):
                for kind, target, new in _edits(node, text):
                    start, end = place(target)
                    yield ToolkitMutant(name, target.lineno, kind, start, end, text(target), new)


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function itself, without annotations, messages and functions inside it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop(0)
        yield node
        if not isinstance(node, _LEFT_OUT) and not _refuses(node):
            pending[:0] = ast.iter_child_nodes(node)


_LEFT_OUT = (ast.FunctionDef, ast.Raise, ast.Assert, ast.JoinedStr, ast.AnnAssign)


def _refuses(node: ast.AST) -> bool:
    """A refusal of a construct raises whatever it is given to say."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "refuse"


def _edits(node: ast.AST, text: Callable[[ast.expr], str]) -> Iterator[tuple[str, ast.expr, str]]:
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            yield "condition negated", test, f"(not ({text(test)}))"
        case ast.BoolOp(op=ast.And(), values=values):
            for removed in values:
                kept = " and ".join(f"({text(one)})" for one in values if one is not removed)
                yield "conjunct dropped", node, f"({kept})"
            yield "and becomes or", node, f"({' or '.join(f'({text(one)})' for one in values)})"
        case ast.BoolOp(op=ast.Or(), values=values):
            yield "or becomes and", node, f"({' and '.join(f'({text(one)})' for one in values)})"
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield "comparison changed", node, f"({text(left)} {_SWAPPED[type(operator)]} {text(right)})"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=ast.Constant(value=int())):
            other = "-" if isinstance(sign, ast.Add) else "+"
            yield "sign changed", node, f"({text(left)} {other} {text(node.right)})"
        case ast.Constant(value=bool() as value):
            yield "constant changed", node, str(not value)
        case ast.Constant(value=int() as value):
            yield "off by one", node, f"({value + 1})"
        case ast.Return(value=ast.Compare() | ast.BoolOp() as value):
            yield "constant returned", value, "True"
            yield "constant returned", value, "False"
        case _:
            return
