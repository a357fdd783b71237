"""What the reading of every expression shares: the scope, the place, the types that are expected."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType
from typing import NoReturn

from pumpproof.verify.language import tree
from pumpproof.verify.language.names import GlobalNames, GlobalScope
from pumpproof.verify.language.scope import Local
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.types import BOOL, INT, Type, UnsupportedType, type_of_annotation


@dataclass
class Context(ABC):
    """Reading of one function: ``scope`` is what its local names mean at this point.

    ``loops`` holds the values of each ``ForEach`` variable in sight, ``assigned`` the names that
    Python treats as local anywhere in the function, and ``callee`` reads a called function, given the place of
    the call. ``taken`` holds the names of the tree that no binding further in may carry.
    """

    file: str
    globals: GlobalScope
    names: GlobalNames
    callee: Callable[[FunctionType, str, int], tree.Function]
    assigned: frozenset[str]
    scope: dict[str, Local] = field(default_factory=dict)
    loops: dict[str, range] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    @abstractmethod
    def read(self, node: ast.expr) -> tree.Expression:
        """Read any expression of the subset."""

    def span(self, node: ast.expr | ast.stmt) -> tree.Span:
        """Where the node stands."""
        return tree.Span(
            self.file, node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0
        )

    def refuse(self, node: ast.AST, construct: str, instead: str) -> NoReturn:
        """Raise ``OutsideSubset`` at the node."""
        raise OutsideSubset(self.file, getattr(node, "lineno", 0), construct, instead)

    def read_bool(self, node: ast.expr) -> tree.Expression:
        """Read an expression that must be a truth value."""
        expression = self.read(node)
        if expression.type != BOOL:
            instead = "compare it, for example x != 0" if expression.type == INT else "write a comparison"
            self.refuse(node, f"{quoted(node)}, {article(expression.type)}, used as a truth value", instead)
        return expression

    def read_int(self, node: ast.expr) -> tree.Expression:
        """Read an expression that must be an integer; a truth value is none."""
        expression = self.read(node)
        self.require_int(expression, node)
        return expression

    def read_as(self, node: ast.expr, wanted: Type, role: str) -> tree.Expression:
        """Read an expression that must have exactly the type ``wanted``."""
        expression = self.read(node)
        if expression.type != wanted:
            self.refuse(
                node,
                f"{role} of type {expression.type} where {wanted} is declared",
                f"give {article(wanted)}",
            )
        return expression

    def require_int(self, expression: tree.Expression, node: ast.expr) -> None:
        if expression.type == BOOL:
            self.refuse(node, f"{quoted(node)}, a bool, used as an int", "write 1 if condition else 0")
        if expression.type != INT:
            self.refuse(node, f"{quoted(node)}, {article(expression.type)}, used as an int", "use an int")

    def resolve(self, node: ast.Name) -> object:
        """Value of a global name."""
        if node.id in self.assigned:
            self.refuse(node, f"the name {node.id}, which is used before it is bound", "bind it first")
        return self.names.lookup(
            self.globals, node.id, lambda construct, instead: self.refuse(node, construct, instead)
        )

    def type_of(self, annotation: object, node: ast.AST) -> Type:
        """Type of a resolved annotation or class, refused at the node."""
        try:
            return type_of_annotation(annotation)
        except UnsupportedType as error:
            self.refuse(node, error.construct, error.instead)


def quoted(node: ast.AST) -> str:
    """The source of a node, shortened for a message."""
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "..."


def article(kind: object) -> str:
    """A type or class with its indefinite article."""
    text = str(kind)
    return f"an {text}" if text[0] in "aeiouAEIOU" else f"a {text}"
