"""What independence costs: z3 against cvc5 on the same obligations, reader 1 against reader 2 on the same functions."""

import time
from collections.abc import Callable

from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.certificates.export import Exported, Exporter
from pumpproof.verify.certificates.second_solver import ask
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.logic.translate import translate
from pumpproof.verify.logic.values import unknown
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import obligations_of
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.readings import functions_of, read_everything
from pumpproof.verify.second_reader.functions import Functions
from tests.benchmarks.measure import Failed, Measurement, Say, Section

SUBJECTS = (*(known.id for known in SYSTEM.properties), TABLE, CODE)
INVARIANTS = frozenset(known.id for known in SYSTEM.properties if known.kind is Kind.INVARIANT)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def solvers(repeat: int, say: Say) -> list[Measurement]:
    """Seconds of each solver for every obligation of the reference pump, terms and text made beforehand.

    Raises:
        Failed: a solver leaves something open.
    """
    symbolic = SymbolicSystem(SYSTEM)
    obligations = Obligations(symbolic)
    asked = {subject: tuple(obligations_of(obligations, subject)) for subject in SUBJECTS}
    exporter = Exporter(symbolic, INVARIANTS)
    texts = [one for subject in SUBJECTS for one in exporter.of_subject(subject) if isinstance(one, Exported)]

    def by_z3() -> None:
        prover = Prover(symbolic, NoCache())
        if not all(prover.discharge(subject, those).proved for subject, those in asked.items()):
            raise Failed("z3 leaves an obligation open")

    def by_cvc5() -> None:
        if set(ask(texts)) != {Answer.UNSATISFIABLE}:
            raise Failed("cvc5 leaves an obligation open")

    found: dict[str, list[float]] = {}
    for number in range(repeat):
        say(f"solvers: repetition {number + 1} of {repeat}")
        found.setdefault("z3, through its interface", []).append(_seconds(by_z3))
        found.setdefault(f"cvc5, {len(texts)} obligations as text", []).append(_seconds(by_cvc5))
    return [Measurement(what, tuple(taken)) for what, taken in found.items()]


def readers(repeat: int, say: Say) -> list[Measurement]:
    """Seconds of each reader for every function of the reference pump, on unknown arguments."""
    found: dict[str, list[float]] = {}
    for number in range(repeat):
        say(f"readers: repetition {number + 1} of {repeat}")
        found.setdefault("reader 1, from source", []).append(_seconds(_first_reading))
        found.setdefault("reader 2, running the code", []).append(_seconds(_second_reading))
    return [Measurement(what, tuple(taken)) for what, taken in found.items()]


def _first_reading() -> None:
    reader = Reader()
    read_everything(reader, SYSTEM)
    for _, read in reader.functions():
        translate(read, tuple(unknown(parameter.type, parameter.name) for parameter in read.parameters))


def _second_reading() -> None:
    functions = Functions()
    for function in functions_of(SYSTEM):
        functions.read(function)


SECTIONS = (
    Section("z3 against cvc5 on the same obligations", solvers),
    Section("Reader 1 against reader 2 on the same functions", readers),
)
