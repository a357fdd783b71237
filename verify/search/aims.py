"""Goals as formulas: what a state has to satisfy, and an event with it, so that the next look shows the goal."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, assert_never

from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import Substitution, Term, all_of, negate, truth, variable
from pumpproof.verify.logic.values import RecordValue, TupleValue, Value, known, leaves
from pumpproof.verify.proof.induction import conjuncts
from pumpproof.verify.proof.symbolic import Arrow, Claim, SymbolicSystem, record_type
from pumpproof.verify.search.archive import Node
from pumpproof.verify.search.shorten import ARROW, WITNESS

_FIRST_GHOST = 2
"""The source number of the first observer's record; 0 is the state."""

Getter = Callable[[Any], Any]


@dataclass(frozen=True, eq=False)
class Aim:
    """One way to show a goal: a formula of the state, of the records and of the payload of ``event``, if there is one.

    ``demands`` of the payload are in the formula; limits are constants in it. ``outline`` is the formula without that
    other rows are not enabled, which follows from it where the table is exact.
    """

    formula: Term
    event: type | None
    payload: tuple[Term, ...] = ()
    outline: Term | None = None

    @property
    def unknowns(self) -> tuple[Term, ...]:
        """The variables of state and records that the formula speaks of, by name."""
        own = frozenset(self.payload)
        return tuple(sorted((name for name in self.formula.variables if name not in own), key=_by_name))

    @property
    def of_state(self) -> Term:
        """What the formula says of state and records alone."""
        return self._without_payload(self.formula)

    @property
    def outline_of_state(self) -> Term:
        """What the outline says of state and records alone."""
        return self._without_payload(self.formula if self.outline is None else self.outline)

    def _without_payload(self, formula: Term) -> Term:
        own = frozenset(self.payload)
        return all_of(part for part in conjuncts(formula) if own.isdisjoint(part.variables))


def _by_name(name: Term) -> str:
    return name.name


