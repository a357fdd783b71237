"""A Hypothesis state machine made from the table of any system.

It has one rule for each type of event, drives the real machine, and lets a monitor judge every property at every
step. Payloads come from the declared types and ranges, with a preference for values at which a guard may change its
mind: constants of the guards, the limits in force, values of the present state, and the neighbours of all these.
"""

import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, ClassVar, get_args, get_origin

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.monitor import NEVER, Monitor, Violation
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.language.boundaries import Boundaries, boundary_values
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.search.guided import Goals, explore_system
from pumpproof.verify.search.replay import ArrowKey, arrow_key, arrow_names
from pumpproof.verify.search.run import Run

LONGEST_REPEAT = 70
"""How often a repeated event is sent at most: with a second per event, over the end of a minute."""


class Payloads:
    """Strategies for the events of a system under these limits."""

    def __init__(self, system: System, limits: Any) -> None:
        self._system = system
        self._limits = limits
        reader = Reader()
        self._boundaries = {
            event: boundary_values(reader.read(function) for function in _deciding(system, event))
            for event in system.events
        }

    def event(self, event: type, state: Any) -> st.SearchStrategy[Any]:
        """An event of this type, with values that may matter in ``state``."""
        boundaries = self._boundaries[event]
        anywhere = [*boundaries.constants, *_integers(self._limits), *_integers(state)]
        return self._record(event, lambda name: self._compared_with(name, boundaries, state), anywhere)

    def _compared_with(self, name: str, boundaries: Boundaries, state: Any) -> list[int]:
        """Values with which the code compares the field ``Event.field``."""
        values: list[int] = []
        for pair in boundaries.compared:
            if name in pair:
                other, _, item = pair[1 - pair.index(name)].partition(".")
                for record in (self._limits, state):
                    if type(record).__name__ == other:
                        values += _flat(getattr(record, item))
        return values

    def _record(
        self, record: type, compared: Callable[[str], list[int]], anywhere: Iterable[int]
    ) -> st.SearchStrategy[Any]:
        hints = typing.get_type_hints(record, include_extras=True)
        values = {
            item.name: self._value(hints[item.name], f"{record.__name__}.{item.name}", compared, anywhere)
            for item in fields(record)
        }
        return st.builds(record, **values)

    def _value(
        self, hint: Any, name: str, compared: Callable[[str], list[int]], anywhere: Iterable[int]
    ) -> st.SearchStrategy[Any]:
        extras: tuple[Any, ...] = ()
        if get_origin(hint) is Annotated:
            hint, *rest = get_args(hint)
            extras = tuple(rest)
        if hint is bool:
            return st.booleans()
        if hint is int:
            allowed = next((extra for extra in extras if isinstance(extra, Range)), Range())
            return _integer(compared(name), anywhere, allowed)
        if get_origin(hint) is tuple:
            items = get_args(hint)
            if items[-1] is Ellipsis:
                length = next(extra.items for extra in extras if isinstance(extra, Length))
                items = (items[0],) * length
            return st.tuples(*(self._value(item, name, compared, anywhere) for item in items))
        if isinstance(hint, type) and issubclass(hint, Enum):
            return st.sampled_from(hint)
        assert isinstance(hint, type) and is_dataclass(hint), f"{name}: no strategy for {hint!r}"
        return self._record(hint, compared, anywhere)


def _deciding(system: System, event: type) -> Iterator[Callable[..., object]]:
    """The functions of the rows that take an event."""
    for entry in system.table:
        if isinstance(entry, Row | Command) and entry.event is event:
            yield entry.guard if isinstance(entry, Row) else entry.refuse
            yield entry.effect


def _integers(record: Any) -> Iterator[int]:
    """The integer fields of a record; what lies in a tuple is left to the fields that are compared with it."""
    return (value for item in fields(record) if type(value := getattr(record, item.name)) is int)


