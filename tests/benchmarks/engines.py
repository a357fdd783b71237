"""Induction against Spacer on the same properties of the reference pump, and what discovery finds without lemmas.

Spacer gets each property with the lemmas that it names, as induction does, and a limit. ``python -m
tests.benchmarks.engines`` tries how many properties Houdini proves again when all lemmas are taken away; it takes many
minutes.
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
from tests.benchmarks.measure import Measurement, Say, Section

SAMPLE = 12
"""Properties that are compared: every so many-th of the system, so that each area has some."""


BUDGET = Budget(discovery=20_000_000, cpu_s=30)


@dataclass(frozen=True)
class Tried:
    """How many properties an engine proved, of how many, in how many seconds."""

    engine: str
    proved: int
    asked: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.engine:10} proved {self.proved} of {self.asked} in {self.seconds:.2f} s"


def compare(budget: Budget) -> tuple[Tried, ...]:
    """Induction and Spacer on the same properties in one run."""
    obligations = Obligations(SymbolicSystem(SYSTEM))
    obligations.prepare()
    sample = SYSTEM.properties[:: max(1, len(SYSTEM.properties) // SAMPLE)]
    return tuple(_try(engine, obligations, sample, budget) for engine in (Induction(), Spacer()))


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


def against_spacer(repeat: int, say: Say) -> list[Measurement]:
    """Seconds of both engines on the same properties; Spacer's limit makes one repetition long enough."""
    say(f"engines: induction and Spacer on {SAMPLE} properties or so, once whatever --repeat says ({repeat})")
    return [
        Measurement(f"{one.engine}: {one.proved} of {one.asked} proved", (one.seconds,))
        for one in compare(BUDGET)
    ]


def main() -> None:
    """Prove again without any lemma, and print what was found."""
    argparse.ArgumentParser(prog="python -m tests.benchmarks.engines", description=__doc__).parse_args()
    print(found_again(BUDGET))


SECTIONS = (Section("Induction against Spacer on properties of the reference pump", against_spacer),)

if __name__ == "__main__":
    main()
