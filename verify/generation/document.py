"""All generated tests of a system in one document, and the digest that tells whether they are still of this system."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from pumpproof.statemachine.kernel.machine import Machine, Taken
from pumpproof.verify.generation.goals import Goal, holds
from pumpproof.verify.generation.runs import Findings
from pumpproof.verify.generation.stored import changes, encoded
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.symbolic import SymbolicSystem, record_type
from pumpproof.verify.search.replay import ReplayMismatch, arrow_key, arrow_names
from pumpproof.verify.search.run import Run

FORMAT = 1


def document(
    symbolic: SymbolicSystem, limits: Any, goals: Iterable[Goal], findings: Findings
) -> dict[str, Any]:
    """The document: the tests, each run once with all that it shows; what can not be reached; what was not found.

    Raises:
        ReplayMismatch: the running machine does not do in the last step what a run was found for.
    """
    by_name = {one.name: one for one in goals}
    shown: dict[Run, list[str]] = {}
    for name, run in findings.runs.items():
        shown.setdefault(run, []).append(name)
    machine = Machine(symbolic.system, limits)
    return {
        "format": FORMAT,
        "system": symbolic.system.name,
        "digest": digest(symbolic, limits),
        "limits": encoded(symbolic.limits_type, limits),
        "tests": [
            _test(symbolic, machine, run, [by_name[name] for name in names]) for run, names in shown.items()
        ],
        "unreachable": dict(findings.unreachable),
        "not found": list(findings.not_found),
    }


def _test(symbolic: SymbolicSystem, machine: Machine, run: Run, goals: list[Goal]) -> dict[str, Any]:
    machine.state = machine.system.initial(machine.limits)
    start = machine.state
    steps = [machine.step(event) for event in run.events()]
    last = steps[-1]
    for goal in goals:
        if not holds(symbolic, goal, last.before, last.event, machine.limits):
            raise ReplayMismatch(
                f"{goal.name}: a run was found for it, but the running machine does not show it"
            )
    return {
        "shows": [goal.name for goal in goals],
        "run": [_part(symbolic, event, taken) for event, taken in _stretches(run, steps)],
        "state": changes(start, last.after),
        "outputs": changes(symbolic.system.outputs(), last.outputs),
    }


def _stretches(run: Run, steps: list[Taken]) -> Iterator[tuple[Any, list[Taken]]]:
    done = 0
    for event, count in run.parts:
        yield event, steps[done : done + count]
        done += count


def _part(symbolic: SymbolicSystem, event: Any, taken: list[Taken]) -> dict[str, Any]:
    """Equal events in a row: the event, and the arrows that take it, each with how often."""
    return {
        "event": type(event).__name__,
        **({"with": encoded(record_type(type(event)), event)} if record_type(type(event)).fields else {}),
        "arrows": folded(symbolic, taken),
    }


def folded(symbolic: SymbolicSystem, taken: Iterable[Taken]) -> list[list[Any]]:
    """The arrows of some steps, equal ones in a row counted."""
    names = arrow_names(symbolic.system)
    return [[name, sum(1 for _ in same)] for name, same in groupby(names[arrow_key(one)] for one in taken)]


def digest(symbolic: SymbolicSystem, limits: Any) -> str:
    """A digest of all that the tests depend on: what the code of the table says, the properties, and the limits.

    It is the same where the code only looks different.
    """
    content = hashlib.sha256(f"{FORMAT} {symbolic.system.name} {limits!r}".encode())
    for leaf in leaves(symbolic.initial[0]):
        content.update(leaf.digest)
    for arrow in symbolic.arrows:
        content.update(arrow.name.encode() + arrow.enabled.digest)
        for leaf in (*leaves(arrow.after), *leaves(arrow.outputs)):
            content.update(leaf.digest)
    for known in symbolic.system.properties:
        content.update(known.id.encode())
    return content.hexdigest()


def as_text(document: Mapping[str, Any]) -> str:
    """The document as JSON, one test a line."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            inside = ",\n".join(json.dumps(one, separators=(",", ":")) for one in value)
            text = f"[\n{inside}\n]"
        elif isinstance(value, dict) and value:
            items = (f"{json.dumps(name)}: {json.dumps(one)}" for name, one in value.items())
            text = "{\n" + ",\n".join(items) + "\n}"
        else:
            text = json.dumps(value)
        lines.append(f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
