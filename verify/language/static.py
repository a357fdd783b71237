"""Static integers: expressions of literals, module constants and the variables of ``ForEach``.

An item of a tuple of static integers, as of a table that a module binds, is static where its index is.
"""

from collections.abc import Mapping
from itertools import product
from math import prod

from pumpproof.verify.language import tree
from pumpproof.verify.language.tree import ArithmeticOperator

MOST_COMBINATIONS = 100_000


def is_static(expression: tree.Expression) -> bool:
    """Say whether the value is a known integer at load time (for each value of the loop variables)."""
    match expression:
        case tree.IntLiteral():
            return True
        case tree.Name():
            return expression.static
        case tree.Negate():
            return is_static(expression.operand)
        case tree.Arithmetic():
            return is_static(expression.left) and is_static(expression.right)
        case tree.Index(items=tree.MakeTuple(items=items)):
            return is_static(expression.index) and all(is_static(item) for item in items)
        case _:
            return False


def static_value(expression: tree.Expression, variables: Mapping[str, int]) -> int:
    """Value of a static expression for given values of the loop variables.

    Raises:
        ValueError: the expression is not static.
    """
    match expression:
        case tree.IntLiteral():
            return expression.value
        case tree.Name() if expression.static:
            return variables[expression.name]
        case tree.Negate():
            return -static_value(expression.operand, variables)
        case tree.Arithmetic():
            return apply_arithmetic(
                expression.operator,
                static_value(expression.left, variables),
                static_value(expression.right, variables),
            )
        case tree.Index(items=tree.MakeTuple(items=items)):
            return static_value(items[static_value(expression.index, variables)], variables)
        case _:
            raise ValueError(f"{expression.span}: not a static integer")


def apply_arithmetic(operator: ArithmeticOperator, left: int, right: int) -> int:
    """Python's own arithmetic: the quotient rounds down, the remainder has the sign of the divisor."""
    match operator:
        case ArithmeticOperator.ADD:
            return left + right
        case ArithmeticOperator.SUBTRACT:
            return left - right
        case ArithmeticOperator.MULTIPLY:
            return left * right
        case ArithmeticOperator.FLOOR_DIVIDE:
            return left // right
        case ArithmeticOperator.REMAINDER:
            return left % right


def static_tuples(
    expressions: tuple[tree.Expression, ...], loops: Mapping[str, range]
) -> list[tuple[int, ...]] | None:
    """Values the expressions take together, over all values of the loop variables they use.

    None where one of them is not static, or where there are more than ``MOST_COMBINATIONS`` to look at.
    """
    if not all(is_static(expression) for expression in expressions):
        return None
    used = sorted(set().union(*(_loop_variables(expression) for expression in expressions)))
    if prod(len(loops[name]) for name in used) > MOST_COMBINATIONS:
        return None
    return [
        tuple(static_value(expression, dict(zip(used, values, strict=True))) for expression in expressions)
        for values in product(*(loops[name] for name in used))
    ]


def static_values(expression: tree.Expression, loops: Mapping[str, range]) -> list[int] | None:
    """Values a single static expression takes; see ``static_tuples``."""
    found = static_tuples((expression,), loops)
    return None if found is None else [value for (value,) in found]


def _loop_variables(expression: tree.Expression) -> set[str]:
    match expression:
        case tree.Name():
            return {expression.name}
        case tree.Negate():
            return _loop_variables(expression.operand)
        case tree.Arithmetic():
            return _loop_variables(expression.left) | _loop_variables(expression.right)
        case tree.Index(items=tree.MakeTuple(items=items)):
            return _loop_variables(expression.index).union(*(_loop_variables(item) for item in items))
        case _:
            return set()
