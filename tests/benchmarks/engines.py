"""Induction against Spacer on the same properties of the reference pump, and what discovery finds without lemmas.

``python -m tests.benchmarks.engines [--find]``: with ``--find`` also how many properties Houdini proves again when all
lemmas are taken away. Spacer gets each property with the lemmas that it names, as induction does, and a limit.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pumpproof.spec.kernel.properties import Property, Role
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.engines.engine import Budget, Engine, Proved, Question
from pumpproof.verify.engines.houdini import Houdini
from pumpproof.verify.engines.induction import Induction
from pumpproof.verify.engines.spacer import Spacer
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import SymbolicSystem

SAMPLE = 12
"""Properties that are compared: every so many-th of the system, so that each area has some."""


@dataclass(frozen=True)
class Tried:
    """How many properties an engine proved, of how many, in how many seconds."""

    engine: str
    proved: int
    asked: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.engine:10} proved {self.proved} of {self.asked} in {self.seconds:.2f} s"


def compare(budget: Budget) -> tuple[Tried, Tried, float]:
    """Induction and Spacer on the same properties in one run, and how many times longer Spacer takes."""
    obligations = Obligations(SymbolicSystem(SYSTEM))
    obligations.prepare()
    sample = SYSTEM.properties[:: max(1, len(SYSTEM.properties) // SAMPLE)]
    one, other = (_try(engine, obligations, sample, budget) for engine in (Induction(), Spacer()))
    return one, other, other.seconds / one.seconds


def found_again(budget: Budget) -> Tried:
    """Houdini on every property that needs a lemma, in a system without any."""
    bare = without_lemmas(SYSTEM)
    obligations = Obligations(SymbolicSystem(bare))
    alone = Induction()
    left_open = [
        known
        for known in bare.properties
        if not isinstance(alone.attempt(Question(obligations, known), budget), Proved)
    ]
    return _try(Houdini(), obligations, left_open, budget, say=True)


def without_lemmas(system: System) -> System:
    """The system with nothing but what formalises a requirement, and no hint how to prove it."""
    claims = (one for one in system.properties if one.role is not Role.LEMMA)
    return replace(system, properties=tuple(replace(one, uses=()) for one in claims))


def _try(
    engine: Engine, obligations: Obligations, asked: Sequence[Property], budget: Budget, *, say: bool = False
) -> Tried:
    proved, began = 0, time.perf_counter()
    for known in asked:
        started = time.perf_counter()
        finding = engine.attempt(Question(obligations, known), budget)
        proved += isinstance(finding, Proved)
        if say:
            print(
                f"{known.id:14} {type(finding).__name__:10} {time.perf_counter() - started:6.1f} s",
                flush=True,
            )
    return Tried(engine.name, proved, len(asked), time.perf_counter() - began)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.engines", description=__doc__)
    parser.add_argument(
        "--find", action="store_true", help="also prove without any lemma; takes many minutes"
    )
    options = parser.parse_args()
    budget = Budget(discovery=20_000_000, cpu_s=30)
    one, other, ratio = compare(budget)
    print(one, other, f"Spacer takes {ratio:.0f} times as long", sep="\n")
    if options.find:
        print(found_again(budget))


if __name__ == "__main__":
    main()
