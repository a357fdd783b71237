"""Run a trace on a faulty pump, with every property of the system watching, and say which of them reject it.

The fault is put into the very function that runs, or into the result of the last step. What is rejected here was run
by the machine, so no proof of that property can succeed on a pump that behaves like this.
"""

import ast
import sys
import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from enum import Enum
from typing import Any

from pumpproof.spec.kernel.traces import Patch, Trace, Value
from pumpproof.statemachine.kernel.machine import EventRefused, InvalidLimits, Machine, StepError
from pumpproof.statemachine.kernel.monitor import EVERY_STEP, Monitor
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.mutation.apply import Stillborn, changed
from pumpproof.verify.mutation.mutants import CodeChange
from pumpproof.verify.mutation.text import Edit, Text


class TraceError(ValueError):
    """A trace that cannot be run; the message names its file and line."""


def rejected_by(system: System, trace: Trace, limits: Mapping[str, int]) -> tuple[str, ...]:
    """The ids of the properties that reject the trace, in the order of the system; empty if none does.

    ``limits`` are those of traces by name; the trace may change some of them.

    Raises:
        TraceError: an event, a limit, a field or a patch is not one of this system, or the pump cannot be run so.
    """
    try:
        valuation = system.limits(**{**limits, **trace.limits})
        events = [_event(system, text) for text in trace.events]
        with _faulty(system, trace) as faulty:
            found = _run(faulty, valuation, events, trace.instead)
    except (StepError, EventRefused, InvalidLimits, Stillborn, TypeError, _Unreadable) as error:
        raise TraceError(f"{trace.place}: {error}") from error
    return tuple(known.id for known in system.properties if known.id in found)


class _Unreadable(ValueError):
    """A text of a trace that says nothing about the system."""


def _run(system: System, limits: Any, events: list[Any], instead: Mapping[str, Value]) -> set[str]:
    machine = Machine(system, limits)
    monitor = Monitor(system, limits, EVERY_STEP)
    found = {violation.property_id for violation in monitor.start(machine.state)}
    for number, event in enumerate(events, start=1):
        taken = machine.step(event)
        if number == len(events):
            taken = replace(
                taken,
                after=_changed(taken.after, instead, "after."),
                outputs=_changed(taken.outputs, instead, "outputs."),
            )
        elif instead and found:
            raise _Unreadable(
                f"the sound pump is rejected before the last step, by {', '.join(sorted(found))}"
            )
        found |= {violation.property_id for violation in monitor.observe(taken)}
    return found


def _changed(record: Any, instead: Mapping[str, Value], prefix: str) -> Any:
    hints = typing.get_type_hints(type(record))
    known = [f"{prefix}{item.name}" for item in fields(record)]
    changes = {}
    for name, value in instead.items():
        if not name.startswith(("after.", "outputs.")):
            raise _Unreadable(f"instead: {name} is neither after.<field> nor outputs.<field>")
        if name.startswith(prefix):
            if name not in known:
                raise _Unreadable(f"instead: {name} is no field; there are {', '.join(known)}")
            changes[name.removeprefix(prefix)] = _value(hints[name.removeprefix(prefix)], value)
    return replace(record, **changes)


def _event(system: System, text: str) -> Any:
    name, *given = text.split()
    for event in system.events:
        if event.__name__ == name:
            hints = typing.get_type_hints(event)
            payload = {key: value for key, _, value in (one.partition("=") for one in given)}
            if set(payload) != set(hints):
                expected = " ".join(f"{key}=..." for key in hints) or "nothing"
                raise _Unreadable(f"{text!r}: {name} carries {expected}")
            return event(**{key: _value(hints[key], _read(value)) for key, value in payload.items()})
    raise _Unreadable(f"{text!r}: neither a word nor an event of {system.name}")


def _read(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.lstrip("-").isdigit() else text


def _value(hint: Any, value: Value) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, str):
        if value not in hint.__members__:
            raise _Unreadable(f"{value!r} is none of {', '.join(hint.__members__)}")
        return hint[value]
    if type(value) is not hint:
        raise _Unreadable(f"{value!r} stands where {getattr(hint, '__name__', hint)} is expected")
    return value


@contextmanager
def _faulty(system: System, trace: Trace) -> Iterator[System]:
    if trace.patch is None:
        yield system
        return
    with changed(system, _change(system, trace.patch)) as (faulty, _):
        yield faulty


def _change(system: System, patch: Patch) -> CodeChange:
    text = _file(system, patch.file)
    old = patch.old.encode()
    if text.bytes.count(old) != 1:
        raise _Unreadable(
            f"{patch.old!r} stands {text.bytes.count(old)} times in {patch.file}; expected once"
        )
    start = text.bytes.index(old)
    edit = Edit(start, start + len(old), patch.new)
    for node in text.tree.body:
        if (
            isinstance(node, ast.FunctionDef)
            and text.start(node) <= edit.start
            and edit.end <= text.end(node)
        ):
            return CodeChange(text.module, str(text.path), node.name, text.edited(edit))
    raise _Unreadable(f"{patch.old!r} does not stand within one function of {patch.file}")


def _file(system: System, name: str) -> Text:
    """The module of rows with this file name: one of a function that a row runs, or of its like in that package."""
    functions = [
        function
        for entry in system.table
        if isinstance(entry, Row | Command)
        for function in (entry.guard if isinstance(entry, Row) else entry.refuse, entry.effect)
    ]
    packages = {function.__module__.rpartition(".")[0] for function in functions}
    for package in sorted(packages):
        module = f"{package}.{name.removesuffix('.py')}"
        if module in sys.modules:
            return Text(module)
    raise _Unreadable(f"no file of rows is called {name}")
