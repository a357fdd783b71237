"""What the two readings of a function depend on, as a content address: equal content was read equally before."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import MISSING
from enum import Enum
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import assert_never

from pumpproof.verify.language import tree
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type


class ReadingContent:
    """Content addresses of functions: code, declared types, constants, everything called, and both readers."""

    def __init__(self) -> None:
        self._known: dict[FunctionType, bytes] = {}

    def of(self, function: FunctionType, read: tree.Function) -> bytes:
        """The content address of a function, as it was read by reader 1 and is loaded."""
        types = [parameter.type for parameter in read.parameters]
        parts = [_tool(), self._function(function), *map(_described, (*types, read.result))]
        return hashlib.sha256(b"\0".join(parts)).digest()

    def _function(self, function: FunctionType) -> bytes:
        if function not in self._known:
            self._known[function] = b""  # recursion is refused by both readers
            digest = hashlib.sha256(function.__name__.encode())
            for part in (*_code(function.__code__), *self._names(function)):
                digest.update(b"\0" + part)
            self._known[function] = digest.digest()
        return self._known[function]

    def _names(self, function: FunctionType) -> Iterator[bytes]:
        """What the global names in the code stand for."""
        for name in sorted({name for code in _codes(function.__code__) for name in code.co_names}):
            if name not in function.__globals__:
                continue
            value = function.__globals__[name]
            if isinstance(value, FunctionType) and value.__module__ != "dataclasses":
                yield f"{name} calls ".encode() + self._function(value)
                yield f"{value.__annotations__}".encode()
            elif isinstance(value, type):
                yield f"{name} is ".encode() + _class(value)
            elif isinstance(value, int | Enum | tuple):
                yield f"{name} = {value!r}".encode()
            else:
                yield f"{name} is a {type(value).__name__}".encode()


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _code(code: CodeType) -> Iterator[bytes]:
    """Code without its lines, which say nothing of its meaning."""
    for one in _codes(code):
        yield one.co_code
        yield one.co_exceptiontable
        names = (
            one.co_names,
            one.co_varnames,
            one.co_freevars,
            one.co_cellvars,
            one.co_argcount,
            one.co_flags,
        )
        constants = tuple("code" if isinstance(item, CodeType) else item for item in one.co_consts)
        yield repr((names, constants)).encode()


@cache
def _class(of: type) -> bytes:
    """A record or an enumeration: its fields with types and defaults, or its members."""
    if issubclass(of, Enum):
        return repr((of.__name__, [(member.name, repr(member.value)) for member in of])).encode()
    fields = getattr(of, "__dataclass_fields__", {})
    described = [
        (name, repr(one.type), "" if one.default is MISSING else repr(one.default))
        for name, one in fields.items()
    ]
    methods = [
        (name, vars(of)[name].__code__.co_code)
        for name in ("__init__", "__eq__")
        if hasattr(vars(of).get(name), "__code__")
    ]
    return repr((of.__name__, described, methods)).encode()


def _described(of: Type) -> bytes:
    match of:
        case IntType() | BoolType():
            return str(of).encode()
        case EnumType():
            return _class(of.enum)
        case RecordType():
            return _record(of)
        case TupleType():
            return f"{of.length} ".encode() + _described(of.item)
        case _:
            assert_never(of)


@cache
def _record(of: RecordType) -> bytes:
    parts = (name.encode() + b" " + _described(part) for name, part in of.fields)
    return _class(of.record) + b"(" + b", ".join(parts) + b")"


@cache
def _tool() -> bytes:
    """Both readers, what compares them, and the Python whose code they read."""
    here = Path(__file__).parent
    sources = [here / "readings.py", here / "equality.py", Path(__file__)]
    for package in ("language", "logic", "second_reader"):
        sources += sorted((here / package).glob("*.py"))
    content = b"".join(hashlib.sha256(path.read_bytes()).digest() for path in sources)
    return hashlib.sha256(sys.version.encode() + content).digest()