class Formulas:
    """The formulas of a system with one valuation of its limits, and the values of its variables in a situation."""

    def __init__(self, symbolic: SymbolicSystem, limits: Any) -> None:
        self.symbolic = symbolic
        constants = dict(
            zip(leaves(symbolic.limits), leaves(known(symbolic.limits_type, limits)), strict=True)
        )
        self.limit_values = {name: _plain(constant) for name, constant in constants.items()}
        self.arrows = {arrow.name: arrow for arrow in symbolic.arrows}
        self._with_limits = Substitution(constants)
        self._aims: dict[Arrow, Aim] = {}
        self._after: dict[Arrow, dict[Term, Term]] = {}
        self._getters: dict[Term, tuple[int, Getter]] = {}
        counters: set[Term] = set()
        sources = [(0, symbolic.system.state, symbolic.before)]
        for number, observer in enumerate(symbolic.system.observers):
            sources.append((_FIRST_GHOST + number, observer.record, symbolic.ghosts[observer.record]))
        for source, record, value in sources:
            for name, getter in zip(leaves(value), getters(record_type(record)), strict=True):
                self._getters[name] = (source, getter)
            counters.update(_counters(record_type(record), value))
        self.counters = frozenset(counters)

    def aims(self, kind: str, name: str) -> tuple[Aim, ...]:
        """An arrow by name, a witness or a violation of a property by id; one aim for each arrow that can show it."""
        if kind == ARROW:
            return (self.aim_of(self.arrows[name]),)
        of = self.symbolic.system.property_named(name)
        if of.kind is Kind.INVARIANT:
            claim = self.symbolic.claim(of, state=self.symbolic.before)
            return (Aim(self._with_limits(_shown(kind, claim)), None),)
        event = self.symbolic.binding(of).event
        return tuple(
            self._aim_of(arrow, _shown(kind, self.symbolic.claim(of, arrow=arrow)))
            for arrow in self.symbolic.arrows
            if event in (None, arrow.event_type)
        )

    def aim_of(self, arrow: Arrow) -> Aim:
        """The situations and payloads in which the machine takes this arrow."""
        if arrow not in self._aims:
            self._aims[arrow] = self._aim_of(arrow, truth(True))
        return self._aims[arrow]

    def _aim_of(self, arrow: Arrow, shown: Term) -> Aim:
        aim = self.aim(all_of((self.taken(arrow), shown)), arrow)
        return replace(aim, outline=self._with_limits(all_of((_goes_well(arrow), shown))))

    def one_step_before(self, aim: Aim, arrow: Arrow) -> Aim:
        """What has to hold so that this arrow leads to where the aim is reached."""
        replaced: dict[Term, Term] = {name: _primed(name) for name in aim.payload}
        replaced |= self.after(arrow)
        then = Substitution(replaced)(aim.formula)
        step = self.aim(all_of((self.taken(arrow), then)), arrow)
        return Aim(step.formula, step.event, (*step.payload, *map(_primed, aim.payload)))

    def values(self, names: Sequence[Term], sources: Sequence[Any]) -> tuple[int | bool, ...] | None:
        """The values of these variables in a situation; None if a record that has one of them is not open."""
        found: list[int | bool] = []
        for name in names:
            source, getter = self._getters[name]
            if sources[source] is None:
                return None
            found.append(getter(sources[source]))
        return tuple(found)

    def all_values(self, node: Node) -> dict[Term, int | bool]:
        """The values of every variable in a situation; those of records that are not open are left out."""
        sources = node.sources()
        return {
            name: getter(sources[source])
            for name, (source, getter) in self._getters.items()
            if sources[source] is not None
        }

    def payload(self, event: Any) -> dict[Term, int | bool]:
        """The variables of an event."""
        value = self.symbolic.event(type(event))
        return dict(
            zip(leaves(value), (_plain(one) for one in leaves(known(value.type, event))), strict=True)
        )

    def after(self, arrow: Arrow) -> dict[Term, Term]:
        """Every variable of state and records after an arrow."""
        if arrow not in self._after:
            after = dict(zip(leaves(self.symbolic.before), leaves(arrow.after), strict=True))
            for record, ghost in self.symbolic.ghosts.items():
                stepped, _ = self.symbolic.ghost_after(arrow, record)
                after |= dict(zip(leaves(ghost), leaves(stepped), strict=True))
            self._after[arrow] = after
        return self._after[arrow]

    def aim(self, formula: Term, arrow: Arrow) -> Aim:
        """A formula of the state and of the event of an arrow, with the limits as constants."""
        return Aim(self._with_limits(formula), arrow.event_type, tuple(leaves(arrow.event)))

    def taken(self, arrow: Arrow) -> Term:
        """The arrow is enabled, nothing raises, and no other row is enabled: then the machine takes it."""
        others = (
            negate(other.enabled)
            for other in self.symbolic.arrows
            if isinstance(arrow.entry, Row)
            and isinstance(other.entry, Row)
            and other.event_type is arrow.event_type
            and other is not arrow
        )
        return all_of((_goes_well(arrow), *others))


def _goes_well(arrow: Arrow) -> Term:
    demands = (demand.holds for demand in (*arrow.guard_demands, *arrow.effect_demands))
    return all_of((arrow.enabled, *demands))


def _shown(kind: str, claim: Claim) -> Term:
    wanted = claim.witness if kind == WITNESS else negate(claim.holds)
    return all_of((wanted, *(demand.holds for demand in claim.demands)))


def _primed(name: Term) -> Term:
    return variable(f"{name.name}'", name.sort)


def _plain(constant: Term) -> int | bool:
    return bool(constant.integer) if constant.sort == "Bool" else constant.integer


def _counters(of: Type, value: Value) -> Iterator[Term]:
    """The leaves that are integers, and no members of enumerations."""
    match of, value:
        case IntType(), Term():
            yield value
        case RecordType(), RecordValue():
            for name, kind in of.fields:
                yield from _counters(kind, value.fields[name])
        case TupleType(), TupleValue():
            for item in value.items:
                yield from _counters(of.item, item)
        case _:
            return


def getters(of: Type, path: Getter | None = None) -> Iterator[Getter]:
    """Reads each leaf of a record, in the order of its leaves; members of an enumeration as their positions."""
    match of:
        case IntType() | BoolType():
            yield path or (lambda value: value)
        case EnumType():
            codes = {member: number for number, member in enumerate(of.members())}
            yield (lambda value: codes[path(value)]) if path else codes.__getitem__
        case RecordType():
            for name, kind in of.fields:
                yield from getters(kind, _then(path, attrgetter(name)))
        case TupleType():
            for number in range(of.length):
                yield from getters(of.item, _then(path, _item(number)))
        case _:
            assert_never(of)


def _then(first: Getter | None, second: Getter) -> Getter:
    return second if first is None else lambda value: second(first(value))


def _item(number: int) -> Getter:
    return lambda value: value[number]
