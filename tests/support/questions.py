"""Questions to engines about small systems."""

from dataclasses import replace

from pumpproof.spec.kernel.properties import Role
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.bounded import BoundedModelChecking
from pumpproof.verify.engines.engine import Budget, Engine, Question
from pumpproof.verify.engines.houdini import Houdini
from pumpproof.verify.engines.induction import Induction
from pumpproof.verify.engines.k_induction import KInduction
from pumpproof.verify.engines.spacer import Spacer
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import SymbolicSystem

ENGINES: tuple[Engine, ...] = (
    Induction(),
    KInduction(),
    KInduction(simple_path=False),
    BoundedModelChecking(),
    Houdini(),
    Spacer(),
)

SMALL = Budget(query=2_000_000, discovery=3_000_000, depth=6, induction_depth=3, memory_mb=2_000, cpu_s=20)
"""Enough for the models, and soon used up."""


def question(system: System, identifier: str) -> Question:
    """The question whether a property holds."""
    return Question(Obligations(SymbolicSystem(system)), system.property_named(identifier))


def without_lemmas(system: System) -> System:
    """The system with nothing but what formalises a requirement, and no hint how to prove it."""
    claims = (one for one in system.properties if one.role is not Role.LEMMA)
    return replace(system, properties=tuple(replace(one, uses=()) for one in claims))


def without_hints(system: System) -> System:
    """The system with all that it claims, and no hint how to prove it."""
    return replace(system, properties=tuple(replace(one, uses=()) for one in system.properties))
