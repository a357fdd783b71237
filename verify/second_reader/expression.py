"""Formulas of the second reading: integers and truth values in the shape of SMT-LIB, shared wherever they are equal.

The arithmetic is that of Python: unbounded, ``//`` and ``%`` round towards minus infinity. Divisors are known and
positive, where SMT-LIB's ``div`` and ``mod`` say the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NoReturn, assert_never

Sort = Literal["Int", "Bool"]
Head = Literal["known", "variable", "+", "*", "div", "mod", "ite", "=", "<=", "<", "not", "and", "or"]


class Expression:
    """A formula. Two are equal only if they are the same object; none has a truth value of its own."""

    __slots__ = ("arguments", "head", "payload", "sort")

    def __init__(
        self, head: Head, sort: Sort, arguments: "tuple[Expression, ...]", payload: int | str | None
    ) -> None:
        self.head: Head = head
        self.sort: Sort = sort
        self.arguments = arguments
        self.payload = payload

    def __bool__(self) -> NoReturn:
        raise TypeError("a formula has no truth value; ask a solver")

    @property
    def number(self) -> int:
        """The value of a known integer or truth value; the factor of a product, the divisor of a quotient."""
        assert isinstance(self.payload, int)
        return self.payload

    @property
    def name(self) -> str:
        """The name of a variable."""
        assert isinstance(self.payload, str)
        return self.payload


_shared: dict[object, Expression] = {}


def _expression(
    head: Head, sort: Sort, arguments: tuple[Expression, ...] = (), payload: int | str | None = None
) -> Expression:
    key = (head, sort, payload, arguments)
    found = _shared.get(key)
    if found is None:
        found = _shared[key] = Expression(head, sort, arguments, payload)
    return found


def integer(value: int) -> Expression:
    """A known integer."""
    assert type(value) is int
    return _expression("known", "Int", (), value)


TRUE = _expression("known", "Bool", (), 1)
FALSE = _expression("known", "Bool", (), 0)


def truth(value: bool) -> Expression:
    """A known truth value."""
    return TRUE if value else FALSE


def variable(name: str, sort: Sort) -> Expression:
    """A variable."""
    return _expression("variable", sort, (), name)


def add(left: Expression, right: Expression) -> Expression:
    """``left + right``."""
    if left.head == "known" and right.head == "known":
        return integer(left.number + right.number)
    if left.head == "known" and left.number == 0:
        return right
    if right.head == "known" and right.number == 0:
        return left
    return _expression("+", "Int", (left, right))


def multiply(factor: int, term: Expression) -> Expression:
    """``factor * term`` for a known factor."""
    if term.head == "known":
        return integer(factor * term.number)
    if factor in (0, 1):
        return term if factor else integer(0)
    return _expression("*", "Int", (term,), factor)


def divide(term: Expression, divisor: int) -> Expression:
    """``term // divisor`` for a known positive divisor."""
    assert divisor > 0
    if term.head == "known":
        return integer(term.number // divisor)
    return _expression("div", "Int", (term,), divisor)


def modulo(term: Expression, divisor: int) -> Expression:
    """``term % divisor`` for a known positive divisor."""
    assert divisor > 0
    if term.head == "known":
        return integer(term.number % divisor)
    return _expression("mod", "Int", (term,), divisor)


def equals(left: Expression, right: Expression) -> Expression:
    """``left == right``, of one sort."""
    assert left.sort == right.sort
    if left is right:
        return TRUE
    if left.head == "known" and right.head == "known":
        return truth(left.number == right.number)
    for one, other in ((left, right), (right, left)):
        if one.head == "known" and one.sort == "Bool":
            return other if one is TRUE else negation(other)
    return _expression("=", "Bool", (left, right))


def at_most(left: Expression, right: Expression) -> Expression:
    """``left <= right``."""
    if left.head == "known" and right.head == "known":
        return truth(left.number <= right.number)
    return TRUE if left is right else _expression("<=", "Bool", (left, right))


def below(left: Expression, right: Expression) -> Expression:
    """``left < right``."""
    if left.head == "known" and right.head == "known":
        return truth(left.number < right.number)
    return FALSE if left is right else _expression("<", "Bool", (left, right))


def negation(term: Expression) -> Expression:
    """``not term``."""
    if term.head == "known":
        return truth(term is FALSE)
    return term.arguments[0] if term.head == "not" else _expression("not", "Bool", (term,))


def conjunction(terms: Iterable[Expression]) -> Expression:
    """All of them; true of none."""
    kept: dict[Expression, None] = {}
    for term in terms:
        if term is FALSE:
            return FALSE
        if term is not TRUE:
            kept[term] = None
    if len(kept) > 1:
        return _expression("and", "Bool", tuple(kept))
    return next(iter(kept), TRUE)


def disjunction(terms: Iterable[Expression]) -> Expression:
    """Any of them; false of none."""
    kept: dict[Expression, None] = {}
    for term in terms:
        if term is TRUE:
            return TRUE
        if term is not FALSE:
            kept[term] = None
    if len(kept) > 1:
        return _expression("or", "Bool", tuple(kept))
    return next(iter(kept), FALSE)


def if_else(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """``then if condition else otherwise``, both of one sort."""
    assert then.sort == otherwise.sort
    if condition.head == "known":
        return then if condition is TRUE else otherwise
    if then is otherwise:
        return then
    if then is TRUE:
        return disjunction((condition, otherwise))
    if then is FALSE:
        return conjunction((negation(condition), otherwise))
    if otherwise is TRUE:
        return disjunction((negation(condition), then))
    if otherwise is FALSE:
        return conjunction((condition, then))
    return _expression("ite", then.sort, (condition, then, otherwise))


def in_order(roots: Iterable[Expression], done: "Mapping[Expression, object]") -> Iterator[Expression]:
    """Everything that the roots are made of and that is not ``done``, arguments first, each once."""
    seen: set[Expression] = set()
    pending = [(root, False) for root in roots][::-1]
    while pending:
        term, ready = pending.pop()
        if ready:
            yield term
        elif term not in seen and term not in done:
            seen.add(term)
            pending.append((term, True))
            pending.extend((argument, False) for argument in reversed(term.arguments))


def evaluate(roots: Iterable[Expression], known: Mapping[str, int | bool]) -> list[int | bool]:
    """The values of the roots for these values of their variables.

    Raises:
        KeyError: a variable has no value.
    """
    values: dict[Expression, int | bool] = {}
    wanted = list(roots)
    for term in in_order(wanted, values):
        values[term] = _value(term, [values[argument] for argument in term.arguments], known)
    return [values[root] for root in wanted]


def _value(term: Expression, arguments: list[int | bool], known: Mapping[str, int | bool]) -> int | bool:
    match term.head:
        case "known":
            return term.number if term.sort == "Int" else bool(term.number)
        case "variable":
            return known[term.name]
        case "+":
            return arguments[0] + arguments[1]
        case "*":
            return term.number * arguments[0]
        case "div":
            return arguments[0] // term.number
        case "mod":
            return arguments[0] % term.number
        case "ite":
            return arguments[1] if arguments[0] else arguments[2]
        case "=":
            return arguments[0] == arguments[1]
        case "<=":
            return arguments[0] <= arguments[1]
        case "<":
            return arguments[0] < arguments[1]
        case "not":
            return not arguments[0]
        case "and":
            return all(arguments)
        case "or":
            return any(arguments)
        case _:
            assert_never(term.head)
