"""What every second tells, whatever it gives."""

from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.state import Pump
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.signals import signal
from pumpproof.statemachine.pump.supervision import self_test_is_due


def told(before: Pump, after: Pump, limits: Limits) -> Outputs:
    """The signal, an end of a question, insulin in the line, and self-tests: one that is due, and one that failed."""
    return Outputs(
        signal=signal(after.alarms, limits),
        question_lapsed=question_lapses(before, after),
        insulin_in_line=after.line.holds_insulin,
        self_test_due=self_test_is_due(after, limits),
        self_test_failure=after.supervision.self_test_failure,
    )
