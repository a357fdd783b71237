"""Two solvers, each in a process of its own that reads a script and prints an answer to each question.

``python -m pumpproof.verify.checker.solving z3`` reads from standard input.
"""

import subprocess
import sys
from collections.abc import Sequence

SOLVERS = ("cvc5", "z3")
RESOURCES = {"cvc5": 20_000_000, "z3": 200_000_000}


class SolverFailed(RuntimeError):
    """A solver did not answer every question."""


def answers(solver: str, commands: Sequence[str], questions: Sequence[Sequence[str]]) -> list[str]:
    """``sat``, ``unsat`` or ``unknown`` for each question, which is a list of formulas that hold together.

    Raises:
        SolverFailed: the solver said something else.
    """
    lines = ["(set-logic QF_LIA)", *commands]
    for question in questions:
        lines += ["(push 1)", *(f"(assert {formula})" for formula in question), "(check-sat)", "(pop 1)"]
    done = subprocess.run(
        [sys.executable, "-m", __name__, solver],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.split()
    if done.returncode != 0 or len(said) != len(questions) or not set(said) <= {"sat", "unsat", "unknown"}:
        raise SolverFailed(f"{solver} failed: {(done.stdout + done.stderr).strip()[-500:]}")
    return said


def _with_z3(script: str) -> str:
    import z3

    z3.set_param("rlimit", RESOURCES["z3"])
    said: str = z3.Z3_eval_smtlib2_string(z3.main_ctx().ref(), script)
    return said


def _with_cvc5(script: str) -> str:
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    options = {"incremental": "true", "decision": "justification", "rlimit-per": str(RESOURCES["cvc5"])}
    for name, value in options.items():
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "certificate")
    said: list[str] = []
    while not (command := parser.nextCommand()).isNull():
        said.append(command.invoke(solver, parser.getSymbolManager()))
    return "".join(said)


if __name__ == "__main__":
    sys.stdout.write({"z3": _with_z3, "cvc5": _with_cvc5}[sys.argv[1]](sys.stdin.read()))
