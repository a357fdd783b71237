"""Terms as z3 expressions, and a solver that answers with a closed list of verdicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

import z3

from pumpproof.verify.logic.terms import Operator, Term, in_order

SOLVER = f"z3 {z3.get_version_string()}"
"""Solver and version, as records and cache keys name it."""

# While z3 works it would take an interrupt for an `unknown`, and the run would go on; so Python hears of it after.
z3.set_param("ctrl_c", False)


class Answer(Enum):
    """What a solver said. Only ``UNSATISFIABLE`` ever supports a proof."""

    UNSATISFIABLE = "unsat"
    SATISFIABLE = "sat"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reply:
    """An answer; with ``SATISFIABLE`` comes a value for each variable that was asked for."""

    answer: Answer
    values: dict[Term, int | bool]
    reason: str = ""


class Z3Terms:
    """Translation of terms into one z3 context, each shared term once; solvers of the same context can share it."""

    def __init__(self) -> None:
        self.context = z3.Context()
        self._known: dict[Term, z3.ExprRef] = {}

    def __call__(self, root: Term) -> z3.ExprRef:
        """The z3 expression of a term."""
        known = self._known
        if root not in known:
            for term in in_order(root, known.__contains__):
                known[term] = self._expression(term, [known[argument] for argument in term.arguments])
        return known[root]

    def _expression(self, term: Term, arguments: Sequence[z3.ExprRef]) -> z3.ExprRef:
        context = self.context
        match term.operator:
            case Operator.INTEGER:
                return z3.IntVal(term.integer, context)
            case Operator.TRUTH:
                return z3.BoolVal(bool(term.integer), context)
            case Operator.VARIABLE:
                return z3.Int(term.name, context) if term.sort == "Int" else z3.Bool(term.name, context)
            case Operator.ADD:
                return arguments[0] + arguments[1]
            case Operator.SCALE:
                return z3.IntVal(term.integer, context) * arguments[0]
            case Operator.FLOOR_DIVIDE:
                return arguments[0] / z3.IntVal(term.integer, context)
            case Operator.REMAINDER:
                return arguments[0] % z3.IntVal(term.integer, context)
            case Operator.IF:
                return z3.If(arguments[0], arguments[1], arguments[2], context)
            case Operator.EQUAL:
                return arguments[0] == arguments[1]
            case Operator.LESS_OR_EQUAL:
                return arguments[0] <= arguments[1]
            case Operator.NOT:
                return z3.Not(arguments[0], context)
            case Operator.AND:
                return z3.And(*arguments)
            case Operator.OR:
                return z3.Or(*arguments)
            case _:
                assert_never(term.operator)


class Solver:
    """One z3 solver. Budgets are z3 resource counts, so that an ``UNKNOWN`` is reproducible.

    Without ``terms`` it has a context of its own, and its answers depend on nothing that was asked elsewhere.
    """

    def __init__(self, resource_limit: int, terms: Z3Terms | None = None) -> None:
        self._terms = terms or Z3Terms()
        self._solver = z3.SimpleSolver(ctx=self._terms.context)
        self._solver.set("rlimit", resource_limit)

    def push(self, terms: Iterable[Term]) -> None:
        """Open a scope in which ``terms`` hold."""
        self._solver.push()
        for term in terms:
            self._solver.add(self._terms(term))

    def pop(self) -> None:
        """Close the innermost scope."""
        self._solver.pop()

    def check(self, terms: Iterable[Term], ask: Iterable[Term] = ()) -> Reply:
        """Ask whether the terms can hold together in the open scopes; ``ask`` names variables to give values of."""
        self.push(terms)
        try:
            result = self._solver.check()
            if result == z3.unsat:
                return Reply(Answer.UNSATISFIABLE, {})
            if result == z3.sat:
                return Reply(Answer.SATISFIABLE, self._values(ask))
            return Reply(Answer.UNKNOWN, {}, self._solver.reason_unknown())
        finally:
            self.pop()

    @property
    def spent(self) -> int:
        """z3's resource count of all that was asked so far, of this solver and of those that share its terms."""
        return next((int(value) for key, value in self._solver.statistics() if key == "rlimit count"), 0)

    def check_assuming(self, literals: Sequence[Term]) -> tuple[Answer, frozenset[Term]]:
        """Ask whether the Boolean variables can all be true in the open scopes; with ``UNSATISFIABLE``, which can not.

        The variables that are returned can not all be true; they need not be the fewest.
        """
        asked = {self._terms(literal).get_id(): literal for literal in literals}
        result = self._solver.check(*map(self._terms, literals))
        if result == z3.unsat:
            return Answer.UNSATISFIABLE, frozenset(asked[one.get_id()] for one in self._solver.unsat_core())
        return (Answer.SATISFIABLE if result == z3.sat else Answer.UNKNOWN), frozenset()

    def _values(self, ask: Iterable[Term]) -> dict[Term, int | bool]:
        names = tuple(ask)
        if not names:
            return {}  # To make a model often costs as much as to see that there is one.
        model = self._solver.model()
        values: dict[Term, int | bool] = {}
        for name in names:
            value = model.eval(self._terms(name), model_completion=True)
            values[name] = z3.is_true(value) if name.sort == "Bool" else value.as_long()
        return values
