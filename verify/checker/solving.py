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


@dataclass(frozen=True)
class Attempt:
    """Options of a solver, with what it may spend on a question in its own count; ``alone`` asks no group at once."""

    options: _Options
    alone: bool = False


def _cvc5(resources: int, *order: tuple[str, str]) -> _Options:
    return (("incremental", "true"), ("rlimit-per", str(resources)), *order)


_JUSTIFIED = ("decision", "justification")

ATTEMPTS: dict[str, tuple[Attempt, ...]] = {
    "cvc5": (
        Attempt(_cvc5(300_000, _JUSTIFIED)),
        Attempt(_cvc5(300_000)),
        Attempt(_cvc5(2_000_000), alone=True),
        Attempt(_cvc5(20_000_000, _JUSTIFIED), alone=True),
    ),
    "z3": (Attempt((("rlimit", "200000000"),)), Attempt((("rlimit", "200000000"),), alone=True)),
}
"""A next attempt is made at what is open then: cvc5 decides some questions in a moment with one order of its decisions
and with the other not at all."""

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
    ``unsat``, each is asked by itself. What a solver does not decide it is asked again, as ``ATTEMPTS`` says.

    Raises:
        Rejected: a solver does not understand a command.
        SolverFailed: a solver did not answer.
    """
    groups: dict[object, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.group or question, []).append(question)
    answers: Answers = {question: dict.fromkeys(SOLVERS, "unknown") for question in questions}
    left = {solver: [*groups.values()] for solver in SOLVERS}
    for number in range(max(len(ATTEMPTS[solver]) for solver in SOLVERS)):
        attempts = {
            solver: ATTEMPTS[solver][number]
            for solver in SOLVERS
            if left[solver] and number < len(ATTEMPTS[solver])
        }
        for solver, attempt in attempts.items():
            if attempt.alone:
                left[solver] = [[question] for group in left[solver] for question in group]
        for solver, group, answer in _attempted(commands, attempts, left, jobs, progress):
            if answer == "unsat" or len(group) == 1:
                for question in group:
                    answers[question][solver] = answer
        for solver, groups_of_solver in left.items():
            left[solver] = [
                group for group in groups_of_solver if "unknown" in {answers[one][solver] for one in group}
            ]
    return answers


def _attempted(
    commands: Commands,
    attempts: Mapping[str, Attempt],
    groups: Mapping[str, Sequence[list[Question]]],
    jobs: int,
    progress: Progress,
) -> list[tuple[str, list[Question], str]]:
    """What each solver answers to each of its groups."""
    said: list[tuple[str, list[Question], str]] = []
    with ThreadPoolExecutor(jobs) as pool:
        asked = {
            pool.submit(_answers, solver, attempt.options, script, len(share)): (solver, share)
            for solver, attempt in attempts.items()
            for share, script in _scripts(commands, _shares(groups[solver], 1 if attempt.alone else _SHARE))
        }
        try:
            for number, future in enumerate(as_completed(asked), 1):
                solver, share = asked[future]
                said += [
                    (solver, group, answer) for group, answer in zip(share, future.result(), strict=True)
                ]
                progress(number, len(asked), solver)
        finally:
            pool.shutdown(cancel_futures=True)
    return said


def _shares(groups: Sequence[list[Question]], size: int) -> list[Sequence[list[Question]]]:
    """The groups in parts of at most this size, those that follow each other apart: they cost alike."""
    count = -(-len(groups) // size)
    return [groups[number::count] for number in range(count)]


def _scripts(
    commands: Commands, shares: Iterable[Sequence[list[Question]]]
) -> Iterator[tuple[Sequence[list[Question]], str]]:
    """Each share of the groups with its script, which has the commands that the share needs."""
    uses = {name: frozenset(_NAME.findall(command)) for name, command in commands.items()}
    for share in shares:
        asked = "\n".join(map(_any_of, share))
        needed = set[str]()
        new = set(_NAME.findall(asked))
        while new:
            needed |= new
            new = {name for one in new for name in uses.get(one, ())} - needed
        defined = (text for name, text in commands.items() if name in needed)
        yield share, "\n".join(["(set-logic QF_LIA)", *defined, asked])


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
