"""Reader 1: a loaded function becomes a ``tree.Function``, read from the very source that was compiled.

What is read is what runs: the file of the function is compiled again, and the code object must equal the one
that is loaded. Every construct is read exactly or refused by name.
"""

import ast
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import NoReturn

from pumpproof.spec.kernel.types import has_range, ranged_fields
from pumpproof.verify.language import tree
from pumpproof.verify.language.expressions import Expressions
from pumpproof.verify.language.genuine import changed_in_python
from pumpproof.verify.language.names import RESERVED_NAMES, GlobalNames, GlobalScope, is_global_of_its_file
from pumpproof.verify.language.source import FunctionSource, OutsideSubset, SourceFiles
from pumpproof.verify.language.statements import Statements, assigned_names
from pumpproof.verify.language.types import Type, UnsupportedType, changed_types, type_of_annotation

__all__ = ["OutsideSubset", "Reader"]


class Reader:
    """Reads functions and what they call; each function object is read once, each file compiled once.

    ``edited`` holds the text of files that are read as if they had been changed on disk. Code that was not changed
    along with the text is refused, as ever.
    """

    def __init__(self, edited: Mapping[str, bytes] | None = None) -> None:
        self._sources = SourceFiles(edited or {})
        self._names = GlobalNames(self._sources)
        self._read: dict[FunctionType, tree.Function] = {}
        self._codes: dict[FunctionType, object] = {}
        self._active: list[FunctionType] = []

    def read(self, function: Callable[..., object]) -> tree.Function:
        """Read a function of the subset; the same object gives the same tree.

        Raises:
            OutsideSubset: the function, or one that it calls, has no exact reading.
        """
        if not isinstance(function, FunctionType):
            _refuse_callable(function)
        return self._function(function)

    def functions(self) -> tuple[tuple[FunctionType, tree.Function], ...]:
        """Every function that was read, with its tree, callees before their callers."""
        return tuple(self._read.items())

    def files(self) -> tuple[str, ...]:
        """Every source file that something was read from, in a fixed order."""
        return self._sources.paths()

    def changed_since_reading(self) -> tuple[str, ...]:
        """Functions, global names and types that were read, and parts of Python, that have been replaced since.

        Should be empty.
        """
        codes = tuple(
            f"{function.__module__}.{function.__qualname__}"
            for function, code in self._codes.items()
            if function.__code__ is not code
        )
        return codes + self._names.rebound() + changed_types() + changed_in_python()

    def _callee(self, function: FunctionType, file: str, line: int) -> tree.Function:
        if function in self._active:
            cycle = [active.__name__ for active in self._active[self._active.index(function) :]]
            path = " -> ".join([*cycle, function.__name__])
            raise OutsideSubset(file, line, f"recursion ({path})", "write a loop over range(n)")
        return self._function(function)

    def _function(self, function: FunctionType) -> tree.Function:
        known = self._read.get(function)
        if known is not None:
            return known
        self._active.append(function)
        try:
            result = self._translate(function)
        except RecursionError as error:
            code = function.__code__
            raise OutsideSubset(
                code.co_filename,
                code.co_firstlineno,
                f"the depth of {function.__name__}",
                "split the function",
            ) from error
        finally:
            self._active.pop()
        self._read[function] = result
        self._codes[function] = function.__code__
        return result

    def _translate(self, function: FunctionType) -> tree.Function:
        code = function.__code__
        _refuse_kind(function)
        source = self._source(function)
        node = source.node
        if not isinstance(node, ast.FunctionDef):
            _refuse(function, f"the async function {function.__name__}", "write a plain function")
        _refuse_signature(function, node)
        parameters, result = _signature(function, node)
        expressions = Expressions(
            code.co_filename, GlobalScope.of(function), self._names, self._callee, assigned_names(node)
        )
        statements = Statements(expressions, result)
        statements.bind_parameters(parameters)
        body = statements.body(node)
        return tree.Function(
            function.__name__,
            function.__module__,
            parameters,
            result,
            body,
            tree.Span(
                code.co_filename, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
            ),
            ast.get_docstring(node) or "",
        )

    def _source(self, function: FunctionType) -> FunctionSource:
        code = function.__code__
        path, name = code.co_filename, function.__name__
        try:
            source = self._sources.load(path)
        except OSError as error:
            raise OutsideSubset(
                path,
                code.co_firstlineno,
                f"the function {name}, which has no source file,",
                "define it in a module",
            ) from error
        except (SyntaxError, ValueError) as error:
            raise OutsideSubset(
                path,
                code.co_firstlineno,
                f"{name}: the source file is not what was loaded, which",
                "load it again",
            ) from error
        if "." in code.co_qualname:
            if "<locals>" in code.co_qualname:
                _refuse(function, f"the nested function {name}", "define it at module level")
            _refuse(function, f"the method {code.co_qualname}", "write a function at module level")
        found = source.functions.get((code.co_qualname, code.co_firstlineno))
        if found is None or found.code != code:
            _refuse(function, f"{name}: the source file is not what was loaded, which", "load it again")
        if not is_global_of_its_file(function):
            _refuse(
                function,
                f"{name} with the globals of another file",
                "define it in the module it is used from",
            )
        return found


