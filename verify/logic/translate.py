"""Translation of a function of the language into terms, with what must hold for it not to raise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pumpproof.verify.language.tree import (
    AllOf,
    AnyOf,
    Arithmetic,
    ArithmeticOperator,
    BoolLiteral,
    Call,
    Compare,
    ComparisonOperator,
    Concatenate,
    EnumLiteral,
    Expression,
    FieldOf,
    ForEach,
    Function,
    IfElse,
    Index,
    IntLiteral,
    Let,
    MakeRecord,
    MakeTuple,
    Name,
    Negate,
    Not,
    Reduce,
    Reduction,
    ReplaceFields,
    Slice,
    Span,
)
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Operator,
    Term,
    add,
    all_of,
    any_of,
    choose,
    equal,
    floor_divide,
    implies,
    integer,
    is_known,
    less,
    less_or_equal,
    negate,
    remainder,
    scale,
    subtract,
    truth,
)
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, enum_code, same, select, zero


@dataclass(frozen=True)
class Demand:
    """What must hold where a partial operation stands, for the function not to raise there."""

    holds: Term
    what: str
    span: Span


@dataclass(frozen=True)
class Translation:
    """The value of a call, and the demands of everything that was evaluated on the way."""

    value: Value
    demands: tuple[Demand, ...]


Notice = Callable[[AnyOf | IfElse, Sequence[Term], Term], None]
"""Called where a choice stands, with its alternatives or its condition, and the path on which it is evaluated."""


def translate(function: Function, arguments: Sequence[Value], notice: Notice | None = None) -> Translation:
    """Translate a call of ``function`` with symbolic arguments, in the order of its parameters."""
    names = (parameter.name for parameter in function.parameters)
    return translate_expression(function.body, dict(zip(names, arguments, strict=True)), notice)


def translate_expression(
    node: Expression, scope: Mapping[str, Value], notice: Notice | None = None
) -> Translation:
    """Translate an expression where its names have the values of ``scope``."""
    translator = _Translator(notice)
    value = translator.value(node, scope, TRUE)
    return Translation(value, tuple(translator.demands))


def value_in(node: Expression, scope: Mapping[str, Value]) -> Value:
    """The value of an expression whose names have the values of ``scope``; what it demands is not collected."""
    return _Translator().value(node, scope, TRUE)


def as_term(value: Value) -> Term:
    """A value that the reader has typed as int, bool or enum."""
    assert isinstance(value, Term)
    return value


class _Translator:
    def __init__(self, notice: Notice | None = None) -> None:
        self.demands: list[Demand] = []
        self.notice = notice

    def value(self, node: Expression, scope: Mapping[str, Value], path: Term) -> Value:
        """The value of ``node`` where its names have the values of ``scope``, reached only where ``path`` holds."""
        match node:
            case IntLiteral():
                return integer(node.value)
            case BoolLiteral():
                return truth(node.value)
            case EnumLiteral():
                return integer(enum_code(node.member))
            case Name():
                return scope[node.name]
            case FieldOf():
                record = self.value(node.record, scope, path)
                assert isinstance(record, RecordValue)
                return record.fields[node.name]
            case Index():
                return self._index(node, scope, path)
            case Slice():
                start, stop = (self._static(bound, scope, path) for bound in (node.start, node.stop))
                return TupleValue(self._items(node.items, scope, path)[start:stop])
            case MakeTuple():
                return TupleValue(tuple(self.value(item, scope, path) for item in node.items))
            case Concatenate():
                return TupleValue(self._items(node.left, scope, path) + self._items(node.right, scope, path))
            case ForEach():
                return TupleValue(self._each(node, scope, path))
            case MakeRecord():
                return RecordValue(
                    node.type, {name: self.value(item, scope, path) for name, item in node.fields}
                )
            case ReplaceFields():
                record = self.value(node.record, scope, path)
                assert isinstance(record, RecordValue)
                changes = {name: self.value(item, scope, path) for name, item in node.changes}
                return RecordValue(node.type, record.fields | changes)
            case Arithmetic():
                return self._arithmetic(node, scope, path)
            case Negate():
                return scale(-1, self._term(node.operand, scope, path))
            case Compare():
                return self._compare(node, scope, path)
            case AllOf():
                return all_of(self._short_circuit(node.operands, scope, path, stop_at=False))
            case AnyOf():
                alternatives = self._short_circuit(node.operands, scope, path, stop_at=True)
                if self.notice is not None:
                    self.notice(node, alternatives, path)
                return any_of(alternatives)
            case Not():
                return negate(self._term(node.operand, scope, path))
            case IfElse():
                return self._if_else(node, scope, path)
            case Let():
                return self._let(node, scope, path)
            case Reduce():
                return self._reduce(node, scope, path)
            case Call():
                values = [self.value(argument, scope, path) for argument in node.arguments]
                names = (parameter.name for parameter in node.function.parameters)
                return self.value(node.function.body, dict(zip(names, values, strict=True)), path)
            case _:
                assert_never(node)

    def _let(self, node: Let, scope: Mapping[str, Value], path: Term) -> Value:
        """A chain of assignments, which an unrolled loop makes long."""
        names = dict(scope)
        body: Expression = node
        while isinstance(body, Let):
            names[body.name] = self.value(body.value, names, path)
            body = body.body
        return self.value(body, names, path)

    def _term(self, node: Expression, scope: Mapping[str, Value], path: Term) -> Term:
        return as_term(self.value(node, scope, path))

    def _static(self, node: Expression, scope: Mapping[str, Value], path: Term) -> int:
        term = self._term(node, scope, path)
        assert term.operator is Operator.INTEGER, "the reader admits only static integers here"
        return term.integer

    def _items(self, node: Expression, scope: Mapping[str, Value], path: Term) -> tuple[Value, ...]:
        value = self.value(node, scope, path)
        assert isinstance(value, TupleValue)
        return value.items

    def _each(self, node: ForEach, scope: Mapping[str, Value], path: Term) -> tuple[Value, ...]:
        return tuple(
            self.value(node.body, {**scope, node.variable: integer(i)}, path)
            for i in range(node.start, node.stop)
        )

    def _index(self, node: Index, scope: Mapping[str, Value], path: Term) -> Value:
        items = self._items(node.items, scope, path)
        index = self._term(node.index, scope, path)
        within = all_of((less_or_equal(integer(0), index), less(index, integer(len(items)))))
        self._demand(path, within, f"the index must be at least 0 and less than {len(items)}", node.span)
        if not items:
            return zero(node.type)
        if index.operator is Operator.INTEGER and 0 <= index.integer < len(items):
            return items[index.integer]
        chosen = items[-1]
        for position in range(len(items) - 2, -1, -1):
            chosen = select(equal(index, integer(position)), items[position], chosen)
        return chosen

    def _demand(self, path: Term, holds: Term, what: str, span: Span) -> None:
        demand = implies(path, holds)
        if demand is not TRUE:
            self.demands.append(Demand(demand, what, span))

    def _arithmetic(self, node: Arithmetic, scope: Mapping[str, Value], path: Term) -> Term:
        left, right = self._term(node.left, scope, path), self._term(node.right, scope, path)
        match node.operator:
            case ArithmeticOperator.ADD:
                return add(left, right)
            case ArithmeticOperator.SUBTRACT:
                return subtract(left, right)
            case ArithmeticOperator.MULTIPLY:
                known, other = (left, right) if is_known(left) else (right, left)
                assert is_known(known), "the reader admits only products with a static side"
                return scale(known.integer, other)
            case ArithmeticOperator.FLOOR_DIVIDE | ArithmeticOperator.REMAINDER:
                assert is_known(right) and right.integer > 0, (
                    "the reader admits only positive static divisors"
                )
                divide = floor_divide if node.operator is ArithmeticOperator.FLOOR_DIVIDE else remainder
                return divide(left, right.integer)
            case _:
                assert_never(node.operator)

    def _compare(self, node: Compare, scope: Mapping[str, Value], path: Term) -> Term:
        left, right = self.value(node.left, scope, path), self.value(node.right, scope, path)
        match node.operator:
            case ComparisonOperator.LESS:
                return less(as_term(left), as_term(right))
            case ComparisonOperator.LESS_OR_EQUAL:
                return less_or_equal(as_term(left), as_term(right))
            case ComparisonOperator.GREATER:
                return less(as_term(right), as_term(left))
            case ComparisonOperator.GREATER_OR_EQUAL:
                return less_or_equal(as_term(right), as_term(left))
            case ComparisonOperator.EQUAL:
                return same(left, right)
            case ComparisonOperator.NOT_EQUAL:
                return negate(same(left, right))
            case _:
                assert_never(node.operator)

    def _short_circuit(
        self, operands: Sequence[Expression], scope: Mapping[str, Value], path: Term, *, stop_at: bool
    ) -> list[Term]:
        terms: list[Term] = []
        for operand in operands:
            term = self._term(operand, scope, path)
            terms.append(term)
            path = all_of((path, negate(term) if stop_at else term))
        return terms

    def _if_else(self, node: IfElse, scope: Mapping[str, Value], path: Term) -> Value:
        condition = self._term(node.condition, scope, path)
        if self.notice is not None:
            self.notice(node, (condition,), path)
        if condition is TRUE:
            return self.value(node.then, scope, path)
        if condition is FALSE:
            return self.value(node.otherwise, scope, path)
        then = self.value(node.then, scope, all_of((path, condition)))
        otherwise = self.value(node.otherwise, scope, all_of((path, negate(condition))))
        return select(condition, then, otherwise)

    def _reduce(self, node: Reduce, scope: Mapping[str, Value], path: Term) -> Term:
        if node.reduction in (Reduction.ALL, Reduction.ANY) and isinstance(node.items, ForEach):
            return self._short_circuit_each(node.items, scope, path, stop_at=node.reduction is Reduction.ANY)
        terms = [as_term(item) for item in self._items(node.items, scope, path)]
        match node.reduction:
            case Reduction.SUM:
                total = integer(0)
                for term in terms:
                    total = add(total, term)
                return total
            case Reduction.MIN | Reduction.MAX:
                best, *rest = terms
                for term in rest:
                    smaller = node.reduction is Reduction.MIN
                    better = less(term, best) if smaller else less(best, term)
                    best = choose(better, term, best)
                return best
            case Reduction.ALL:
                return all_of(terms)
            case Reduction.ANY:
                return any_of(terms)
            case _:
                assert_never(node.reduction)

    def _short_circuit_each(
        self, each: ForEach, scope: Mapping[str, Value], path: Term, *, stop_at: bool
    ) -> Term:
        """``all`` and ``any`` over a generator stop early, so a later item is evaluated only if they did not."""
        terms: list[Term] = []
        for i in range(each.start, each.stop):
            term = self._term(each.body, {**scope, each.variable: integer(i)}, path)
            terms.append(term)
            path = all_of((path, negate(term) if stop_at else term))
        return any_of(terms) if stop_at else all_of(terms)
