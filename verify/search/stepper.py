"""A quick interpreter of the table and of the specification, for searching alone.

It follows the same rules as the running machine, without its checks and without its library. Nothing that it finds
counts before the running machine has replayed it.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from operator import itemgetter
from typing import Any

from pumpproof.spec.kernel.binding import Binding, Slot, Vocabulary, bind_observer, bind_property
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.machine import MoreThanOneRow, NoRow, StepError, Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row

CAN_RAISE = (ArithmeticError, AttributeError, LookupError, StepError, TypeError, ValueError)
"""What a step may raise: partial operations of Python, and a table that does not say which row to take."""


class Stepper:
    """The table of a system with one valuation of its limits."""

    def __init__(self, system: System, limits: Any) -> None:
        self.system = system
        self.limits = limits
        self._nothing = system.outputs()
        self._entries = {
            (mode, event): system.entries(mode, event) for mode in system.mode for event in system.events
        }
        self._refusals = {reason: replace(system.outputs(), refusal=reason) for reason in system.reason}

    def step(self, state: Any, event: Any) -> Taken:
        """Take one event.

        Raises:
            MoreThanOneRow, NoRow: the table does not say which row to take.
            Exception: whatever a function of the table raises.
        """
        entries = self._entries[state.mode, type(event)]
        entry = entries[0]
        if isinstance(entry, Row):
            enabled = [
                one for one in entries if isinstance(one, Row) and one.guard(state, event, self.limits)
            ]
            if len(enabled) != 1:
                ids = ", ".join(one.id for one in enabled or entries)
                problem = f"mode {state.mode.name}, event {event!r}: {len(enabled)} rows are enabled of {ids}"
                raise MoreThanOneRow(problem) if enabled else NoRow(problem)
            return self._effect(enabled[0], None, state, event)
        return self._other(entry, state, event)

    def _other(self, entry: Entry, state: Any, event: Any) -> Taken:
        match entry:
            case Command():
                reason = entry.refuse(state, event, self.limits)
                if reason.name == "NONE":
                    return self._effect(entry, True, state, event)
                return Taken(entry.id, False, state, event, state, self._refusals[reason])
            case Refused():
                return Taken(entry.id, False, state, event, state, self._refusals[entry.reason])
            case Ignored():
                return Taken(entry.id, None, state, event, state, self._nothing)
            case Row():
                raise AssertionError("rows are taken by `step`")

    def _effect(self, entry: Row | Command, accepted: bool | None, state: Any, event: Any) -> Taken:
        result = entry.effect(state, event, self.limits)
        after = result.state
        if entry.to is not SAME_MODE and entry.to is not state.mode:
            after = replace(after, mode=entry.to)
        return Taken(entry.id, accepted, state, event, after, result.outputs)


Call = Callable[[tuple[Any, ...]], Any]

_POSITIONS = {Slot.STATE: 1, Slot.BEFORE: 0, Slot.AFTER: 1, Slot.EVENT: 2, Slot.OUTPUTS: 3, Slot.LIMITS: 4}
_FIRST_GHOST = 5


@dataclass(frozen=True, eq=False)
class Watched:
    """A property that can be asked of a step. ``ghosts`` are the positions of its observers in the system."""

    property: Property
    claim: Call
    when: Call | None
    event: type | None
    ghosts: tuple[int, ...]
    witness: Call | None = None

    def of_step(self) -> bool:
        """Say whether it speaks of steps; otherwise it speaks of states."""
        return self.property.kind is Kind.STEP


Ghosts = tuple[Any, ...]
"""One record for each observer of the system, in its order; None where no instance is open or none is needed."""


class Specification:
    """Properties and observers of a system with one valuation of its limits, one instance of each observer."""

    def __init__(self, system: System, limits: Any) -> None:
        self.system = system
        self.limits = limits
        self._vocabulary = Vocabulary(
            system.state,
            system.limits,
            system.outputs,
            system.events,
            tuple(one.record for one in system.observers),
        )
        self.watched = {known.id: self._watched(known) for known in system.properties}
        self._begin = tuple(self._beginning(observer) for observer in system.observers)
        self._steps = tuple(self._stepping(observer) for observer in system.observers)

    def _watched(self, known: Property) -> Watched:
        bound = bind_property(known, self._vocabulary)
        when = None
        if known.when is not None and bound.when is not None:
            when = self._call(known.when, bound.when)
        witness = None
        if known.witness is not None and bound.witness is not None:
            witness = self._call(known.witness, bound.witness)
        ghosts = tuple(self._vocabulary.ghosts.index(ghost) for ghost in bound.ghosts)
        return Watched(known, self._call(known.claim, bound.claim), when, bound.event, ghosts, witness)

    def _call(self, function: Callable[..., Any], bindings: tuple[Binding, ...]) -> Call:
        positions = [
            _FIRST_GHOST + self._vocabulary.ghosts.index(one.type)
            if one.slot is Slot.GHOST
            else _POSITIONS[one.slot]
            for one in bindings
        ]
        if len(positions) == 1:
            only = positions[0]
            return lambda facts: function(facts[only])
        if not positions:
            return lambda _facts: function()
        pick = itemgetter(*positions)
        return lambda facts: function(*pick(facts))

    def _beginning(self, observer: Observer) -> Call:
        return self._call(observer.begin, bind_observer(observer, self._vocabulary).begin)

    def _stepping(self, observer: Observer) -> dict[type, Call | None]:
        bound = bind_observer(observer, self._vocabulary)
        otherwise = None
        if observer.otherwise is not None and bound.otherwise is not None:
            otherwise = self._call(observer.otherwise, bound.otherwise)
        steps: dict[type, Call | None] = dict.fromkeys(self.system.events, otherwise)
        for (event, function), (_, bindings) in zip(observer.steps, bound.steps, strict=True):
            steps[event] = self._call(function, bindings)
        return steps

    def open(self, number: int, state: Any) -> Any:
        """The record of an observer that opens in ``state``."""
        return self._begin[number]((None, state, None, None, self.limits))

    def opened(self, state: Any, needed: Collection[int]) -> Ghosts:
        """The records of the needed observers, all opened in ``state``."""
        count = len(self.system.observers)
        return tuple(self.open(number, state) if number in needed else None for number in range(count))

    def needed(self, watched: Iterable[Watched]) -> tuple[int, ...]:
        """The observers that these properties speak of."""
        return tuple(sorted({number for one in watched for number in one.ghosts}))

    def facts(self, taken: Taken, ghosts: Ghosts) -> tuple[Any, ...]:
        """What a function of a step is called with; the records are those before the step."""
        return (taken.before, taken.after, taken.event, taken.outputs, self.limits, *ghosts)

    def facts_of_state(self, state: Any, ghosts: Ghosts) -> tuple[Any, ...]:
        """What a function of a state is called with."""
        return (None, state, None, None, self.limits, *ghosts)

    def advance(self, facts: tuple[Any, ...], event: type, ghosts: Ghosts, needed: Collection[int]) -> Ghosts:
        """The records after a step, of the needed observers; those of the others are dropped."""
        after: list[Any] = [None] * len(ghosts)
        for number in needed:
            step = self._steps[number][event]
            after[number] = ghosts[number] if step is None or ghosts[number] is None else step(facts)
        return tuple(after)


def shown(watched: Watched, facts: tuple[Any, ...]) -> bool:
    """Say whether a step or state is a witness of a property: it has something to say there, and it is of interest."""
    return _speaks(watched, facts) and (watched.witness is None or bool(watched.witness(facts)))


def broken(watched: Watched, facts: tuple[Any, ...]) -> bool:
    """Say whether a property does not hold of a step or state."""
    return _speaks(watched, facts) and not watched.claim(facts)


def _speaks(watched: Watched, facts: tuple[Any, ...]) -> bool:
    return watched.when is None or bool(watched.when(facts))


def mode_of(state: Any) -> Enum:
    """The mode of a state."""
    mode: Enum = state.mode
    return mode