def _refuse(function: FunctionType, construct: str, instead: str, line: int | None = None) -> NoReturn:
    code = function.__code__
    raise OutsideSubset(code.co_filename, code.co_firstlineno if line is None else line, construct, instead)


def _refuse_callable(value: object) -> NoReturn:
    file, line = "<unknown>", 0
    instead = "give a plain function defined with def at module level"
    wrapped = inspect.unwrap(value.func if isinstance(value, partial) else value)  # type: ignore[arg-type]
    code = getattr(wrapped, "__code__", None)
    if code is not None:
        file, line = code.co_filename, code.co_firstlineno
    match value:
        case partial():
            construct = "a functools.partial"
        case MethodType():
            construct = f"the method {value.__qualname__}"
        case BuiltinFunctionType():
            construct = f"the built-in {value.__name__}"
        case type():
            construct = f"the class {value.__name__} given as a function"
        case _ if hasattr(value, "__wrapped__"):
            construct = f"a decorator in the way of {getattr(value, '__name__', 'a function')}"
        case _:
            construct = f"a callable object of type {type(value).__name__}"
    raise OutsideSubset(file, line, construct, instead)


def _refuse_kind(function: FunctionType) -> None:
    name, code = function.__name__, function.__code__
    if hasattr(function, "__wrapped__"):
        _refuse(function, f"a decorator in the way of {name}", "remove it, or let it return the function")
    if code.co_name == "<lambda>":
        _refuse(function, "a lambda", "write a function with def at module level")
    if name != code.co_name:
        _refuse(
            function, f"{name}, which is defined as {code.co_name},", "call it by the name it is defined with"
        )
    if code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        _refuse(function, f"the async function {name}", "write a plain function")
    if code.co_flags & inspect.CO_GENERATOR:
        _refuse(function, f"the generator {name}", "return a value")
    if code.co_freevars:
        _refuse(
            function,
            f"the closure {name} over {', '.join(code.co_freevars)}",
            "pass the values as parameters",
        )
    if function.__defaults__ or function.__kwdefaults__:
        _refuse(function, f"a default argument of {name}", "give every argument in the call")


def _refuse_signature(function: FunctionType, node: ast.FunctionDef) -> None:
    arguments, name = node.args, function.__name__
    if arguments.vararg or arguments.kwarg:
        _refuse(
            function, f"the parameter list of {name} with * or **", "write the parameters out", node.lineno
        )
    if arguments.kwonlyargs:
        _refuse(function, f"a keyword-only parameter of {name}", "remove the *", node.lineno)
    if arguments.posonlyargs:
        _refuse(function, f"a positional-only parameter of {name}", "remove the /", node.lineno)
    for argument in arguments.args:
        if argument.arg in RESERVED_NAMES:
            construct = f"the parameter {argument.arg}, which hides a function"
            _refuse(function, construct, "use another name", argument.lineno)
        if argument.annotation is None:
            _refuse(function, f"the parameter {argument.arg} without a type", "annotate it", argument.lineno)
    if node.returns is None:
        _refuse(function, f"the function {name} without a return type", "annotate it", node.lineno)


def _signature(function: FunctionType, node: ast.FunctionDef) -> tuple[tuple[tree.Parameter, ...], Type]:
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception as error:  # noqa: BLE001 - an annotation is any expression: it can raise anything
        _refuse_hints(function, node, error)
    lines = {argument.arg: argument.lineno for argument in node.args.args}
    types: dict[str, Type] = {}
    for name in (*lines, "return"):
        line = lines.get(name, node.returns.lineno if node.returns else node.lineno)
        try:
            types[name] = type_of_annotation(hints[name])
            _require_no_range(hints[name], name)
        except UnsupportedType as error:
            raise OutsideSubset(
                function.__code__.co_filename, line, error.construct, error.instead
            ) from error
        except KeyError as error:
            raise OutsideSubset(
                function.__code__.co_filename,
                line,
                f"{name} without a type at run time",
                "leave __annotations__ alone",
            ) from error
    return tuple(tree.Parameter(name, types[name]) for name in lines), types["return"]


def _require_no_range(annotation: object, name: str) -> None:
    """Refuse ranges that nothing would assume or prove; of the fields of an event they are assumed."""
    instead = "keep Range for the fields of events, and claim it with @invariant"
    if has_range(annotation):
        of = "the result" if name == "return" else f"the parameter {name}"
        raise UnsupportedType(f"a Range on {of}", instead)
    if name == "return" and isinstance(annotation, type) and is_dataclass(annotation):
        for owner, field, _ in ranged_fields(annotation):
            raise UnsupportedType(f"the Range of {owner.__name__}.{field}, which a function makes,", instead)


def _refuse_hints(function: FunctionType, node: ast.FunctionDef, error: Exception) -> NoReturn:
    raise OutsideSubset(
        function.__code__.co_filename,
        node.lineno,
        f"an annotation of {function.__name__} that cannot be resolved ({error})",
        "import the type at the top of the module",
    ) from error
