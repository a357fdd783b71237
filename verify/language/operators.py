"""Operators: comparisons, arithmetic, and, or, not, conditional expressions."""

import ast

from pumpproof.verify.language import tree
from pumpproof.verify.language.context import Context, article, quoted
from pumpproof.verify.language.refusals import UNSUPPORTED_OPERATORS
from pumpproof.verify.language.static import static_values
from pumpproof.verify.language.tree import ArithmeticOperator, ComparisonOperator
from pumpproof.verify.language.types import BOOL, INT, EnumType, TupleType
from pumpproof.verify.language.walk import is_total

_ARITHMETIC: dict[type[ast.operator], ArithmeticOperator] = {
    ast.Add: ArithmeticOperator.ADD,
    ast.Sub: ArithmeticOperator.SUBTRACT,
    ast.Mult: ArithmeticOperator.MULTIPLY,
    ast.FloorDiv: ArithmeticOperator.FLOOR_DIVIDE,
    ast.Mod: ArithmeticOperator.REMAINDER,
}
_COMPARISON: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Lt: ComparisonOperator.LESS,
    ast.LtE: ComparisonOperator.LESS_OR_EQUAL,
    ast.Gt: ComparisonOperator.GREATER,
    ast.GtE: ComparisonOperator.GREATER_OR_EQUAL,
    ast.Eq: ComparisonOperator.EQUAL,
    ast.NotEq: ComparisonOperator.NOT_EQUAL,
    ast.Is: ComparisonOperator.EQUAL,
    ast.IsNot: ComparisonOperator.NOT_EQUAL,
}
_EQUALITY = {ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL}


class Operators(Context):
    """Reads operators."""

    def _compare(self, node: ast.Compare) -> tree.Expression:
        left = self.read(node.left)
        links: list[tree.Expression] = []
        for operator, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.read(right_node)
            if isinstance(operator, ast.In | ast.NotIn):
                links.append(self._membership(operator, left, right, right_node, node))
            else:
                links.append(self._comparison(operator, left, right, node))
            left = right
        return links[0] if len(links) == 1 else tree.AllOf(tuple(links), self.span(node))

    def _comparison(
        self, operator: ast.cmpop, left: tree.Expression, right: tree.Expression, node: ast.expr
    ) -> tree.Compare:
        meaning = _COMPARISON[type(operator)]
        types = {left.type, right.type}
        if types == {INT, BOOL}:
            self.refuse(
                node,
                f"{quoted(node)}, which compares an int with a bool",
                "a bool is not an int: compare bools",
            )
        if left.type != right.type:
            self.refuse(
                node,
                f"{quoted(node)}, which compares {left.type} with {right.type}",
                "compare the same types",
            )
        if isinstance(operator, ast.Is | ast.IsNot) and not isinstance(left.type, EnumType):
            self.refuse(node, f"{quoted(node)}, identity of {article(left.type)}", "write == or !=")
        if meaning not in _EQUALITY and left.type != INT:
            self.refuse(node, f"{quoted(node)}, an order on {left.type}", "only integers are ordered")
        return tree.Compare(meaning, left, right, self.span(node))

    def _membership(
        self,
        operator: ast.In | ast.NotIn,
        left: tree.Expression,
        right: tree.Expression,
        right_node: ast.expr,
        node: ast.expr,
    ) -> tree.Expression:
        if not isinstance(right, tree.MakeTuple):
            self.refuse(
                node, f"{quoted(node)}, membership of a tuple that is not written out", "write (a, b, c)"
            )
        if not is_total(right):
            # Python evaluates all items before the search; as a disjunction the later ones would be guarded.
            self.refuse(
                right_node, f"{quoted(right_node)}, whose items can fail, after in", "name the items first"
            )
        negated = isinstance(operator, ast.NotIn)
        equality: ast.cmpop = ast.NotEq() if negated else ast.Eq()
        links = tuple(self._comparison(equality, left, item, node) for item in right.items)
        if len(links) == 1:
            return links[0]
        return tree.AllOf(links, self.span(node)) if negated else tree.AnyOf(links, self.span(node))

    def binary(
        self,
        operator: ast.operator,
        left: tree.Expression,
        right: tree.Expression,
        node: ast.BinOp | ast.AugAssign,
    ) -> tree.Expression:
        """Arithmetic on two integers, or the concatenation of two tuples."""
        meaning = _ARITHMETIC.get(type(operator))
        if meaning is None:
            self.refuse(node, *UNSUPPORTED_OPERATORS[type(operator)])
        if (
            isinstance(left.type, TupleType)
            and isinstance(right.type, TupleType)
            and isinstance(operator, ast.Add)
        ):
            if left.type.item != right.type.item:
                self.refuse(node, "a concatenation of tuples with different items", "give the items one type")
            joined = TupleType(left.type.item, left.type.length + right.type.length)
            return tree.Concatenate(left, right, joined, self.span(node))
        left_node, right_node = (
            (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        )
        self.require_int(left, left_node)
        self.require_int(right, right_node)
        if meaning is ArithmeticOperator.MULTIPLY:
            if static_values(left, self.loops) is None and static_values(right, self.loops) is None:
                self.refuse(
                    node, f"{quoted(node)}, a product of two variables", "multiply by a literal or a constant"
                )
        elif meaning in (ArithmeticOperator.FLOOR_DIVIDE, ArithmeticOperator.REMAINDER):
            divisors = static_values(right, self.loops)
            if divisors is None:
                self.refuse(
                    node, f"{quoted(node)}, a division by a variable", "divide by a literal or a constant"
                )
            if any(divisor <= 0 for divisor in divisors):
                self.refuse(
                    node, f"{quoted(node)}, a division by {min(divisors)}", "divide by a positive number"
                )
        return tree.Arithmetic(meaning, left, right, self.span(node))

    def _unary(self, node: ast.UnaryOp) -> tree.Expression:
        match node.op:
            case ast.Not():
                return tree.Not(self.read_bool(node.operand), self.span(node))
            case ast.USub():
                operand = self.read_int(node.operand)
                if isinstance(node.operand, ast.Constant) and isinstance(operand, tree.IntLiteral):
                    return tree.IntLiteral(-operand.value, self.span(node))
                return tree.Negate(operand, self.span(node))
            case ast.UAdd():
                self.refuse(node, f"{quoted(node)}, a unary plus", "remove the plus")
            case _:
                self.refuse(node, f"{quoted(node)}, a bit operation", "use arithmetic")

    def _conditional(self, node: ast.IfExp) -> tree.Expression:
        condition = self.read_bool(node.test)
        then, otherwise = self.read(node.body), self.read(node.orelse)
        if then.type != otherwise.type:
            self.refuse(
                node,
                f"{quoted(node)}, either {article(then.type)} or {article(otherwise.type)},",
                "give both the same type",
            )
        return tree.IfElse(condition, then, otherwise, then.type, self.span(node))
