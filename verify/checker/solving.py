"""Two solvers, each in processes of its own that read a script and print an answer to each question.

``python -m pumpproof.verify.checker.solving z3 LIMIT`` reads from standard input.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Literal

from pumpproof.verify.checker.scripts import Rejected

SOLVERS = ("cvc5", "z3")
RESOURCES = {"cvc5": 20_000_000, "z3": 200_000_000}
"""What a solver may spend on one question, in its own count."""

_LONGEST = 500

_SHARE = 100
"""So many groups of questions go to one process, however many processes run at a time."""


class SolverFailed(RuntimeError):
    """A solver did not answer every question."""


@dataclass(frozen=True)
class Question:
    """Formulas, and the answer to whether they hold together. Those of one ``group`` are asked at once."""

    about: str
    formulas: tuple[str, ...]
    expected: Literal["sat", "unsat"]
    group: str = ""


Answers = dict[Question, dict[str, str]]
"""``sat``, ``unsat`` or ``unknown`` to a question, by solver."""

Progress = Callable[[int, int, str], None]


def ask(commands: Sequence[str], questions: Sequence[Question], jobs: int, progress: Progress) -> Answers:
    """Ask both solvers every question, after these commands, in up to ``jobs`` processes at a time.

    A group that should be ``unsat`` throughout is asked as one question: whether any of them is not. If that is not
    ``unsat``, each is asked by itself.

    Raises:
        Rejected: a solver does not understand a command.
        SolverFailed: a solver did not answer.
    """
    groups: dict[object, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.group or question, []).append(question)
    answers = _ask_groups(commands, list(groups.values()), jobs, progress)
    rest = [[question] for question in questions if question not in answers]
    return answers | _ask_groups(commands, rest, jobs, progress)


def _ask_groups(
    commands: Sequence[str], groups: Sequence[list[Question]], jobs: int, progress: Progress
) -> Answers:
    """The answers to the groups that both solvers call ``unsat``, and to those of a single question."""
    answers: Answers = {}
    count = -(-len(groups) // _SHARE)
    shares = [groups[number::count] for number in range(count)]
    with ThreadPoolExecutor(jobs) as pool:
        asked = {
            pool.submit(_answers, solver, commands, share): (solver, share)
            for solver in SOLVERS
            for share in shares
        }
        try:
            for number, future in enumerate(as_completed(asked), 1):
                solver, share = asked[future]
                for group, answer in zip(share, future.result(), strict=True):
                    if answer == "unsat" or len(group) == 1:
                        for question in group:
                            answers.setdefault(question, {})[solver] = answer
                progress(number, len(asked), solver)
        finally:
            pool.shutdown(cancel_futures=True)
    return {question: said for question, said in answers.items() if len(said) == len(SOLVERS)}


def _any_of(group: Sequence[Question]) -> str:
    """The question whether the formulas of any of these hold together."""
    shared = [one for one in group[0].formulas if all(one in other.formulas for other in group)]
    own = [" ".join(one for one in question.formulas if one not in shared) for question in group]
    any_of = f"(or false false {' '.join(f'(and true true {formulas})' for formulas in own)})"
    return "\n".join(
        ["(push 1)", *(f"(assert {one})" for one in (*shared, any_of)), "(check-sat)", "(pop 1)"]
    )


def _answers(solver: str, commands: Sequence[str], groups: Sequence[list[Question]]) -> list[str]:
    script = "\n".join(["(set-logic QF_LIA)", *commands, *map(_any_of, groups)])
    command = [sys.executable, "-m", __name__, solver, str(RESOURCES[solver])]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    said, _, error = done.stdout.partition("(error")
    if error:
        raise Rejected("certificate", f"{solver} does not understand it: {error.strip()[:_LONGEST]}")
    found = [line.partition(" ")[0] for line in said.splitlines()]  # cvc5 says why something is unknown
    if done.returncode != 0 or len(found) != len(groups) or not set(found) <= {"sat", "unsat", "unknown"}:
        raise SolverFailed(f"{solver} failed: {(said + done.stderr).strip()[-_LONGEST:]}")
    return found


def _with_z3(script: str, limit: int) -> str:
    import z3

    z3.set_param("rlimit", limit)
    said: str = z3.Z3_eval_smtlib2_string(z3.main_ctx().ref(), script)
    return said


def _with_cvc5(script: str, limit: int) -> str:
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    options = {"incremental": "true", "decision": "justification", "rlimit-per": str(limit)}
    for name, value in options.items():
        solver.setOption(name, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "certificate")
    said: list[str] = []
    try:
        while not (command := parser.nextCommand()).isNull():
            said.append(command.invoke(solver, parser.getSymbolManager()))
    except RuntimeError as error:
        said.append(f"(error {error})")
    return "".join(said)


if __name__ == "__main__":
    sys.stdout.write({"z3": _with_z3, "cvc5": _with_cvc5}[sys.argv[1]](sys.stdin.read(), int(sys.argv[2])))
