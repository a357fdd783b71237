"""The record of a campaign as JSON values, without times: equal campaigns give equal records."""

from collections.abc import Sequence
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.mutation.accepted import Review
from pumpproof.verify.mutation.campaign import Result
from pumpproof.verify.mutation.fates import Fate, count
from pumpproof.verify.results.exits import ExitCode, gravest


def killed(results: Sequence[Result]) -> int:
    """Mutants that a run kills, by a property that formalises a requirement: the figure that counts."""
    return sum(result.outcome.fate is Fate.KILLED for result in results)


def noticed_by_requirement(results: Sequence[Result]) -> int:
    """Mutants that a run kills, and those that cost a property of a requirement its proof, whatever else they do."""
    return killed(results) + sum(
        bool(result.outcome.lost) for result in results if result.outcome.fate is not Fate.KILLED
    )


def gaps(results: Sequence[Result], review: Review) -> tuple[Result, ...]:
    """Mutants that nothing notices for certain, without the survivors that were accepted."""
    return tuple(one for one in results if one.outcome.fate.is_gap and one.mutant.id not in review.accepted)


def exit_code(results: Sequence[Result], review: Review) -> ExitCode:
    """A survivor is ``REFUTED``: the claim that the properties notice a fault. An acceptance that does not hold is a
    ``GATE``.
    """
    of_fate = {
        Fate.SURVIVED: ExitCode.REFUTED,
        Fate.UNDECIDED: ExitCode.UNDECIDED,
        Fate.FAULT: ExitCode.FAULT,
    }
    codes = [of_fate[one.outcome.fate] for one in gaps(results, review)]
    return gravest([*codes, *([ExitCode.GATE] if review.problems else [])])


def as_data(system: System, results: Sequence[Result], review: Review) -> dict[str, Any]:
    """The whole record."""
    counts = count([result.outcome for result in results])
    return {
        "system": system.name,
        "mutants": len(results),
        "killed": killed(results),
        "noticed_by_requirement": noticed_by_requirement(results),
        "fates": {fate.name.lower(): number for fate, number in counts.items()},
        "accepted": sorted(review.accepted),
        "problems": list(review.problems),
        "results": [_result(result) for result in results],
    }


def _result(result: Result) -> dict[str, Any]:
    mutant, outcome = result.mutant, result.outcome
    return {
        "id": mutant.id,
        "fingerprint": mutant.fingerprint,
        "file": mutant.file.name,
        "line": mutant.line,
        "owner": mutant.owner,
        "operator": mutant.operator.name.lower(),
        "difference": mutant.difference,
        "rows": list(mutant.rows),
        "writes": list(outcome.writes),
        "fate": outcome.fate.name.lower(),
        "by": list(outcome.by),
        "lost": list(outcome.lost),
        "events": outcome.events,
        "reason": outcome.reason,
    }
