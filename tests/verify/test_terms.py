"""Terms mean what they were built from, whatever the constructors fold."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syntax import INTEGERS, TRUTHS, Syntax, Values, build, claims, naive, symbol, syntaxes, values

from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Operator,
    Substitution,
    Term,
    add,
    all_of,
    any_of,
    choose,
    equal,
    evaluate,
    floor_divide,
    implies,
    in_order,
    integer,
    is_known,
    less_or_equal,
    negate,
    rebuild,
    remainder,
    scale,
    subtract,
    variable,
)


def plain(term: Term, known: Values) -> int | bool:
    """The value of a term, node by node, with Python's operators and no constructor."""
    found: dict[Term, int | bool] = {}
    for node in in_order(term, lambda _: False):
        parts = [found[argument] for argument in node.arguments]
        match node.operator:
            case Operator.INTEGER:
                found[node] = node.integer
            case Operator.TRUTH:
                found[node] = bool(node.integer)
            case Operator.VARIABLE:
                found[node] = known[node.name]
            case Operator.ADD:
                found[node] = parts[0] + parts[1]
            case Operator.SCALE:
                found[node] = node.integer * parts[0]
            case Operator.FLOOR_DIVIDE:
                found[node] = parts[0] // node.integer
            case Operator.REMAINDER:
                found[node] = parts[0] % node.integer
            case Operator.IF:
                found[node] = parts[1] if parts[0] else parts[2]
            case Operator.EQUAL:
                found[node] = parts[0] == parts[1]
            case Operator.LESS_OR_EQUAL:
                found[node] = parts[0] <= parts[1]
            case Operator.NOT:
                found[node] = not parts[0]
            case Operator.AND:
                found[node] = all(parts)
            case Operator.OR:
                found[node] = any(parts)
    return found[term]


@given(syntaxes, values)
def test_folding_keeps_the_value(syntax: Syntax, known: Values) -> None:
    assert plain(build(syntax), known) == naive(syntax, known)


@given(syntaxes, values)
def test_evaluation_gives_the_value_and_its_type(syntax: Syntax, known: Values) -> None:
    term, expected = build(syntax), naive(syntax, known)
    found = evaluate(term, {symbol(name): value for name, value in known.items()})
    assert found == expected
    assert type(found) is type(expected) is (bool if term.sort == "Bool" else int)


@given(syntaxes, st.lists(syntaxes, min_size=5, max_size=5), values)
def test_substitution_is_evaluation_with_the_values_of_the_replacements(
    syntax: Syntax, replacements: list[Syntax], known: Values
) -> None:
    names = (*INTEGERS, *TRUTHS)
    given_terms = {name: build(one) for name, one in zip(names, replacements, strict=True)}
    fitting = {name: term for name, term in given_terms.items() if term.sort == symbol(name).sort}
    after = {**known, **{name: plain(term, known) for name, term in fitting.items()}}
    substituted = Substitution({symbol(name): term for name, term in fitting.items()})(build(syntax))
    assert plain(substituted, known) == naive(syntax, after)


def test_replacements_are_made_all_at_once() -> None:
    x, y = variable("x", "Int"), variable("y", "Int")
    assert Substitution({x: y, y: x})(subtract(x, y)) is subtract(y, x)


@given(syntaxes, syntaxes)
def test_a_substitution_that_changes_nothing_returns_the_very_term(syntax: Syntax, other: Syntax) -> None:
    term = build(syntax)
    same = {one: one for one in term.variables}
    assert Substitution(same)(term) is term
    assert Substitution({variable("not there", "Int"): integer(1)})(term) is term


@given(syntaxes)
def test_equal_terms_are_one_object_with_one_digest(syntax: Syntax) -> None:
    first, second = build(syntax), build(syntax)
    assert first is second
    assert first.digest == second.digest


