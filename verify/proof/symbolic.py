"""A ``System`` in terms: one symbolic step per arrow, with the code that runs as its only source.

State, limits, event and ghosts are variables. An arrow is one way in which an entry of the table can take one event:
a row, an accepted command, a refused command, a declared refusal or a declared omission.
"""

import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, assert_never, get_args, get_origin

from pumpproof.spec.kernel.binding import (
    Binding,
    BindingError,
    ObserverBinding,
    PropertyBinding,
    Slot,
    Vocabulary,
    bind_observer,
    bind_property,
    bind_row,
    describe,
)
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row, Target
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.tree import Function
from pumpproof.verify.language.types import BOOL, RecordType, Type, type_of_annotation
from pumpproof.verify.logic.terms import TRUE, Term, all_of, any_of, equal, integer, less_or_equal, negate
from pumpproof.verify.logic.translate import Demand, Notice, Translation, as_term, translate
from pumpproof.verify.logic.values import RecordValue, Value, enum_code, known, leaves, unknown, well_typed
from pumpproof.verify.proof.reads import StepReads


class Outcome(Enum):
    """How an arrow takes its event."""

    TAKEN = "taken"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, eq=False)
class Arrow:
    """One symbolic step. ``enabled`` says when it is taken, from modes, guard, ranges of the event and assumptions.

    ``guard_demands`` are what evaluating the guard needs in ``situation`` (mode and event alone);
    ``effect_demands`` are what evaluating the effect needs where the arrow is enabled.
    """

    entry: Entry
    outcome: Outcome
    event_type: type
    event: RecordValue
    situation: Term
    guard: Term
    after: RecordValue
    outputs: RecordValue
    guard_demands: tuple[Demand, ...]
    effect_demands: tuple[Demand, ...]

    @property
    def name(self) -> str:
        """Id of the entry, with the outcome where an entry has several arrows."""
        if self.outcome is Outcome.TAKEN:
            return self.entry.id
        if isinstance(self.entry, Command):
            return f"{self.entry.id} {self.outcome.value}"
        return f"{self.entry.id} {self.event_type.__name__}"

    @cached_property
    def enabled(self) -> Term:
        """When the arrow is taken."""
        return all_of((self.situation, self.guard))


@dataclass(frozen=True)
class Claim:
    """A property on given values: ``when implies claim``, its antecedent, and what evaluating all of it needs.

    ``when_demands`` are what the antecedent alone needs. ``witness`` is the antecedent where it is of interest: what a
    run has to reach.
    """

    holds: Term
    when: Term
    demands: tuple[Demand, ...]
    when_demands: tuple[Demand, ...] = ()
    witness: Term = TRUE


class WrittenMode(ValueError):
    """An effect that writes the mode itself; the mode is the row's target."""


class WrittenRefusal(ValueError):
    """An effect that writes the refusal itself; an effect runs only where nothing is refused."""


