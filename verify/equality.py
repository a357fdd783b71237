"""Formulas of the two readers in one solver: can they differ?"""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, assert_never

import z3

from pumpproof.verify.logic.smt import Z3Terms
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.second_reader.expression import Expression, in_order

RESOURCE_LIMIT = 20_000_000


class Agreement(Enum):
    """What is known of two readings. Only ``EQUAL`` supports a proof."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    REFUSED = "refused"


Answer = tuple[Agreement, str, dict[Term, int | bool]]
"""The verdict, why it is not equal, and values for which the formulas differ."""


class Equality:
    """Asks z3 whether formulas of the two readers can differ; what both wrote alike is not asked about."""

    def __init__(self) -> None:
        self._first = Z3Terms()
        self._context = self._first.context
        self._second: dict[Expression, z3.ExprRef] = {}
        self._solver = z3.SimpleSolver(ctx=self._context)
        self._solver.set("rlimit", RESOURCE_LIMIT)

    def ask(
        self,
        assumed: Term,
        defined: tuple[Term, Expression],
        pairs: Iterable[tuple[Term, Expression]],
        unknowns: Iterable[Term],
    ) -> Answer:
        """Compare where the code is defined, and where it is, all pairs; ``unknowns`` are what to give values of."""
        differences = []
        for one, other in pairs:
            if one.sort != other.sort:
                return Agreement.DIFFERENT, "the readers give results of different types", {}
            left, right = self._first(one), self._z3(other)
            if not left.eq(right):
                differences.append(left != right)
        holds, other_holds = self._first(defined[0]), self._z3(defined[1])
        parts = [] if holds.eq(other_holds) else [holds != other_holds]
        if differences:
            parts.append(z3.And(holds, z3.Or(*differences)))
        if not parts:
            return Agreement.EQUAL, "", {}
        self._solver.push()
        try:
            self._solver.add(self._first(assumed), z3.Or(*parts))
            answer = self._solver.check()
            if answer == z3.unsat:
                return Agreement.EQUAL, "", {}
            if answer == z3.sat:
                return Agreement.DIFFERENT, "the formulas differ", self._values(unknowns)
            return Agreement.UNKNOWN, f"not decided: {self._solver.reason_unknown()}", {}
        finally:
            self._solver.pop()

    def _values(self, unknowns: Iterable[Term]) -> dict[Term, int | bool]:
        model = self._solver.model()
        found: dict[Term, int | bool] = {}
        for term in unknowns:
            value = model.eval(self._first(term), model_completion=True)
            found[term] = z3.is_true(value) if term.sort == "Bool" else value.as_long()
        return found

    def _z3(self, root: Expression) -> z3.ExprRef:
        for term in in_order((root,), self._second):
            arguments = [self._second[argument] for argument in term.arguments]
            self._second[term] = self._expression(term, arguments)
        return self._second[root]

    def _expression(self, term: Expression, arguments: Sequence[Any]) -> z3.ExprRef:
        context = self._context
        match term.head:
            case "known":
                if term.sort == "Bool":
                    return z3.BoolVal(bool(term.number), context)
                return z3.IntVal(term.number, context)
            case "variable":
                return z3.Int(term.name, context) if term.sort == "Int" else z3.Bool(term.name, context)
            case "+":
                return arguments[0] + arguments[1]
            case "*":
                return z3.IntVal(term.number, context) * arguments[0]
            case "div":
                return arguments[0] / z3.IntVal(term.number, context)
            case "mod":
                return arguments[0] % z3.IntVal(term.number, context)
            case "ite":
                return z3.If(arguments[0], arguments[1], arguments[2], context)
            case "=":
                return arguments[0] == arguments[1]
            case "<=":
                return arguments[0] <= arguments[1]
            case "<":
                return arguments[0] < arguments[1]
            case "not":
                return z3.Not(arguments[0], context)
            case "and":
                return z3.And(*arguments)
            case "or":
                return z3.Or(*arguments)
            case _:
                assert_never(term.head)
