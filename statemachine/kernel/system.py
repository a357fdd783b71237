"""``System``: the one object that is run, proved, printed and tested.

A step is one event. In mode ``m`` exactly one entry of the table takes the event: a row whose guard holds, a command
(accepted or refused), a declared refusal, or a declared omission. The effect gives the new state and the outputs of
this step, which start empty in every step; then the mode becomes the entry's target.
"""

import typing
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from pumpproof.spec.kernel.declared import check_tuples, not_exactly, place_of_field, refuse_derived
from pumpproof.spec.kernel.exercises import Exercise
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.profiles import ProfileLibrary
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.spec.kernel.requirements import Requirement, clauses_of
from pumpproof.spec.kernel.types import ranged_fields
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row, Target, events_of


class InvalidSystem(ValueError):
    """A system that contradicts itself; the message lists every problem found, one a line."""


@dataclass(frozen=True)
class System:
    """A pump as an explicit state machine together with everything that is claimed of it.

    ``state`` is a frozen dataclass with a field ``mode``; ``limits`` is a frozen dataclass of integers that the
    proofs keep symbolic under ``conditions``; ``outputs`` has the fields ``drive_pulses`` (the only thing that may
    ever reach a drive) and ``refusal``, and a default for every field. ``reason`` has a member ``NONE``.
    ``exercises`` use the system hard, to find runs that break a property which is not proved.
    ``reference_profile`` is the id of the fully specified profile with which witness runs are searched.
    ``risk_file`` is the folder of its risk management file, if it has one.

    Raises:
        InvalidSystem: duplicate ids, two events of one name, unknown events, modes or requirements, a (mode, event)
            pair that no entry or more than one kind of entry accounts for, a lemma named but not declared, records
            of the wrong shape.
    """

    name: str
    says: str
    state: type
    mode: type[Enum]
    limits: type
    outputs: type
    reason: type[Enum]
    events: tuple[type, ...]
    initial: Callable[[Any], Any]
    table: tuple[Entry, ...]
    conditions: tuple[Condition, ...]
    observers: tuple[Observer, ...]
    properties: tuple[Property, ...]
    requirements: tuple[Requirement, ...]
    exercises: tuple[Exercise, ...] = ()
    profiles: ProfileLibrary[Any] | None = None
    reference_profile: str | None = None
    risk_file: Path | None = None

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, System)

    def __post_init__(self) -> None:
        check_tuples(f"system {self.name}", self, *_TUPLES)
        problems = _foreign_problems(self)
        problems = problems or _declaration_problems(self)
        problems = problems or _account_problems(self)
        if problems:
            raise InvalidSystem("\n".join(f"system {self.name}: {problem}" for problem in problems))

    def entries(self, mode: Enum, event: type) -> tuple[Entry, ...]:
        """The entries that account for ``event`` in ``mode``: several only where all are guarded rows."""
        return tuple(entry for entry in self.table if mode in entry.modes and event in events_of(entry))

    def property_named(self, identifier: str) -> Property:
        """The property with this id.

        Raises:
            KeyError: no property has it.
        """
        for known in self.properties:
            if known.id == identifier:
                return known
        raise KeyError(identifier)


_TUPLES = ("events", "table", "conditions", "observers", "properties", "requirements", "exercises")


def _foreign_problems(system: System) -> list[str]:
    """What is not exactly of the classes that a proof and a machine know."""
    expected: dict[str, tuple[type, ...]] = {
        "table": (Row, Command, Refused, Ignored),
        "conditions": (Condition,),
        "observers": (Observer,),
        "properties": (Property,),
        "requirements": (Requirement,),
        "exercises": (Exercise,),
    }
    return [
        f"`{name}` holds {getattr(value, 'id', value)!r}, of type {type(value).__name__}; "
        f"expected {' or '.join(known.__name__ for known in classes)}"
        for name, classes in expected.items()
        for value in not_exactly(getattr(system, name), *classes)
    ]


def _declaration_problems(system: System) -> list[str]:
    return [
        *_shape_problems(system),
        *_range_problems(system),
        *_id_problems(system),
        *_name_problems(system),
    ]


def _range_problems(system: System) -> list[str]:
    """Ranges where nothing assumes or proves them; only the payload of an event may have one."""
    claimed = {system.limits: "write a Condition", system.outputs: "claim it with @step_property"}
    records = (system.state, system.limits, system.outputs, *(known.record for known in system.observers))
    return [
        f"{place_of_field(owner, name)}: the range {allowed} of {owner.__name__}.{name} is neither assumed nor "
        f"proved; {claimed.get(record, 'claim it with @invariant')}, and keep Range for the fields of events"
        for record in dict.fromkeys(records)
        if is_dataclass(record)
        for owner, name, allowed in ranged_fields(record)
    ]


