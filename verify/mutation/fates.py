"""What can become of a mutant: a closed list, and what is counted as what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum


class Fate(Enum):
    """What became of a mutant; of several that fit, the first counts."""

    KILLED = "killed: a run breaks a requirement's property"
    EQUIVALENT = "proved equivalent"
    STILLBORN = "rejected by typing or construction"
    TABLE = "killed by determinism or the pair table"
    CODE = "killed because code can raise"
    PROOF_LOST = "a requirement's proof is lost, no run found"
    ACCEPTANCE = "killed by an acceptance property only"
    LEMMA = "killed by a lemma only"
    DEAD = "killed because a row or situation is dead"
    UNDECIDED = "undecided"
    SURVIVED = "survived"
    FAULT = "fault of the tool"

    @property
    def is_gap(self) -> bool:
        """Nothing notices the mutant for certain."""
        return self in (Fate.UNDECIDED, Fate.SURVIVED, Fate.FAULT)


@dataclass(frozen=True)
class Outcome:
    """What was found out about a mutant.

    ``by`` are the properties, checks or rows that notice it; ``lost`` the properties that formalise a requirement and
    whose induction step fails; ``events`` is the length of the run that kills it, ``writes`` what the changed rows
    write of outputs and of fields that the properties of requirements read. ``seconds`` by phase decide nothing.
    """

    fate: Fate
    by: tuple[str, ...] = ()
    reason: str = ""
    lost: tuple[str, ...] = ()
    events: int = 0
    writes: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)


def count(outcomes: Sequence[Outcome]) -> dict[Fate, int]:
    """How many mutants had each fate, in the order of the closed list."""
    return {fate: sum(outcome.fate is fate for outcome in outcomes) for fate in Fate}
