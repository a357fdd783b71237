"""Run a trace on a faulty pump, with every property of the system watching, and say which of them reject it.

The fault is put into the very function that runs, or into the result of the last step. What is rejected here was run
by the machine, so no proof of that property can succeed on a pump that behaves like this.
"""

import ast
import re
import sys
import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Final

from pumpproof.spec.kernel.traces import Patch, Trace, Value
from pumpproof.statemachine.kernel.machine import EventRefused, InvalidLimits, Machine, StepError
from pumpproof.statemachine.kernel.monitor import EVERY_STEP, Monitor
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.mutation.apply import Stillborn, changed
from pumpproof.verify.mutation.mutants import CodeChange
from pumpproof.verify.mutation.text import Edit, Text

_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]+")


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
        if instead and number == len(events):
            if found:
                raise _Unreadable(
                    f"the sound pump is rejected before the last step, by {', '.join(sorted(found))}"
                )
            taken = replace(
                taken,
                after=_changed(taken.after, "after", instead),
                outputs=_changed(taken.outputs, "outputs", instead),
            )
        found |= {violation.property_id for violation in monitor.observe(taken)}
    return found


def _changed(record: Any, root: str, instead: Mapping[str, Value]) -> Any:
    """The record that paths call ``root``, with the values that stand in place of its own."""
    for path, value in instead.items():
        first, *names = path.split(".")
        if first not in ("after", "outputs") or not names:
            raise _Unreadable(f"instead: {path} is neither after.<field> nor outputs.<field>")
        if first == root:
            record = _with(record, root, names, value)
    return record


def _with(record: Any, place: str, names: list[str], value: Value) -> Any:
    """The record at ``place`` with this value in the field that the names lead to, through records within it."""
    name, *further = names
    here, known = f"{place}.{name}", _fields_of(record, place)
    if here not in known:
        raise _Unreadable(f"instead: {here} is no field; there are {', '.join(known)}")
    field = getattr(record, name)
    if further and not is_dataclass(field):
        raise _Unreadable(f"instead: {here} has no fields; expected a value for itself")
    if further:
        return replace(record, **{name: _with(field, here, further, value)})
    if is_dataclass(field):
        parts = ", ".join(_fields_of(field, here))
        raise _Unreadable(f"instead: {here} is a record; expected one of its fields: {parts}")
    hint = typing.get_type_hints(type(record))[name]
    return replace(record, **{name: _value(f"instead: {here}", hint, value)})


def _names_all(names: list[str], needed: set[str], known: set[str]) -> bool:
    """Each name once, all that are needed, and none that is not known."""
    return len(names) == len(set(names)) and needed <= set(names) <= known


def _fields_of(record: Any, place: str) -> list[str]:
    return [f"{place}.{item.name}" for item in fields(record)]


def _event(system: System, text: str) -> Any:
    name, *given = text.split()
    for event in system.events:
        if event.__name__ == name:
            hints = typing.get_type_hints(event)
            payload = [(key, value) for key, _, value in (one.partition("=") for one in given)]
            optional = {item.name for item in fields(event) if item.default is not MISSING}
            if not _names_all([key for key, _ in payload], set(hints) - optional, set(hints)):
                expected = " ".join(f"{key}=..." for key in hints) or "nothing"
                raise _Unreadable(f"{text!r}: {name} carries {expected}")
            return event(
                **{key: _value(f"{text!r}: {key}", hints[key], _read(value)) for key, value in payload}
            )
    raise _Unreadable(f"{text!r}: neither a word nor an event of {system.name}")


def _read(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text


def _value(place: str, hint: Any, value: Value) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        if isinstance(value, str) and value in hint.__members__:
            return hint[value]
        expected = f"one of {', '.join(hint.__members__)}"
    elif type(value) is hint:
        return value
    else:
        expected = {int: "a whole number", bool: "true or false"}.get(hint, "a field of a single value")
    raise _Unreadable(f"{place} = {value!r}; expected {expected}")


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