def _flat(value: Any) -> list[int]:
    if type(value) is tuple:
        return [*dict.fromkeys(value), sum(value)]
    return [value] if type(value) is int else []


def _integer(compared: Iterable[int], anywhere: Iterable[int], allowed: Range) -> st.SearchStrategy[int]:
    def near(values: Iterable[int]) -> list[int]:
        found = {value + offset for value in values for offset in (-1, 0, 1)}
        return sorted(
            (value for value in found if allowed.holds(value)), key=lambda value: (abs(value), value)
        )

    choices = [st.sampled_from(values) for values in (near(compared), near(anywhere)) if values]
    return st.one_of(*choices, st.integers(allowed.low, allowed.high))


class TableMachine(RuleBasedStateMachine):
    """What all generated state machines share. A subclass is for one system and one valuation of its limits."""

    system: ClassVar[System]
    payloads: ClassVar[Payloads]
    starts: ClassVar[tuple[Run, ...]]
    """Runs from the initial state with which examples begin."""
    machine: ClassVar[Machine]
    monitor: ClassVar[Monitor]
    names: ClassVar[dict[ArrowKey, str]]
    taken: ClassVar[set[str]]
    """Names of the arrows that rules took; the events of a start do not count."""

    def __init__(self) -> None:
        super().__init__()
        machine = self.machine
        machine.state = self.system.initial(machine.limits)
        self.events: list[Any] = []
        self.last = ""
        self.violations: tuple[Violation, ...] = self.monitor.start(machine.state)
        for name in _free_observers(self.system):
            self.violations += self.monitor.open(name)

    def take(self, event: Any) -> str:
        """Send an event to the running machine and judge the step; gives the name of the arrow taken."""
        self.events.append(event)
        try:
            step = self.machine.step(event)
            self.violations += self.monitor.observe(step)
        except Exception as error:
            error.add_note(f"raised by the last event of this run:\n{self.run_in_words()}")
            raise
        self.last = self.names[arrow_key(step)]
        return self.last

    def run_in_words(self) -> str:
        """The whole run from the initial state, repeated events written once."""
        run = Run.of(self.machine.limits, self.events)
        lines = [f"  {event!r}" + (f" x {count}" if count > 1 else "") for event, count in run.parts]
        return "\n".join([f"  {run.limits!r}", *lines])

    @invariant()
    def every_property_holds(self) -> None:
        """Fails with the sentence of each broken property, and the run."""
        if self.violations:
            claims = [f"{one.property_id} does not hold: {one.says}" for one in self.violations]
            count = len(self.events)
            where = (
                f"after {count} step{'s' * (count != 1)}, the last by {self.last}" if count else "initially"
            )
            ghosts = {f"  {name}: {record!r}" for one in self.violations for name, record in one.ghosts}
            state = f"  {self.violations[0].state!r}"
            raise AssertionError(
                "\n".join([*claims, where, self.run_in_words(), "which leads to", state, *sorted(ghosts)])
            )


def state_machine_of(
    system: System,
    limits: Any,
    *,
    starts: Iterable[Run] = (),
    repeated: tuple[str, ...] = ("Tick",),
    longest_repeat: int = LONGEST_REPEAT,
) -> type[TableMachine]:
    """Make the state machine of a system.

    Each example begins in the initial state, or at the end of one of the ``starts``, runs from the initial state.
    Events whose type is named in ``repeated`` are also sent many times in a row.
    """
    body: dict[str, Any] = {
        "begin": _begin(),
        "system": system,
        "payloads": Payloads(system, limits),
        "starts": tuple(dict.fromkeys((Run(limits, ()), *starts))),
        "machine": Machine(system, limits),
        "monitor": Monitor(system, limits, NEVER),
        "names": arrow_names(system),
        "taken": set(),
    }
    for event in system.events:
        body[event.__name__] = _send(event)
        if event.__name__ in repeated:
            body[f"repeat_{event.__name__}"] = _repeat(event, limits, longest_repeat)
    if free := _free_observers(system):
        body["open_observer"] = _open(free)
    name = "".join(word.capitalize() for word in system.name.split())
    return type(name, (TableMachine,), body)


