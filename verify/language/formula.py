"""Formulas for the auditor: a tree in words and symbols, or in LaTeX. Calls stay calls, loops stay loops.

Reading the text: ``a // b`` rounds down and ``a mod b`` is what it leaves; ``[e | k = 0..60]`` is the tuple of
``e`` for each ``k``; ``p[i]`` counts from 0; ``t[a..b)`` holds the items from ``a`` up to, not including, ``b``;
``p with (x := e)`` is ``p`` with the field ``x`` changed.
"""

from typing import assert_never

from pumpproof.verify.language import tree
from pumpproof.verify.language.latex import to_latex
from pumpproof.verify.language.shapes import Binding, Piece, as_chain, as_membership
from pumpproof.verify.language.tree import ArithmeticOperator, ComparisonOperator

__all__ = ["to_latex", "to_text"]


LONGEST_LINE = 100

_SYMBOLS = {
    ComparisonOperator.LESS: "<",
    ComparisonOperator.LESS_OR_EQUAL: "<=",
    ComparisonOperator.GREATER: ">",
    ComparisonOperator.GREATER_OR_EQUAL: ">=",
    ComparisonOperator.EQUAL: "=",
    ComparisonOperator.NOT_EQUAL: "!=",
}
_ARITHMETIC = {
    ArithmeticOperator.ADD: ("+", Binding.SUM),
    ArithmeticOperator.SUBTRACT: ("-", Binding.SUM),
    ArithmeticOperator.MULTIPLY: ("*", Binding.PRODUCT),
    ArithmeticOperator.FLOOR_DIVIDE: ("//", Binding.PRODUCT),
    ArithmeticOperator.REMAINDER: ("mod", Binding.PRODUCT),
}


def to_text(formula: tree.Expression | tree.Function) -> str:
    """The formula in words and symbols, over several lines where it has cases or local names."""
    if isinstance(formula, tree.Function):
        parameters = ", ".join(f"{parameter.name}: {parameter.type}" for parameter in formula.parameters)
        return f"{formula.name}({parameters}): {formula.result} =\n" + _indent(_block(formula.body))
    return _block(formula)


def _indent(text: str) -> str:
    return "\n".join("  " + line for line in text.splitlines())


def _block(node: tree.Expression) -> str:
    """A piece at the outermost level: cases and local names take lines of their own."""
    lets: list[tree.Let] = []
    while isinstance(node, tree.Let):
        lets.append(node)
        node = node.body
    lines = _cases(node) if isinstance(node, tree.IfElse) else _whole(node)
    for position, let in enumerate(lets):
        value = _block(let.value)
        start = "where" if position == 0 else "  and"
        if "\n" in value:
            lines += [f"{start} {let.name} =", *("    " + line for line in _indent(value).splitlines())]
        else:
            lines.append(f"{start} {let.name} = {value}")
    return "\n".join(lines)


def _whole(node: tree.Expression) -> list[str]:
    """A record with one field per line where it is too long for one."""
    text = _at(node, Binding.CONDITIONAL)
    if len(text) <= LONGEST_LINE:
        return [text]
    match node:
        case tree.MakeRecord():
            return _one_per_line(f"{node.type}(", node.fields)
        case tree.ReplaceFields():
            return _one_per_line(f"{_at(node.record, Binding.POSTFIX)} with (", node.changes)
        case _:
            return [text]


def _one_per_line(start: str, pairs: tuple[tuple[str, tree.Expression], ...]) -> list[str]:
    lines = [start]
    for name, value in pairs:
        first, *rest = _whole(value)
        lines += [f"  {name} := {first}", *("  " + line for line in rest)]
        lines[-1] += ","
    lines[-1] = lines[-1].removesuffix(",")
    return [*lines, ")"]


def _cases(node: tree.Expression) -> list[str]:
    lines: list[str] = []
    start = "if"
    while isinstance(node, tree.IfElse):
        lines += _case(f"{start} {_at(node.condition, Binding.OR)} then", node.then)
        start = "otherwise if"
        node = node.otherwise
    return lines + _case("otherwise", node)


def _case(start: str, node: tree.Expression) -> list[str]:
    value = _block(node)
    if "\n" in value:
        return [start, *_indent(value).splitlines()]
    return [f"{start} {value}"]


def _at(node: tree.Expression, place: Binding) -> str:
    text, binding = _piece(node)
    return f"({text})" if binding < place else text


def _list(nodes: tuple[tree.Expression, ...]) -> str:
    return ", ".join(_at(node, Binding.CONDITIONAL) for node in nodes)


def _fields(pairs: tuple[tuple[str, tree.Expression], ...]) -> str:
    return ", ".join(f"{name} := {_at(value, Binding.CONDITIONAL)}" for name, value in pairs)


