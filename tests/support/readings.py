"""Three readings of every function of a system: plain execution, the tree, and the terms that are proved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from pumpproof.spec.kernel.binding import Binding, Slot, Vocabulary, bind_observer, bind_property, bind_row
from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.monitor import NEVER, Monitor
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.language import tree
from pumpproof.verify.language.boundaries import Boundaries, boundary_values
from pumpproof.verify.language.evaluate import DefinednessError, evaluate, has_type
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import TRUE, Substitution, Term, integer, truth
from pumpproof.verify.logic.translate import Translation, translate
from pumpproof.verify.logic.values import (
    RecordValue,
    TupleValue,
    Value,
    enum_code,
    leaves,
    python_value,
    unknown,
)
from pumpproof.verify.search.run import Run

Situation = dict[tuple[Slot, type], Any]
"""What the parameters of a function may be bound to, at one step of a run."""


class Undefined(Enum):
    """The result of a partial operation outside its domain."""

    UNDEFINED = "undefined"


UNDEFINED = Undefined.UNDEFINED


@dataclass(frozen=True)
class Use:
    """A function of a system: what it is there for, and what its parameters stand for."""

    role: str
    function: Callable[..., Any]
    bindings: tuple[Binding, ...]

    @property
    def name(self) -> str:
        return f"{self.role} {self.function.__name__}"


def uses(system: System) -> tuple[Use, ...]:
    """Every function of a system, each once, by the first place where it is used."""
    found: dict[Callable[..., Any], Use] = {}
    for use in _all_uses(system):
        found.setdefault(use.function, use)
    return tuple(found.values())


def _all_uses(system: System) -> Iterator[Use]:
    records = tuple(observer.record for observer in system.observers)
    words = Vocabulary(system.state, system.limits, system.outputs, system.events, records)
    limits = (Binding("limits", Slot.LIMITS, system.limits),)
    yield Use("initial", system.initial, limits)
    for condition in system.conditions:
        yield Use(condition.id, condition.holds, limits)
    for entry in system.table:
        if isinstance(entry, Row | Command):
            for one in (entry.guard if isinstance(entry, Row) else entry.refuse, entry.effect):
                yield Use(entry.id, one, bind_row(one, words, entry.event))
    for known in system.properties:
        bound = bind_property(known, words)
        yield Use(known.id, known.claim, bound.claim)
        if known.when is not None and bound.when is not None:
            yield Use(known.id, known.when, bound.when)
    for observer in system.observers:
        parts = bind_observer(observer, words)
        yield Use(observer.name, observer.begin, parts.begin)
        for (_, function), (_, bindings) in zip(observer.steps, parts.steps, strict=True):
            yield Use(observer.name, function, bindings)
        if observer.otherwise is not None and parts.otherwise is not None:
            yield Use(observer.name, observer.otherwise, parts.otherwise)


def situations(system: System, run: Run) -> Iterator[Situation]:
    """What functions see at each step of a run; free observers open in the initial state."""
    machine = Machine(system, run.limits)
    monitor = Monitor(system, run.limits, NEVER)
    assert monitor.start(machine.state) == ()
    for observer in system.observers:
        if observer.arbitrary_start:
            assert monitor.open(observer.name) == ()
    for event in run.events():
        situation: Situation = {
            (Slot.GHOST, observer.record): monitor.live(observer.name)[0] for observer in system.observers
        }
        taken = machine.step(event)
        assert monitor.observe(taken) == ()
        situation |= {
            (Slot.STATE, system.state): taken.before,
            (Slot.BEFORE, system.state): taken.before,
            (Slot.AFTER, system.state): taken.after,
            (Slot.EVENT, type(event)): event,
            (Slot.OUTPUTS, system.outputs): taken.outputs,
            (Slot.LIMITS, system.limits): run.limits,
        }
        yield situation


class Readings:
    """The readings of one function, and arguments for it."""

    def __init__(self, use: Use, reader: Reader, read_as: tree.Function | None = None) -> None:
        self.use = use
        self.tree = read_as or reader.read(use.function)

    @cached_property
    def _symbolic(self) -> tuple[tuple[Value, ...], Translation]:
        arguments = tuple(unknown(parameter.type, parameter.name) for parameter in self.tree.parameters)
        return arguments, translate(self.tree, arguments)

    @cached_property
    def _boundaries(self) -> Boundaries:
        return boundary_values([self.tree])

    @cached_property
    def _integers(self) -> tuple[int, ...]:
        """Worth trying whatever the arguments are: the constants of the function, small and large numbers."""
        return tuple(sorted({*self._boundaries.constants, -1, 0, 1, 2, -(10**15), 10**15}))

    @cached_property
    def _fields(self) -> tuple[tuple[str, tuple[tuple[int, Type], ...]], ...]:
        """The fields of all arguments by name, each with the positions of its leaves among all leaves."""
        fields: list[tuple[str, tuple[tuple[int, Type], ...]]] = []
        position = 0
        for parameter in self.tree.parameters:
            kind = parameter.type
            assert isinstance(kind, RecordType)
            for name, part in kind.fields:
                kinds = list(_leaf_types(part))
                fields.append((f"{kind}.{name}", tuple((position + i, of) for i, of in enumerate(kinds))))
                position += len(kinds)
        return tuple(fields)

    @cached_property
    def _compared(self) -> tuple[tuple[int, int], ...]:
        """Positions of two leaves that the function compares, as (to be changed, to be met)."""
        places: dict[str, list[int]] = {}
        for name, field in self._fields:
            places.setdefault(name, []).append(field[0][0])
        return tuple(
            (left, right)
            for pair in self._boundaries.compared
            for one, other in (pair, pair[::-1])
            for left in places.get(one, ())
            for right in places.get(other, ())
        )

    @property
    def ways(self) -> int:
        """How many ways there are to change arguments: one for each field, one for each comparison of two."""
        return len(self._fields) + len(self._compared)

    def has_arguments(self, situation: Situation) -> bool:
        """A situation has something for every parameter of this function."""
        return all((binding.slot, binding.type) in situation for binding in self.use.bindings)

    def arguments(self, situation: Situation) -> list[Any]:
        """The leaves of the arguments in a situation that has them."""
        return [
            leaf
            for binding, parameter in zip(self.use.bindings, self.tree.parameters, strict=True)
            for leaf in _flat(parameter.type, situation[binding.slot, binding.type])
        ]

    def changed(self, values: Sequence[Any], changes: Sequence[tuple[int, int, int]]) -> list[Any]:
        """Other leaves, after changes that each give a way, the index in a field, and a choice among values.

        The leaf becomes one of the values worth trying; or meets, or misses by one, what it is compared with.
        """
        result = list(values)
        numbers = [value for value in values if type(value) is int]
        for way, index, choice in changes:
            if way < len(self._fields):
                _, field = self._fields[way]
                position, of = field[index % len(field)]
                tried = self._worth_trying(of, numbers)
                result[position] = tried[choice % len(tried)]
            else:
                position, other = self._compared[way - len(self._fields)]
                result[position] = result[other] + choice % 3 - 1
        return result

    def _worth_trying(self, of: Type, numbers: list[int]) -> Sequence[Any]:
        match of:
            case BoolType():
                return (False, True)
            case EnumType():
                return of.members()
            case _:
                return (*self._integers, *(value + offset for value in set(numbers) for offset in (-1, 0, 1)))

    def compare(self, values: Sequence[Any]) -> Any:
        """The value on which all readings agree, or ``UNDEFINED``.

        Raises:
            AssertionError: they do not agree.
        """
        pending = iter(values)
        arguments = [_built(parameter.type, pending) for parameter in self.tree.parameters]
        read, why = self._evaluated(arguments)
        plain = self._executed(arguments)
        if read is UNDEFINED and plain is not UNDEFINED:
            # Python counts a negative index from the end; the subset refuses it.
            assert "index -" in why, f"plain execution gives {plain!r}, but the tree: {why}"
        else:
            assert has_type(plain, self.tree.result) or plain is UNDEFINED
            assert plain == read, f"plain execution gives {plain!r}, the tree {read!r}"
        in_terms = self._computed(values)
        assert in_terms == read, f"the tree gives {read!r}, the terms {in_terms!r}"
        return read

    def _executed(self, arguments: Sequence[Any]) -> Any:
        try:
            return self.use.function(*arguments)
        except IndexError:
            return UNDEFINED

    def _evaluated(self, arguments: Sequence[Any]) -> tuple[Any, str]:
        names = [parameter.name for parameter in self.tree.parameters]
        try:
            return evaluate(self.tree, dict(zip(names, arguments, strict=True))), ""
        except DefinednessError as error:
            return UNDEFINED, str(error)

    def _computed(self, values: Sequence[Any]) -> Any:
        arguments, translation = self._symbolic
        names = [leaf for argument in arguments for leaf in leaves(argument)]
        put = Substitution({name: _constant(value) for name, value in zip(names, values, strict=True)})
        if any(put(demand.holds) is not TRUE for demand in translation.demands):
            return UNDEFINED
        return python_value(self.tree.result, _mapped(translation.value, put))


def _mapped(value: Value, put: Callable[[Term], Term]) -> Value:
    match value:
        case Term():
            return put(value)
        case RecordValue():
            return RecordValue(value.type, {name: _mapped(item, put) for name, item in value.fields.items()})
        case TupleValue():
            return TupleValue(tuple(_mapped(item, put) for item in value.items))


def _constant(value: Any) -> Term:
    if isinstance(value, Enum):
        return integer(enum_code(value))
    return truth(value) if type(value) is bool else integer(value)


def _leaf_types(of: Type) -> Iterator[Type]:
    match of:
        case RecordType():
            for _, part in of.fields:
                yield from _leaf_types(part)
        case TupleType():
            for _ in range(of.length):
                yield from _leaf_types(of.item)
        case IntType() | BoolType() | EnumType():
            yield of


def _flat(of: Type, value: Any) -> list[Any]:
    match of:
        case RecordType():
            return [leaf for name, part in of.fields for leaf in _flat(part, getattr(value, name))]
        case TupleType():
            return [leaf for item in value for leaf in _flat(of.item, item)]
        case IntType() | BoolType() | EnumType():
            return [value]


def _built(of: Type, pending: Iterator[Any]) -> Any:
    match of:
        case RecordType():
            return of.record(**{name: _built(part, pending) for name, part in of.fields})
        case TupleType():
            return tuple(_built(of.item, pending) for _ in range(of.length))
        case IntType() | BoolType() | EnumType():
            return next(pending)
