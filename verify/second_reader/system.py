"""A system as named formulas, built from the second reading of its functions and from its table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Literal, assert_never

from pumpproof.spec.kernel.binding import (
    Binding,
    BindingError,
    Slot,
    Vocabulary,
    bind_observer,
    bind_property,
    bind_row,
    describe,
)
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row, Target
from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.expression import (
    TRUE,
    Expression,
    conjunction,
    disjunction,
    equals,
    integer,
    negation,
)
from pumpproof.verify.second_reader.functions import Functions
from pumpproof.verify.second_reader.shapes import (
    TRUTH,
    Choice,
    Fields,
    Group,
    Shape,
    Truth,
    Value,
    constant,
    fields_of,
    leaves_of,
    paths,
    position,
    shape_of,
    typed,
    variables,
    within_ranges,
    words,
)
from pumpproof.verify.second_reader.smtlib import closed_term, symbol

Formula = Callable[[], Expression]
Call = tuple[Value, Expression]
"""The result of a function, and that it does not raise."""


def read_system(system: System) -> "SecondReading":
    """Read a whole system a second time.

    Raises:
        CanNotRead: a function has no exact second reading, or a name can not be written in SMT-LIB.
        BindingError: a parameter cannot be bound by its type, or a function returns another type than its place
            asks for.
    """
    return SecondReading(system)


class SecondReading:
    """Every definition of a system, by name; ``names`` are in a fixed order.

    The names and what they mean: docs/readers.md.
    """

    def __init__(self, system: System, functions: Functions | None = None) -> None:
        self.system = system
        self.functions = functions or Functions()
        self._vocabulary = Vocabulary(
            system.state,
            system.limits,
            system.outputs,
            system.events,
            tuple(observer.record for observer in system.observers),
        )
        self._reason = _choice(shape_of(system.reason))
        self._mode = _choice(shape_of(system.mode))
        self._state, self._limits, self._outputs = map(
            fields_of, (system.state, system.limits, system.outputs)
        )
        self._variables: dict[str, Literal["Int", "Bool"]] = {}
        self._choices: dict[str, int] = {}
        self._before = self._unknown(self._state, "before")
        self._limits_value = self._unknown(self._limits, "limits")
        self._after = self._unknown(self._state, "after")
        self._outputs_value = self._unknown(self._outputs, "outputs")
        self._events = {
            event: self._unknown(fields_of(event), f"event {event.__name__!r}") for event in system.events
        }
        self._ghosts = {
            observer.record: self._unknown(fields_of(observer.record), f"ghost {observer.name!r}")
            for observer in system.observers
        }
        self._formulas: dict[str, Formula] = dict(self._definitions())
        self._known: dict[str, Expression] = {}
        self._calls: dict[object, Call] = {}
        self.check()

    @property
    def variables(self) -> Mapping[str, Literal["Int", "Bool"]]:
        """The variables of all definitions, with their sorts."""
        return self._variables

    @property
    def choices(self) -> Mapping[str, int]:
        """The variables that hold a member of an enumeration, with how many it has."""
        return self._choices

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all definitions."""
        return tuple(self._formulas)

    def __contains__(self, name: str) -> bool:
        return name in self._formulas

    def expression(self, name: str) -> Expression:
        """The formula of a definition.

        Raises:
            KeyError: there is no such definition.
        """
        if name not in self._known:
            self._known[name] = self._formulas[name]()
        return self._known[name]

    def smtlib(self, name: str) -> str:
        """A definition as a closed SMT-LIB 2 term over the variables, each written as a quoted symbol."""
        return closed_term(self.expression(name))

    def check(self) -> None:
        """Read everything once, so that nothing is refused later."""
        for name in self._variables:
            try:
                symbol(name)
            except ValueError as error:
                raise CanNotRead(f"the name {name!r}", "leave out | and \\") from error
        for name in self.names:
            self.expression(name)

    def _unknown(self, shape: Fields, name: str) -> Value:
        self._choices |= {
            path: len(leaf.members) for path, leaf in paths(shape, name) if isinstance(leaf, Choice)
        }
        self._variables |= {
            path: "Bool" if isinstance(leaf, Truth) else "Int" for path, leaf in paths(shape, name)
        }
        return variables(shape, name)

    def _definitions(self) -> Iterator[tuple[str, Formula]]:
        yield "typed", self._typed
        for condition in self.system.conditions:
            yield from self._called(
                f"condition {condition.id}",
                f"condition {condition.id}",
                partial(self._call, condition.holds, (self._limits_value,), TRUTH),
            )
        initial = partial(self._call, self.system.initial, (self._limits_value,), self._state)
        yield from self._leaves("initial", self._state, initial)
        yield "defined initial", lambda: initial()[1]
        for entry in self.system.table:
            for arrow in self._arrows(entry):
                yield from arrow.definitions()
        for observer in self.system.observers:
            yield from self._opening(observer)
        for known in self.system.properties:
            yield from self._property(known)

    def _typed(self) -> Expression:
        groups = [(self._state, self._before), (self._limits, self._limits_value)]
        groups += [(fields_of(record), value) for record, value in self._ghosts.items()]
        return conjunction(typed(shape, value) for shape, value in groups)

    def _called(self, name: str, place: str, call: Callable[[], Call]) -> Iterator[tuple[str, Formula]]:
        yield name, lambda: _formula(call()[0])
        yield f"defined {place}", lambda: call()[1]

    def _leaves(self, prefix: str, shape: Shape, call: Callable[[], Call]) -> Iterator[tuple[str, Formula]]:
        for number, (path, _) in enumerate(paths(shape, "")):
            yield f"{prefix} {path[1:]}", partial(_leaf, call, 0, number)

    def _call(
        self, function: Callable[..., object], arguments: tuple[Value, ...], result: Shape | None
    ) -> Call:
        key = (function, tuple(leaf for one in arguments for leaf in leaves_of(one)))
        if key not in self._calls:
            value, raises, _ = self.functions.call(function, arguments)
            self._calls[key] = value, negation(raises)
        declared = self.functions.result(function)
        if result is not None and declared != result:
            raise BindingError(f"{describe(function)}: returns {words(declared)}; expected {words(result)}")
        return self._calls[key]

    def _arrows(self, entry: Entry) -> "Iterable[_Arrow]":
        none = position(self._reason, self.system.reason["NONE"])
        match entry:
            case Row():
                guard = self._row(entry.guard, entry.event, TRUTH)
                yield self._effective(entry, entry.id, guard)
            case Command():
                refuse = self._row(entry.refuse, entry.event, self._reason)

                def accepted(refuse: Callable[[], Call] = refuse) -> Call:
                    reason, is_defined = refuse()
                    return equals(_formula(reason), integer(none)), is_defined

                yield self._effective(entry, f"{entry.id} accepted", accepted)
                yield self._still(
                    entry,
                    f"{entry.id} refused",
                    entry.event,
                    lambda: (negation(_formula(accepted()[0])), TRUE),
                    lambda: _formula(refuse()[0]),
                )
            case Refused():
                reason = integer(position(self._reason, entry.reason))
                for event in entry.events:
                    name = f"{entry.id} {event.__name__}"
                    yield self._still(entry, name, event, lambda: (TRUE, TRUE), lambda: reason)
            case Ignored():
                for event in entry.events:
                    name = f"{entry.id} {event.__name__}"
                    yield self._still(entry, name, event, lambda: (TRUE, TRUE), lambda: integer(none))
            case _:
                assert_never(entry)

    def _row(self, function: Callable[..., object], event: type, result: Shape | None) -> Callable[[], Call]:
        def call() -> Call:
            bind_row(function, self._vocabulary, event)
            arguments = (self._before, self._events[event], self._limits_value)
            return self._call(function, arguments, result)

        return call

    def _effective(self, entry: Row | Command, name: str, guard: Callable[[], Call]) -> "_Arrow":
        effect = self._row(entry.effect, entry.event, None)

        def step() -> tuple[Value, Value, Expression]:
            value, is_defined = effect()
            shape = self.functions.result(entry.effect)
            parts = shape.parts if isinstance(shape, Fields) else {}
            if parts.get("state") != self._state or parts.get("outputs") != self._outputs:
                raise BindingError(
                    f"{describe(entry.effect)}: returns {words(shape)}; expected a record with `state` and `outputs`"
                )
            after, outputs = self._part(shape, value, "state"), self._part(shape, value, "outputs")
            self._refuse_writes(entry, after, outputs)
            if not isinstance(entry.to, Target):
                target = integer(position(self._mode, entry.to))
                after = self._with(self._state, after, "mode", target)
            return after, outputs, is_defined

        return _Arrow(self, entry, name, entry.event, guard, step)

    def _refuse_writes(self, entry: Row | Command, after: Value, outputs: Value) -> None:
        """The machine takes the mode from the row and the refusal from the command, so an effect may touch neither."""
        old, new = (_formula(self._part(self._state, one, "mode")) for one in (self._before, after))
        if not _is_same_choice(new, old, len(self._mode.members)):
            raise CanNotRead(f"the effect of {entry.id}, which writes the mode", "name the target as `to`")
        refusal = _formula(self._part(self._outputs, outputs, "refusal"))
        if refusal is not integer(position(self._reason, self.system.reason["NONE"])):
            raise CanNotRead(f"the effect of {entry.id}, which writes outputs.refusal", "refuse in `refuse`")

    def _still(
        self,
        entry: Entry,
        name: str,
        event: type,
        guard: Callable[[], Call],
        reason: Callable[[], Expression],
    ) -> "_Arrow":
        def step() -> tuple[Value, Value, Expression]:
            empty = constant(self._outputs, self.system.outputs())
            return self._before, self._with(self._outputs, empty, "refusal", reason()), TRUE

        return _Arrow(self, entry, name, event, guard, step)

    def _part(self, shape: Shape, value: Value, name: str) -> Value:
        assert isinstance(shape, Fields) and isinstance(value, Group)
        return value.parts[shape.positions[name]]

    def _with(self, shape: Fields, value: Value, name: str, part: Value) -> Value:
        assert isinstance(value, Group)
        return Group(
            tuple(part if known == name else old for known, old in zip(shape.parts, value.parts, strict=True))
        )

    def situation(self, entry: Entry, event: type) -> Expression:
        """The mode is one of the entry's, and the event lies in its types and declared ranges."""
        mode = _formula(self._part(self._state, self._before, "mode"))
        shape, value = fields_of(event), self._events[event]
        modes = disjunction(equals(mode, integer(position(self._mode, one))) for one in entry.modes)
        return conjunction((modes, typed(shape, value), within_ranges(shape, value)))

    def _opening(self, observer: Observer) -> Iterator[tuple[str, Formula]]:
        def opened() -> Call:
            bindings = bind_observer(observer, self._vocabulary).begin
            arguments = self._arguments(bindings, {Slot.STATE: self._before})
            return self._call(observer.begin, arguments, fields_of(observer.record))

        prefix = f"opened {observer.name!r}"
        yield from self._leaves(prefix, fields_of(observer.record), opened)
        yield f"defined {prefix}", lambda: opened()[1]

    def ghost_after(self, observer: Observer, event: type, after: Value, outputs: Value) -> Call:
        """The record of an observer after a step, and that computing it does not raise."""
        function = observer.step_for(event)
        if function is None:
            return self._ghosts[observer.record], TRUE
        bound = bind_observer(observer, self._vocabulary)
        bindings = dict(bound.steps).get(event, bound.otherwise)
        assert bindings is not None
        arguments = self._arguments(bindings, self._of_step(event, after, outputs))
        return self._call(function, arguments, fields_of(observer.record))

    def _of_step(self, event: type | None, after: Value, outputs: Value) -> dict[Slot, Value]:
        known = {Slot.BEFORE: self._before, Slot.AFTER: after, Slot.OUTPUTS: outputs}
        return known if event is None else known | {Slot.EVENT: self._events[event]}

    def _arguments(self, bindings: tuple[Binding, ...], known: Mapping[Slot, Value]) -> tuple[Value, ...]:
        return tuple(
            self._ghosts[one.type]
            if one.slot is Slot.GHOST
            else self._limits_value
            if one.slot is Slot.LIMITS
            else known[one.slot]
            for one in bindings
        )

    def _property(self, known: Property) -> Iterator[tuple[str, Formula]]:
        def calls() -> tuple[Call, Call]:
            bound = bind_property(known, self._vocabulary)
            given = {Slot.STATE: self._before} | self._of_step(bound.event, self._after, self._outputs_value)
            when: Call = TRUE, TRUE
            if known.when is not None and bound.when is not None:
                when = self._call(known.when, self._arguments(bound.when, given), TRUTH)
            return when, self._call(known.claim, self._arguments(bound.claim, given), TRUTH)

        def implied(number: int) -> Expression:
            when, claim = calls()
            return disjunction((negation(_formula(when[0])), _formula(claim[number])))

        yield f"when {known.id}", lambda: _formula(calls()[0][0])
        yield f"property {known.id}", lambda: implied(0)
        yield f"defined when {known.id}", lambda: calls()[0][1]
        yield f"defined property {known.id}", lambda: conjunction((calls()[0][1], implied(1)))