def _piece(node: tree.Expression) -> Piece:
    match node:
        case tree.IntLiteral():
            if node.name is not None:
                return node.name, Binding.ATOM
            return str(node.value), Binding.UNARY if node.value < 0 else Binding.ATOM
        case tree.BoolLiteral():
            return str(node.value).lower(), Binding.ATOM
        case tree.EnumLiteral():
            return f"{node.type}.{node.member.name}", Binding.ATOM
        case tree.Name():
            return node.name, Binding.ATOM
        case tree.FieldOf():
            return f"{_at(node.record, Binding.POSTFIX)}.{node.name}", Binding.POSTFIX
        case tree.Index():
            return (
                f"{_at(node.items, Binding.POSTFIX)}[{_at(node.index, Binding.CONDITIONAL)}]",
                Binding.POSTFIX,
            )
        case tree.Slice():
            bounds = f"{_at(node.start, Binding.SUM)}..{_at(node.stop, Binding.SUM)}"
            return f"{_at(node.items, Binding.POSTFIX)}[{bounds})", Binding.POSTFIX
        case tree.MakeTuple():
            return f"({_list(node.items)}{',' if len(node.items) == 1 else ''})", Binding.ATOM
        case tree.Concatenate():
            return f"{_at(node.left, Binding.SUM)} ++ {_at(node.right, Binding.PRODUCT)}", Binding.SUM
        case tree.ForEach():
            return f"[{_each(node)}]", Binding.ATOM
        case tree.MakeRecord():
            return f"{node.type}({_fields(node.fields)})", Binding.ATOM
        case tree.ReplaceFields():
            return f"{_at(node.record, Binding.POSTFIX)} with ({_fields(node.changes)})", Binding.OR
        case tree.Arithmetic():
            symbol, binding = _ARITHMETIC[node.operator]
            tighter = Binding(binding + 1)
            return f"{_at(node.left, binding)} {symbol} {_at(node.right, tighter)}", binding
        case tree.Negate():
            return f"-{_at(node.operand, Binding.POSTFIX)}", Binding.UNARY
        case tree.Compare() | tree.AllOf() | tree.AnyOf():
            return _logic(node)
        case tree.Not():
            return f"not {_at(node.operand, Binding.NOT)}", Binding.NOT
        case tree.IfElse():
            condition, then = _at(node.condition, Binding.OR), _at(node.then, Binding.OR)
            return (
                f"if {condition} then {then} otherwise {_at(node.otherwise, Binding.CONDITIONAL)}",
                Binding.CONDITIONAL,
            )
        case tree.Let():
            return _inline_let(node), Binding.BLOCK
        case tree.Reduce():
            return _reduce(node), Binding.ATOM
        case tree.Call():
            return f"{node.function.name}({_list(node.arguments)})", Binding.ATOM
        case _:
            assert_never(node)


def _inline_let(node: tree.Expression) -> str:
    lets: list[str] = []
    while isinstance(node, tree.Let):
        lets.append(f"{node.name} = {_at(node.value, Binding.CONDITIONAL)}")
        node = node.body
    return f"{_at(node, Binding.CONDITIONAL)} where {' and '.join(lets)}"


def _each(node: tree.ForEach) -> str:
    return f"{_at(node.body, Binding.CONDITIONAL)} | {node.variable} = {node.start}..{node.stop - 1}"


def _reduce(node: tree.Reduce) -> str:
    match node.items:
        case tree.ForEach():
            inside = _each(node.items)
        case tree.MakeTuple():
            inside = _list(node.items.items)
        case _:
            inside = _at(node.items, Binding.CONDITIONAL)
    return f"{node.reduction.value}({inside})"


def _logic(node: tree.Compare | tree.AllOf | tree.AnyOf) -> Piece:
    chain = as_chain(node)
    if chain is not None:
        links = (f"{_SYMBOLS[operator]} {_at(part, Binding.SUM)}" for operator, part in chain.links)
        return " ".join([_at(chain.first, Binding.SUM), *links]), Binding.COMPARISON
    membership = as_membership(node)
    if membership is not None:
        items = ", ".join(_at(item, Binding.SUM) for item in membership.items)
        words = "not in" if membership.negated else "in"
        return f"{_at(membership.value, Binding.SUM)} {words} {{{items}}}", Binding.COMPARISON
    match node:
        case tree.Compare():
            left, right = _at(node.left, Binding.SUM), _at(node.right, Binding.SUM)
            return f"{left} {_SYMBOLS[node.operator]} {right}", Binding.COMPARISON
        case tree.AllOf():
            return " and ".join(_at(operand, Binding.NOT) for operand in node.operands), Binding.AND
        case tree.AnyOf():
            return " or ".join(_at(operand, Binding.AND) for operand in node.operands), Binding.OR
        case _:
            assert_never(node)
