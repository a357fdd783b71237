"""A whole system in both readings: every named definition of the second one against the terms that are proved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.equality import Agreement, Equality
from pumpproof.verify.logic.terms import TRUE, Term, all_of
from pumpproof.verify.logic.translate import Demand
from pumpproof.verify.logic.values import RecordValue, leaves, unknown, well_typed
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem
from pumpproof.verify.second_reader.expression import truth
from pumpproof.verify.second_reader.system import SecondReading


@dataclass(frozen=True)
class Place:
    """Definitions that are compared together: they mean something where ``defined`` holds."""

    name: str
    defined: Term
    formulas: tuple[tuple[str, Term], ...]


@dataclass(frozen=True)
class PlaceRow:
    """The comparison of one place: how many definitions, and why they are not all equal."""

    place: str
    definitions: int
    verdict: Agreement
    reason: str = ""
    input: tuple[tuple[str, int | bool], ...] = ()

    def explained(self) -> str:
        """Why the definitions are not equal, with values that show it."""
        at = ", ".join(f"{name} = {value}" for name, value in self.input)
        return f"{self.reason}, for {at}" if at else self.reason


def compare_definitions(symbolic: SymbolicSystem, second: SecondReading) -> tuple[PlaceRow, ...]:
    """Compare every definition of the second reading with the terms of the first, place by place."""
    found = list(places(symbolic))
    named = {name for place in found for name in (f"defined {place.name}", *dict(place.formulas))}
    named -= {f"defined {place.name}" for place in found if _is_total(place)}
    missing = set(second.names) ^ named
    prover, typed = Equality(), _typed(symbolic)
    rows = [_compared(place, second, prover, typed) for place in found if not missing]
    if missing:
        reason = f"only one reading has {', '.join(sorted(missing)[:3])}"
        rows.append(PlaceRow("names", len(missing), Agreement.DIFFERENT, reason))
    return tuple(rows)


def _compared(place: Place, second: SecondReading, prover: Equality, typed: Term) -> PlaceRow:
    always = truth(value=True)
    pairs = [(term, second.expression(name)) for name, term in place.formulas]
    defined = (place.defined, always if _is_total(place) else second.expression(f"defined {place.name}"))
    unknowns = frozenset[Term]().union(place.defined.variables, *(term.variables for term, _ in pairs))
    verdict, reason, values = prover.ask(typed, defined, pairs, sorted(unknowns, key=lambda one: one.name))
    shown = tuple((term.name, value) for term, value in values.items())
    return PlaceRow(place.name, len(pairs) + (not _is_total(place)), verdict, reason, shown)


def _is_total(place: Place) -> bool:
    """Types and ranges, which are no code."""
    return place.name == "typed" or place.name.startswith("situation ")


def places(symbolic: SymbolicSystem) -> Iterator[Place]:
    """All definitions of a system in the terms of the first reading, named as the second one names them."""
    yield Place("typed", TRUE, (("typed", symbolic.typed),))
    for condition, claim in symbolic.conditions:
        name = f"condition {condition.id}"
        yield Place(name, _all(claim.demands), ((name, claim.holds),))
    initial, demands = symbolic.initial
    yield Place("initial", _all(demands), _leaves("initial", symbolic.before, "before", initial))
    for number, arrow in enumerate(symbolic.arrows):
        yield from _arrow(symbolic, arrow, symbolic.arrows[number - 1])
    for observer in symbolic.system.observers:
        ghost, (opened, demands) = (
            _ghost(symbolic, observer.record),
            symbolic.opened(observer.record, symbolic.before),
        )
        name = f"opened {observer.name!r}"
        yield Place(name, _all(demands), _leaves(name, symbolic.ghosts[observer.record], ghost, opened))
    after, outputs = _any_after(symbolic)
    for known in symbolic.system.properties:
        yield from _property(symbolic, known, after, outputs)


def _arrow(symbolic: SymbolicSystem, arrow: Arrow, previous: Arrow) -> Iterator[Place]:
    name = arrow.name
    situation = ((f"situation {name}", arrow.situation),)
    yield Place(f"situation {name}", TRUE, situation)
    # A refusal is computed by the function that guards the accepted command, the arrow just before.
    refused = name.endswith(" refused") and previous.entry is arrow.entry
    demands = previous.guard_demands if refused else arrow.guard_demands
    guard = ((f"guard {name}", arrow.guard),)
    yield Place(f"guard {name}", _all(demands), guard)
    formulas = (
        *_leaves(f"after {name}", symbolic.before, "before", arrow.after),
        *_leaves(f"outputs {name}", _any_after(symbolic)[1], "outputs", arrow.outputs),
    )
    yield Place(f"effect {name}", _all(arrow.effect_demands), formulas)
    for observer in symbolic.system.observers:
        ghost = _ghost(symbolic, observer.record)
        after, demands = symbolic.ghost_after(arrow, observer.record)
        place = f"{ghost} {name}"
        yield Place(place, _all(demands), _leaves(place, symbolic.ghosts[observer.record], ghost, after))


def _property(
    symbolic: SymbolicSystem, known: Property, after: RecordValue, outputs: RecordValue
) -> Iterator[Place]:
    if known.kind is Kind.INVARIANT:
        claim = symbolic.claim(known, state=symbolic.before)
    else:
        event = symbolic.binding(known).event
        some = next(one for one in symbolic.arrows if event in (None, one.event_type))
        claim = symbolic.claim(known, arrow=replace(some, after=after, outputs=outputs))
    yield Place(f"property {known.id}", _all(claim.demands), ((f"property {known.id}", claim.holds),))
    yield Place(f"when {known.id}", _all(claim.when_demands), ((f"when {known.id}", claim.when),))


def _leaves(prefix: str, old: RecordValue, record: str, new: RecordValue) -> tuple[tuple[str, Term], ...]:
    return tuple(
        (f"{prefix} {leaf.name.removeprefix(f'{record}.')}", value)
        for leaf, value in zip(leaves(old), leaves(new), strict=True)
    )


def _ghost(symbolic: SymbolicSystem, record: type) -> str:
    return f"ghost {symbolic.observer(record).name!r}"


def _any_after(symbolic: SymbolicSystem) -> tuple[RecordValue, RecordValue]:
    after = unknown(symbolic.state_type, "after")
    outputs = unknown(symbolic.outputs_type, "outputs")
    assert isinstance(after, RecordValue) and isinstance(outputs, RecordValue)
    return after, outputs


def _typed(symbolic: SymbolicSystem) -> Term:
    """All enumerations hold one of their members, also in what only a property speaks of."""
    groups = [*_any_after(symbolic), *(symbolic.event(event) for event in symbolic.system.events)]
    return all_of((symbolic.typed, *(well_typed(one.type, one) for one in groups)))


def _all(demands: tuple[Demand, ...]) -> Term:
    return all_of(demand.holds for demand in demands)
