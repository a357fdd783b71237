"""Solvers, obligations and the prover."""

from collections.abc import Iterator
from functools import cache

from pumpproof.verify.definitions import compare_definitions
from pumpproof.verify.equality import Agreement
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    add,
    all_of,
    any_of,
    choose,
    equal,
    floor_divide,
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
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.second_reader.functions import Functions
from pumpproof.verify.second_reader.system import SecondReading
from pumpproof.verify.selfcheck.systems import pump, wrong

_X, _Y, _A = variable("x", "Int"), variable("y", "Int"), variable("a", "Bool")
_BUDGET = 1_000_000


@cache
def symbolic() -> SymbolicSystem:
    """The pump that is proved, in terms."""
    return SymbolicSystem(pump.SYSTEM)


def meaning_of_terms() -> Iterator[str]:
    """Terms, their values and the solver mean the same."""
    terms = {
        "add": (add(_X, _Y), lambda x, y: x + y),
        "subtract": (subtract(_X, _Y), lambda x, y: x - y),
        "scale": (scale(-3, _X), lambda x, _: -3 * x),
        "divide": (floor_divide(_X, 4), lambda x, _: x // 4),
        "remainder": (remainder(_X, 4), lambda x, _: x % 4),
        "choose": (choose(less(_X, _Y), _X, _Y), lambda x, y: min(x, y)),
    }
    claims = {
        "less": (less(_X, _Y), lambda x, y: x < y),
        "less or equal": (less_or_equal(_X, _Y), lambda x, y: x <= y),
        "equal": (equal(_X, _Y), lambda x, y: x == y),
        "not": (negate(equal(_X, _Y)), lambda x, y: x != y),
        "and": (all_of((less(_X, _Y), less(_Y, integer(3)))), lambda x, y: x < y < 3),
        "or": (any_of((less(_X, _Y), less(_Y, integer(3)))), lambda x, y: x < y or y < 3),
    }
    solver = Solver(_BUDGET)
    for x, y in ((-7, 2), (2, 2), (2, -7), (0, 5), (3, 4), (5, 3)):
        given = {_X: x, _Y: y}
        known = (equal(_X, integer(x)), equal(_Y, integer(y)))
        for name, (term, meant) in terms.items():
            right = equal(term, integer(meant(x, y)))
            if values_of((term,), given) != [meant(x, y)] or _can_hold(solver, *known, negate(right)):
                yield f"{name} of {x} and {y}"
        for name, (claim, means) in claims.items():
            wrong_one = negate(claim) if means(x, y) else claim
            if values_of((claim,), given) != [means(x, y)] or _can_hold(solver, *known, wrong_one):
                yield f"{name} of {x} and {y}"


def _can_hold(solver: Solver, *terms: object) -> bool:
    return solver.check(terms).answer is not Answer.UNSATISFIABLE  # type: ignore[arg-type]


def answers_of_solvers() -> Iterator[str]:
    """A solver that does not know does not prove."""
    square = all_of((less(integer(2), _X), equal(remainder(_X, 7), integer(3)), _A))
    hard = _hard_question()
    expected = (
        ("what can hold", Solver(_BUDGET), square, Answer.SATISFIABLE),
        ("what can not hold", Solver(_BUDGET), all_of((less(_X, _Y), less(_Y, _X))), Answer.UNSATISFIABLE),
        ("what the budget does not suffice for", Solver(1), hard, Answer.UNKNOWN),
    )
    for name, solver, term, answer in expected:
        said = solver.check((term,)).answer
        if said is not answer:
            yield f"{name}: {said.value}, not {answer.value}"
    poor = Prover(symbolic(), NoCache(), resource_limit=1)
    asked = Obligation("INV-BOLUS-101", Stage.STEP, "a hard question", (TRUE, hard), FALSE)
    if poor.discharge("INV-BOLUS-101", (asked,)).proved:
        yield "an obligation that the budget does not suffice for"


def _hard_question() -> object:
    names = [variable(f"x{i}", "Int") for i in range(12)]
    parts = [any_of((less(a, b), less(add(a, a), b))) for a in names for b in names if a is not b]
    return all_of(parts)


def goals() -> Iterator[str]:
    """A goal that does not follow is not discharged."""
    cases = (
        ("a goal that does not follow", (less(_X, _Y),), less(_Y, _X)),
        ("a conjunct that does not follow", (less(_X, _Y),), all_of((less_or_equal(_X, _Y), _A))),
        ("a goal that is false", (less(_X, _Y),), FALSE),
        ("a goal that follows from another hypothesis only", (_A,), less(_X, _Y)),
    )
    for name, hypotheses, goal in cases:
        asked = Obligation("INV-BOLUS-101", Stage.STEP, name, hypotheses, goal)
        if Prover(symbolic(), NoCache(), _BUDGET).discharge("INV-BOLUS-101", (asked,)).proved:
            yield name


def obligations() -> Iterator[str]:
    """Each property is asked of the initial state, of each opening and of each arrow."""
    made = Obligations(symbolic())
    arrows = [arrow.name for arrow in symbolic().arrows]
    if arrows != [
        "MDL-BOLUS-001 accepted",
        "MDL-BOLUS-001 refused",
        "MDL-BOLUS-002 Ask",
        *(f"MDL-BOLUS-00{number}" for number in range(3, 8)),
        "MDL-BOLUS-008 Stop",
    ]:
        yield f"arrows {', '.join(arrows)}"
    stages = [one.stage for one in made.of_property(pump.under_the_cap)]
    if [stages.count(stage) for stage in (Stage.INITIAL, Stage.OPENING, Stage.STEP)] != [1, 1, len(arrows)]:
        yield "an invariant that is not asked everywhere"
    if sum(1 for _ in made.of_table()) != 6:
        yield "a pair of rows that is not compared"


def definitions() -> Iterator[str]:
    """The system in terms is what a second reader makes of it."""
    second = SecondReading(pump.SYSTEM, Functions())
    rows = compare_definitions(symbolic(), second)
    different = [row for row in rows if row.verdict is not Agreement.EQUAL]
    if different:
        yield f"{different[0].place}: {different[0].explained()}"
    if len(rows) < len(symbolic().arrows):
        yield "an arrow that is not compared"
    other = compare_definitions(symbolic(), SecondReading(wrong.CHANGED, Functions()))
    if not any(row.verdict is Agreement.DIFFERENT for row in other):
        yield "the second reading of another system"


PROOFS = (meaning_of_terms, answers_of_solvers, goals, obligations, definitions)
