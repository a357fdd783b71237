"""Observers keep up with every event, and those that may open anywhere can."""

from pumpproof.spec.kernel.declared import place_of_field
from pumpproof.spec.kernel.observers import Observer
from pumpproof.verify.checks.context import Context, Rows
from pumpproof.verify.language.types import PlainField, plain_fields
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.logic.terms import negate
from pumpproof.verify.logic.values import Value, leaves, same, well_typed
from pumpproof.verify.proof.elements import fields_of
from pumpproof.verify.proof.obligations import CODE, Obligation, Stage
from pumpproof.verify.record import CheckResult

OBSERVERS = "observers"
OPENINGS = "openings"


def check_observers(context: Context) -> CheckResult:
    """Whether each observer has an answer to every event: a step function, or the record as it is; none raises.

    A field of its record that has one value for ever is found: it counts nothing, and what is claimed of it alone
    is true of any system.
    """
    rows = Rows(OBSERVERS, "Every observer keeps up with every event and never raises.")
    failed = {one.obligation for one in context.discharges[CODE].failures}
    for observer in context.system.observers:
        asked = list(context.obligations.of_observer_steps(observer))
        for one in asked:
            if one.name in failed:
                where = context.place(observer.begin)
                rows.undecided(observer.name, where, f"a step function may raise: {one.where}")
        if not any(one.name in failed for one in asked):
            rows.sound(len(context.system.events))
        for field in _constant_fields(context, observer) if context.has_states else ():
            where = place_of_field(field.owner, field.name)
            rows.found(
                f"{observer.record.__name__}.{field.path}",
                where,
                "no step of the observer ever changes this field",
            )
    return rows.result()


def _constant_fields(context: Context, observer: Observer) -> list[PlainField]:
    """Fields that begin with one and the same value wherever the observer opens, and that no step changes.

    What is copied from the state when the observer opens is another value at each opening, and no constant.
    """
    symbolic = context.symbolic
    opened, _ = symbolic.opened(observer.record, symbolic.before)
    varying = frozenset(leaves(symbolic.before))
    return [
        place
        for place, (_, begun) in zip(plain_fields(opened.type), fields_of("", opened), strict=True)
        if all(varying.isdisjoint(leaf.variables) for leaf in leaves(begun))
        and not _can_change(context, observer, place.path, begun)
    ]


def _can_change(context: Context, observer: Observer, path: str, begun: Value) -> bool:
    """Whether a step can give a field that still is as it began another value, or that can not be decided."""
    symbolic = context.symbolic
    before = dict(fields_of("", symbolic.ghosts[observer.record]))[path]
    is_as_begun = same(before, begun)
    for arrow in symbolic.arrows:
        after = dict(fields_of("", symbolic.ghost_after(arrow, observer.record)[0]))[path]
        if tuple(leaves(after)) == tuple(leaves(before)):
            continue
        asked = (arrow.enabled, is_as_begun, negate(same(after, begun)))
        if context.reachable.can_hold(*asked).answer is not Answer.UNSATISFIABLE:
            return True
    return False


def check_openings(context: Context) -> CheckResult:
    """Whether each observer can open wherever it may, with a record of which the invariants hold."""
    rows = Rows(
        OPENINGS, "An observer can open wherever it may, and its first record satisfies the invariants."
    )
    broken = _failed_openings(context)
    for observer in context.system.observers:
        where = context.place(observer.begin)
        problems = [*broken.get(observer.name, ()), *_undefined(context, observer)]
        for problem in problems:
            rows.undecided(observer.name, where, f"not proved: {problem}")
        if not problems:
            rows.sound()
    return rows.result()


def _undefined(context: Context, observer: Observer) -> list[str]:
    """What may raise, or be of another type, where an observer opens."""
    failed = {one.obligation for one in context.discharges[CODE].failures}
    problems = [one.name for one in context.obligations.of_opening(observer) if one.name in failed]
    symbolic = context.symbolic
    record, _ = symbolic.opened(observer.record, symbolic.before)
    assumed = context.reachable.assumed
    typed = well_typed(record.type, record)
    asked = Obligation(OPENINGS, Stage.OPENING, observer.name, assumed, typed)
    proved = context.prover.discharge(OPENINGS, [asked]).proved
    return problems if proved else [*problems, f"{asked.name}: its record is of the declared types"]


def _failed_openings(context: Context) -> dict[str, list[str]]:
    """Obligations about the opening of an observer that were not discharged, by its name."""
    failed = {
        failure.obligation
        for discharge in context.discharges.values()
        for failure in discharge.failures
        if failure.stage is Stage.OPENING
    }
    found: dict[str, list[str]] = {}
    for observer in context.system.observers:
        ending = f": {Stage.OPENING.value}: {opening_of(observer)}"
        names = sorted(name for name in failed if name.endswith(ending))
        if names:
            found[observer.name] = names
    return found


def opening_of(observer: Observer) -> str:
    """The place of an obligation about an opening, as obligations name it."""
    return f"opening of {observer.name}"
