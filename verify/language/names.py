"""What a global name of a function means, and that it means this for as long as the program runs."""

import ast
import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import FunctionType, ModuleType

from pumpproof.verify.language.genuine import (
    SUBSET_BUILTINS,
    changed_in_replace,
    is_builtin,
    is_replace,
)
from pumpproof.verify.language.source import FunctionNode, Refusal, SourceFile, SourceFiles, first_line

RESERVED_NAMES = frozenset(SUBSET_BUILTINS) | {"replace"}


def near_miss(name: str, known: list[str]) -> str:
    """What to write instead of a name that does not exist."""
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else "use one of: " + ", ".join(sorted(known))


def is_global_of_its_file(function: FunctionType) -> bool:
    """Say whether the function's globals are those of a module loaded from the function's own file."""
    file = function.__globals__.get("__file__")
    path = function.__code__.co_filename
    if not isinstance(file, str):
        return False
    if file == path:
        return True
    try:
        return Path(file).samefile(path)
    except OSError:
        return False


@dataclass(frozen=True)
class GlobalScope:
    """Where a running function looks up what is not local: its globals, then its built-ins."""

    file: str
    values: dict[str, object]
    builtins: dict[str, object]

    @classmethod
    def of(cls, function: FunctionType) -> "GlobalScope":
        """The scope of a loaded function."""
        return cls(function.__code__.co_filename, function.__globals__, getattr(function, "__builtins__", {}))


class GlobalNames:
    """Resolves global names as the running function would, and refuses what could be rebound."""

    def __init__(self, sources: SourceFiles) -> None:
        self._sources = sources
        self._used: dict[tuple[int, str], tuple[dict[str, object], object]] = {}
        self._approved: dict[tuple[int, str], object] = {}

    def lookup(self, place: GlobalScope, name: str, refuse: Refusal) -> object:
        """Value of the global or built-in ``name`` in ``place``; refuses an unknown or unsteady one."""
        scope = place.values
        key = (id(scope), name)
        if key in self._approved:
            return self._approved[key]
        if name not in scope:
            if name in place.builtins:
                return self._builtin(name, place.builtins[name], refuse)
            refuse(f"the unknown name {name}", near_miss(name, [known for known in scope if known[0] != "_"]))
        value = scope[name]
        if name in SUBSET_BUILTINS:
            refuse(f"the global {name}, which hides the built-in {name}", "give it another name")
        if name == "replace" and not is_replace(value):
            refuse(f"the global {name}, which is not dataclasses.replace", "give it another name")
        if is_replace(value):
            _require_standard_replace(refuse)
        if isinstance(value, ModuleType):
            refuse(
                f"the module {name} used as a value",
                f"import the name itself: from {value.__name__} import ...",
            )
        self._require_steady(scope, place.file, name, value, refuse)
        self._used[key] = (scope, value)
        self._approved[key] = value
        return value

    def rebound(self) -> tuple[str, ...]:
        """Global names that were read and now mean something else, as ``module.name``."""
        return tuple(
            f"{scope.get('__name__')}.{name}"
            for (_, name), (scope, value) in self._used.items()
            if scope.get(name) is not value
        )

    def _builtin(self, name: str, value: object, refuse: Refusal) -> object:
        if name not in SUBSET_BUILTINS:
            refuse(f"the built-in {name}", _BUILTIN_INSTEAD.get(name, _only_builtins()))
        if value is not SUBSET_BUILTINS[name] or not is_builtin(name, value):
            refuse(
                f"the built-in {name}, which has been replaced", "leave the built-in functions as they are"
            )
        return value

    def _require_steady(
        self, scope: dict[str, object], file: str, name: str, value: object, refuse: Refusal
    ) -> None:
        """Refuse unless the module binds ``name`` exactly once, at its top level, to this very value."""
        source = self._sources.load(file)
        statement = source.bindings.get(name)
        if statement is None:
            refuse(
                f"the global {name}, {_unsteady(source, name)}",
                "bind it once, at the top level of its module",
            )
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _require_definition(source, statement, value, refuse)
            case ast.ImportFrom():
                self._require_import(scope, statement, name, value, refuse)
            case ast.Assign(value=expression) | ast.AnnAssign(value=ast.expr() as expression):
                written = _constant(expression)
                if written is not None and (written != value or type(written) is not type(value)):
                    refuse(
                        f"the global {name}, changed from {written} to {value} after its definition,",
                        "leave module constants as they are written",
                    )
            case _:
                pass

    def _require_import(
        self, scope: dict[str, object], statement: ast.ImportFrom, name: str, value: object, refuse: Refusal
    ) -> None:
        original = next(alias.name for alias in statement.names if (alias.asname or alias.name) == name)
        module = _imported_module(scope, statement)
        if module is None or module.__dict__.get(original, module) is not value:
            refuse(
                f"the global {name}, which is no longer what was imported", "leave imported names as they are"
            )
        if isinstance(value, type) or is_replace(value):
            return
        file = getattr(module, "__file__", None)
        if file is None or not file.endswith(".py"):
            refuse(f"{name}, whose module has no Python source", "define it in Python")
        self._require_steady(module.__dict__, file, original, value, refuse)


