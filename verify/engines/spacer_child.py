"""Solve Horn clauses in a process of its own: ``python spacer_child.py``, a request as JSON in, an answer as JSON out.

It imports nothing of PumpProof. What it says is a proposal: whoever asked shows it again.
"""

import json
import resource
import sys

import z3

OPERATORS = {
    z3.Z3_OP_TRUE: "true",
    z3.Z3_OP_FALSE: "false",
    z3.Z3_OP_LE: "<=",
    z3.Z3_OP_GE: ">=",
    z3.Z3_OP_LT: "<",
    z3.Z3_OP_GT: ">",
    z3.Z3_OP_EQ: "=",
    z3.Z3_OP_IFF: "=",
    z3.Z3_OP_NOT: "not",
    z3.Z3_OP_AND: "and",
    z3.Z3_OP_OR: "or",
    z3.Z3_OP_IMPLIES: "=>",
    z3.Z3_OP_ITE: "ite",
    z3.Z3_OP_ADD: "+",
    z3.Z3_OP_SUB: "-",
    z3.Z3_OP_UMINUS: "negate",
    z3.Z3_OP_MUL: "*",
    z3.Z3_OP_IDIV: "div",
    z3.Z3_OP_MOD: "mod",
}


class RefusedError(Exception):
    """The invariant has a construct without a name above."""


def nodes(root: z3.ExprRef) -> list[list[object]]:
    """Each node once, arguments first: operator, payload, positions of the arguments."""
    listed: list[list[object]] = []
    known: dict[int, int] = {}
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if node.get_id() in known:
            continue
        if not ready:
            if z3.is_quantifier(node):
                raise RefusedError("a quantifier")
            stack.append((node, True))
            stack.extend((child, False) for child in node.children())
            continue
        arguments = [known[child.get_id()] for child in node.children()]
        known[node.get_id()] = len(listed)
        listed.append([*named(node), arguments])
    return listed


def named(node: z3.ExprRef) -> tuple[str, int]:
    """The operator of a node and its payload: a number, or the position of a parameter."""
    if z3.is_var(node):
        return "parameter", z3.get_var_index(node)
    if z3.is_int_value(node):
        return "int", node.as_long()
    kind = node.decl().kind()
    if kind not in OPERATORS:
        raise RefusedError(f"the operator {node.decl().name()}")
    return OPERATORS[kind], 0


def solve(request: dict[str, object]) -> dict[str, object]:
    """The answer of z3's engine for Horn clauses."""
    solver = z3.SolverFor("HORN")
    solver.set("rlimit", request["resources"])
    solver.from_string(str(request["clauses"]))
    result = solver.check()
    if result == z3.unknown:
        return {"answer": "unknown", "reason": solver.reason_unknown()}
    if result == z3.unsat:
        return {"answer": "broken"}
    model = solver.model()
    for declaration in model.decls():
        if declaration.name() == request["relation"]:
            found = model[declaration]
            if isinstance(found, z3.FuncInterp) and found.num_entries() == 0:
                return {"answer": "invariant", "nodes": nodes(found.else_value())}
            return {"answer": "refused", "reason": "a table of values"}
    return {"answer": "refused", "reason": "a model without the relation"}


def main() -> None:
    """Limit this process, solve, answer."""
    request = json.load(sys.stdin)
    most = request["memory_mb"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (request["cpu_s"], request["cpu_s"] + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = solve(request)
    except RefusedError as refused:
        answer = {"answer": "refused", "reason": str(refused)}
    except (MemoryError, z3.Z3Exception) as error:
        answer = {"answer": "unknown", "reason": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
