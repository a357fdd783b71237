"""A counterexample as a test that fails while the system breaks the property, and passes once it does not."""

from dataclasses import is_dataclass
from enum import Enum

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.record import Counterexample
from pumpproof.verify.results.values import record_fields

_WIDTH = 100

_TEXT = '''"""{title}

Written by PumpProof from a counterexample. It fails as long as this run breaks the property, and passes once it
does not; a system that refuses the limits or an event of the run does not break it either.
"""

{imports}

from pumpproof.statemachine.kernel.machine import EventRefused, InvalidLimits
from pumpproof.verify.search.replay import replay
from pumpproof.verify.search.run import Run

SYSTEM = {system}
PROPERTY = {property!r}

LIMITS = {limits}

EVENTS = {events}
"""Each event with the number of times that it comes, one after the other."""

OPENINGS = {openings}
"""Observers that open anew, each with the number of events before it does."""


def test_{name}_holds_throughout_the_run() -> None:
    assert PROPERTY in {{known.id for known in SYSTEM.properties}}, "the system does not have this property any more"
    try:
        replayed = replay(SYSTEM, Run(LIMITS, EVENTS), openings=OPENINGS, only=(PROPERTY,))
    except (EventRefused, InvalidLimits):
        return
    assert replayed.violations == ()
'''


def regression_test(address: str, known: Property, counterexample: Counterexample) -> str:
    """The source of a test module for pytest; ``address`` is ``package.module:NAME`` of the system."""
    module, _, name = address.partition(":")
    modules = {module}
    limits = _written(counterexample.run.limits, modules)
    events = [f"({_written(event, modules)}, {count})" for event, count in counterexample.run.parts]
    openings = [f"({observer!r}, {count})" for observer, count in counterexample.openings]
    return _TEXT.format(
        title=f"{known.id}: {known.says}".replace("\\", "\\\\").replace('"', '\\"'),
        imports="\n".join(f"import {one}" for one in sorted(modules)),
        system=f"{module}.{name}",
        property=known.id,
        limits=limits,
        events=_lines(events),
        openings=_lines(openings),
        name=known.id.lower().replace("-", "_"),
    )


def _lines(items: list[str]) -> str:
    """A tuple, on one line where it fits."""
    text = f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if len(text) <= _WIDTH:
        return text
    return "(\n" + "".join(f"    {item},\n" for item in items) + ")"


def _written(value: object, modules: set[str]) -> str:
    """An expression that makes the value; ``modules`` gains those that it names."""
    if isinstance(value, Enum):
        return f"{_named(type(value), modules)}.{value.name}"
    if is_dataclass(value) and not isinstance(value, type):
        given = ", ".join(f"{name}={_written(item, modules)}" for name, item in record_fields(value))
        return f"{_named(type(value), modules)}({given})"
    if isinstance(value, tuple):
        items = [_written(item, modules) for item in value]
        if len(items) > 1 and len(set(items)) == 1:
            return f"({items[0]},) * {len(items)}"
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    assert isinstance(value, int), (
        "limits and events hold integers, truth values, members, records and tuples"
    )
    return repr(value)


def _named(kind: type, modules: set[str]) -> str:
    modules.add(kind.__module__)
    return f"{kind.__module__}.{kind.__qualname__}"
