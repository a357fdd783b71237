"""Random terms as plain syntax, with an evaluation of their own that shares nothing with the constructors."""

from typing import Any

from hypothesis import strategies as st

from pumpproof.verify.logic.terms import (
    Term,
    add,
    all_of,
    any_of,
    choose,
    equal,
    floor_divide,
    implies,
    integer,
    less,
    less_or_equal,
    negate,
    remainder,
    scale,
    subtract,
    truth,
    variable,
)

Syntax = tuple[Any, ...]
Values = dict[str, int | bool]

INTEGERS = ("x", "y", "z")
TRUTHS = ("p", "q")

_SHAPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Int": (
        ("add", "Int", "Int"),
        ("subtract", "Int", "Int"),
        ("scale", "factor", "Int"),
        ("div", "Int", "divisor"),
        ("mod", "Int", "divisor"),
        ("if", "Bool", "Int", "Int"),
    ),
    "Bool": (
        ("if", "Bool", "Bool", "Bool"),
        ("equal", "Int", "Int"),
        ("equal", "Bool", "Bool"),
        ("at most", "Int", "Int"),
        ("less", "Int", "Int"),
        ("not", "Bool"),
        ("and", "Bools"),
        ("or", "Bools"),
        ("implies", "Bool", "Bool"),
    ),
}


@st.composite
def _syntax(draw: st.DrawFn, sort: str, depth: int) -> Syntax:
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            return ("variable", draw(st.sampled_from(INTEGERS if sort == "Int" else TRUTHS)))
        return ("number", draw(st.integers(-6, 6))) if sort == "Int" else ("truth", draw(st.booleans()))
    kind, *parts = draw(st.sampled_from(_SHAPES[sort]))
    return (kind, *(_part(draw, part, depth - 1) for part in parts))


def _part(draw: st.DrawFn, part: str, depth: int) -> Any:
    match part:
        case "factor":
            return draw(st.integers(-6, 6))
        case "divisor":
            return draw(st.integers(1, 5))
        case "Bools":
            return tuple(draw(_syntax("Bool", depth)) for _ in range(draw(st.integers(0, 3))))
        case _:
            return draw(_syntax(part, depth))


claims: st.SearchStrategy[Syntax] = _syntax("Bool", 4)
"""Syntax of a truth value."""

syntaxes: st.SearchStrategy[Syntax] = st.one_of(_syntax("Int", 4), claims)
"""Syntax of either sort."""

values = st.fixed_dictionaries(
    {**dict.fromkeys(INTEGERS, st.integers(-20, 20)), **dict.fromkeys(TRUTHS, st.booleans())}
)
"""A value for each variable."""


def naive(syntax: Syntax, known: Values) -> Any:
    """What the syntax means, as Python says."""
    kind, *parts = syntax
    match kind:
        case "number" | "truth":
            return parts[0]
        case "variable":
            return known[parts[0]]
        case "add":
            return naive(parts[0], known) + naive(parts[1], known)
        case "subtract":
            return naive(parts[0], known) - naive(parts[1], known)
        case "scale":
            return parts[0] * naive(parts[1], known)
        case "div":
            return naive(parts[0], known) // parts[1]
        case "mod":
            return naive(parts[0], known) % parts[1]
        case "if":
            return naive(parts[1] if naive(parts[0], known) else parts[2], known)
        case "equal":
            return naive(parts[0], known) == naive(parts[1], known)
        case "at most":
            return naive(parts[0], known) <= naive(parts[1], known)
        case "less":
            return naive(parts[0], known) < naive(parts[1], known)
        case "not":
            return not naive(parts[0], known)
        case "and":
            return all(naive(part, known) for part in parts[0])
        case "or":
            return any(naive(part, known) for part in parts[0])
        case "implies":
            return not naive(parts[0], known) or naive(parts[1], known)
        case _:
            raise AssertionError(kind)


def symbol(name: str) -> Term:
    """The variable of this name."""
    return variable(name, "Int" if name in INTEGERS else "Bool")


def build(syntax: Syntax) -> Term:
    """The term of the syntax, through the constructors."""
    kind, *parts = syntax
    match kind:
        case "number":
            return integer(parts[0])
        case "truth":
            return truth(parts[0])
        case "variable":
            return symbol(parts[0])
        case "add":
            return add(build(parts[0]), build(parts[1]))
        case "subtract":
            return subtract(build(parts[0]), build(parts[1]))
        case "scale":
            return scale(parts[0], build(parts[1]))
        case "div":
            return floor_divide(build(parts[0]), parts[1])
        case "mod":
            return remainder(build(parts[0]), parts[1])
        case "if":
            return choose(build(parts[0]), build(parts[1]), build(parts[2]))
        case "equal":
            return equal(build(parts[0]), build(parts[1]))
        case "at most":
            return less_or_equal(build(parts[0]), build(parts[1]))
        case "less":
            return less(build(parts[0]), build(parts[1]))
        case "not":
            return negate(build(parts[0]))
        case "and":
            return all_of(map(build, parts[0]))
        case "or":
            return any_of(map(build, parts[0]))
        case "implies":
            return implies(build(parts[0]), build(parts[1]))
        case _:
            raise AssertionError(kind)
