"""Replay generated tests in the running machine: each step by the arrow that was noted, and the end as it was noted."""

from collections.abc import Iterator, Mapping
from itertools import chain, repeat
from typing import Any

from pumpproof.statemachine.kernel.machine import EventRefused, InvalidLimits, Machine, StepError
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.generation.stored import Unreadable, changes, decoded
from pumpproof.verify.proof.symbolic import record_type
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.stepper import CAN_RAISE


def machine_for(system: System, document: Mapping[str, Any]) -> Machine:
    """The machine with the limits of the tests.

    Raises:
        Unreadable: the limits are not of this system, or not valid in it.
    """
    limits = decoded(record_type(system.limits), document["limits"], "limits")
    try:
        return Machine(system, limits)
    except InvalidLimits as error:
        raise Unreadable(str(error)) from error


def failures(machine: Machine, test: Mapping[str, Any]) -> Iterator[str]:
    """How the machine does not do what a test says; nothing if it does.

    Raises:
        Unreadable: an event is not one of the system.
    """
    system = machine.system
    names = arrow_names(system)
    events = {event.__name__: event for event in system.events}
    start = system.initial(machine.limits)
    machine.state = start
    taken, number = None, 0
    for part in test["run"]:
        if part["event"] not in events:
            raise Unreadable(f"system {system.name} has no event {part['event']}")
        event = decoded(record_type(events[part["event"]]), part.get("with", {}), part["event"])
        for arrow in chain.from_iterable(repeat(name, count) for name, count in part["arrows"]):
            number += 1
            try:
                taken = machine.step(event)
            except (EventRefused, StepError, *CAN_RAISE) as error:
                yield f"step {number}, {event!r}: {type(error).__name__}: {error}; expected {arrow}"
                return
            if names[arrow_key(taken)] != arrow:
                yield f"step {number}, {event!r}: taken by {names[arrow_key(taken)]}; expected {arrow}"
                return
    if taken is None:
        yield "the run has no step"
        return
    for what, expected, before, after in (
        ("state", test["state"], start, taken.after),
        ("outputs", test["outputs"], system.outputs(), taken.outputs),
    ):
        found = changes(before, after)
        for path in sorted(found.keys() | expected.keys()):
            if path not in found or path not in expected or found[path] != expected[path]:
                there = found.get(path, "as at first")
                wanted = expected.get(path, "as at first")
                yield f"after step {number}: {what}.{path} is {there}; expected {wanted}"
