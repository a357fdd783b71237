"""cvc5, a solver by another team, asked every exported obligation."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import cvc5

from pumpproof.verify.certificates import export, text, vocabulary
from pumpproof.verify.certificates.export import Exported, Exporter
from pumpproof.verify.certificates.script import Script
from pumpproof.verify.certificates.text import Printer
from pumpproof.verify.certificates.vocabulary import Said
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.beside import beside
from pumpproof.verify.proof.cache import Cache
from pumpproof.verify.proof.obligations import Stage
from pumpproof.verify.proof.verdicts import Failure, SecondOpinion

Options = tuple[tuple[str, str], ...]


def _attempts(resources: int) -> tuple[Options, Options]:
    """Options of two attempts at a query, with what cvc5 may spend on it in its own count.

    Some queries cvc5 decides in a moment with one order of its decisions and with the other not at all.
    """
    limited = (("incremental", "true"), ("rlimit-per", str(resources)))
    return (*limited, ("decision", "justification")), (*limited, ("decision", "internal"))


TOGETHER, ALONE = _attempts(300_000), _attempts(2_000_000)
"""Attempts at the obligations of a subject, and at each that is still open then."""


@cache
def _version() -> str:
    version: bytes = cvc5.Solver(cvc5.TermManager()).getVersion()
    return version.decode().removesuffix("-modified")


def second_solver() -> str:
    """Solver and version, as records and cache keys name it."""
    return f"cvc5 {_version()}"


Answers = Callable[[], dict[str, SecondOpinion]]


def second_opinions(exporter: Exporter, subjects: Sequence[str], cache: Cache) -> Answers:
    """Ask for an opinion on each subject, in a process beside this one if there can be one.

    The result waits for the answers; it is to be called once.
    """
    obligations = {
        subject: [one for one in exporter.of_subject(subject) if isinstance(one, Exported)]
        for subject in subjects
    }
    hashes: dict[Said, bytes] = {}
    contents = {one: content(one, hashes) for asked in obligations.values() for one in asked}
    new = [one for one, known in contents.items() if not cache.holds_text(known)]
    wait = _beside(new)

    def opinions() -> dict[str, SecondOpinion]:
        answers = dict(zip(new, wait(), strict=True))
        for one, answer in answers.items():
            if answer is Answer.UNSATISFIABLE:
                cache.add_text(contents[one])
        return {
            subject: SecondOpinion(
                second_solver(),
                len(asked),
                sum(one not in answers for one in asked),
                tuple(one.name for one in asked if answers.get(one) is Answer.SATISFIABLE),
                tuple(
                    Failure(one.name, one.stage, None, f"{second_solver()}, the second solver")
                    for one in asked
                    if answers.get(one) is Answer.UNKNOWN
                ),
            )
            for subject, asked in obligations.items()
        }

    return opinions


def _beside(obligations: list[Exported]) -> Callable[[], list[Answer]]:
    """Ask beside this process; the answers do not depend on where they were found."""
    return beside(partial(ask, obligations)) if obligations else list


def ask(obligations: Sequence[Exported]) -> list[Answer]:
    """The answer to each obligation.

    The obligations of a subject share a session; one session for all would be slower, as cvc5 carries along what it has
    learned. Steps that have to show the very same of equal outcomes are asked at once: that any of them is taken. What
    is not ``unsat`` then is asked again of fresh sessions, each obligation by itself, and that answer counts.
    """
    printer = Printer()
    answers: dict[Exported, Answer] = {}
    for options in TOGETHER:
        subjects: dict[str, list[Exported]] = {}
        for one in obligations:
            if one not in answers:
                subjects.setdefault(one.subject, []).append(one)
        for asked in subjects.values():
            groups = _alike(asked)
            for group, answer in zip(groups, _together(groups, options, printer), strict=True):
                if answer is Answer.UNSATISFIABLE:
                    answers.update(dict.fromkeys(group, answer))
    return [answers[one] if one in answers else _alone(one, printer) for one in obligations]


def _together(groups: Sequence[Sequence[Exported]], options: Options, printer: Printer) -> list[Answer]:
    script = Script(printer)
    for group in groups:
        script.ask(_any_of(group))
    return Session(options).run(script.take())


def _alone(obligation: Exported, printer: Printer) -> Answer:
    answer = Answer.UNKNOWN
    for options in ALONE:
        if answer is Answer.UNKNOWN:
            (answer,) = _together([[obligation]], options, printer)
    return answer


def _alike(obligations: Sequence[Exported]) -> list[list[Exported]]:
    """Obligations of a subject in groups that differ in nothing but the step; the terms of their goals are one."""
    groups: dict[object, list[Exported]] = {}
    for one in obligations:
        same = tuple(said.text for said in one.assumed[:-2])
        goal = tuple(definition.body for definition in one.goal.definitions)
        groups.setdefault((same, goal) if one.stage is Stage.STEP else one, []).append(one)
    return list(groups.values())


def _any_of(group: Sequence[Exported]) -> Exported:
    """The obligation that any of the steps of a group has to fulfil."""
    first = group[0]
    if len(group) == 1:
        return first
    taken = [one.assumed[-2:] for one in group]
    text = f"(or {' '.join(f'(and {situation.text} {guard.text})' for situation, guard in taken)})"
    needed = (definition for parts in taken for said in parts for definition in said.definitions)
    return replace(first, assumed=(*first.assumed[:-2], Said(text, tuple(needed))))


def content(obligation: Exported, hashes: dict[Said, bytes] | None = None) -> bytes:
    """All that the answer to an obligation depends on; ``hashes`` keeps what obligations have in common."""
    hashes = {} if hashes is None else hashes
    said = (*obligation.assumed, obligation.goal)
    for one in said:
        if one not in hashes:
            hashes[one] = _hash(one)
    return b"".join((_circumstances(), *(hashes[one] for one in said)))


def _hash(said: Said) -> bytes:
    """A hash of a formula and of all that its names stand for."""
    parts = [said.text.encode()]
    for one in said.definitions:
        parameters = ",".join(parameter.name for parameter in one.parameters)
        parts.append(f"{one.name}({parameters}) {one.body.digest.hex()}".encode())
    return hashlib.sha256(b"\0".join(parts)).digest()


@cache
def _circumstances() -> bytes:
    """The solver, its options and the code that writes the text."""
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in (text, vocabulary, export))
    return f"{second_solver()} {TOGETHER} {ALONE} {hashlib.sha256(code).hexdigest()}".encode()


class Session:
    """One solver that reads commands as text; definitions stay, obligations are asked one by one."""

    def __init__(self, options: Options = ALONE[0]) -> None:
        terms = cvc5.TermManager()
        self._solver = cvc5.Solver(terms)
        for name, value in options:
            self._solver.setOption(name, value)
        self._parser = cvc5.InputParser(self._solver)
        self._parser.setIncrementalStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "obligations")
        self._symbols = self._parser.getSymbolManager()

    def run(self, commands: str) -> list[Answer]:
        """Read commands; returns the answer to each ``check-sat``.

        Raises:
            RuntimeError: the solver does not understand a command.
        """
        answers: list[Answer] = []
        self._parser.appendIncrementalStringInput(commands)
        while not (command := self._parser.nextCommand()).isNull():
            said = command.invoke(self._solver, self._symbols)
            said = said.decode() if isinstance(said, bytes) else said
            if command.getCommandName() == "check-sat":
                answer, _, _ = said.strip().partition(" ")  # an unknown may come with its reason in brackets
                answers.append(Answer(answer))
            elif said.strip() not in ("", "success"):
                raise RuntimeError(f"{second_solver()} does not understand {command}: {said.strip()}")
        return answers

    def proof(self) -> str:
        """The proof of the last ``unsat``, as text; the options have to ask for proofs."""
        solver = self._solver
        return "".join(
            part.decode() if isinstance(part, bytes) else part
            for part in (solver.proofToString(one, cvc5.ProofFormat.CPC) for one in solver.getProof())
        )
