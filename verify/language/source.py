"""Source files as they were loaded: each is parsed and compiled once, and what is read must be what runs."""

import ast
import opcode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import NoReturn

Refusal = Callable[[str, str], NoReturn]
"""``refuse(construct, instead)`` raises ``OutsideSubset`` at a place fixed beforehand."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class OutsideSubset(Exception):
    """A construct that is not read, where it stands, and what to write instead."""

    def __init__(self, file: str, line: int, construct: str, instead: str) -> None:
        super().__init__(f"{file}:{line}: {construct} is outside the subset; {instead}")
        self.file = file
        self.line = line
        self.construct = construct
        self.instead = instead


@dataclass(frozen=True)
class FunctionSource:
    """A function at module level: its syntax and the code object that its file compiles to."""

    node: FunctionNode
    code: CodeType


@dataclass(frozen=True)
class SourceFile:
    """One parsed and compiled file.

    ``functions`` is keyed by name and first line, decorators included, as code objects are. ``bindings``
    holds each name that the module binds once, by a plain statement of its top level, and that nothing in
    the file binds again or deletes.
    """

    path: str
    functions: dict[tuple[str, int], FunctionSource]
    bindings: dict[str, ast.stmt]
    stores: dict[str, int]
    star_import: bool


@dataclass
class SourceFiles:
    """Loads each file at most once; a file in ``texts`` is read from there, as if it had been edited on disk."""

    texts: Mapping[str, bytes] = field(default_factory=dict)
    _loaded: dict[str, SourceFile] = field(default_factory=dict)

    def paths(self) -> tuple[str, ...]:
        """Every file that was loaded, sorted."""
        return tuple(sorted(self._loaded))

    def load(self, path: str) -> SourceFile:
        """Parse and compile the file at ``path``.

        Raises:
            OSError: the file cannot be read.
            SyntaxError, ValueError: the file is no Python source.
        """
        known = self._loaded.get(path)
        if known is None:
            known = self._loaded[path] = _load(path, self.texts.get(path))
        return known


def _load(path: str, edited: bytes | None) -> SourceFile:
    text = Path(path).read_bytes() if edited is None else edited
    module = ast.parse(text, path)
    code = compile(text, path, "exec", dont_inherit=True)
    codes = {
        (constant.co_qualname, constant.co_firstlineno): constant
        for constant in code.co_consts
        if isinstance(constant, CodeType)
    }
    functions = {}
    for statement in _module_level(module.body):
        if isinstance(statement, FunctionNode):
            key = (statement.name, first_line(statement))
            if key in codes:
                functions[key] = FunctionSource(statement, codes[key])
    stores = _stores(code)
    star_import = any(
        isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
        for statement in _module_level(module.body)
    )
    bindings = {} if star_import else _single_bindings(module, stores)
    return SourceFile(path, functions, bindings, stores, star_import)


def first_line(node: FunctionNode) -> int:
    """First line of a function as its code object counts: decorators included."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _module_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run in the module's own scope, those under if, try, with and loops included."""
    for statement in body:
        yield statement
        if isinstance(statement, FunctionNode | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _module_level(getattr(statement, name, []))
        for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield from _module_level(handler.body)


_NAMED_STORES = {
    opcode.opmap[name]
    for name in ("STORE_NAME", "DELETE_NAME", "STORE_GLOBAL", "DELETE_GLOBAL")
    if name in opcode.opmap
}
_GLOBAL_STORES = {opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"]}
_EXTENDED = opcode.opmap["EXTENDED_ARG"]


def _stores(module: CodeType) -> dict[str, int]:
    """How often each global name is bound or deleted by an instruction anywhere in the file.

    The compiled code is the reference for this: no form of binding can be forgotten.
    """
    counts: dict[str, int] = {}
    pending = [(module, _NAMED_STORES)]
    while pending:
        code, wanted = pending.pop()
        pending += [
            (constant, _GLOBAL_STORES) for constant in code.co_consts if isinstance(constant, CodeType)
        ]
        operations = code.co_code[::2]
        if not any(operation in operations for operation in wanted):
            continue
        extension = 0
        for operation, argument in zip(operations, code.co_code[1::2], strict=True):
            index = extension << 8 | argument
            extension = index if operation == _EXTENDED else 0
            if operation in wanted:
                counts[code.co_names[index]] = counts.get(code.co_names[index], 0) + 1
    return counts


def _single_bindings(module: ast.Module, stores: dict[str, int]) -> dict[str, ast.stmt]:
    return {
        name: statement
        for statement in module.body
        for name in _bound_names(statement)
        if stores.get(name) == 1
    }


def _bound_names(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.partition(".")[0] for alias in names]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return [name]
        case _:
            return []
