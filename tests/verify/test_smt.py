"""The solver and the evaluation agree on every term, and the solver's answers stay within a closed list."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from syntax import INTEGERS, TRUTHS, Syntax, Values, build, claims, naive, symbol, syntaxes, values

from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Term,
    all_of,
    equal,
    floor_divide,
    integer,
    less,
    less_or_equal,
    negate,
    remainder,
    truth,
    variable,
)

BUDGET = 1_000_000


def fixed(known: Values) -> list[Term]:
    """That each variable has its value."""
    return [
        equal(symbol(name), integer(value) if name in INTEGERS else truth(bool(value)))
        for name, value in known.items()
    ]


@given(syntaxes, values)
@settings(max_examples=60)
def test_the_solver_gives_a_term_the_value_that_evaluation_gives(syntax: Syntax, known: Values) -> None:
    term, value = build(syntax), naive(syntax, known)
    constant = truth(value) if term.sort == "Bool" else integer(value)
    solver = Solver(BUDGET)
    solver.push(fixed(known))
    assert solver.check((equal(term, constant),)).answer is Answer.SATISFIABLE
    assert solver.check((negate(equal(term, constant)),)).answer is Answer.UNSATISFIABLE


@given(claims)
@settings(max_examples=60)
def test_a_model_makes_the_term_true(syntax: Syntax) -> None:
    term = build(syntax)
    names = [symbol(name) for name in (*INTEGERS, *TRUTHS)]
    reply = Solver(BUDGET).check((term,), names)
    if reply.answer is Answer.SATISFIABLE:
        assert naive(syntax, {name.name: reply.values[name] for name in names}) is True


@pytest.mark.parametrize("value", [-7, -6, -1, 0, 1, 6, 7])
@pytest.mark.parametrize("divisor", [1, 2, 3, 7])
def test_division_of_negatives_rounds_down_in_the_solver_too(value: int, divisor: int) -> None:
    x = variable("x", "Int")
    solver = Solver(BUDGET)
    solver.push((equal(x, integer(value)),))
    for term, expected in (
        (floor_divide(x, divisor), value // divisor),
        (remainder(x, divisor), value % divisor),
    ):
        assert solver.check((negate(equal(term, integer(expected))),)).answer is Answer.UNSATISFIABLE


def test_values_have_the_type_of_their_variable() -> None:
    x, p = variable("x", "Int"), variable("p", "Bool")
    reply = Solver(BUDGET).check((less_or_equal(integer(3), x), p), (x, p))
    assert type(reply.values[x]) is int
    assert reply.values[p] is True


def test_a_scope_ends_with_pop() -> None:
    p = variable("p", "Bool")
    solver = Solver(BUDGET)
    solver.push((p,))
    assert solver.check((negate(p),)).answer is Answer.UNSATISFIABLE
    solver.pop()
    assert solver.check((negate(p),)).answer is Answer.SATISFIABLE


def test_constants_are_terms_like_any_other() -> None:
    assert Solver(BUDGET).check((TRUE,)).answer is Answer.SATISFIABLE
    assert Solver(BUDGET).check((FALSE,)).answer is Answer.UNSATISFIABLE


def nine_in_eight_places() -> tuple[Term, ...]:
    """A question that takes more steps than a small budget has: nine different integers below eight."""
    names = [variable(f"n{i}", "Int") for i in range(9)]
    bounds = [all_of((less_or_equal(integer(0), name), less(name, integer(8)))) for name in names]
    return (*bounds, *(negate(equal(one, other)) for one, other in combinations(names, 2)))


def test_when_the_budget_runs_out_the_answer_is_unknown_with_a_reason() -> None:
    reply = Solver(2_000).check(nine_in_eight_places())
    assert reply.answer is Answer.UNKNOWN
    assert "resource" in reply.reason or "canceled" in reply.reason
