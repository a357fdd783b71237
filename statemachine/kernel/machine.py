"""The executable machine: the table of a ``System``, run by the library ``transitions``.

Every entry of the table becomes transitions of one ``transitions.Machine``: the guard its condition, the
effect its callback before the state change. Whatever goes wrong in a step, state and mode stay as they were.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

import transitions

from pumpproof.spec.kernel.binding import Vocabulary, bind_row, describe
from pumpproof.statemachine.kernel.payload import UncheckedType, record_check
from pumpproof.statemachine.kernel.system import InvalidSystem, System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row

_LOGGER = logging.getLogger("transitions")
if _LOGGER.level == logging.NOTSET:
    # The library logs several lines per step, which a search of many thousand steps cannot afford.
    _LOGGER.setLevel(logging.WARNING)


class StepError(RuntimeError):
    """A step that the table does not define; state and mode are unchanged."""


class MoreThanOneRow(StepError):
    """More than one row of a (mode, event) pair is enabled."""


class NoRow(StepError):
    """No row of a (mode, event) pair is enabled."""


class BadResult(StepError):
    """A function of a row returned something that a row may not return."""


class EventRefused(ValueError):
    """An event that the system does not know, or whose payload has a wrong type or lies outside its range."""


class InvalidLimits(ValueError):
    """Limits outside the conditions for which the system is proved; the message lists all that fail."""


class InvalidState(ValueError):
    """A value that is not a state of the system."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of the running machine.

    ``entry_id`` is the entry of the table that took the event. ``accepted`` says whether a command was
    accepted or refused (also by a declared refusal); it is None for other rows and for ignored events.
    """

    entry_id: str
    accepted: bool | None
    before: Any
    event: Any
    after: Any
    outputs: Any


class _Model:
    """What ``transitions`` moves: it holds the mode in the attribute ``state`` and nothing else."""

    state: Enum


class Machine:
    """A running ``system`` with one valuation of its ``limits``, in ``state`` or else in its initial state.

    Raises:
        InvalidLimits: wrong types, or a condition of the system does not hold.
        InvalidState: ``state`` is not a state of the system.
        InvalidSystem: an event or limits of a shape that cannot be checked, an event with a name of the library.
        BindingError: a function of a row that cannot be called as ``f(state, event, limits)``.
    """

    def __init__(self, system: System, limits: Any, state: Any = None) -> None:
        _check_limits(system, limits)
        self._system = system
        self._limits = limits
        self._state_type: Any = system.state
        self._payload_checks = _payload_checks(system)
        self._refusals = {reason: replace(system.outputs(), refusal=reason) for reason in system.reason}
        self._nothing = system.outputs()
        self._taken: Taken | None = None
        self._reason: Enum | None = None
        self._state = system.initial(limits) if state is None else state
        self._check_state(self._state)
        self._model = _Model()
        self._transitions = transitions.Machine(
            model=self._model,
            states=list(system.mode),
            initial=self._state.mode,
            auto_transitions=False,
            send_event=True,
        )
        vocabulary = Vocabulary(system.state, system.limits, system.outputs, system.events)
        for entry in system.table:
            _check_functions(entry, vocabulary)
        for event in system.events:
            if hasattr(self._model, event.__name__):
                raise InvalidSystem(
                    f"system {system.name}: no event can be called {event.__name__}, which is a name that the "
                    "library transitions uses; give the event another name"
                )
            for mode in system.mode:
                self._add(mode, event, system.entries(mode, event))
        self._triggers = {
            event: partial(self._transitions.events[event.__name__].trigger, self._model)
            for event in system.events
        }

    @property
    def system(self) -> System:
        """The system that runs."""
        return self._system

    @property
    def limits(self) -> Any:
        """The limits with which it runs."""
        return self._limits

    @property
    def state(self) -> Any:
        """The state now, an immutable record: keep it as a snapshot, and assign it to go back there.

        Raises:
            InvalidState: on assigning something that is not a state of the system.
        """
        return self._state

    @state.setter
    def state(self, state: Any) -> None:
        self._check_state(state)
        self._transitions.set_state(state.mode, self._model)
        self._state = state

    def step(self, event: Any) -> Taken:
        """Take one event.

        Raises:
            EventRefused: not an event of the system, or a payload outside its types and ranges.
            MoreThanOneRow, NoRow: the table does not say which row to take.
            BadResult: a guard, a refusal or an effect returned something that it may not return.
            Exception: whatever a function of the table raises.
            In all cases state and mode are as before.
        """
        check = self._payload_checks.get(type(event))
        if check is None:
            known = ", ".join(one.__name__ for one in self._system.events)
            raise EventRefused(
                f"{event!r} is not an event of system {self._system.name}; its events are {known}"
            )
        problem = check(event)
        if problem is not None:
            raise EventRefused(problem)
        try:
            taken = self._trigger(event)
            if taken is None:
                raise NoRow(self._no_row(event))
            if self._model.state is not taken.after.mode:
                raise StepError(
                    f"{taken.entry_id}: mode {taken.after.mode} was not entered, but {self._model.state}"
                )
        except BaseException:
            self._transitions.set_state(self._state.mode, self._model)
            raise
        self._state = taken.after
        return taken

    def _trigger(self, event: Any) -> Taken | None:
        self._taken = None
        self._triggers[type(event)](event)
        return self._taken

    def _check_state(self, state: Any) -> None:
        if type(state) is not self._state_type:
            raise InvalidState(f"{state!r} is not a state; expected {self._system.state.__name__}")
        if type(state.mode) is not self._system.mode:
            raise InvalidState(f"mode {state.mode!r} is not a member of {self._system.mode.__name__}")

    def _no_row(self, event: Any) -> str:
        rows = ", ".join(entry.id for entry in self._system.entries(self._state.mode, type(event)))
        return f"mode {self._state.mode.name}, event {event!r}: no row is enabled among {rows}"

    def _add(self, mode: Enum, event: type, entries: tuple[Entry, ...]) -> None:
        """Add the transitions of one (mode, event) pair."""
        add = partial(self._transitions.add_transition, event.__name__, mode)
        for number, entry in enumerate(entries):
            match entry:
                case Row():
                    later = tuple(other for other in entries[number + 1 :] if isinstance(other, Row))
                    add(_target(entry), conditions=self._enabled(entry), before=self._take_row(entry, later))
                case Command():
                    add(_target(entry), conditions=self._accepts(entry), before=self._take_accepted(entry))
                    add(None, before=self._take_refused(entry))
                case Refused():
                    add(None, before=self._take_unchanged(entry.id, False, self._refusals[entry.reason]))
                case Ignored():
                    add(None, before=self._take_unchanged(entry.id, None, self._nothing))

    def _enabled(self, row: Row) -> Callable[[transitions.EventData], bool]:
        return lambda data: self._guard(row, _event(data))

    def _guard(self, row: Row, event: Any) -> bool:
        enabled = row.guard(self._state, event, self._limits)
        if type(enabled) is not bool:
            raise BadResult(
                f"{row.id}: guard {describe(row.guard)} returned {enabled!r}; expected True or False"
            )
        return enabled

    def _take_row(self, row: Row, later: tuple[Row, ...]) -> Callable[[transitions.EventData], None]:
        def take(data: transitions.EventData) -> None:
            event = _event(data)
            # ``transitions`` stops at the first enabled row; the earlier ones are known to be disabled.
            also = [other.id for other in later if self._guard(other, event)]
            if also:
                raise MoreThanOneRow(
                    f"mode {self._state.mode.name}, event {event!r}: more than one row is enabled: "
                    f"{', '.join([row.id, *also])}"
                )
            self._effect(row, None, event)

        return take

    def _accepts(self, command: Command) -> Callable[[transitions.EventData], bool]:
        def accepts(data: transitions.EventData) -> bool:
            reason = command.refuse(self._state, _event(data), self._limits)
            if type(reason) is not self._system.reason:
                raise BadResult(
                    f"{command.id}: refusal {describe(command.refuse)} returned {reason!r}; "
                    f"expected a member of {self._system.reason.__name__}"
                )
            self._reason = reason
            return reason.name == "NONE"

        return accepts

    def _take_accepted(self, command: Command) -> Callable[[transitions.EventData], None]:
        return lambda data: self._effect(command, True, _event(data))

    def _take_refused(self, command: Command) -> Callable[[transitions.EventData], None]:
        def take(data: transitions.EventData) -> None:
            assert self._reason is not None  # the condition of the accepting transition came first
            outputs = self._refusals[self._reason]
            self._taken = Taken(command.id, False, self._state, _event(data), self._state, outputs)

        return take

    def _take_unchanged(
        self, entry_id: str, accepted: bool | None, outputs: Any
    ) -> Callable[[transitions.EventData], None]:
        def take(data: transitions.EventData) -> None:
            self._taken = Taken(entry_id, accepted, self._state, _event(data), self._state, outputs)

        return take

    def _effect(self, entry: Row | Command, accepted: bool | None, event: Any) -> None:
        before = self._state
        result = entry.effect(before, event, self._limits)
        after: Any = getattr(result, "state", None)
        outputs = getattr(result, "outputs", None)
        if type(after) is not self._state_type or type(outputs) is not self._system.outputs:
            raise BadResult(
                f"{entry.id}: effect {describe(entry.effect)} returned {result!r}; expected a record with "
                f"fields `state: {self._system.state.__name__}`, `outputs: {self._system.outputs.__name__}`"
            )
        if after.mode is not before.mode:
            raise BadResult(
                f"{entry.id}: effect {describe(entry.effect)} set the mode to {after.mode!r}; "
                "the mode is written by the row's target alone"
            )
        if entry.to is not SAME_MODE and entry.to is not before.mode:
            after = replace(after, mode=entry.to)
        self._taken = Taken(entry.id, accepted, before, event, after, outputs)


def _event(data: transitions.EventData) -> Any:
    (event,) = data.args
    return event


def _target(entry: Row | Command) -> Enum | None:
    return None if entry.to is SAME_MODE else entry.to


def _payload_checks(system: System) -> dict[type, Callable[[Any], str | None]]:
    try:
        return {event: record_check(event) for event in system.events}
    except UncheckedType as error:
        raise InvalidSystem(f"system {system.name}: event {error}") from error


def _check_limits(system: System, limits: Any) -> None:
    try:
        problem = record_check(system.limits)(limits)
    except UncheckedType as error:
        raise InvalidSystem(f"system {system.name}: limits {error}") from error
    if problem is not None:
        raise InvalidLimits(f"system {system.name}: {problem}")
    failed = [condition for condition in system.conditions if condition.holds(limits) is not True]
    if failed:
        raise InvalidLimits(
            "\n".join(f"system {system.name}: limits violate {one.id}: {one.says}" for one in failed)
        )


def _check_functions(entry: Entry, vocabulary: Vocabulary) -> None:
    match entry:
        case Row():
            bind_row(entry.guard, vocabulary, entry.event)
            bind_row(entry.effect, vocabulary, entry.event)
        case Command():
            bind_row(entry.refuse, vocabulary, entry.event)
            bind_row(entry.effect, vocabulary, entry.event)
        case Refused() | Ignored():
            pass