@given(syntaxes, syntaxes)
def test_different_terms_have_different_digests(left: Syntax, right: Syntax) -> None:
    assert (build(left) is build(right)) == (build(left).digest == build(right).digest)


@given(syntaxes)
def test_variables_are_those_that_occur(syntax: Syntax) -> None:
    term = build(syntax)
    occurring = {one for one in in_order(term, lambda _: False) if one.operator is Operator.VARIABLE}
    assert term.variables == occurring


@given(syntaxes)
def test_a_term_rebuilt_from_its_parts_is_the_same(syntax: Syntax) -> None:
    for term in in_order(build(syntax), lambda _: False):
        assert rebuild(term, term.arguments) is term


@given(syntaxes)
def test_arguments_come_before_the_term_that_uses_them_and_only_once(syntax: Syntax) -> None:
    seen: list[Term] = []
    for term in in_order(build(syntax), lambda _: False):
        assert all(argument in seen for argument in term.arguments)
        assert term not in seen
        seen.append(term)


@given(claims)
def test_a_claim_without_variables_folds_to_a_constant(syntax: Syntax) -> None:
    known: Values = {**dict.fromkeys(INTEGERS, 3), **dict.fromkeys(TRUTHS, True)}
    closed = Substitution({symbol(n): integer(3) if n in INTEGERS else TRUE for n in known})(build(syntax))
    assert closed is (TRUE if naive(syntax, known) else FALSE)


@pytest.mark.parametrize("value", [-7, -6, -5, -1, 0, 1, 5, 6, 7])
@pytest.mark.parametrize("divisor", [1, 2, 3, 7])
def test_division_rounds_down_as_in_python(value: int, divisor: int) -> None:
    x = variable("x", "Int")
    assert evaluate(floor_divide(x, divisor), {x: value}) == value // divisor
    assert evaluate(remainder(x, divisor), {x: value}) == value % divisor
    assert floor_divide(integer(value), divisor) is integer(value // divisor)
    assert remainder(integer(value), divisor) is integer(value % divisor)


@pytest.mark.parametrize("divisor", [0, -1])
def test_a_divisor_is_positive(divisor: int) -> None:
    x = variable("x", "Int")
    with pytest.raises(AssertionError):
        floor_divide(x, divisor)
    with pytest.raises(AssertionError):
        remainder(x, divisor)


def test_a_term_has_no_truth_value() -> None:
    for term in (TRUE, FALSE, integer(1), variable("p", "Bool")):
        with pytest.raises(TypeError, match="a term has no truth value; ask a solver"):
            bool(term)


def test_a_truth_value_is_not_an_integer() -> None:
    with pytest.raises(AssertionError):
        integer(True)


def test_constructors_fold_only_what_is_safe() -> None:
    x, p = variable("x", "Int"), variable("p", "Bool")
    assert add(x, integer(0)) is x
    assert scale(1, x) is x
    assert scale(0, x) is integer(0)
    assert less_or_equal(x, x) is TRUE
    assert equal(p, FALSE) is negate(p)
    assert negate(negate(p)) is p
    assert all_of(()) is TRUE
    assert any_of(()) is FALSE
    assert all_of((p, FALSE)) is FALSE
    assert implies(FALSE, p) is TRUE
    assert choose(p, FALSE, TRUE) is negate(p)
    assert not is_known(choose(p, integer(0), integer(1)))


def test_an_unknown_variable_is_not_evaluated_to_anything() -> None:
    with pytest.raises(KeyError):
        evaluate(variable("x", "Int"), {})


_PROGRAM = """
from pumpproof.verify.logic.terms import *
x, y, p = variable("x", "Int"), variable("y", "Int"), variable("p", "Bool")
term = all_of((less_or_equal(x, add(y, integer(2))), any_of((p, equal(remainder(x, 3), y)))))
print(term.digest.hex(), sorted(one.name for one in term.variables))
"""


def test_a_digest_is_the_same_in_every_process() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "7")
    }
    assert len(said) == 1
