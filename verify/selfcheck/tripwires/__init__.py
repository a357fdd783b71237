"""Checks that are given what they must not let pass: a check that stays silent is broken.

A check that compares two parts of the toolkit says nothing while both work, so that nobody would notice its loss.
"""

from collections.abc import Callable, Iterator
from typing import Final

from pumpproof.verify.selfcheck.tripwires.beside import BESIDE
from pumpproof.verify.selfcheck.tripwires.certificates import CERTIFICATES
from pumpproof.verify.selfcheck.tripwires.memories import MEMORIES
from pumpproof.verify.selfcheck.tripwires.proofs import PROOFS
from pumpproof.verify.selfcheck.tripwires.readings import READINGS
from pumpproof.verify.selfcheck.tripwires.runs import RUNS
from pumpproof.verify.selfcheck.tripwires.terms import TERMS
from pumpproof.verify.selfcheck.tripwires.verdicts import VERDICTS

TRIPWIRES: Final[tuple[Callable[[], Iterator[str]], ...]] = (
    *VERDICTS,
    *TERMS,
    *PROOFS,
    *RUNS,
    *READINGS,
    *MEMORIES,
    *CERTIFICATES,
    *BESIDE,
)
"""Each yields what passed that must not pass; nothing of a toolkit that works."""


def let_pass() -> Iterator[tuple[str, str]]:
    """The checks that are broken: what each is there for, and what it let pass."""
    for tripwire in TRIPWIRES:
        purpose = (tripwire.__doc__ or "").partition("\n")[0].rstrip(".")
        for passed in tripwire():
            yield purpose, passed