def _shape_problems(system: System) -> list[str]:
    problems = [] if system.events else ["has no event, so that nothing could ever happen"]
    if _field_type(system.state, "mode") is not system.mode:
        problems.append(f"{system.state.__name__} must have a field `mode: {system.mode.__name__}`")
    if _field_type(system.outputs, "drive_pulses") is not int:
        problems.append(f"{system.outputs.__name__} must have a field `drive_pulses: int`")
    if _field_type(system.outputs, "refusal") is not system.reason:
        problems.append(f"{system.outputs.__name__} must have a field `refusal: {system.reason.__name__}`")
    if "NONE" not in system.reason.__members__:
        problems.append(f"{system.reason.__name__} must have a member NONE, which means accepted")
    return problems or _empty_outputs_problems(system)


def _empty_outputs_problems(system: System) -> list[str]:
    name, reason = system.outputs.__name__, system.reason.__name__
    required = [
        item.name
        for item in fields(system.outputs)
        if item.default is MISSING and item.default_factory is MISSING
    ]
    if required:
        return [f"{name}: a step starts with empty outputs, so give a default to {', '.join(required)}"]
    empty = system.outputs()
    if empty.drive_pulses != 0 or empty.refusal is not system.reason["NONE"]:
        return [f"{name}: empty outputs must have drive_pulses 0 and refusal {reason}.NONE, not {empty}"]
    return []


def _field_type(record: type, name: str) -> object:
    if name not in {item.name for item in fields(record)}:
        return None
    return typing.get_type_hints(record)[name]


def _id_problems(system: System) -> list[str]:
    ids = [
        *(entry.id for entry in system.table),
        *(known.id for known in system.properties),
        *(requirement.id for requirement in system.requirements),
        *(condition.id for condition in system.conditions),
        *(observer.name for observer in system.observers),
    ]
    return [f"id {identifier} is used twice" for identifier in sorted({i for i in ids if ids.count(i) > 1})]


def _name_problems(system: System) -> list[str]:
    problems = []
    requirements = {requirement.id for requirement in system.requirements}
    clauses = clauses_of(system.requirements)
    links = requirements | set(clauses)
    properties = {known.id for known in system.properties}
    steps = {known.id for known in system.properties if known.kind is Kind.STEP}
    names = [event.__name__ for event in system.events]
    problems += [f"two events are called {name}" for name in sorted({n for n in names if names.count(n) > 1})]
    for entry in system.table:
        problems += [
            f"{entry.id}: unknown event {e.__name__}" for e in events_of(entry) if e not in system.events
        ]
        problems += [
            f"{entry.id}: unknown mode {mode}" for mode in entry.modes if type(mode) is not system.mode
        ]
        problems += [
            f"{entry.id}: unknown requirement {r}" for r in entry.requirements if r not in requirements
        ]
        if (
            isinstance(entry, Row | Command)
            and type(entry.to) is not system.mode
            and type(entry.to) is not Target
        ):
            problems.append(f"{entry.id}: unknown target mode {entry.to}")
        if isinstance(entry, Refused) and (
            type(entry.reason) is not system.reason or entry.reason is system.reason["NONE"]
        ):
            problems.append(f"{entry.id}: {entry.reason} is not a reason for a refusal")
    for known in system.properties:
        problems += [f"{known.id}: unknown requirement {link}" for link in known.links if link not in links]
        problems += [
            f"{known.id}: formalizes {clauses[link].id}, which says that it awaits a feature, is outside or is tested: "
            f"remove that from it"
            for link in known.links
            if link in clauses and not clauses[link].asks_for_a_proof
        ]
        problems += [
            f"{known.id}: uses {i}, which is not declared" for i in known.uses if i not in properties
        ]
        problems += [f"{known.id}: uses {i}, which is not an invariant" for i in known.uses if i in steps]
    for observer in system.observers:
        events = [event for event, _ in observer.steps]
        problems += [
            f"observer {observer.name}: unknown event {e.__name__}" for e in events if e not in system.events
        ]
        problems += [
            f"observer {observer.name}: {e.__name__} twice" for e in set(events) if events.count(e) > 1
        ]
    return problems


def _account_problems(system: System) -> list[str]:
    problems = []
    for mode in system.mode:
        for event in system.events:
            entries = system.entries(mode, event)
            pair = f"({mode.name}, {event.__name__})"
            if not entries:
                problems.append(f"{pair} is not accounted for: add a row, or declare it Refused or Ignored")
            elif len(entries) > 1 and not all(isinstance(entry, Row) for entry in entries):
                problems.append(f"{pair} is accounted for more than once: {', '.join(e.id for e in entries)}")
    return problems
