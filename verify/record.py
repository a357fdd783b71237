"""What a verification found, as frozen data: everything that is printed or written is rendered from it."""

from dataclasses import dataclass, field
from typing import Any

from pumpproof.spec.kernel.profiles import ConditionCheck, Profile
from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.needs import Needs
from pumpproof.verify.proof.verdicts import Situation, Tally, Verdict
from pumpproof.verify.search.run import Run

NOT_YET: tuple[str, ...] = ()
"""What a proof does not carry yet; said beside every ``proved``."""


FIRST_ONLY = "z3 only"
"""Strength of what no second solver was asked."""


def strength(*solvers: str) -> str:
    """Names of the solvers behind a proof, as they are said beside it; each with its version, or empty."""
    names = [solver.partition(" ")[0] for solver in solvers if solver]
    return f"{names[0]} only" if len(names) == 1 else ", ".join(names)


@dataclass(frozen=True)
class Counterexample:
    """A run of the running machine from its initial state whose last step breaks the property.

    ``shortest`` is True only when every shorter length was shown impossible. ``openings`` says which observers that
    may open anywhere have to open later than in the initial state, each with the number of events before it opens.
    """

    run: Run
    shortest: bool
    found_by: str
    openings: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PropertyResult:
    """The verdict on one property and everything that stands beside it.

    ``rests_on`` is the closure of the lemmas it uses. ``situation`` is a counterexample to induction: a step that
    breaks the property from a state that satisfies what the proof assumes, reachable or not. ``method`` is the engine
    that decided; ``strengthening`` are the invariants, as source text, that it added to what the property names.
    ``strength`` says which
    solvers stand behind the verdict if it is ``proved``.
    """

    property: Property
    verdict: Verdict
    method: str
    reason: str
    rests_on: tuple[str, ...]
    tally: Tally
    witness: Run | None
    counterexample: Counterexample | None = None
    situation: Situation | None = None
    strengthening: tuple[str, ...] = ()
    strength: str = FIRST_ONLY
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Finding:
    """An element of a system that a check found fault with: its id or name, file and line, and what is wrong."""

    element: str
    where: str
    says: str

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.element}{place}: {self.says}"


@dataclass(frozen=True)
class CheckResult:
    """The verdict on a check of the system itself, such as "at most one row is enabled".

    ``examined`` counts the elements that a check of the specification looked at, which are no obligations; ``findings``
    are those because of which it is not proved, and ``reason`` says the same in words.
    """

    name: str
    says: str
    verdict: Verdict
    reason: str
    tally: Tally
    situations: tuple[Situation, ...] = ()
    examined: int = 0
    findings: tuple[Finding, ...] = ()
    strength: str = FIRST_ONLY
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class RowResult:
    """Whether one arrow of the table was reached by a run of the machine from its initial state."""

    name: str
    entry_id: str
    event: str
    why: str
    reached: Run | None
    reason: str


@dataclass(frozen=True)
class ProfileResult:
    """A device profile against the conditions under which everything is proved."""

    profile: Profile[Any]
    verdict: Verdict
    checks: tuple[ConditionCheck, ...]
    reason: str


@dataclass(frozen=True)
class SecondTally:
    """How many obligations the second solver was asked, and how many of them it discharged.

    ``cached`` of the discharged ones stand on an earlier run.
    """

    asked: int = 0
    discharged: int = 0
    cached: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Verification:
    """All that one run found. ``requested`` and ``accounted`` count (arrow, property) pairs and must be equal.

    ``needs`` is what the proofs need, if that was asked for. ``incidents`` tells of workers that were lost on the way.
    ``second_solver`` discharged every obligation of what is ``proved``, too; it is empty where none was asked.
    """

    system: System
    only: tuple[str, ...]
    profile_of_runs: str
    properties: tuple[PropertyResult, ...]
    checks: tuple[CheckResult, ...]
    rows: tuple[RowResult, ...]
    profiles: tuple[ProfileResult, ...]
    requested: int
    accounted: int
    solver: str
    second_solver: str
    second_opinion: SecondTally
    seconds: dict[str, float] = field(compare=False)
    needs: Needs | None = None
    incidents: tuple[str, ...] = field(default=(), compare=False)

    @property
    def strength(self) -> str:
        """Which solvers stand behind the proofs of all properties."""
        weak = [one.strength for one in self.properties if one.strength == FIRST_ONLY]
        return weak[0] if weak else strength(self.solver, self.second_solver)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict of the run."""
        return (
            *(result.verdict for result in self.properties),
            *(result.verdict for result in self.checks),
            *(result.verdict for result in self.profiles),
            *(Verdict.PROVED if row.reached else Verdict.UNKNOWN for row in self.rows),
        )
