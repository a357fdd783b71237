"""What every engine is asked and what it may answer.

An engine never gives a verdict. It hands over a *certificate*, whose obligations are discharged like those of any
proof, or a *run*, which was replayed in the running machine; or it says why it has neither.
"""

from dataclasses import dataclass
from typing import Protocol

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.proof.induction import RESOURCE_LIMIT
from pumpproof.verify.proof.obligations import Obligation, Obligations
from pumpproof.verify.record import Counterexample


@dataclass(frozen=True)
class Budget:
    """What an engine may use for one property.

    ``query`` is the z3 resource count of one query; ``discovery`` that of a whole search for an invariant.
    ``depth`` is the length of the longest runs looked at, ``induction_depth`` the largest ``k`` of k-induction.
    ``memory_mb`` and ``cpu_s`` stop a child process that the resource count did not stop.
    """

    query: int = RESOURCE_LIMIT
    discovery: int = 40_000_000
    depth: int = 10
    induction_depth: int = 3
    memory_mb: int = 2_000
    cpu_s: int = 60


@dataclass(frozen=True)
class Question:
    """A property, and the obligations of the system that it belongs to."""

    obligations: Obligations
    known: Property


@dataclass(frozen=True)
class Certificate:
    """What shows a property: obligations, and the terms with which they strengthen it, if there are any."""

    strengthening: tuple[Term, ...]
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True)
class Proved:
    """The engine discharged a certificate. ``method`` says how, as records name it."""

    method: str
    certificate: Certificate


@dataclass(frozen=True)
class ProvedBounded:
    """No run of at most ``steps`` steps breaks the property; of longer ones nothing is known."""

    method: str
    steps: int


@dataclass(frozen=True)
class Refuted:
    """A run breaks the property; it was replayed in the running machine."""

    method: str
    counterexample: Counterexample


@dataclass(frozen=True)
class Unknown:
    """The engine ended and has nothing; another property or another budget of time changes nothing in that."""

    method: str
    reason: str


@dataclass(frozen=True)
class TimedOut:
    """A budget ran out; this says nothing of the property."""

    method: str
    reason: str


Finding = Proved | ProvedBounded | Refuted | Unknown | TimedOut


class Engine(Protocol):
    """A way to decide a property. The same question and budget give the same finding."""

    @property
    def name(self) -> str:
        """How the command line and the record name it."""
        ...

    def attempt(self, question: Question, budget: Budget) -> Finding:
        """Try to decide the property.

        Raises:
            ReplayMismatch: the running machine does not do what the formulas say.
        """
        ...