def _begin() -> Any:
    def begin(self: TableMachine, data: st.DataObject) -> None:
        for event in self.starts[data.draw(st.integers(0, len(self.starts) - 1))].events():
            self.take(event)
            if self.violations:
                break

    return initialize(data=st.data())(begin)


def _send(event: type) -> Any:
    if not fields(event):

        def send_bare(self: TableMachine) -> None:
            self.taken.add(self.take(event()))

        return rule()(_named(send_bare, event.__name__))

    def send(self: TableMachine, data: st.DataObject) -> None:
        drawn = data.draw(self.payloads.event(event, self.machine.state))
        self.taken.add(self.take(drawn))

    return rule(data=st.data())(_named(send, event.__name__))


def _repeat(event: type, limits: Any, longest: int) -> Any:
    near = {value + offset for value in _integers(limits) for offset in (-1, 0, 1)}
    counts = [st.sampled_from(known)] if (known := sorted(n for n in near if 2 <= n <= longest)) else []

    def repeat(self: TableMachine, count: int, data: st.DataObject) -> None:
        drawn = data.draw(self.payloads.event(event, self.machine.state))
        for _ in range(count):
            self.taken.add(self.take(drawn))
            if self.violations:
                break

    return rule(count=st.one_of(*counts, st.integers(1, 8), st.integers(1, longest)), data=st.data())(
        _named(repeat, f"repeat_{event.__name__}")
    )


def _open(names: tuple[str, ...]) -> Any:
    def open_observer(self: TableMachine, name: str) -> None:
        self.violations += self.monitor.open(name)

    return rule(name=st.sampled_from(names))(open_observer)


def _named(function: Any, name: str) -> Any:
    function.__name__ = function.__qualname__ = name
    return function


def _free_observers(system: System) -> tuple[str, ...]:
    return tuple(observer.name for observer in system.observers if observer.arbitrary_start)


def starts_before_arrows(system: System, limits: Any) -> dict[str, Run]:
    """For each arrow that a search found, a run that ends one event before the arrow is taken."""
    found = explore_system(system, limits, Goals(tuple(arrow_names(system).values()))).reached
    return {name: _without_last_event(run) for name, run in found.items()}


def _without_last_event(run: Run) -> Run:
    *parts, (event, count) = run.parts
    return Run(run.limits, (*parts, (event, count - 1)) if count > 1 else tuple(parts))


@dataclass(frozen=True)
class Campaign:
    """What a campaign did; ``missing`` are the arrows that no rule took."""

    examples: int
    missing: tuple[str, ...]


def run_examples(
    machine: type[TableMachine], *, seed: int = 0, examples: int = 100, steps: int = 12, shrink: bool = True
) -> None:
    """Run ``examples`` examples of at most ``steps`` rules.

    Raises whatever the first failing example raises, after Hypothesis has made it as small as it can (``shrink``).
    """
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
    )
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=how)


def campaign(
    system: System, limits: Any, *, seed: int = 0, examples: int = 30, steps: int = 8, rounds: int = 200
) -> Campaign:
    """Run examples until a rule took every arrow, at most ``rounds`` times ``examples`` of them.

    After the first round examples begin one event before the arrows that are still missing: a search found that
    they can be reached from there, and which event and payload reach them is for the rules to find. Raises as
    ``run_examples``.
    """
    starts = starts_before_arrows(system, limits)
    machine = state_machine_of(system, limits, starts=starts.values())
    missing = tuple(arrow_names(system).values())
    done = 0
    while missing and done < rounds:
        run_examples(machine, seed=seed + done, examples=examples, steps=steps)
        done += 1
        missing = tuple(name for name in missing if name not in machine.taken)
        machine.starts = tuple(starts[name] for name in missing if name in starts) or machine.starts
    return Campaign(done * examples, missing)
