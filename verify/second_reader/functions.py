"""The second reading of functions: each one on given symbolic arguments, every path of it, merged at its return."""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.exploration import explore, path
from pumpproof.verify.second_reader.expression import FALSE, Expression, integer
from pumpproof.verify.second_reader.identity import require_exact
from pumpproof.verify.second_reader.proxies import hidden, shown
from pumpproof.verify.second_reader.shapes import (
    TRUTH,
    Shape,
    Value,
    arranged,
    leaves_of,
    paths,
    shape_of,
    variables,
)
from pumpproof.verify.second_reader.surroundings import globals_for

_UNUSUAL = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_GENERATOR | inspect.CO_COROUTINE


@dataclass(frozen=True)
class Signature:
    """The declared parameters and the result of a function."""

    parameters: tuple[tuple[str, Shape], ...]
    result: Shape


@dataclass(frozen=True)
class FunctionReading:
    """What a function gives: a formula for each leaf of its result, and where it raises.

    ``variables`` are the names of its unknowns with their shapes; ``paths`` how many ways lead through its code.
    Where ``raises`` holds, the results mean nothing.
    """

    signature: Signature
    variables: tuple[tuple[str, Shape], ...]
    results: tuple[tuple[str, Expression], ...]
    raises: Expression
    paths: int


class Functions:
    """Reads functions; one object and the same arguments are read once."""

    def __init__(self) -> None:
        self._signatures: dict[FunctionType, Signature] = {}
        self._twins: dict[FunctionType, FunctionType] = {}
        self._called: dict[
            tuple[FunctionType, tuple[tuple[Expression, ...], ...]], tuple[Value, Expression, int]
        ] = {}
        self._active: list[FunctionType] = []

    def read(self, function: Callable[..., object]) -> FunctionReading:
        """A function on unknown arguments, named ``parameter.field`` as their paths.

        Raises:
            CanNotRead: it has no exact second reading.
        """
        plain = _plain(function)
        signature = self.signature(plain)
        arguments = tuple(variables(shape, name) for name, shape in signature.parameters)
        value, raises, count = self.call(plain, arguments)
        return FunctionReading(
            signature,
            tuple(leaf for name, shape in signature.parameters for leaf in paths(shape, name)),
            tuple(
                (name, term)
                for (name, _), term in zip(paths(signature.result, "result"), leaves_of(value), strict=True)
            ),
            raises,
            count,
        )

    def call(
        self, function: Callable[..., object], arguments: tuple[Value, ...]
    ) -> tuple[Value, Expression, int]:
        """Result, raise condition and number of paths of a function on these arguments, in their order.

        Raises:
            CanNotRead: it has no exact second reading.
        """
        plain = _plain(function)
        key = (plain, tuple(map(leaves_of, arguments)))
        if key not in self._called:
            if plain in self._active:
                raise CanNotRead(
                    f"recursion of {plain.__name__}", "write a loop over a known range", _place(plain)
                )
            self._active.append(plain)
            try:
                self._called[key] = self._explored(plain, arguments)
            finally:
                self._active.pop()
        return self._called[key]

    def _explored(
        self, function: FunctionType, arguments: tuple[Value, ...]
    ) -> tuple[Value, Expression, int]:
        signature = self.signature(function)
        twin = self._twin(function)
        shapes = [shape for _, shape in signature.parameters]

        def run() -> tuple[Shape, Value]:
            seen = [shown(shape, value) for shape, value in zip(shapes, arguments, strict=True)]
            return signature.result, hidden(signature.result, twin(*seen))

        found = explore(run, _place(function))
        value = found.value
        if value is None:
            nothing = (_nothing(shape) for _, shape in paths(signature.result, ""))
            value = arranged(signature.result, nothing)
        return value, found.raises, found.paths

    def result(self, function: Callable[..., object]) -> Shape:
        """The declared result of a function."""
        return self.signature(_plain(function)).result

    def signature(self, function: FunctionType) -> Signature:
        """The declared types of a function.

        Raises:
            CanNotRead: they are not declared, or have no shape.
        """
        if function not in self._signatures:
            try:
                self._signatures[function] = _signature(function)
                require_exact(function)
            except CanNotRead as error:
                raise error.at(_place(function)) from None
        return self._signatures[function]

    def _twin(self, function: FunctionType) -> FunctionType:
        """The same code with names that stand for symbolic meanings."""
        if function not in self._twins:
            self._twins[function] = FunctionType(
                function.__code__, globals_for(function, self._callee), function.__name__
            )
        return self._twins[function]

    def _callee(self, function: FunctionType) -> Callable[..., Any]:
        def called(*positional: object, **named: object) -> Any:
            signature = self.signature(function)
            names = [name for name, _ in signature.parameters]
            given = dict(zip(names, positional, strict=False))
            if len(positional) > len(names) or given.keys() & named.keys():
                raise CanNotRead(f"a call of {function.__name__} with too many arguments", "give each once")
            given |= named
            if given.keys() != set(names):
                raise CanNotRead(
                    f"a call of {function.__name__} with other arguments", f"give {', '.join(names)}"
                )
            values = tuple(hidden(shape, given[name]) for name, shape in signature.parameters)
            value, raises, _ = self.call(function, values)
            path().may_raise(raises)
            return shown(signature.result, value)

        return called


def _nothing(shape: Shape) -> Expression:
    """Some formula of the shape of a leaf, for a result that is never reached."""
    return FALSE if shape == TRUTH else integer(0)


def _plain(function: Callable[..., object]) -> FunctionType:
    if not isinstance(function, FunctionType):
        raise CanNotRead(f"{function!r}, no plain function,", "define it with def at module level")
    return function


def _place(function: FunctionType) -> str:
    return f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"


def _signature(function: FunctionType) -> Signature:
    code = function.__code__
    unusual = (
        code.co_flags & _UNUSUAL or code.co_kwonlyargcount or code.co_posonlyargcount or code.co_freevars
    )
    if unusual or function.__defaults__ or function.__kwdefaults__ or hasattr(function, "__wrapped__"):
        raise CanNotRead(
            f"{function.__name__} with unusual parameters, a closure or a decorator", "write a plain function"
        )
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception as error:
        raise CanNotRead(f"an annotation that can not be resolved ({error})", "import its type") from error
    names = code.co_varnames[: code.co_argcount]
    missing = [name for name in (*names, "return") if name not in hints]
    if missing:
        raise CanNotRead(f"{', '.join(missing)} without a type", "annotate it")
    return Signature(tuple((name, shape_of(hints[name])) for name in names), shape_of(hints["return"]))
