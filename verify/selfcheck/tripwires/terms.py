"""Terms: what they mean, to Python and to the solver, however they are made simpler."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Final

from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Term,
    add,
    all_of,
    any_of,
    choose,
    equal,
    evaluate,
    floor_divide,
    implies,
    integer,
    less,
    less_or_equal,
    negate,
    remainder,
    scale,
    subtract,
    values_of,
    variable,
)

_BUDGET = 1_000_000
_X, _Y = variable("x", "Int"), variable("y", "Int")
_A, _B = variable("a", "Bool"), variable("b", "Bool")

Meaning = Callable[..., int | bool]
_OF_NUMBERS: Final[Mapping[str, tuple[Callable[[Term, Term], Term], Meaning]]] = {
    "add": (add, lambda x, y: x + y),
    "subtract": (subtract, lambda x, y: x - y),
    "less": (less, lambda x, y: x < y),
    "less or equal": (less_or_equal, lambda x, y: x <= y),
    "equal": (equal, lambda x, y: x == y),
    "least": (lambda x, y: choose(less(x, y), x, y), min),
}
_OF_ONE_NUMBER: Final[Mapping[str, tuple[Callable[[Term], Term], Meaning]]] = {
    "nothing times": (lambda x: scale(0, x), lambda _: 0),
    "once": (lambda x: scale(1, x), lambda x: x),
    "minus three times": (lambda x: scale(-3, x), lambda x: -3 * x),
    "a fourth": (lambda x: floor_divide(x, 4), lambda x: x // 4),
    "divided by one": (lambda x: floor_divide(x, 1), lambda x: x),
    "remainder of four": (lambda x: remainder(x, 4), lambda x: x % 4),
    "remainder of one": (lambda x: remainder(x, 1), lambda _: 0),
}
_OF_TRUTHS: Final[Mapping[str, tuple[Callable[[Term, Term], Term], Meaning]]] = {
    "and": (lambda a, b: all_of((a, b)), lambda a, b: a and b),
    "or": (lambda a, b: any_of((a, b)), lambda a, b: a or b),
    "implies": (implies, lambda a, b: not a or b),
    "the same truth": (equal, lambda a, b: a == b),
    "not the first, and the second": (lambda a, b: all_of((negate(a), b)), lambda a, b: not a and b),
    "neither": (lambda a, b: negate(any_of((a, b, a))), lambda a, b: not (a or b)),
    "if": (lambda a, b: choose(a, b, negate(b)), lambda a, b: b if a else not b),
    "if, else true": (lambda a, b: choose(a, b, TRUE), lambda a, b: b if a else True),
    "if, else false": (lambda a, b: choose(a, b, FALSE), lambda a, b: b if a else False),
    "if true, else": (lambda a, b: choose(a, TRUE, b), lambda a, b: True if a else b),
    "if false, else": (lambda a, b: choose(a, FALSE, b), lambda a, b: False if a else b),
}
_NUMBERS = (_X, _Y, integer(0), integer(1), integer(-2), add(_X, integer(1)), add(_Y, _X))
_TRUTHS = (_A, _B, TRUE, FALSE, negate(_A), any_of((_A, _B)), all_of((_A, negate(_B))), less(_X, _Y))
_POINTS: Final = tuple({_X: x, _Y: y, _A: a, _B: b} for x, y, a, b in (
    (-7, 2, True, False), (2, 2, False, False), (5, 3, False, True), (0, -1, True, True)
))  # fmt: skip


def meaning_of_terms() -> Iterator[str]:
    """Terms mean what Python means, with and without known parts."""
    for name, (make, means) in _OF_NUMBERS.items():
        yield from _misread(name, product(_NUMBERS, repeat=2), make, means)
    for name, (make_one, means) in _OF_ONE_NUMBER.items():
        yield from _misread(name, ((one,) for one in _NUMBERS), make_one, means)
    for name, (make, means) in _OF_TRUTHS.items():
        yield from _misread(name, product(_TRUTHS, repeat=2), make, means)
    for number in (-9, -1, 0, 7, 10**20):
        known = (
            (floor_divide(integer(number), 4), number // 4),
            (remainder(integer(number), 4), number % 4),
            (scale(-3, integer(number)), -3 * number),
        )
        yield from (f"{value} for {term.integer}" for term, value in known if term.integer != value)


def _misread(
    name: str, operands: "Iterator[tuple[Term, ...]] | product[tuple[Term, ...]]", make: Callable[..., Term],
    means: Meaning,
) -> Iterator[str]:  # fmt: skip
    for some in operands:
        term = make(*some)
        for number, point in enumerate(_POINTS):
            *given, said = values_of((*some, term), point)
            meant = means(*given)
            if said != meant or (number == 0 and evaluate(term, point) != meant):
                yield f"{name} of {some} at {tuple(point.values())}"


def meaning_to_the_solver() -> Iterator[str]:
    """The solver understands terms as Python does."""
    solver = Solver(_BUDGET)
    made: list[tuple[Term, Meaning, tuple[Term, ...]]] = [
        (make(_X, _Y), means, (_X, _Y)) for make, means in _OF_NUMBERS.values()
    ]
    made += [(make(_X), means, (_X,)) for make, means in _OF_ONE_NUMBER.values()]
    made += [(make(_A, _B), means, (_A, _B)) for make, means in _OF_TRUTHS.values()]
    many = (less(_X, _Y), negate(_A), less(_Y, integer(3)), _B)
    made.append((all_of(many), lambda x, y, a, b: x < y and not a and y < 3 and b, (_X, _Y, _A, _B)))
    made.append((any_of(many), lambda x, y, a, b: x < y or not a or y < 3 or b, (_X, _Y, _A, _B)))
    for point in (*_POINTS, {_X: 3, _Y: 4, _A: False, _B: True}, {_X: 5, _Y: 3, _A: True, _B: False}):
        known = [equal(name, integer(value)) for name, value in point.items() if name.sort == "Int"]
        known += [name if value else negate(name) for name, value in point.items() if name.sort == "Bool"]
        other = []
        for term, means, names in made:
            meant = means(*(point[name] for name in names))
            same = equal(term, integer(meant)) if term.sort == "Int" else term if meant else negate(term)
            other.append(negate(same))
        if solver.check((*known, any_of(other))).answer is not Answer.UNSATISFIABLE:
            yield f"a term at {tuple(point.values())}"
        if solver.check(known).answer is not Answer.SATISFIABLE:
            yield f"that nothing is {tuple(point.values())}"


def addresses() -> Iterator[str]:
    """Terms that differ have different addresses."""
    terms = [make(_X, n) for make in (floor_divide, remainder) for n in (3, 4)]
    terms += [scale(3, _X), scale(4, _X), add(_X, _Y), add(_Y, _X), _X, _Y, less(_X, _Y), less(_Y, _X)]
    terms += [all_of((_A, _B)), any_of((_A, _B)), equal(_A, _B), _A, negate(_A), choose(_A, _X, _Y)]
    terms += [choose(_A, _Y, _X), choose(_B, _X, _Y), equal(_X, _Y), integer(1), integer(-1), TRUE, FALSE]
    if len({term.digest for term in terms}) != len(terms):
        yield "two terms with one address"


TERMS = (meaning_of_terms, meaning_to_the_solver, addresses)