def _require_standard_replace(refuse: Refusal) -> None:
    changed = changed_in_replace()
    if changed is not None:
        refuse(
            f"dataclasses.{changed}, which is not that of the standard library,",
            "leave the standard library as it is",
        )


def _only_builtins() -> str:
    return "the built-in functions of the subset are " + ", ".join(sorted(SUBSET_BUILTINS))


_BUILTIN_INSTEAD = {
    "abs": "write max(x, -x)",
    "int": "a truth value is not an integer: write 1 if condition else 0",
    "bool": "write a comparison",
    "divmod": "write // and %",
    "pow": "write a product",
    "isinstance": "write one function per type",
    "enumerate": "loop over range(len(items)) and index",
    "zip": "loop over range(len(items)) and index",
    "reversed": "loop over range(len(items)) and index",
    "sorted": "write min and max",
    "print": "remove it: the subset has no side effects",
}


def _unsteady(source: SourceFile, name: str) -> str:
    times = source.stores.get(name, 0)
    if source.star_import:
        return "whose module has a star import"
    if times > 1:
        return f"which its module binds or deletes {times} times"
    if times == 1:
        return "which is not bound by a plain statement at the top level of its module"
    return "which its module does not bind"


def _require_definition(source: SourceFile, statement: FunctionNode, value: object, refuse: Refusal) -> None:
    defined = source.functions.get((statement.name, first_line(statement)))
    code = getattr(value, "__code__", None)
    if (
        isinstance(value, FunctionType)
        and not hasattr(value, "__wrapped__")
        and defined is not None
        and (code.co_filename, code.co_qualname, code.co_firstlineno)  # type: ignore[union-attr]
        == (source.path, defined.code.co_qualname, defined.code.co_firstlineno)
    ):
        return
    if statement.decorator_list:
        decorator = ast.unparse(statement.decorator_list[0])
        refuse(
            f"the decorator @{decorator} in the way of {statement.name}",
            "remove it, or let it return the function",
        )
    refuse(
        f"the global {statement.name}, which was rebound after its definition", "leave it as it is defined"
    )


def _imported_module(scope: dict[str, object], statement: ast.ImportFrom) -> ModuleType | None:
    name = statement.module or ""
    if statement.level:
        package = str(scope.get("__package__") or "").split(".")
        name = ".".join([*package[: len(package) - statement.level + 1], *([name] if name else [])])
    return sys.modules.get(name)


_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _constant(expression: ast.expr) -> object:
    """Value of a constant as it is written; None where that would need more than literals."""
    match expression:
        case ast.Constant(value=bool() | int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            negated = _constant(operand)
            return -negated if type(negated) is int else None
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            first, second = _constant(left), _constant(right)
            if type(first) is int and type(second) is int:
                return _OPERATORS[type(op)](first, second)
            return None
        case ast.Tuple(elts=elements):
            values = tuple(_constant(element) for element in elements)
            return None if None in values else values
        case _:
            return None
