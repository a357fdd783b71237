"""Terms: integers and truth values, shared wherever they are equal, independent of any solver.

Two terms are equal only if they are the same object, so a formula that a step leaves unchanged *is* the formula
from before. The constructors fold constants and nothing else that could be wrong in a subtle way.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Literal, NoReturn, assert_never


class Operator(Enum):
    """All term operators. ``SCALE`` multiplies by a known integer; divisors are known and positive."""

    INTEGER = "int"
    TRUTH = "bool"
    VARIABLE = "var"
    ADD = "+"
    SCALE = "*"
    FLOOR_DIVIDE = "div"
    REMAINDER = "mod"
    IF = "ite"
    EQUAL = "="
    LESS_OR_EQUAL = "<="
    NOT = "not"
    AND = "and"
    OR = "or"

    __hash__ = object.__hash__  # members are singletons; the default hashes the name, at each look-up


Sort = Literal["Int", "Bool"]


class Term:
    """A node of the shared graph. It has no truth value of its own, so it can not be mistaken for a result."""

    def __init__(
        self, operator: Operator, sort: Sort, arguments: "tuple[Term, ...]", payload: int | str | None
    ) -> None:
        self.operator = operator
        self.sort: Sort = sort
        self.arguments = arguments
        self.payload = payload
        self.variables: frozenset[Term] = _union(self, arguments)
        self._digest: bytes | None = None

    def __bool__(self) -> NoReturn:
        raise TypeError("a term has no truth value; ask a solver")

    def __repr__(self) -> str:
        if not self.arguments:
            return str(self.payload)
        payload = "" if self.payload is None else f" {self.payload}"
        return f"({self.operator.value}{payload} {' '.join(map(repr, self.arguments))})"

    @property
    def integer(self) -> int:
        """Value of an integer or truth constant, or constant of a product, quotient or remainder."""
        assert isinstance(self.payload, int)
        return self.payload

    @property
    def name(self) -> str:
        """Name of a variable."""
        assert isinstance(self.payload, str)
        return self.payload

    @property
    def digest(self) -> bytes:
        """SHA-256 of the term's content, the same in every process."""
        if self._digest is None:
            for term in in_order(self, lambda known: known._digest is not None):
                text = f"{term.operator.value} {term.sort} {term.payload!r} "
                parts = b"".join(argument.digest for argument in term.arguments)
                term._digest = hashlib.sha256(text.encode() + parts).digest()
            assert self._digest is not None
        return self._digest


def _union(term: Term, arguments: tuple[Term, ...]) -> frozenset[Term]:
    """The variables that occur in a term; the set of an argument is shared where it holds all."""
    if term.operator is Operator.VARIABLE:
        return frozenset((term,))
    union: frozenset[Term] = max((argument.variables for argument in arguments), key=len, default=frozenset())
    for argument in arguments:
        if not argument.variables <= union:
            union |= argument.variables
    return union


_shared: dict[tuple[Operator, Sort, int | str | None, tuple[int, ...]], Term] = {}


def _term(
    operator: Operator, sort: Sort, arguments: tuple[Term, ...] = (), payload: int | str | None = None
) -> Term:
    key = (operator, sort, payload, tuple(map(id, arguments)))
    known = _shared.get(key)
    if known is None:
        known = _shared[key] = Term(operator, sort, arguments, payload)
    return known


def integer(value: int) -> Term:
    """A known integer."""
    assert type(value) is int
    return _term(Operator.INTEGER, "Int", (), value)


TRUE = _term(Operator.TRUTH, "Bool", (), 1)
FALSE = _term(Operator.TRUTH, "Bool", (), 0)


def truth(value: bool) -> Term:
    """A known truth value."""
    return TRUE if value else FALSE


def variable(name: str, sort: Sort) -> Term:
    """A variable; the same name must always come with the same sort."""
    return _term(Operator.VARIABLE, sort, (), name)


def is_known(term: Term) -> bool:
    """Say whether the term is a constant."""
    return term.operator in (Operator.INTEGER, Operator.TRUTH)


def add(left: Term, right: Term) -> Term:
    """Sum of two integers."""
    if left.operator is Operator.INTEGER and right.operator is Operator.INTEGER:
        return integer(left.integer + right.integer)
    if left.operator is Operator.INTEGER and left.integer == 0:
        return right
    if right.operator is Operator.INTEGER and right.integer == 0:
        return left
    return _term(Operator.ADD, "Int", (left, right))


