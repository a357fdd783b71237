"""Properties: what must hold of every reachable state, or of every step.

A property is a plain function of the subset. Its parameters say what it speaks about, and are bound by type:
the state, the limits, the outputs, one event type (the property then speaks of steps with that event only)
and the records of observers. In a step property the state parameters are called ``before`` and ``after``;
an observer's record is the one before the step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from pumpproof.spec.kernel.declared import check_tuple, refuse_derived
from pumpproof.spec.kernel.identifiers import check_id
from pumpproof.spec.kernel.requirements import check_link, requirement_of

Predicate = Callable[..., bool]


class Kind(Enum):
    """What a property quantifies over."""

    INVARIANT = "invariant"
    STEP = "step property"


class Role(Enum):
    """Why a property is there, which decides how a mutant killed by it counts."""

    SAFETY = "safety"
    ACCEPTANCE = "acceptance"
    LEMMA = "lemma"


@dataclass(frozen=True)
class Property:
    """A claim about a system, with its sentence and what it formalises.

    ``when`` is the situation in which the claim has something to say: what is proved is ``when implies claim``,
    and a run of the machine must reach ``when``, otherwise the property is vacuous. Without ``when`` the
    property speaks of every state (or of every step with its event).
    ``witness`` says when that is interesting: the run has to reach it together with ``when``, for example the last
    room under a limit. It is no part of what is proved or monitored.
    ``uses`` names the invariants whose truth before the step the proof may assume; each is proved in the same run.
    ``links`` are what the declaration names as formalised. A clause (``REQ-DOSE-001.a``) or a requirement that is its
    own only clause, is entailed by the claims of the properties that name it. A property that names a requirement
    with clauses belongs to it and shows none of them. ``formalizes`` are the requirements of the links.
    """

    id: str
    kind: Kind
    role: Role
    says: str
    claim: Predicate
    when: Predicate | None
    links: tuple[str, ...]
    uses: tuple[str, ...]
    witness: Predicate | None = None

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Property)

    @property
    def formalizes(self) -> tuple[str, ...]:
        """The requirements that the claim belongs to, each once."""
        return tuple(dict.fromkeys(requirement_of(link) for link in self.links))

    def __post_init__(self) -> None:
        check_id(self.id, "INV")
        check_tuple(self.id, "formalizes", self.links)
        check_tuple(self.id, "uses", self.uses)
        for link in self.links:
            check_link(link)
        for lemma in self.uses:
            check_id(lemma, "INV")
        if not self.says.endswith("."):
            raise ValueError(f"{self.id}: `says` must be a sentence that ends in a full stop")
        if (self.role is Role.LEMMA) == bool(self.links):
            raise ValueError(
                f"{self.id}: a lemma formalises no requirement, every other property at least one"
            )


def _declare(
    kind: Kind,
    role: Role,
    identifier: str,
    says: str,
    formalizes: tuple[str, ...],
    when: Predicate | None,
    uses: tuple[str, ...],
    witness: Predicate | None,
) -> Callable[[Predicate], Property]:
    def wrap(claim: Predicate) -> Property:
        return Property(identifier, kind, role, says, claim, when, formalizes, uses, witness)

    return wrap


def invariant(
    identifier: str,
    *,
    says: str,
    formalizes: tuple[str, ...],
    when: Predicate | None = None,
    uses: tuple[str, ...] = (),
    witness: Predicate | None = None,
) -> Callable[[Predicate], Property]:
    """Declare a claim about every reachable state, as ``@invariant("INV-RES-001", says=..., ...)``."""
    return _declare(Kind.INVARIANT, Role.SAFETY, identifier, says, formalizes, when, uses, witness)


def lemma(
    identifier: str, *, says: str, uses: tuple[str, ...] = (), witness: Predicate | None = None
) -> Callable[[Predicate], Property]:
    """Declare an invariant that formalises no requirement but carries other proofs."""
    return _declare(Kind.INVARIANT, Role.LEMMA, identifier, says, (), None, uses, witness)


def step_property(
    identifier: str,
    *,
    says: str,
    formalizes: tuple[str, ...],
    when: Predicate | None = None,
    uses: tuple[str, ...] = (),
    witness: Predicate | None = None,
) -> Callable[[Predicate], Property]:
    """Declare a claim about every step from a reachable state."""
    return _declare(Kind.STEP, Role.SAFETY, identifier, says, formalizes, when, uses, witness)


def acceptance(
    identifier: str,
    *,
    says: str,
    formalizes: tuple[str, ...],
    when: Predicate | None = None,
    uses: tuple[str, ...] = (),
    witness: Predicate | None = None,
) -> Callable[[Predicate], Property]:
    """Declare a step property that says exactly when a command is accepted.

    It guards against over-restriction. Because it states the same condition as the guard, mutants that only it
    kills are counted apart.
    """
    return _declare(Kind.STEP, Role.ACCEPTANCE, identifier, says, formalizes, when, uses, witness)
