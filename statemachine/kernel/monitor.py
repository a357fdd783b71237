"""The runtime monitor: every property of a system, judged on the steps of the running machine.

It calls the very functions that are proved. An observer that may open anywhere is run as one instance per
opening. Instances whose records are equal are kept once: functions of the subset are pure, so that equal
records have equal futures.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
from typing import Any

from pumpproof.spec.kernel.binding import (
    Binding,
    Slot,
    Vocabulary,
    bind_observer,
    bind_property,
    describe,
)
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.system import System

Opening = Callable[[Observer, int, Any], bool]
"""Whether to open this observer in this state, in which ``int`` steps have been taken."""

Call = Callable[[tuple[Any, ...]], Any]
"""A function with its parameters bound to positions of a situation; see ``_POSITIONS``."""

_POSITIONS = {
    Slot.STATE: 0,
    Slot.BEFORE: 0,
    Slot.AFTER: 1,
    Slot.EVENT: 2,
    Slot.OUTPUTS: 3,
    Slot.LIMITS: 4,
}
_FIRST_GHOST = 5


def _always(_observer: Observer, _step_number: int, _state: Any) -> bool:
    return True


def _never(_observer: Observer, _step_number: int, _state: Any) -> bool:
    return False


EVERY_STEP: Opening = _always
"""Open before every step: every opening is judged, at a cost that grows with the distinct records alive."""

NEVER: Opening = _never
"""Open by ``Monitor.open`` alone."""


class MonitorError(RuntimeError):
    """A monitor that was used out of order, or a function of the specification that returned a wrong type."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that does not hold.

    ``step_number`` counts steps from 1; 0 is the state in which the monitor was started. ``ghosts`` are the
    records that the property speaks of, by name of their observers: before the step for a step property.
    ``taken`` is the last step, None in the starting state. ``state`` is the state of which an invariant
    speaks, or the state after the step.
    """

    property_id: str
    says: str
    step_number: int
    ghosts: tuple[tuple[str, Any], ...]
    taken: Taken | None
    state: Any


@dataclass(frozen=True)
class Snapshot:
    """What a monitor knows of the run so far, except the witnesses reached; see ``Monitor.restore``."""

    state: Any
    step_number: int
    taken: Taken | None
    live: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class _Watched:
    """A property ready to be evaluated. ``ghosts`` are the positions of its observers."""

    property: Property
    claim: Call
    when: Call | None
    event: type | None
    ghosts: tuple[int, ...]
    witness: Call | None = None


@dataclass(frozen=True)
class _Counting:
    """An observer ready to be run; an event without a step function leaves the record as it is."""

    observer: Observer
    begin: Call
    steps: dict[type, Call | None]


class Monitor:
    """All properties of ``system``, watched with ``limits``.

    ``opening`` decides, before each step, which of the observers with ``arbitrary_start`` open. ``reached``
    holds the ids of the properties that had something to say: whose ``when`` was true of a state or a step of
    which they speak, together with their ``witness`` if they have one; no violation depends on a ``witness``.
    Whatever raises leaves the run as it was before the call.

    Raises:
        BindingError: a parameter of a property or an observer that cannot be bound by its type.
    """

    def __init__(self, system: System, limits: Any, opening: Opening = EVERY_STEP) -> None:
        self._limits = limits
        self._opening = opening
        self.reached: set[str] = set()
        records = tuple(observer.record for observer in system.observers)
        vocabulary = Vocabulary(system.state, system.limits, system.outputs, system.events, records)
        self._observers = tuple(_counting(one, system.events, vocabulary) for one in system.observers)
        watched = [_watched(known, vocabulary) for known in system.properties]
        self._invariants = tuple(one for one in watched if one.property.kind is Kind.INVARIANT)
        self._steps = {
            event: tuple(
                one for one in watched if one.property.kind is Kind.STEP and one.event in (None, event)
            )
            for event in system.events
        }
        self._live: list[tuple[Any, ...]] = []
        self._state: Any = None
        self._taken: Taken | None = None
        self._step_number = 0
        self._started = False

    def start(self, state: Any) -> tuple[Violation, ...]:
        """Begin a run in ``state``, taken as its initial state, and judge the invariants there.

        The observers that open once open here. What was reached in earlier runs stays reached.
        """
        with self._all_or_nothing():
            return self._start(state)

    def _start(self, state: Any) -> tuple[Violation, ...]:
        self._started = True
        self._state, self._taken, self._step_number = state, None, 0
        self._live = [() if one.observer.arbitrary_start else (self._begin(one),) for one in self._observers]
        return tuple(self._judge_state(self._instances))

    def open(self, name: str) -> tuple[Violation, ...]:
        """Open the observer ``name`` in the present state, and judge the invariants on the new record.

        Raises:
            MonitorError: the monitor was not started, or no observer with ``arbitrary_start`` has this name.
        """
        self._require_start()
        for number, one in enumerate(self._observers):
            if one.observer.name == name and one.observer.arbitrary_start:
                with self._all_or_nothing():
                    return self._open([number])
        names = ", ".join(one.observer.name for one in self._observers if one.observer.arbitrary_start)
        raise MonitorError(
            f"{name!r} is not an observer that may open anywhere; there are: {names or 'none'}"
        )

    def observe(self, taken: Taken) -> tuple[Violation, ...]:
        """Open observers before the step as the policy says, then judge the step and the state after it.

        Raises:
            MonitorError: the monitor was not started, or the step does not begin where the last one ended.
        """
        self._require_start()
        if taken.before is not self._state and taken.before != self._state:
            raise MonitorError(
                f"the step {taken.entry_id} begins in {taken.before!r}, but the run is in {self._state!r}; "
                "use `start` for a new run, or `restore` to go back"
            )
        with self._all_or_nothing():
            return self._observe(taken)

    def _observe(self, taken: Taken) -> tuple[Violation, ...]:
        violations = self._open(
            [
                number
                for number, one in enumerate(self._observers)
                if one.observer.arbitrary_start
                and self._opening(one.observer, self._step_number, self._state)
            ]
        )
        event = type(taken.event)
        self._step_number += 1
        self._taken = taken
        facts = (taken.before, taken.after, taken.event, taken.outputs, self._limits)
        for watched in self._steps[event]:
            violations += tuple(self._judge(watched, facts, self._instances(watched), taken.after))
        self._live = [
            self._advance(one, event, facts, records)
            for one, records in zip(self._observers, self._live, strict=True)
        ]
        self._state = taken.after
        return violations + tuple(self._judge_state(self._instances))

    def snapshot(self) -> Snapshot:
        """What the monitor knows of the run so far."""
        self._require_start()
        return Snapshot(self._state, self._step_number, self._taken, tuple(self._live))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of a monitor of the same system; witnesses reached since then stay."""
        self._started = True
        self._state, self._step_number, self._taken = snapshot.state, snapshot.step_number, snapshot.taken
        self._live = list(snapshot.live)

    def live(self, name: str) -> tuple[Any, ...]:
        """The records of the open instances of an observer, oldest first, equal records once.

        Raises:
            MonitorError: the monitor was not started, or no observer has this name.
        """
        self._require_start()
        for one, records in zip(self._observers, self._live, strict=True):
            if one.observer.name == name:
                return records
        raise MonitorError(f"no observer is called {name!r}")

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        before = Snapshot(self._state, self._step_number, self._taken, tuple(self._live))
        started = self._started
        try:
            yield
        except BaseException:
            self.restore(before)
            self._started = started
            raise

    def _require_start(self) -> None:
        if not self._started:
            raise MonitorError("the monitor was not started; call `start` with the initial state first")

    def _begin(self, one: _Counting) -> Any:
        record = one.begin((self._state, None, None, None, self._limits))
        return _checked_record(one.observer, one.observer.begin, record)

    def _open(self, numbers: list[int]) -> tuple[Violation, ...]:
        """Open observers by position; judge the invariants on every combination that holds a new record."""
        new: dict[int, Any] = {}
        for number in numbers:
            record = self._begin(self._observers[number])
            if record not in self._live[number]:
                self._live[number] += (record,)
                new[number] = record
        if not new:
            return ()

        def touched(watched: _Watched) -> Iterator[tuple[Any, ...]]:
            for ghosts in self._instances(watched):
                if any(
                    number in new and ghost is new[number]
                    for number, ghost in zip(watched.ghosts, ghosts, strict=True)
                ):
                    yield ghosts

        return tuple(self._judge_state(touched))

    def _advance(
        self, one: _Counting, event: type, facts: tuple[Any, ...], records: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        step = one.steps[event]
        if step is None or not records:
            return records
        function = one.observer.step_for(event)
        advanced = (_checked_record(one.observer, function, step((*facts, record))) for record in records)
        return tuple(dict.fromkeys(advanced))

    def _instances(self, watched: _Watched) -> Iterator[tuple[Any, ...]]:
        return product(*(self._live[number] for number in watched.ghosts))

    def _judge_state(self, instances: Callable[[_Watched], Iterator[tuple[Any, ...]]]) -> Iterator[Violation]:
        facts = (self._state, None, None, None, self._limits)
        for watched in self._invariants:
            yield from self._judge(watched, facts, instances(watched), self._state)

    def _judge(
        self, watched: _Watched, facts: tuple[Any, ...], instances: Iterator[tuple[Any, ...]], state: Any
    ) -> Iterator[Violation]:
        known = watched.property
        for ghosts in instances:
            situation = (*facts, *ghosts)
            try:
                if watched.when is not None and not _truth(known, known.when, watched.when(situation)):
                    continue
                if known.id not in self.reached and _is_witness(watched, situation):
                    self.reached.add(known.id)
                holds = _truth(known, known.claim, watched.claim(situation))
            except Exception as error:
                error.add_note(f"while {known.id} was judged, {self._step_number} steps into the run")
                raise
            if not holds:
                names = (self._observers[number].observer.name for number in watched.ghosts)
                yield Violation(
                    known.id,
                    known.says,
                    self._step_number,
                    tuple(zip(names, ghosts, strict=True)),
                    self._taken,
                    state,
                )


def _call(function: Callable[..., object], bindings: tuple[Binding, ...], ghosts: tuple[type, ...]) -> Call:
    positions = tuple(
        _FIRST_GHOST + ghosts.index(one.type) if one.slot is Slot.GHOST else _POSITIONS[one.slot]
        for one in bindings
    )
    if not positions:
        return lambda _situation: function()
    pick = itemgetter(*positions)
    if len(positions) == 1:
        return lambda situation: function(pick(situation))
    return lambda situation: function(*pick(situation))


def _watched(known: Property, vocabulary: Vocabulary) -> _Watched:
    bound = bind_property(known, vocabulary)
    when = None
    if known.when is not None and bound.when is not None:
        when = _call(known.when, bound.when, bound.ghosts)
    witness = None
    if known.witness is not None and bound.witness is not None:
        witness = _call(known.witness, bound.witness, bound.ghosts)
    return _Watched(
        known,
        _call(known.claim, bound.claim, bound.ghosts),
        when,
        bound.event,
        tuple(vocabulary.ghosts.index(ghost) for ghost in bound.ghosts),
        witness,
    )


def _is_witness(watched: _Watched, situation: tuple[Any, ...]) -> bool:
    known = watched.property
    return watched.witness is None or _truth(known, known.witness, watched.witness(situation))


def _counting(observer: Observer, events: tuple[type, ...], vocabulary: Vocabulary) -> _Counting:
    bound = bind_observer(observer, vocabulary)
    own = (observer.record,)
    otherwise = None
    if observer.otherwise is not None and bound.otherwise is not None:
        otherwise = _call(observer.otherwise, bound.otherwise, own)
    steps: dict[type, Call | None] = dict.fromkeys(events, otherwise)
    for (event, function), (_, bindings) in zip(observer.steps, bound.steps, strict=True):
        steps[event] = _call(function, bindings, own)
    return _Counting(observer, _call(observer.begin, bound.begin, ()), steps)


def _truth(known: Property, function: Callable[..., object] | None, value: object) -> bool:
    if value is True or value is False:
        return value
    where = "" if function is None else f"{describe(function)} "
    raise MonitorError(f"{known.id}: {where}returned {value!r}; expected True or False")


def _checked_record(observer: Observer, function: Callable[..., object] | None, record: Any) -> Any:
    if type(record) is observer.record:
        return record
    where = "" if function is None else f": {describe(function)}"
    raise MonitorError(
        f"observer {observer.name}{where} returned {record!r}; expected {observer.record.__name__}"
    )