class SymbolicSystem:
    """All of a system in terms, read once from the source of its functions.

    Raises:
        OutsideSubset: a function uses a construct outside the subset.
        BindingError: a parameter cannot be bound by its type, or a function returns another type than its place
            asks for.
        WrittenMode, WrittenRefusal: an effect writes what the table decides.
    """

    def __init__(self, system: System, reader: Reader | None = None) -> None:
        self.system = system
        self.reader = reader or Reader()
        self.vocabulary = Vocabulary(
            system.state,
            system.limits,
            system.outputs,
            system.events,
            tuple(observer.record for observer in system.observers),
        )
        self.state_type = record_type(system.state)
        self.limits_type = record_type(system.limits)
        self.outputs_type = record_type(system.outputs)
        self.before = _unknown(self.state_type, "before")
        self.limits = _unknown(self.limits_type, "limits")
        self.ghosts = {
            observer.record: _unknown(record_type(observer.record), f"ghost {observer.name!r}")
            for observer in system.observers
        }
        self._bindings: dict[str, PropertyBinding] = {}
        self._observer_bindings: dict[type, ObserverBinding] = {}
        self.reads = StepReads(self.state_type, self.outputs_type)
        self._ghost_after: dict[tuple[object, ...], tuple[RecordValue, tuple[Demand, ...]]] = {}

    def function(self, function: Callable[..., object]) -> Function:
        """The tree of a function."""
        return self.reader.read(function)

    @cached_property
    def typed(self) -> Term:
        """What the types alone say of the state before a step, of the limits and of every ghost."""
        parts = [(self.state_type, self.before), (self.limits_type, self.limits)]
        parts += [(ghost.type, ghost) for ghost in self.ghosts.values()]
        return all_of(well_typed(of, value) for of, value in parts)

    @cached_property
    def conditions(self) -> tuple[tuple[Condition, Claim], ...]:
        """Each condition of valid limits."""
        return tuple((condition, self._condition(condition)) for condition in self.system.conditions)

    def _condition(self, condition: Condition) -> Claim:
        translation = self._call(condition.holds, (self.limits,), (self.limits_type,), BOOL)
        return Claim(as_term(translation.value), TRUE, translation.demands)

    @cached_property
    def valid_limits(self) -> Term:
        """All conditions of valid limits."""
        return all_of(claim.holds for _, claim in self.conditions)

    @cached_property
    def initial(self) -> tuple[RecordValue, tuple[Demand, ...]]:
        """The initial state for these limits, and what computing it needs."""
        translation = self._call(self.system.initial, (self.limits,), (self.limits_type,), self.state_type)
        assert isinstance(translation.value, RecordValue)
        return translation.value, translation.demands

    @cached_property
    def arrows(self) -> tuple[Arrow, ...]:
        """Every arrow of the table, in its order."""
        return tuple(arrow for entry in self.system.table for arrow in self._arrows(entry))

    def _arrows(self, entry: Entry) -> Iterable[Arrow]:
        match entry:
            case Row():
                guard, demands = self._row_function(entry.guard, entry.event, BOOL)
                yield self._effective(entry, Outcome.TAKEN, as_term(guard), demands)
            case Command():
                reason, demands = self._row_function(
                    entry.refuse, entry.event, type_of_annotation(self.system.reason)
                )
                assert isinstance(reason, Term)
                accepted = equal(reason, integer(enum_code(self.system.reason["NONE"])))
                yield self._effective(entry, Outcome.ACCEPTED, accepted, demands)
                yield self._still(entry, Outcome.REFUSED, entry.event, negate(accepted), reason)
            case Refused():
                for event in entry.events:
                    yield self._still(entry, Outcome.REFUSED, event, TRUE, integer(enum_code(entry.reason)))
            case Ignored():
                for event in entry.events:
                    none = integer(enum_code(self.system.reason["NONE"]))
                    yield self._still(entry, Outcome.IGNORED, event, TRUE, none)
            case _:
                assert_never(entry)

    def _row_function(
        self, function: Callable[..., object], event: type, result: Type | None = None
    ) -> tuple[Value, tuple[Demand, ...]]:
        bind_row(function, self.vocabulary, event)
        arguments = (self.before, self.event(event), self.limits)
        translation = self._call(function, arguments, tuple(one.type for one in arguments), result)
        return translation.value, translation.demands

    def _call(
        self,
        function: Callable[..., object],
        arguments: tuple[Value, ...],
        types: tuple[Type, ...] | None,
        result: Type | None,
        notice: Notice | None = None,
    ) -> Translation:
        """A call, after a look at what the function declares: the machine refuses what is not of these types."""
        read = self.function(function)
        declared = tuple(parameter.type for parameter in read.parameters)
        if types is not None and declared != types:
            raise BindingError(
                f"{describe(function)}: takes ({_listed(declared)}); expected ({_listed(types)})"
            )
        if result is not None and read.result != result:
            raise BindingError(f"{describe(function)}: returns {read.result}; expected {result}")
        return translate(read, arguments, notice)

    def _require_step(self, function: Callable[..., object]) -> None:
        """An effect returns the next state and the outputs, in one record."""
        result = self.function(function).result
        found = tuple(map(result.field_type, ("state", "outputs"))) if isinstance(result, RecordType) else ()
        if found != (self.state_type, self.outputs_type):
            raise BindingError(
                f"{describe(function)}: returns {result}; expected a record with fields "
                f"`state: {self.state_type}`, `outputs: {self.outputs_type}`"
            )

    def _effective(
        self, entry: Row | Command, outcome: Outcome, guard: Term, demands: tuple[Demand, ...]
    ) -> Arrow:
        bind_row(entry.effect, self.vocabulary, entry.event)
        self._require_step(entry.effect)
        step, effect_demands = self._row_function(entry.effect, entry.event)
        assert isinstance(step, RecordValue)
        after, outputs = step.fields["state"], step.fields["outputs"]
        assert isinstance(after, RecordValue) and isinstance(outputs, RecordValue)
        if after.fields["mode"] is not self.before.fields["mode"]:
            raise WrittenMode(
                f"{self.function(entry.effect).span}: the effect of {entry.id} writes the mode; "
                "the mode is the row's target: name it as `to`"
            )
        if outputs.fields["refusal"] is not integer(enum_code(self.system.reason["NONE"])):
            raise WrittenRefusal(
                f"{self.function(entry.effect).span}: the effect of {entry.id} writes outputs.refusal; "
                "what refuses is the row's `refuse` function"
            )
        if not isinstance(entry.to, Target):
            after = RecordValue(after.type, after.fields | {"mode": integer(enum_code(entry.to))})
        situation = self._situation(entry, entry.event)
        event = self.event(entry.event)
        return Arrow(
            entry, outcome, entry.event, event, situation, guard, after, outputs, demands, effect_demands
        )

    def _still(self, entry: Entry, outcome: Outcome, event: type, guard: Term, reason: Term) -> Arrow:
        empty = known(self.outputs_type, self.system.outputs())
        assert isinstance(empty, RecordValue)
        outputs = RecordValue(empty.type, empty.fields | {"refusal": reason})
        situation = self._situation(entry, event)
        return Arrow(entry, outcome, event, self.event(event), situation, guard, self.before, outputs, (), ())

    def _situation(self, entry: Entry, event: type) -> Term:
        return all_of((self.in_modes(entry.modes), self.allowed(event)))

    def in_modes(self, modes: Sequence[Enum]) -> Term:
        """The state before the step is in one of ``modes``."""
        mode = as_term(self.before.fields["mode"])
        return any_of(equal(mode, integer(enum_code(known_mode))) for known_mode in modes)

    def event(self, event: type) -> RecordValue:
        """The payload of an event, unknown."""
        return _unknown(record_type(event), f"event {event.__name__!r}")

    def allowed(self, event: type) -> Term:
        """What is assumed of an event: its types, and the declared ranges that the machine enforces."""
        value = self.event(event)
        bounds = [well_typed(value.type, value)]
        for name, low, high in ranges(event):
            field = as_term(value.fields[name])
            bounds += [] if low is None else [less_or_equal(integer(low), field)]
            bounds += [] if high is None else [less_or_equal(field, integer(high))]
        return all_of(bounds)

    def observer(self, record: type) -> Observer:
        """The observer that keeps ``record``."""
        return next(observer for observer in self.system.observers if observer.record is record)

    def _observer_binding(self, record: type) -> ObserverBinding:
        if record not in self._observer_bindings:
            self._observer_bindings[record] = bind_observer(self.observer(record), self.vocabulary)
        return self._observer_bindings[record]

    def opened(self, record: type, state: RecordValue) -> tuple[RecordValue, tuple[Demand, ...]]:
        """The record of an observer that opens in ``state``."""
        observer = self.observer(record)
        bindings = self._observer_binding(record).begin
        values = self._arguments(bindings, state=state)
        translation = self._call(observer.begin, values, None, record_type(record))
        assert isinstance(translation.value, RecordValue)
        return translation.value, translation.demands

    def ghost_after(self, arrow: Arrow, record: type) -> tuple[RecordValue, tuple[Demand, ...]]:
        """The record of an observer after an arrow."""
        observer = self.observer(record)
        function = observer.step_for(arrow.event_type)
        if function is None:
            return self.ghosts[record], ()
        bindings = self._observer_binding(record)
        bound = dict(bindings.steps).get(arrow.event_type, bindings.otherwise)
        assert bound is not None
        what = (record, function, _event_of(bound))

        def formulas(after: RecordValue, outputs: RecordValue) -> Iterable[Term]:
            some = replace(arrow, after=after, outputs=outputs)
            value, demands = self._step_ghost(some, record, function, bound)
            return (*leaves(value), *(demand.holds for demand in demands))

        key = (what, self.reads.of(what, arrow.after, arrow.outputs, formulas))
        if key not in self._ghost_after:
            self._ghost_after[key] = self._step_ghost(arrow, record, function, bound)
        return self._ghost_after[key]

    def _step_ghost(
        self, arrow: Arrow, record: type, function: Callable[..., object], bound: tuple[Binding, ...]
    ) -> tuple[RecordValue, tuple[Demand, ...]]:
        translation = self._call(function, self._arguments(bound, arrow=arrow), None, record_type(record))
        assert isinstance(translation.value, RecordValue)
        return translation.value, translation.demands

    def binding(self, known_property: Property) -> PropertyBinding:
        """What the parameters of a property stand for."""
        if known_property.id not in self._bindings:
            self._bindings[known_property.id] = bind_property(known_property, self.vocabulary)
        return self._bindings[known_property.id]

    def claim(
        self,
        known_property: Property,
        *,
        state: RecordValue | None = None,
        arrow: Arrow | None = None,
        ghosts: Mapping[type, RecordValue] | None = None,
        notice: Notice | None = None,
    ) -> Claim:
        """A property of a state (an invariant) or of an arrow (a step property); ``notice`` is told of its claim."""
        binding = self.binding(known_property)
        demands: list[Demand] = []

        def value(
            function: Callable[..., object], bindings: tuple[Binding, ...], notice: Notice | None = None
        ) -> Term:
            arguments = self._arguments(bindings, state=state, arrow=arrow, ghosts=ghosts)
            translation = self._call(function, arguments, None, BOOL, notice)
            demands.extend(translation.demands)
            return as_term(translation.value)

        when = TRUE
        if known_property.when is not None and binding.when is not None:
            when = value(known_property.when, binding.when)
        before = len(demands)
        claim = value(known_property.claim, binding.claim, notice)
        witness = when
        if known_property.witness is not None and binding.witness is not None:
            witness = all_of((when, value(known_property.witness, binding.witness)))
        only_when = [
            Demand(any_of((negate(when), demand.holds)), demand.what, demand.span)
            for demand in demands[before:]
        ]
        needed = (*demands[:before], *only_when)
        return Claim(any_of((negate(when), claim)), when, needed, tuple(demands[:before]), witness)

    def _arguments(
        self,
        bindings: tuple[Binding, ...],
        *,
        state: RecordValue | None = None,
        arrow: Arrow | None = None,
        ghosts: Mapping[type, RecordValue] | None = None,
    ) -> tuple[Value, ...]:
        return tuple(self._argument(binding, state, arrow, ghosts or self.ghosts) for binding in bindings)

    def _argument(
        self,
        binding: Binding,
        state: RecordValue | None,
        arrow: Arrow | None,
        ghosts: Mapping[type, RecordValue],
    ) -> Value:
        match binding.slot:
            case Slot.STATE:
                assert state is not None
                return state
            case Slot.BEFORE:
                return self.before
            case Slot.AFTER:
                assert arrow is not None
                return arrow.after
            case Slot.EVENT:
                assert arrow is not None
                return arrow.event
            case Slot.OUTPUTS:
                assert arrow is not None
                return arrow.outputs
            case Slot.LIMITS:
                return self.limits
            case Slot.GHOST:
                return ghosts[binding.type]
            case _:
                assert_never(binding.slot)


def _event_of(bound: tuple[Binding, ...]) -> type | None:
    """The event that a function is given, or None where it sees no event."""
    return next((binding.type for binding in bound if binding.slot is Slot.EVENT), None)


def _listed(types: Iterable[Type]) -> str:
    return ", ".join(str(one) for one in types)


def record_type(record: type) -> RecordType:
    """The type of a frozen dataclass of the subset."""
    of = type_of_annotation(record)
    assert isinstance(of, RecordType)
    return of


def _unknown(of: RecordType, name: str) -> RecordValue:
    value = unknown(of, name)
    assert isinstance(value, RecordValue)
    return value


def ranges(event: type) -> tuple[tuple[str, int | None, int | None], ...]:
    """The declared ranges of the fields of an event, as (field, low, high)."""
    hints: Mapping[str, Any] = typing.get_type_hints(event, include_extras=True)
    found: list[tuple[str, int | None, int | None]] = []
    for item in fields(event):
        hint = hints[item.name]
        if get_origin(hint) is Annotated:
            found += [
                (item.name, extra.low, extra.high) for extra in get_args(hint) if isinstance(extra, Range)
            ]
    return tuple(found)