def scale(factor: int, term: Term) -> Term:
    """Product of a known integer and a term."""
    if factor == 0:
        return integer(0)
    if factor == 1:
        return term
    if term.operator is Operator.INTEGER:
        return integer(factor * term.integer)
    return _term(Operator.SCALE, "Int", (term,), factor)


def subtract(left: Term, right: Term) -> Term:
    """Difference of two integers."""
    return integer(0) if left is right else add(left, scale(-1, right))


def floor_divide(term: Term, divisor: int) -> Term:
    """Quotient rounded towards minus infinity; ``divisor`` is positive, where SMT-LIB and Python agree."""
    assert divisor > 0
    if term.operator is Operator.INTEGER:
        return integer(term.integer // divisor)
    return term if divisor == 1 else _term(Operator.FLOOR_DIVIDE, "Int", (term,), divisor)


def remainder(term: Term, divisor: int) -> Term:
    """Remainder in ``0 .. divisor - 1``; ``divisor`` is positive, where SMT-LIB and Python agree."""
    assert divisor > 0
    if term.operator is Operator.INTEGER:
        return integer(term.integer % divisor)
    return integer(0) if divisor == 1 else _term(Operator.REMAINDER, "Int", (term,), divisor)


def negate(term: Term) -> Term:
    """Logical negation."""
    if term.operator is Operator.TRUTH:
        return truth(not term.integer)
    return term.arguments[0] if term.operator is Operator.NOT else _term(Operator.NOT, "Bool", (term,))


def all_of(terms: Iterable[Term]) -> Term:
    """Conjunction; true of nothing."""
    return _junction(Operator.AND, terms, TRUE, FALSE)


def any_of(terms: Iterable[Term]) -> Term:
    """Disjunction; false of nothing."""
    return _junction(Operator.OR, terms, FALSE, TRUE)


def _junction(operator: Operator, terms: Iterable[Term], neutral: Term, absorbing: Term) -> Term:
    kept: dict[Term, None] = {}
    for term in terms:
        if term is absorbing:
            return absorbing
        if term is neutral:
            continue
        parts = term.arguments if term.operator is operator else (term,)
        kept.update(dict.fromkeys(parts))
    if not kept:
        return neutral
    return next(iter(kept)) if len(kept) == 1 else _term(operator, "Bool", tuple(kept))


def implies(condition: Term, conclusion: Term) -> Term:
    """Implication."""
    return any_of((negate(condition), conclusion))


def equal(left: Term, right: Term) -> Term:
    """Equality of two terms of one sort."""
    assert left.sort == right.sort
    if left is right:
        return TRUE
    if is_known(left) and is_known(right):
        return truth(left.integer == right.integer)
    if left is TRUE or right is TRUE:
        return left if right is TRUE else right
    if left is FALSE or right is FALSE:
        return negate(left if right is FALSE else right)
    return _term(Operator.EQUAL, "Bool", (left, right))


def less_or_equal(left: Term, right: Term) -> Term:
    """``left <= right``."""
    if left is right:
        return TRUE
    if is_known(left) and is_known(right):
        return truth(left.integer <= right.integer)
    return _term(Operator.LESS_OR_EQUAL, "Bool", (left, right))


def less(left: Term, right: Term) -> Term:
    """``left < right``."""
    return negate(less_or_equal(right, left))


def choose(condition: Term, then: Term, otherwise: Term) -> Term:
    """``then`` where the condition holds, else ``otherwise``; both of one sort."""
    assert then.sort == otherwise.sort
    if condition.operator is Operator.TRUTH:
        return then if condition.integer else otherwise
    if then is otherwise:
        return then
    if then.sort == "Bool" and (is_known(then) or is_known(otherwise)):
        if then.operator is Operator.TRUTH:
            return any_of((condition, otherwise)) if then is TRUE else all_of((negate(condition), otherwise))
        return all_of((condition, then)) if otherwise is FALSE else any_of((negate(condition), then))
    return _term(Operator.IF, then.sort, (condition, then, otherwise))


def rebuild(term: Term, arguments: tuple[Term, ...]) -> Term:
    """The same operator on other arguments, through the constructors."""
    match term.operator:
        case Operator.INTEGER | Operator.TRUTH | Operator.VARIABLE:
            return term
        case Operator.ADD:
            return add(*arguments)
        case Operator.SCALE:
            return scale(term.integer, *arguments)
        case Operator.FLOOR_DIVIDE:
            return floor_divide(arguments[0], term.integer)
        case Operator.REMAINDER:
            return remainder(arguments[0], term.integer)
        case Operator.IF:
            return choose(*arguments)
        case Operator.EQUAL:
            return equal(*arguments)
        case Operator.LESS_OR_EQUAL:
            return less_or_equal(*arguments)
        case Operator.NOT:
            return negate(*arguments)
        case Operator.AND:
            return all_of(arguments)
        case Operator.OR:
            return any_of(arguments)
        case _:
            assert_never(term.operator)


def in_order(root: Term, skip: Callable[[Term], bool]) -> Iterator[Term]:
    """Every node below ``root``, arguments before the term that uses them, without what ``skip`` says is known."""
    seen: set[Term] = set()
    stack = [(root, False)]
    while stack:
        term, ready = stack.pop()
        if ready:
            yield term
        elif term not in seen and not skip(term):
            seen.add(term)
            stack.append((term, True))
            stack.extend((argument, False) for argument in reversed(term.arguments))


class Substitution:
    """Replace variables by terms, with a memo that lasts as long as the object."""

    def __init__(self, replacements: Mapping[Term, Term]) -> None:
        self._changed = frozenset(old for old, new in replacements.items() if old is not new)
        self._known: dict[Term, Term] = {old: replacements[old] for old in self._changed}

    def touches(self, term: Term) -> bool:
        """Say whether any variable of ``term`` is really replaced."""
        return not self._changed.isdisjoint(term.variables)

    def __call__(self, root: Term) -> Term:
        """Return ``root`` with the replacements made, all at once."""
        if not self.touches(root):
            return root
        known = self._known
        for term in in_order(root, lambda term: term in known or not self.touches(term)):
            known[term] = rebuild(term, tuple(known.get(argument, argument) for argument in term.arguments))
        return known[root]


def values_of(roots: Iterable[Term], known: Mapping[Term, int | bool]) -> list[int | bool]:
    """Values of several terms for known values of their variables, each shared term computed once.

    Raises:
        KeyError: a variable of a term has no value.
    """
    values: dict[Term, int | bool] = dict(known)
    results: list[int | bool] = []
    for root in roots:
        for term in in_order(root, values.__contains__):
            values[term] = _value(term, [values[argument] for argument in term.arguments])
        results.append(values[root])
    return results


def _value(term: Term, arguments: list[int | bool]) -> int | bool:
    match term.operator:
        case Operator.INTEGER:
            return term.integer
        case Operator.TRUTH:
            return bool(term.integer)
        case Operator.VARIABLE:
            raise KeyError(term.name)
        case Operator.ADD:
            return arguments[0] + arguments[1]
        case Operator.SCALE:
            return term.integer * arguments[0]
        case Operator.FLOOR_DIVIDE:
            return arguments[0] // term.integer
        case Operator.REMAINDER:
            return arguments[0] % term.integer
        case Operator.IF:
            return arguments[1] if arguments[0] else arguments[2]
        case Operator.EQUAL:
            return arguments[0] == arguments[1]
        case Operator.LESS_OR_EQUAL:
            return arguments[0] <= arguments[1]
        case Operator.NOT:
            return not arguments[0]
        case Operator.AND:
            return all(arguments)
        case Operator.OR:
            return any(arguments)
        case _:
            assert_never(term.operator)


def evaluate(root: Term, values: Mapping[Term, int | bool]) -> int | bool:
    """Value of a term for known values of its variables.

    Raises:
        KeyError: a variable of the term has no value.
    """
    known: dict[Term, Term] = {
        name: truth(bool(value)) if name.sort == "Bool" else integer(int(value))
        for name, value in values.items()
    }
    for name in root.variables:
        known[name]
    result = Substitution({name: known[name] for name in root.variables})(root)
    assert is_known(result), "constants fold completely"
    return bool(result.integer) if result.sort == "Bool" else result.integer
