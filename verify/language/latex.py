"""Formulas in LaTeX math (amsmath): the same pieces as the text, with the symbols of the field."""

from typing import assert_never

from pumpproof.verify.language import tree
from pumpproof.verify.language.shapes import Binding, Piece, as_chain, as_membership
from pumpproof.verify.language.tree import ArithmeticOperator, ComparisonOperator, Reduction

_SYMBOLS = {
    ComparisonOperator.LESS: "<",
    ComparisonOperator.LESS_OR_EQUAL: r"\le",
    ComparisonOperator.GREATER: ">",
    ComparisonOperator.GREATER_OR_EQUAL: r"\ge",
    ComparisonOperator.EQUAL: "=",
    ComparisonOperator.NOT_EQUAL: r"\ne",
}
_LOOP_SYMBOLS = {
    Reduction.SUM: (r"\sum", Binding.PRODUCT, Binding.SUM),
    Reduction.ALL: (r"\bigwedge", Binding.NOT, Binding.OR),
    Reduction.ANY: (r"\bigvee", Binding.NOT, Binding.OR),
}


def to_latex(formula: tree.Expression | tree.Function) -> str:
    """The formula as LaTeX for a math environment; needs amsmath and no macros of its own."""
    if isinstance(formula, tree.Function):
        parameters = ", ".join(_name(parameter.name) for parameter in formula.parameters)
        return rf"{_called(formula.name)}({parameters}) = {_piece(formula.body)[0]}"
    return _piece(formula)[0]


def _escape(text: str) -> str:
    return text.replace("_", r"\_")


def _name(name: str) -> str:
    base, _, version = name.partition("#")
    return rf"\mathit{{{_escape(base)}}}" + (f"_{{{version}}}" if version else "")


def _word(name: str) -> str:
    return rf"\mathsf{{{_escape(name)}}}"


def _called(name: str) -> str:
    return rf"\operatorname{{{_escape(name)}}}"


def _at(node: tree.Expression, place: Binding) -> str:
    text, binding = _piece(node)
    return rf"\left({text}\right)" if binding < place else text


def _list(nodes: tuple[tree.Expression, ...]) -> str:
    return ", ".join(_at(node, Binding.CONDITIONAL) for node in nodes)


def _fields(pairs: tuple[tuple[str, tree.Expression], ...]) -> str:
    return r",\; ".join(rf"{_name(name)} := {_at(value, Binding.CONDITIONAL)}" for name, value in pairs)


def _piece(node: tree.Expression) -> Piece:
    match node:
        case tree.IntLiteral():
            if node.name is not None:
                return rf"\mathrm{{{_escape(node.name)}}}", Binding.ATOM
            return str(node.value), Binding.UNARY if node.value < 0 else Binding.ATOM
        case tree.BoolLiteral():
            return rf"\mathrm{{{str(node.value).lower()}}}", Binding.ATOM
        case tree.EnumLiteral():
            return _word(f"{node.type}.{node.member.name}"), Binding.ATOM
        case tree.Name():
            return _name(node.name), Binding.ATOM
        case tree.FieldOf():
            return f"{_at(node.record, Binding.POSTFIX)}.{_name(node.name)}", Binding.POSTFIX
        case tree.Index():
            index = _at(node.index, Binding.CONDITIONAL)
            return rf"{_at(node.items, Binding.POSTFIX)}\left[{index}\right]", Binding.POSTFIX
        case tree.Slice():
            bounds = rf"{_at(node.start, Binding.SUM)} \,..\, {_at(node.stop, Binding.SUM)}"
            return rf"{_at(node.items, Binding.POSTFIX)}\left[{bounds}\right)", Binding.POSTFIX
        case tree.MakeTuple():
            return rf"\left({_list(node.items)}\right)", Binding.ATOM
        case tree.Concatenate():
            left, right = _at(node.left, Binding.SUM), _at(node.right, Binding.PRODUCT)
            return rf"{left} \mathbin{{+\!\!+}} {right}", Binding.SUM
        case tree.ForEach():
            body = _at(node.body, Binding.CONDITIONAL)
            turns = rf"{_name(node.variable)} = {node.start} \,..\, {node.stop - 1}"
            return rf"\left[\, {body} \;\middle|\; {turns} \,\right]", Binding.ATOM
        case tree.MakeRecord():
            return rf"{_word(str(node.type))}\left({_fields(node.fields)}\right)", Binding.ATOM
        case tree.ReplaceFields():
            record = _at(node.record, Binding.POSTFIX)
            return rf"{record}\left[{_fields(node.changes)}\right]", Binding.POSTFIX
        case tree.Arithmetic():
            return _arithmetic(node)
        case tree.Negate():
            return f"-{_at(node.operand, Binding.POSTFIX)}", Binding.UNARY
        case tree.Compare() | tree.AllOf() | tree.AnyOf():
            return _logic(node)
        case tree.Not():
            return rf"\lnot {_at(node.operand, Binding.POSTFIX)}", Binding.NOT
        case tree.IfElse():
            return _cases(node), Binding.CONDITIONAL
        case tree.Let():
            return _where(node), Binding.BLOCK
        case tree.Reduce():
            return _reduce(node)
        case tree.Call():
            return rf"{_called(node.function.name)}\left({_list(node.arguments)}\right)", Binding.ATOM
        case _:
            assert_never(node)


