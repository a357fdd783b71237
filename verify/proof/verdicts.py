"""Verdicts: a closed list, and what stands beside each."""

from dataclasses import dataclass, field
from enum import Enum

from pumpproof.verify.proof.obligations import Stage


class Verdict(Enum):
    """What may be said of a property. Nothing but ``PROVED`` is a success."""

    PROVED = "proved"
    PROVED_BOUNDED = "proved-bounded"
    REFUTED = "refuted"
    VACUOUS = "vacuous"
    UNKNOWN = "unknown"
    TIMEOUT = "timeout"
    ERROR = "error"
    SKIPPED = "skipped"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Situation:
    """One step in concrete values: the model of an obligation that does not hold."""

    obligation: str
    entry: str
    limits: object
    before: object
    event: object | None
    ghosts: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Failure:
    """An obligation that was not discharged: a situation that breaks it, or the reason why nothing is known."""

    obligation: str
    stage: Stage
    situation: Situation | None
    reason: str


@dataclass(frozen=True)
class Tally:
    """How the obligations of a subject were discharged."""

    solved: int = 0
    unchanged: int = 0
    trivial: int = 0
    cached: int = 0

    @property
    def total(self) -> int:
        """All obligations that were discharged."""
        return self.solved + self.unchanged + self.trivial + self.cached

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.solved + other.solved,
            self.unchanged + other.unchanged,
            self.trivial + other.trivial,
            self.cached + other.cached,
        )


@dataclass(frozen=True)
class Discharge:
    """The obligations of one subject: how many there are, how they were discharged, and those that were not.

    ``steps`` counts those that are about an arrow of the table.
    """

    subject: str
    requested: int
    steps: int
    tally: Tally
    failures: tuple[Failure, ...]
    seconds: float = field(compare=False)

    @property
    def proved(self) -> bool:
        """Every obligation that was requested was discharged."""
        return not self.failures and self.tally.total == self.requested


@dataclass(frozen=True)
class SecondOpinion:
    """What a second solver said of the obligations of one subject; ``refuted`` are named.

    ``asked`` counts all of them, ``cached`` those that it discharged in an earlier run.
    """

    solver: str
    asked: int
    cached: int = field(compare=False)
    refuted: tuple[str, ...] = ()
    undecided: tuple[Failure, ...] = ()

    @property
    def discharged(self) -> int:
        """How many obligations it discharged."""
        return self.asked - len(self.refuted) - len(self.undecided)
