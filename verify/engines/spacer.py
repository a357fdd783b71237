"""Property-directed reachability with z3's Spacer, for discovery: it proposes an invariant, induction shows it.

Spacer runs in a child process with limits on memory and processor time, because it can use up both, and its answer is
believed in nothing: an invariant is translated back exactly or refused by name, and then shown like any other; a claim
that some run breaks the property counts only if a run is found and replayed.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pumpproof.verify.engines import spacer_child
from pumpproof.verify.engines.bounded import BoundedModelChecking
from pumpproof.verify.engines.engine import Budget, Finding, Proved, Question, Refuted, TimedOut, Unknown
from pumpproof.verify.engines.horn import RELATION, clauses
from pumpproof.verify.engines.induction import ran_out, shown
from pumpproof.verify.engines.needed import NotShown, needed
from pumpproof.verify.logic.terms import (
    FALSE,
    TRUE,
    Operator,
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
)
from pumpproof.verify.proof.induction import conjuncts

Answer = dict[str, Any]
Child = Callable[[dict[str, object], Budget], Answer]

_WALL_PER_CPU = 20
"""Wall-clock seconds given for one of processor time, before a child that sleeps is ended."""


class RefusedError(ValueError):
    """An invariant that has no reading in the terms of the toolkit."""


def ask_child(request: dict[str, object], budget: Budget) -> Answer:
    """Solve in a process of its own; what ends it early becomes the reason of an ``unknown``."""
    command = [sys.executable, "-I", str(Path(spacer_child.__file__).resolve())]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            check=False,
            timeout=budget.cpu_s * _WALL_PER_CPU,
        )
    except subprocess.TimeoutExpired:
        return {"answer": "unknown", "reason": "timeout: the child process did not end"}
    if done.returncode == -signal.SIGXCPU:
        return {"answer": "unknown", "reason": f"timeout: {budget.cpu_s} s of processor time are used up"}
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        limited = f"its memory was limited to {budget.memory_mb} MB"
        return {"answer": "unknown", "reason": f"the child process was ended by {name}; {limited}"}
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {"answer": "unknown", "reason": f"the child process failed: {last}"}
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


class Spacer:
    """Looks for an invariant that shows the property; never more than a proposal."""

    name = "spacer"

    def __init__(self, child: Child = ask_child) -> None:
        self._child = child

    def attempt(self, question: Question, budget: Budget) -> Finding:
        """See ``Engine``."""
        horn = clauses(question)
        request: dict[str, object] = {
            "clauses": horn.text,
            "relation": RELATION,
            "resources": budget.discovery,
            "memory_mb": budget.memory_mb,
            "cpu_s": budget.cpu_s,
        }
        answer = self._child(request, budget)
        match answer["answer"]:
            case "invariant":
                return self._show(question, answer["nodes"], horn.parameters, budget)
            case "broken":
                return self._confirm(question, budget)
            case "refused":
                return Unknown(self.name, f"its invariant is not expressible here: it has {answer['reason']}")
            case _:
                reason = str(answer["reason"])
                if ran_out(reason):
                    return TimedOut(self.name, f"a budget ran out: {reason}")
                return Unknown(self.name, reason)

    def _show(
        self, question: Question, nodes: Sequence[Any], parameters: Sequence[Term], budget: Budget
    ) -> Finding:
        try:
            proposed = tuple(dict.fromkeys(conjuncts(from_nodes(nodes, parameters))))
            terms, needs = needed(question, proposed, budget.query)
        except RefusedError as error:
            return Unknown(self.name, f"its invariant is not expressible here: {error}")
        except NotShown as error:
            return Unknown(self.name, f"its invariant could not be shown by induction, first at: {error}")
        finding = shown(self.name, question, tuple(dict.fromkeys((*terms, *needs))), budget)
        if isinstance(finding, Proved):
            return finding
        return Unknown(self.name, f"its invariant could not be shown by induction: {finding}")

    def _confirm(self, question: Question, budget: Budget) -> Finding:
        looked = BoundedModelChecking().attempt(question, budget)
        if isinstance(looked, Refuted):
            return Refuted(self.name, looked.counterexample)
        return Unknown(self.name, "it says that some run breaks the property, and no such run was found")


def from_nodes(nodes: Sequence[Any], parameters: Sequence[Term]) -> Term:
    """The term of the last node.

    Raises:
        RefusedError: a construct without a counterpart, by name.
    """
    built: list[Term] = []
    for operator, payload, positions in nodes:
        built.append(_node(operator, payload, [built[position] for position in positions], parameters))
    if not built or built[-1].sort != "Bool":
        raise RefusedError("it is no formula")
    return built[-1]


def _node(operator: str, payload: int, arguments: list[Term], parameters: Sequence[Term]) -> Term:
    first, second = (*arguments, TRUE, TRUE)[:2]
    match operator:
        case "parameter":
            return parameters[payload]
        case "int":
            return integer(payload)
        case "true" | "false":
            return TRUE if operator == "true" else FALSE
        case "<=" | ">=":
            return less_or_equal(first, second) if operator == "<=" else less_or_equal(second, first)
        case "<" | ">":
            return less(first, second) if operator == "<" else less(second, first)
        case "=" if len(arguments) == 2:
            return equal(first, second)
        case "not":
            return negate(first)
        case "and":
            return all_of(arguments)
        case "or":
            return any_of(arguments)
        case "=>" if len(arguments) == 2:
            return implies(first, second)
        case "ite":
            return choose(*arguments)
        case "+":
            return _sum(arguments)
        case "-" if len(arguments) == 2:
            return subtract(first, second)
        case "negate":
            return scale(-1, first)
        case "*" | "div" | "mod" if len(arguments) == 2:
            return _by_a_number(operator, first, second)
        case _:
            raise RefusedError(f"it has {len(arguments)} arguments of {operator}")


def _sum(arguments: Sequence[Term]) -> Term:
    total, *rest = arguments
    for one in rest:
        total = add(total, one)
    return total


def _by_a_number(operator: str, left: Term, right: Term) -> Term:
    if operator == "*" and left.operator is Operator.INTEGER:
        return scale(left.integer, right)
    if right.operator is not Operator.INTEGER:
        raise RefusedError(f"it has {operator} of two unknowns")
    if operator == "*":
        return scale(right.integer, left)
    if right.integer <= 0:
        raise RefusedError(f"it has {operator} by {right.integer}")
    return floor_divide(left, right.integer) if operator == "div" else remainder(left, right.integer)
