"""Solvers, obligations and the prover."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

from pumpproof.spec.kernel.properties import invariant
from pumpproof.verify.checks.context import Rows
from pumpproof.verify.definitions import compare_definitions
from pumpproof.verify.engines import k_induction
from pumpproof.verify.engines.engine import Question
from pumpproof.verify.equality import Agreement
from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Term,
    add,
    all_of,
    any_of,
    equal,
    integer,
    less,
    less_or_equal,
    remainder,
    variable,
)
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.satisfiability import Scope
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.proof.work import Bench, Task
from pumpproof.verify.search.bounded import BoundedSearch, violation_of
from pumpproof.verify.search.unrolling import Unrolling
from pumpproof.verify.second_reader.functions import Functions
from pumpproof.verify.second_reader.system import SecondReading
from pumpproof.verify.selfcheck.systems import pump, wrong

_X, _Y, _A = variable("x", "Int"), variable("y", "Int"), variable("a", "Bool")
_BUDGET = 1_000_000


@cache
def symbolic() -> SymbolicSystem:
    """The pump that is proved, in terms."""
    return SymbolicSystem(pump.SYSTEM)


def answers_of_solvers() -> Iterator[str]:
    """A solver that does not know does not prove."""
    square = all_of((less(integer(2), _X), equal(remainder(_X, 7), integer(3)), _A))
    hard = hard_question()
    expected = (
        ("what can hold", Solver(_BUDGET), square, Answer.SATISFIABLE),
        ("what can not hold", Solver(_BUDGET), all_of((less(_X, _Y), less(_Y, _X))), Answer.UNSATISFIABLE),
        ("what the budget does not suffice for", Solver(1), hard, Answer.UNKNOWN),
    )
    for name, solver, term, answer in expected:
        said = solver.check((term,)).answer
        if said is not answer:
            yield f"{name}: {said.value}, not {answer.value}"
    with tempfile.TemporaryDirectory(prefix="pumpproof-known-answers-") as folder:
        cache = FileCache(Path(folder, "obligations"), "a solver")
        Scope(Prover(symbolic(), cache, resource_limit=1), ()).can_hold(hard)
        cache.save()
        if FileCache(Path(folder, "obligations"), "a solver").can_hold((hard,)):
            yield "a question that was not decided, remembered as one that can hold"
    rows = Rows("known", "known")
    rows.must_hold(Reply(Answer.UNKNOWN, {}), "known", "", "known")
    if rows.result().verdict is not Verdict.UNKNOWN:
        yield "an element of a specification that was not decided"
    poor = Prover(symbolic(), NoCache(), resource_limit=1)
    asked = Obligation("INV-BOLUS-101", Stage.STEP, "a hard question", (TRUE, hard), FALSE)
    if poor.discharge("INV-BOLUS-101", (asked,)).proved:
        yield "an obligation that the budget does not suffice for"


def hard_question() -> Term:
    """What takes a solver more than a small budget."""
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
    series = ((less(_X, _Y), less(_Y, _X)), (_A, less(_Y, _X)), (less(_X, _Y), _A))
    all_asked = [Obligation("INV-BOLUS-101", Stage.STEP, "a series", (*one, TRUE), FALSE) for one in series]
    found = Prover(symbolic(), NoCache(), _BUDGET).discharge("INV-BOLUS-101", all_asked)
    if len(found.failures) != 2:
        yield "a goal that follows from what an earlier goal assumes"
    more, ends = (one for one in symbolic().arrows if one.name in ("MDL-BOLUS-003", "MDL-BOLUS-004"))
    remaining = symbolic().before.fields["remaining_pulses"]
    assert isinstance(remaining, Term)
    steps = [
        Obligation(
            "INV-BOLUS-101", Stage.STEP, one.name, (TRUE, one.enabled), less(integer(1), remaining), one
        )
        for one in (more, ends)
    ]
    if len(Prover(symbolic(), NoCache(), _BUDGET).discharge("INV-BOLUS-101", steps).failures) != 1:
        yield "a goal of two steps that only the first one reaches"
    bench = Bench(Obligations(symbolic()), Prover(symbolic(), NoCache(), _BUDGET))
    none = replace(bench.unit(Task.DISCHARGE, "table"), relied_on=())
    bench.do(none)
    if bench.obligations.relied_on:
        yield "an invariant that a worker was told not to rely on"


@invariant("INV-DOSE-901", says="Speaks of two observers.", formalizes=("REQ-DOSE-001",))
def speaks_of_both(ledger: pump.Ledger, window: pump.Window) -> bool:
    """No window counts more than was given."""
    return window.pulses <= ledger.given_pulses


def shortest_runs() -> Iterator[str]:
    """A length that was not decided is not impossible, and neither is a longer one."""
    goal = violation_of(pump.bolus_is_covered)
    poor = BoundedSearch(symbolic(), goal, resource_limit=1)
    unknown, impossible = Reply(Answer.UNKNOWN, {}), Reply(Answer.UNSATISFIABLE, {})
    with patch.object(Unrolling, "ask", side_effect=(unknown, impossible, impossible)):
        poor.up_to(2)
    if poor.impossible != -1:
        yield "a length beyond one that was not decided"


def bases() -> Iterator[str]:
    """k-induction shows the first k states of a run without the step."""
    made = Obligations(symbolic())
    for k in (1, 2, 3):
        paths = k_induction._Paths(Question(made, pump.under_the_cap), k, simple_path=False)
        if paths._begins() != k:
            yield f"a base of {paths._begins()} states for k = {k}"


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
    (opening,) = (one for one in made.of_property(pump.memory_covers_window) if one.opens)
    record = frozenset(leaves(symbolic().ghosts[pump.Window]))
    if any(not record.isdisjoint(term.variables) for term in opening.hypotheses):
        yield "an opening that assumes what is known of the record that opens"
    ledger, window = pump.OBSERVERS
    both = replace(
        pump.SYSTEM, observers=(replace(ledger, arbitrary_start=True), window), properties=(speaks_of_both,)
    )
    opened = [one for one in Obligations(SymbolicSystem(both)).of_property(speaks_of_both) if one.opens]
    if len(opened) != 2:
        yield "a property that is not asked at the opening of its second observer"
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


PROOFS = (
    answers_of_solvers,
    goals,
    obligations,
    definitions,
    shortest_runs,
    bases,
)
