"""Whether two readers that share no code read every function of a system alike."""

from pumpproof.verify.equality import Agreement
from pumpproof.verify.judge import ToolFault
from pumpproof.verify.proof.cache import Cache
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Tally, Verdict
from pumpproof.verify.readings import compare_readings, read_everything
from pumpproof.verify.record import CheckResult

READINGS = "readings"
_INPUTS = 2
"""Arguments for which each function is run beside the proof that both readings are equal."""


def check_readings(symbolic: SymbolicSystem, cache: Cache) -> CheckResult:
    """Whether both readers read each function alike.

    Raises:
        ToolFault: they do not; then no formula of this run can be trusted.
    """
    read_everything(symbolic.reader, symbolic.system)
    rows = compare_readings(symbolic.reader, inputs=_INPUTS, known=cache)
    for row in rows:
        if row.verdict is Agreement.DIFFERENT:
            raise ToolFault(f"{row.place}: {row.function} is read in two ways: {row.explained()}")
    undecided = [row for row in rows if row.verdict is not Agreement.EQUAL]
    cached = sum(row.cached for row in rows)
    tally = Tally(solved=len(rows) - len(undecided) - cached, cached=cached)
    says = "Two readers that share no code read every function alike."
    if undecided:
        reason = "; ".join(f"{row.place}: {row.function}: {row.reason}" for row in undecided)
        return CheckResult(READINGS, says, Verdict.UNKNOWN, reason, tally)
    return CheckResult(READINGS, says, Verdict.PROVED, "", tally)