class _Arrow:
    """The definitions of one arrow of the table."""

    def __init__(
        self,
        reading: SecondReading,
        entry: Entry,
        name: str,
        event: type,
        guard: Callable[[], Call],
        step: Callable[[], tuple[Value, Value, Expression]],
    ) -> None:
        self._reading = reading
        self._entry = entry
        self._name = name
        self._event = event
        self._guard = guard
        self._make = step

    @cached_property
    def _step(self) -> tuple[Value, Value, Expression]:
        return self._make()

    def definitions(self) -> Iterator[tuple[str, Formula]]:
        """Situation, guard, state and outputs after, records after, and where all of this is defined."""
        name, system = self._name, self._reading.system
        yield f"situation {name}", lambda: self._reading.situation(self._entry, self._event)
        yield f"guard {name}", lambda: _formula(self._guard()[0])
        yield from self._leaves(f"after {name}", fields_of(system.state), self._get_step, 0)
        yield from self._leaves(f"outputs {name}", fields_of(system.outputs), self._get_step, 1)
        yield f"defined guard {name}", lambda: self._guard()[1]
        yield f"defined effect {name}", lambda: self._step[2]
        for observer in system.observers:
            ghost = self._ghost(observer)
            prefix = f"ghost {observer.name!r} {name}"
            yield from self._leaves(prefix, fields_of(observer.record), ghost, 0)
            yield f"defined {prefix}", partial(_second, ghost)

    def _get_step(self) -> tuple[Value, Value, Expression]:
        return self._step

    def _leaves(
        self, prefix: str, shape: Shape, call: Callable[[], tuple[Value, ...]], part: int
    ) -> Iterator[tuple[str, Formula]]:
        for number, (path, _) in enumerate(paths(shape, "")):
            yield f"{prefix} {path[1:]}", partial(_leaf, call, part, number)

    def _ghost(self, observer: Observer) -> Callable[[], Call]:
        found: list[Call] = []

        def ghost() -> Call:
            if not found:
                after, outputs, _ = self._step
                found.append(self._reading.ghost_after(observer, self._event, after, outputs))
            return found[0]

        return ghost


def _leaf(call: Callable[[], tuple[Value, ...]], part: int, number: int) -> Expression:
    return leaves_of(call()[part])[number]


def _second(call: Callable[[], Call]) -> Expression:
    return call()[1]


def _formula(value: Value) -> Expression:
    assert isinstance(value, Expression)
    return value


def _choice(shape: Shape) -> Choice:
    assert isinstance(shape, Choice)
    return shape


def _is_same_choice(new: Expression, old: Expression, count: int) -> bool:
    """Say whether a formula is the old member, or spells it out member by member."""
    if new is old:
        return True
    for number in range(count - 1):
        if new.head != "ite" or new.arguments[0] is not equals(old, integer(number)):
            return False
        if new.arguments[1] is not integer(number):
            return False
        new = new.arguments[2]
    return new is integer(count - 1)
