"""Boundary values: the constants at which comparisons change, and which fields are compared with which."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from pumpproof.verify.language import tree
from pumpproof.verify.language.tree import ArithmeticOperator
from pumpproof.verify.language.types import INT, RecordType
from pumpproof.verify.language.walk import children, nodes

Paths = frozenset[str]
Names = Mapping[str, Paths]
_NO_PATHS: Paths = frozenset()


@dataclass(frozen=True)
class Boundaries:
    """What to try in generated inputs.

    ``constants``: each integer that a comparison mentions, each divisor, and their neighbours, ascending.
    ``compared``: pairs of integer fields that a comparison relates, such as
    ``("BolusRequested.pulses", "Limits.max_bolus_pulses")``, each pair in alphabetical order.
    """

    constants: tuple[int, ...]
    compared: tuple[tuple[str, str], ...]


def boundary_values(functions: Iterable[tree.Function]) -> Boundaries:
    """Boundary values of the functions and of all they call, their arguments followed into the callee."""
    search = _Search()
    for function in functions:
        search.function(function, {})
    near = {value + offset for value in search.constants for offset in (-1, 0, 1)}
    return Boundaries(tuple(sorted(near)), tuple(sorted(search.compared)))


class _Search:
    def __init__(self) -> None:
        self.constants: set[int] = set()
        self.compared: set[tuple[str, str]] = set()
        self._visited: set[tuple[tree.Function, frozenset[tuple[str, Paths]]]] = set()

    def function(self, function: tree.Function, names: Names) -> None:
        key = (function, frozenset((name, paths) for name, paths in names.items() if paths))
        if key not in self._visited:
            self._visited.add(key)
            self._visit(function.body, names)

    def _visit(self, expression: tree.Expression, names: Names) -> None:
        # No binding hides another, so that one scope serves the whole body.
        scope = dict(names)
        pending = [expression]
        seen: set[int] = set()
        while pending:
            node = pending.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            match node:
                case tree.Let():
                    scope[node.name] = _paths(node.value, scope)
                case tree.Compare():
                    self._compare(node, scope)
                case tree.Reduce() if node.type == INT and isinstance(node.items, tree.MakeTuple):
                    self._relate([_paths(item, scope) for item in node.items.items])
                case tree.Arithmetic() if node.operator in _DIVISIONS:
                    self.constants |= set(_literals(node.right))
                case tree.Call():
                    parameters = (parameter.name for parameter in node.function.parameters)
                    values = (_paths(argument, scope) for argument in node.arguments)
                    self.function(node.function, dict(zip(parameters, values, strict=True)))
                case _:
                    pass
            pending.extend(children(node))

    def _compare(self, node: tree.Compare, names: Names) -> None:
        if node.left.type != INT:
            return
        self.constants |= {*_literals(node.left), *_literals(node.right)}
        self._relate([_paths(node.left, names), _paths(node.right, names)])

    def _relate(self, sides: list[Paths]) -> None:
        for position, left in enumerate(sides):
            for right in sides[position + 1 :]:
                self.compared |= {
                    (min(pair), max(pair)) for pair in product(left, right) if pair[0] != pair[1]
                }


_DIVISIONS = {ArithmeticOperator.FLOOR_DIVIDE, ArithmeticOperator.REMAINDER}


def _literals(expression: tree.Expression) -> Iterator[int]:
    return (node.value for node in nodes(expression) if isinstance(node, tree.IntLiteral))


def _paths(expression: tree.Expression, names: Names) -> Paths:
    """Integer fields that the value of the expression is made of; calls are not followed."""
    match expression:
        case tree.Name():
            return names.get(expression.name, _NO_PATHS)
        case tree.FieldOf():
            owner = expression.record.type
            if isinstance(owner, RecordType) and not isinstance(expression.type, RecordType):
                return frozenset({f"{owner}.{expression.name}"})
            return _NO_PATHS
        case tree.Index():
            return _paths(expression.items, names)
        case tree.IfElse():
            return _paths(expression.then, names) | _paths(expression.otherwise, names)
        case tree.Let():
            return _paths(expression.body, {**names, expression.name: _paths(expression.value, names)})
        case tree.Slice() | tree.ForEach() | tree.Reduce() | tree.Arithmetic() | tree.Negate():
            return _NO_PATHS.union(*(_paths(child, names) for child in children(expression)))
        case tree.MakeTuple() | tree.Concatenate():
            return _NO_PATHS.union(*(_paths(child, names) for child in children(expression)))
        case _:
            return _NO_PATHS
