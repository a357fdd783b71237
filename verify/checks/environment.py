"""What is assumed can happen: valid limits, allowed events in every state, an initial state."""

from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import TRUE, Substitution, Term, integer, truth
from pumpproof.verify.logic.values import leaves, well_typed
from pumpproof.verify.proof.obligations import CODE, Obligation, Stage
from pumpproof.verify.record import CheckResult

ASSUMPTIONS = "assumptions"
RECEPTIVE = "receptive"
INITIAL = "initial states"


def check_assumptions(context: Context) -> CheckResult:
    """Whether valid limits exist, and beside them, for each event, a payload within its declared ranges."""
    rows = Rows(ASSUMPTIONS, "Valid limits exist, and with them an allowed payload of every event.")
    symbolic = context.symbolic
    reply = context.any_state.can_hold()
    for condition in context.system.conditions:
        if reply.answer is not Answer.SATISFIABLE:
            says = "no limits satisfy this condition together with the others"
            rows.must_hold(reply, condition.id, context.place(condition.holds), says)
    if not context.system.conditions:
        rows.must_hold(reply, context.system.limits.__name__, "", "no limits have these types")
    if reply.answer is Answer.SATISFIABLE:
        rows.sound()
        for event in context.system.events:
            possible = context.any_state.can_hold(symbolic.allowed(event))
            rows.must_hold(possible, event.__name__, event.__module__, "no payload lies within its ranges")
    return rows.result()


def check_receptive(context: Context) -> CheckResult:
    """Whether from each state that satisfies the invariants every event still has an allowed payload.

    One payload is found for each event, and it is shown to be allowed in every such state.
    """
    rows = Rows(RECEPTIVE, "In every state that satisfies the invariants each event has an allowed payload.")
    for event in context.system.events:
        says = "no payload is allowed in every state that satisfies the invariants"
        payload = _some_payload(context, event)
        if payload is None:
            rows.found(event.__name__, event.__module__, "no payload is allowed in any state")
            continue
        goal = Substitution(payload)(context.symbolic.allowed(event))
        if goal is TRUE:
            rows.sound()
            continue
        assumed = context.reachable.assumed
        asked = Obligation(RECEPTIVE, Stage.DEFINED, event.__name__, assumed, goal)
        if context.prover.discharge(RECEPTIVE, [asked]).proved:
            rows.sound()
        else:
            rows.undecided(event.__name__, event.__module__, says)
    return rows.result()


def _some_payload(context: Context, event: type) -> dict[Term, Term] | None:
    """An allowed payload; None if there is none."""
    allowed = context.symbolic.allowed(event)
    asked = list(leaves(context.symbolic.event(event)))
    simplest = {leaf: truth(False) if leaf.sort == "Bool" else integer(0) for leaf in asked}
    if Substitution(simplest)(allowed) is TRUE:
        return simplest
    reply = Solver(context.prover.resource_limit, context.prover.terms).check((allowed,), asked)
    if reply.answer is not Answer.SATISFIABLE:
        return None
    return {
        leaf: truth(bool(value)) if leaf.sort == "Bool" else integer(int(value))
        for leaf, value in reply.values.items()
    }


def check_initial_states(context: Context) -> CheckResult:
    """Whether there is an initial state for every valid limits value, and at least one such value."""
    rows = Rows(INITIAL, "Valid limits exist, and each has an initial state, which is of the declared types.")
    system, symbolic = context.system, context.symbolic
    where = context.place(system.initial)
    name = system.initial.__name__
    rows.must_hold(context.any_state.can_hold(), name, where, "no limits are valid, so that nothing begins")
    wanted = [one.name for one in context.obligations.of_initial()]
    failed = [one for one in context.discharges[CODE].failures if one.obligation in wanted]
    for one in failed:
        rows.undecided(name, where, f"it may raise: {one.obligation}")
    typed = well_typed(symbolic.state_type, symbolic.initial[0])
    asked = Obligation(INITIAL, Stage.INITIAL, "initial state", context.obligations.background, typed)
    if context.prover.discharge(INITIAL, [asked]).proved:
        rows.sound(1 + len(wanted) - len(failed))
    else:
        rows.found(name, where, "it may give a value outside its type")
    return rows.result()
