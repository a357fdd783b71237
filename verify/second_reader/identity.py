"""Identity of enumeration members: ``is`` can not be intercepted, so it must be seen beforehand to compare members.

While a function is run on symbolic values, every member of an enumeration is the member itself, and no other unknown
value can be one. ``is`` then says exactly what it says in the pump, provided that one side is a member for certain.
"""

import ast
import dis
import linecache
import textwrap
import typing
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from types import CodeType, FunctionType
from typing import Annotated, Any, get_args, get_origin

from pumpproof.verify.second_reader.errors import CanNotRead

_GLOBAL_STORES = {number for name, number in dis.opmap.items() if name in ("STORE_GLOBAL", "DELETE_GLOBAL")}
_IDENTITY = {number for name, number in dis.opmap.items() if name == "IS_OP" or name.endswith("_NONE")}


def require_exact(function: FunctionType) -> None:
    """Refuse code whose meaning on symbolic values could silently be another one.

    Raises:
        CanNotRead: it has a try or with statement, writes a global name, or compares by identity something that is not
            visibly a member of an enumeration.
    """
    codes = list(_codes(function.__code__))
    if function.__code__.co_exceptiontable:
        raise CanNotRead("a try or with statement", "check the condition before the operation")
    operations = [operation for code in codes for operation in code.co_code[::2]]
    if not _GLOBAL_STORES.isdisjoint(operations):
        raise CanNotRead("an assignment to a global name", "return the value")
    compared = Counter(line for code in codes for line in _identity_lines(code))
    if not compared:
        return
    tree, above = _syntax(function)
    links = [
        (node.lineno + above, link)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for link in _identities(node)
    ]
    written = Counter(line for line, _ in links)
    # A compiler may lay out one comparison several times, and never leaves out one that it does not decide itself.
    if written.keys() != compared.keys() or not written <= compared:
        raise CanNotRead("a comparison by identity that is not found in the source", "write == or !=")
    for _, (left, right) in links:
        if not (_is_member(right, function) or _is_member(left, function)):
            raise CanNotRead(
                f"identity of {ast.unparse(left)} and {ast.unparse(right)}",
                "name a member, or write == or !=",
            )


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _identity_lines(code: CodeType) -> Iterator[int | None]:
    """The line of each operation that compares by identity."""
    for operation, (line, *_) in zip(code.co_code[::2], code.co_positions(), strict=True):
        if operation in _IDENTITY:
            yield line


def _identities(node: ast.Compare) -> Iterator[tuple[ast.expr, ast.expr]]:
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.Is | ast.IsNot):
            yield left, right
        left = right


def _syntax(function: FunctionType) -> tuple[ast.AST, int]:
    """The syntax of the lines that the code was compiled from, and how many lines of the file stand above them."""
    code = function.__code__
    last = max(
        (end for one in _codes(code) for _, end, _, _ in one.co_positions() if end is not None),
        default=code.co_firstlineno,
    )
    lines = linecache.getlines(code.co_filename)
    for end in range(last, min(last + 20, len(lines)) + 1):
        try:
            above = code.co_firstlineno - 1
            return ast.parse(textwrap.dedent("".join(lines[above:end]))), above
        except SyntaxError:
            continue
    raise CanNotRead("a comparison by identity in a function without source", "write == or !=")


def _is_member(node: ast.expr, function: FunctionType) -> bool:
    """Say whether an expression is a member of an enumeration whatever happens."""
    if isinstance(node, ast.IfExp):
        return _is_member(node.body, function) and _is_member(node.orelse, function)
    kind = _class_of(node, function)
    return isinstance(kind, type) and issubclass(kind, Enum)


def _class_of(node: ast.expr, function: FunctionType) -> Any:
    """The declared class of a parameter, of a field below it, or of a member of an enumeration; else None."""
    code = function.__code__
    match node:
        case ast.Name(id=name) if name in code.co_varnames[: code.co_argcount]:
            if any(
                instruction.opname.startswith(("STORE_FAST", "STORE_DEREF")) and _stores(instruction, name)
                for instruction in dis.get_instructions(code)
            ):
                return None
            return typing.get_type_hints(function).get(name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name not in code.co_varnames:
            owner = function.__globals__.get(name)
            named = isinstance(owner, type) and issubclass(owner, Enum) and attribute in owner.__members__
            return owner if named else None
        case ast.Attribute(value=below, attr=attribute):
            owner = _class_of(below, function)
            if not isinstance(owner, type) or not is_dataclass(owner):
                return None
            if attribute not in {item.name for item in fields(owner)}:
                return None
            hint = typing.get_type_hints(owner, include_extras=True)[attribute]
            return get_args(hint)[0] if get_origin(hint) is Annotated else hint
        case _:
            return None


def _stores(instruction: dis.Instruction, name: str) -> bool:
    stored = instruction.argval
    return name in stored if isinstance(stored, tuple) else stored == name
