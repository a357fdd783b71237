"""Every check of a specification, in the order in which it is reported."""

from collections.abc import Callable
from typing import Final

from pumpproof.verify.checks.claims import check_claims
from pumpproof.verify.checks.context import Context
from pumpproof.verify.checks.environment import check_assumptions, check_initial_states, check_receptive
from pumpproof.verify.checks.guards import check_guards
from pumpproof.verify.checks.independence import check_independence
from pumpproof.verify.checks.links import check_lemmas, check_requirements
from pumpproof.verify.checks.observation import check_observers, check_openings
from pumpproof.verify.checks.reach import check_modes
from pumpproof.verify.checks.reading import check_outputs, check_unread
from pumpproof.verify.checks.repetition import check_repeated
from pumpproof.verify.checks.unlisted import check_unlisted
from pumpproof.verify.record import CheckResult

CHECKS: Final[tuple[Callable[[Context], CheckResult], ...]] = (
    check_assumptions,
    check_receptive,
    check_initial_states,
    check_observers,
    check_openings,
    check_modes,
    check_guards,
    check_unread,
    check_outputs,
    check_independence,
    check_claims,
    check_repeated,
    check_lemmas,
    check_requirements,
    check_unlisted,
)


def check_specification(context: Context) -> tuple[CheckResult, ...]:
    """All rows. They say whether the specification means something; no proof rests on them."""
    return tuple(check(context) for check in CHECKS)