def _arithmetic(node: tree.Arithmetic) -> Piece:
    # A sum sign reaches to the right as far as it can, so that it needs parentheses even on the left.
    loose = isinstance(node.left, tree.Reduce) and isinstance(node.left.items, tree.ForEach)
    match node.operator:
        case ArithmeticOperator.ADD | ArithmeticOperator.SUBTRACT:
            left = _at(node.left, Binding.PRODUCT if loose else Binding.SUM)
            return f"{left} {node.operator.value} {_at(node.right, Binding.PRODUCT)}", Binding.SUM
        case ArithmeticOperator.MULTIPLY:
            left, right = _at(node.left, Binding.PRODUCT), _at(node.right, Binding.UNARY)
            return rf"{left} \cdot {right}", Binding.PRODUCT
        case ArithmeticOperator.FLOOR_DIVIDE:
            left, right = _piece(node.left)[0], _piece(node.right)[0]
            return rf"\left\lfloor \frac{{{left}}}{{{right}}} \right\rfloor", Binding.ATOM
        case ArithmeticOperator.REMAINDER:
            left, right = _at(node.left, Binding.PRODUCT), _at(node.right, Binding.UNARY)
            return rf"{left} \bmod {right}", Binding.PRODUCT
        case _:
            assert_never(node.operator)


def _cases(node: tree.Expression) -> str:
    rows: list[str] = []
    while isinstance(node, tree.IfElse):
        rows.append(rf"{_at(node.then, Binding.BLOCK)} & \text{{if }} {_at(node.condition, Binding.OR)}")
        node = node.otherwise
    rows.append(rf"{_at(node, Binding.BLOCK)} & \text{{otherwise}}")
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _where(node: tree.Expression) -> str:
    rows: list[str] = []
    while isinstance(node, tree.Let):
        word = r"\text{where } " if not rows else r"\quad\text{and } "
        rows.append(rf"{word}{_name(node.name)} = {_at(node.value, Binding.CONDITIONAL)}")
        node = node.body
    body = _at(node, Binding.CONDITIONAL)
    return r"\begin{array}[t]{l} " + r" \\ ".join([body, *rows]) + r" \end{array}"


def _reduce(node: tree.Reduce) -> Piece:
    if isinstance(node.items, tree.ForEach):
        loop, last = node.items, node.items.stop - 1
        if node.reduction in _LOOP_SYMBOLS:
            symbol, inner, outer = _LOOP_SYMBOLS[node.reduction]
            bounds = rf"_{{{_name(loop.variable)}={loop.start}}}^{{{last}}}"
            return rf"{symbol}{bounds} {_at(loop.body, inner)}", outer
        bounds = rf"_{{{loop.start} \le {_name(loop.variable)} \le {last}}}"
        return rf"\{node.reduction.value}{bounds}\left({_piece(loop.body)[0]}\right)", Binding.ATOM
    items = node.items
    inside = _list(items.items) if isinstance(items, tree.MakeTuple) else _at(items, Binding.CONDITIONAL)
    return rf"{_called(node.reduction.value)}\left({inside}\right)", Binding.ATOM


def _logic(node: tree.Compare | tree.AllOf | tree.AnyOf) -> Piece:
    chain = as_chain(node)
    if chain is not None:
        links = (f"{_SYMBOLS[operator]} {_at(part, Binding.SUM)}" for operator, part in chain.links)
        return " ".join([_at(chain.first, Binding.SUM), *links]), Binding.COMPARISON
    membership = as_membership(node)
    if membership is not None:
        items = ", ".join(_at(item, Binding.SUM) for item in membership.items)
        symbol = r"\notin" if membership.negated else r"\in"
        return rf"{_at(membership.value, Binding.SUM)} {symbol} \left\{{{items}\right\}}", Binding.COMPARISON
    match node:
        case tree.Compare():
            left, right = _at(node.left, Binding.SUM), _at(node.right, Binding.SUM)
            return f"{left} {_SYMBOLS[node.operator]} {right}", Binding.COMPARISON
        case tree.AllOf():
            return r" \land ".join(_at(operand, Binding.NOT) for operand in node.operands), Binding.AND
        case tree.AnyOf():
            return r" \lor ".join(_at(operand, Binding.AND) for operand in node.operands), Binding.OR
        case _:
            assert_never(node)
