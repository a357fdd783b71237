"""A system as one transition relation: what every model checker understands.

A step is one event. It is an input: a number that says which event, and the payload of each kind of event. Every
variable has one next value, which is chosen by the arrow that takes the event. Where no arrow or more than one takes
it, or where something raises, ``defined`` becomes false and stays so, and what the other variables then do means
nothing. So ``defined`` is the first property of every export: the others speak of a pump only together with it.
The second, ``typed``, says that every variable holds a value of its type. That follows from the steps, but a proof by
induction needs it, for it may begin in any state.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.logic.terms import (
    TRUE,
    Substitution,
    Term,
    all_of,
    any_of,
    choose,
    equal,
    implies,
    integer,
    less_or_equal,
    negate,
    variable,
)
from pumpproof.verify.logic.translate import Demand
from pumpproof.verify.logic.values import leaves, well_typed
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem, record_type

EVENT = variable("event", "Int")
"""Which event comes: its position in the system."""

DEFINED = variable("defined", "Bool")
DEFINED_SAYS = "In every step so far exactly one entry of the table took the event, and nothing raised."

TYPED_SAYS = "Every variable holds a value of its type: an enumeration one of its members."


@dataclass(frozen=True, eq=False)
class Variable:
    """A state variable, its value at the beginning and its value after a step, both of what there is before."""

    name: Term
    initial: Term
    after: Term


@dataclass(frozen=True, eq=False)
class Judged:
    """A property: ``holds`` is to be true of the state variables at all times."""

    id: str
    says: str
    holds: Term


@dataclass(frozen=True, eq=False)
class Transitions:
    """A transition system.

    ``frozen`` never change and satisfy ``valid``; ``inputs`` are free in every step and satisfy ``allowed``, which
    speaks of nothing else.
    """

    frozen: tuple[Term, ...]
    valid: Term
    inputs: tuple[Term, ...]
    allowed: Term
    variables: tuple[Variable, ...]
    properties: tuple[Judged, ...]


def opening(observer: Observer) -> Term:
    """The input that says whether an observer opens anew after this step."""
    return variable(f"open {observer.name!r}", "Bool")


def transitions(symbolic: SymbolicSystem, properties: Sequence[Property]) -> Transitions:
    """The system with these properties, and with those of its observers of which they speak."""
    return _Builder(symbolic, properties).build()


class _Builder:
    def __init__(self, symbolic: SymbolicSystem, properties: Sequence[Property]) -> None:
        self._symbolic = symbolic
        self._properties = properties
        spoken_of = {ghost for known in properties for ghost in symbolic.binding(known).ghosts}
        self._observers = [one for one in symbolic.system.observers if one.record in spoken_of]
        self._taken = {arrow: self._is_taken(arrow) for arrow in symbolic.arrows}

    def _is_taken(self, arrow: Arrow) -> Term:
        """The arrow takes the event that comes."""
        events = self._symbolic.system.events
        return all_of((equal(EVENT, integer(events.index(arrow.event_type))), arrow.enabled))

    def build(self) -> Transitions:
        symbolic = self._symbolic
        pump = self._pump()
        then = Substitution({one.name: one.after for one in pump})
        records = [variable for observer in self._observers for variable in self._record(observer, then)]
        monitors = [self._monitor(known) for known in self._properties if known.kind is Kind.STEP]
        free = [opening(observer) for observer in self._observers if observer.arbitrary_start]
        payloads = [leaf for event in symbolic.system.events for leaf in leaves(symbolic.event(event))]
        return Transitions(
            frozen=tuple(leaves(symbolic.limits)),
            valid=all_of((well_typed(symbolic.limits_type, symbolic.limits), symbolic.valid_limits)),
            inputs=(EVENT, *payloads, *free),
            allowed=self._allowed(),
            variables=(self._defined(then), *pump, *records, *monitors),
            properties=(
                Judged("defined", DEFINED_SAYS, DEFINED),
                Judged("typed", TYPED_SAYS, self._typed()),
                *map(self._judged, self._properties),
            ),
        )

    def _allowed(self) -> Term:
        events = self._symbolic.system.events
        return all_of(
            (
                less_or_equal(integer(0), EVENT),
                less_or_equal(EVENT, integer(len(events) - 1)),
                *(
                    implies(equal(EVENT, integer(number)), self._symbolic.allowed(event))
                    for number, event in enumerate(events)
                ),
            )
        )

    def _typed(self) -> Term:
        symbolic = self._symbolic
        return all_of(
            (
                well_typed(symbolic.state_type, symbolic.before),
                *(
                    well_typed(record_type(one.record), symbolic.ghosts[one.record])
                    for one in self._observers
                ),
            )
        )

    def _pump(self) -> list[Variable]:
        symbolic = self._symbolic
        initial = leaves(symbolic.initial[0])
        columns = zip(*(leaves(arrow.after) for arrow in symbolic.arrows), strict=True)
        return [
            Variable(leaf, start, self._chosen(leaf, after))
            for leaf, start, after in zip(leaves(symbolic.before), initial, columns, strict=True)
        ]

    def _record(self, observer: Observer, then: Substitution) -> Iterator[Variable]:
        """The record of an observer, which opens in the initial state and may open anew in the state after a step."""
        symbolic, record = self._symbolic, observer.record
        begun = tuple(leaves(symbolic.opened(record, symbolic.before)[0]))
        at_first = Substitution(dict(zip(leaves(symbolic.before), leaves(symbolic.initial[0]), strict=True)))
        steps = (leaves(symbolic.ghost_after(arrow, record)[0]) for arrow in symbolic.arrows)
        for leaf, begin, after in zip(
            leaves(symbolic.ghosts[record]), begun, zip(*steps, strict=True), strict=True
        ):
            stepped = self._chosen(leaf, after)
            if observer.arbitrary_start:
                stepped = choose(opening(observer), then(begin), stepped)
            yield Variable(leaf, at_first(begin), stepped)

    def _chosen(self, unchanged: Term, after: Iterable[Term]) -> Term:
        """The value that the arrow which is taken gives; arrows that give the same one are chosen together."""
        takers: dict[Term, list[Term]] = {}
        for arrow, value in zip(self._symbolic.arrows, after, strict=True):
            if value is not unchanged:
                takers.setdefault(value, []).append(self._taken[arrow])
        result = unchanged
        for value, taken in reversed(takers.items()):
            result = choose(any_of(taken), value, result)
        return result

    def _monitor(self, known: Property) -> Variable:
        """Whether the last step was as a step property says."""
        symbolic = self._symbolic
        event = symbolic.binding(known).event
        takers: dict[Term, list[Term]] = {}
        for arrow, taken in self._taken.items():
            if event in (None, arrow.event_type):
                claim = symbolic.claim(known, arrow=arrow)
                takers.setdefault(all_of((claim.holds, _all(claim.demands))), []).append(taken)
        said = all_of(implies(any_of(taken), holds) for holds, taken in takers.items())
        return Variable(_held(known), TRUE, said)

    def _judged(self, known: Property) -> Judged:
        if known.kind is Kind.STEP:
            return Judged(known.id, known.says, _held(known))
        claim = self._symbolic.claim(known, state=self._symbolic.before)
        return Judged(known.id, known.says, all_of((claim.holds, _all(claim.demands))))

    def _defined(self, then: Substitution) -> Variable:
        symbolic = self._symbolic
        begun = [symbolic.opened(one.record, symbolic.before)[1] for one in self._observers]
        at_first = Substitution(dict(zip(leaves(symbolic.before), leaves(symbolic.initial[0]), strict=True)))
        initial = all_of(
            (
                *(_all(claim.demands) for _, claim in symbolic.conditions),
                _all(symbolic.initial[1]),
                *(at_first(_all(demands)) for demands in begun),
            )
        )
        anew = (
            implies(opening(observer), then(_all(demands)))
            for observer, demands in zip(self._observers, begun, strict=True)
            if observer.arbitrary_start
        )
        return Variable(DEFINED, initial, all_of((DEFINED, *self._one_arrow(), *self._no_raise(), *anew)))

    def _one_arrow(self) -> Iterator[Term]:
        """Exactly one arrow takes the event; only rows can contend for one."""
        yield any_of(self._taken.values())
        rows = [arrow for arrow in self._symbolic.arrows if isinstance(arrow.entry, Row)]
        for one, other in combinations(rows, 2):
            if one.event_type is other.event_type and set(one.entry.modes) & set(other.entry.modes):
                yield negate(all_of((self._taken[one], self._taken[other])))

    def _no_raise(self) -> Iterator[Term]:
        events = self._symbolic.system.events
        for arrow, taken in self._taken.items():
            comes = equal(EVENT, integer(events.index(arrow.event_type)))
            yield implies(all_of((comes, arrow.situation)), _all(arrow.guard_demands))
            ghosts = (self._symbolic.ghost_after(arrow, one.record)[1] for one in self._observers)
            yield implies(taken, all_of((_all(arrow.effect_demands), *map(_all, ghosts))))


def _held(known: Property) -> Term:
    return variable(f"held {known.id}", "Bool")


def _all(demands: Iterable[Demand]) -> Term:
    return all_of(demand.holds for demand in demands)
