"""Two solvers, each in processes of its own that read a script and print an answer to each question.

``python -m pumpproof.verify.checker.solving z3 rlimit=COUNT`` reads from standard input.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Literal

from pumpproof.verify.checker.scripts import Rejected

SOLVERS = ("cvc5", "z3")

_Options = tuple[tuple[str, str], ...]

FIRST: dict[str, _Options] = {
    "cvc5": (("incremental", "true"), ("decision", "justification"), ("rlimit-per", "100000")),
    "z3": (("rlimit", "200000000"),),
}
"""The options of a first attempt at each question, with what a solver may spend on it, in its own count."""

SECOND: dict[str, _Options] = {
    "cvc5": (("incremental", "true"), ("rlimit-per", "20000000")),
    "z3": FIRST["z3"],
}
"""Those of a second: cvc5 decides some questions in a moment with one order of its decisions and with the other not."""

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

Commands = Mapping[str, str]
"""The command that declares or defines a name, by that name, each after those that it needs."""

Progress = Callable[[int, int, str], None]

_NAME = re.compile(r"\|[^|]*\|")


def ask(commands: Commands, questions: Sequence[Question], jobs: int, progress: Progress) -> Answers:
    """Ask both solvers every question, after the commands that it needs, in up to ``jobs`` processes at a time.

    A group that should be ``unsat`` throughout is asked as one question: whether any of them is not. If that is not
    ``unsat``, each is asked by itself, as is every question that a solver did not decide at its first attempt.

    Raises:
        Rejected: a solver does not understand a command.
        SolverFailed: a solver did not answer.
    """
    groups: dict[object, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.group or question, []).append(question)
    answers = _ask_groups(commands, list(groups.values()), FIRST, jobs, progress)
    decided = {question: said for question, said in answers.items() if "unknown" not in said.values()}
    rest = [[question] for question in questions if question not in decided]
    return decided | _ask_groups(commands, rest, SECOND, jobs, progress)


def _ask_groups(
    commands: Commands,
    groups: Sequence[list[Question]],
    options: Mapping[str, _Options],
    jobs: int,
    progress: Progress,
) -> Answers:
    """The answers to the groups that both solvers call ``unsat``, and to those of a single question."""
    answers: Answers = {}
    count = -(-len(groups) // _SHARE)
    shares = [groups[number::count] for number in range(count)]
    with ThreadPoolExecutor(jobs) as pool:
        asked = {
            pool.submit(_answers, solver, options[solver], script, len(share)): (solver, share)
            for share, script in zip(shares, _scripts(commands, shares), strict=True)
            for solver in SOLVERS
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


def _scripts(commands: Commands, shares: Iterable[Sequence[list[Question]]]) -> Iterator[str]:
    """A script for each share of the groups, with the commands that the share needs."""
    uses = {name: frozenset(_NAME.findall(command)) for name, command in commands.items()}
    for share in shares:
        asked = "\n".join(map(_any_of, share))
        needed = set[str]()
        new = set(_NAME.findall(asked))
        while new:
            needed |= new
            new = {name for one in new for name in uses.get(one, ())} - needed
        yield "\n".join(
            ["(set-logic QF_LIA)", *(text for name, text in commands.items() if name in needed), asked]
        )


def _any_of(group: Sequence[Question]) -> str:
    """The question whether the formulas of any of these hold together."""
    shared = [one for one in group[0].formulas if all(one in other.formulas for other in group)]
    own = [" ".join(one for one in question.formulas if one not in shared) for question in group]
    any_of = f"(or false false {' '.join(f'(and true true {formulas})' for formulas in own)})"
    return "\n".join(
        ["(push 1)", *(f"(assert {one})" for one in (*shared, any_of)), "(check-sat)", "(pop 1)"]
    )


def _answers(solver: str, options: _Options, script: str, count: int) -> list[str]:
    """The ``count`` answers to a script."""
    command = [sys.executable, "-m", __name__, solver, *map("=".join, options)]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    said, _, error = done.stdout.partition("(error")
    if error:
        raise Rejected("certificate", f"{solver} does not understand it: {error.strip()[:_LONGEST]}")
    found = [line.partition(" ")[0] for line in said.splitlines()]  # cvc5 says why something is unknown
    if done.returncode != 0 or len(found) != count or not set(found) <= {"sat", "unsat", "unknown"}:
        raise SolverFailed(f"{solver} failed: {(said + done.stderr).strip()[-_LONGEST:]}")
    return found


def _with_z3(script: str, options: _Options) -> str:
    import z3

    for name, value in options:
        z3.set_param(name, value)
    said: str = z3.Z3_eval_smtlib2_string(z3.main_ctx().ref(), script)
    return said


def _with_cvc5(script: str, options: _Options) -> str:
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    for name, value in options:
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
    given = tuple((name, value) for name, _, value in (option.partition("=") for option in sys.argv[2:]))
    sys.stdout.write({"z3": _with_z3, "cvc5": _with_cvc5}[sys.argv[1]](sys.stdin.read(), given))
