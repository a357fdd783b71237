"""Every mode is reached by a run of the machine."""

from pumpproof.spec.kernel.declared import place_of_field
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.record import CheckResult

MODES = "modes"


def check_modes(context: Context) -> CheckResult:
    """Whether runs of the machine from its initial state reach every mode.

    The mode changes by a step alone, so that the last steps of the runs to all arrows show every mode that they reach.
    """
    rows = Rows(MODES, "A run of the machine from its initial state reaches every mode.")
    if not context.has_states:
        return rows.skipped()
    reached = {state.mode for taken in context.last_steps.values() for state in (taken.before, taken.after)}
    for mode in context.system.mode:
        if mode in reached:
            rows.sound()
            continue
        where = place_of_field(context.system.mode, mode.name)
        possible = context.reachable.can_hold(context.symbolic.in_modes((mode,)))
        if possible.answer is Answer.UNSATISFIABLE:
            rows.found(mode.name, where, "the invariants prove that no state is in this mode")
        else:
            rows.undecided(mode.name, where, "no run of the machine was found that reaches it")
    return rows.result()
