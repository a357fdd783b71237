"""The checks on which every proof rests: the table, the code, and hypotheses that can hold together."""

from collections.abc import Mapping, Sequence

from pumpproof.statemachine.kernel.machine import MoreThanOneRow, NoRow
from pumpproof.verify.judge import judge_check
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.obligations import CODE, TABLE
from pumpproof.verify.proof.sanity import Sanity, Twin
from pumpproof.verify.proof.verdicts import Discharge, Tally, Verdict
from pumpproof.verify.record import CheckResult
from pumpproof.verify.search.guided import Exploration

TWINS = "twins"

_UNDEFINED = (MoreThanOneRow.__name__, NoRow.__name__)


def check_foundations(
    sanity: Sanity, discharges: Mapping[str, Discharge], exploration: Exploration
) -> tuple[CheckResult, ...]:
    """The checks without which nothing is proved.

    Raises:
        ToolFault: a run of the machine shows to fail what was proved.
    """
    undefined = [name for name in exploration.raised if name.endswith(_UNDEFINED)]
    raising = [name for name in exploration.raised if not name.endswith(_UNDEFINED)]
    table, code = discharges[TABLE], discharges[CODE]
    return (
        _check(TABLE, "Exactly one row of each mode and event is enabled.", table, undefined, code.proved),
        _check(
            CODE,
            "No function raises in a state that satisfies the invariants.",
            code,
            raising,
            code.proved,
        ),
        _check_of_twins(tuple(sanity.twins())),
    )


def _check(
    name: str, says: str, discharge: Discharge, raised: Sequence[str], code_is_proved: bool
) -> CheckResult:
    """A check of the system; ``raised`` are steps of the running machine that show it to fail."""
    judgement = judge_check(discharge, raised, code_is_proved=code_is_proved)
    situations = tuple(failure.situation for failure in discharge.failures if failure.situation is not None)
    return CheckResult(
        name,
        says,
        judgement.verdict,
        judgement.reason,
        discharge.tally,
        situations,
        seconds=discharge.seconds,
    )


def _check_of_twins(found: Sequence[Twin]) -> CheckResult:
    impossible = [twin.where for twin in found if twin.answer is Answer.UNSATISFIABLE]
    undecided = [twin.where for twin in found if twin.answer is Answer.UNKNOWN]
    says = "The hypotheses of every obligation can hold together."
    tally = Tally(solved=len(found) - len(impossible) - len(undecided))
    if impossible:
        return CheckResult(TWINS, says, Verdict.VACUOUS, f"contradictory at: {', '.join(impossible)}", tally)
    if undecided:
        return CheckResult(TWINS, says, Verdict.UNKNOWN, f"undecided at: {', '.join(undecided)}", tally)
    return CheckResult(TWINS, says, Verdict.PROVED, "", tally)
