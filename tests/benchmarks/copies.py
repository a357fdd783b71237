"""Several independent copies of a system as one system: what a proof costs as rows, variables and properties grow.

Each copy is the source of a model of one file, under names of its own. The system of all copies has one mode; each
copy's own mode is a field of its state, and each of its entries becomes a row that looks at it. A step takes an event
of one copy, and leaves the others as they are.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pumpproof.spec.kernel.binding import Binding, Slot, Vocabulary, bind_observer, bind_property
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row, events_of
from pumpproof.verify.files import write_whole

_ID = re.compile(r"\b(INV|MDL|REQ|ASM)-([A-Z]+)-(\d{3})\b")
_DECLARATIONS = ("invariant", "lemma", "step_property", "acceptance")


def write_copies(model: Path, count: int, folder: Path) -> str:
    """Write the system of ``count`` copies of a model below ``folder``; returns its address.

    ``model`` is a file of one ``SYSTEM`` whose functions and classes stand at its top level, with at most 26 copies.
    """
    system = loaded(model)
    package = f"copies_{model.stem}_{count}"
    letters = [chr(ord("a") + number) for number in range(count)]
    for letter in letters:
        write_whole(
            folder / package / f"copy_{letter}.py", _renamed(model.read_text("utf-8"), system, letter)
        )
    write_whole(folder / package / "__init__.py", "")
    write_whole(folder / package / "whole.py", "\n".join(_whole(system, package, letters)) + "\n")
    return f"{package}.whole:SYSTEM"


def loaded(model: Path) -> System:
    """The system of a model in one file."""
    spec = importlib.util.spec_from_file_location(f"copied_{model.stem}", model)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their types up
    spec.loader.exec_module(module)
    system = module.SYSTEM
    assert isinstance(system, System)
    return system


class _Undeclare(ast.NodeTransformer):
    """Leave the claims of properties as plain functions, without the system that is made of them."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.decorator_list = [
            one
            for one in node.decorator_list
            if not (
                isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in _DECLARATIONS
            )
        ]
        return node

    def visit_Module(self, node: ast.Module) -> ast.Module:
        kept = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)
        node.body = [self.visit(one) for one in node.body if isinstance(one, kept) or _is_constant(one)]
        return node


def _is_constant(node: ast.stmt) -> bool:
    """A number under a name, for functions to read."""
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)


def _renamed(source: str, system: System, letter: str) -> str:
    """The source of one copy; its events have names of their own."""
    for event in system.events:
        source = re.sub(rf"\b{event.__name__}\b", f"{event.__name__}{letter.upper()}", source)
    return ast.unparse(_Undeclare().visit(ast.parse(source))) + "\n"


@dataclass(frozen=True)
class _Copy:
    """Names of one copy in the module of the whole."""

    system: System
    letter: str

    def name(self, of: object) -> str:
        """A class or function of the copy."""
        name = str(getattr(of, "__name__", of))
        return f"{name}_{self.letter}"

    def event(self, event: type) -> str:
        return f"{event.__name__}{self.letter.upper()}"

    def id(self, identifier: str) -> str:
        return _ID.sub(rf"\1-\2{self.letter.upper()}-\3", identifier)

    def ids(self, identifiers: tuple[str, ...]) -> str:
        return repr(tuple(self.id(one) for one in identifiers))

    @property
    def limits(self) -> str:
        """The limits of the copy, from those of the whole."""
        values = ", ".join(f"limits.{item.name}_{self.letter}" for item in fields(self.system.limits))
        return f"{self.name(self.system.limits)}({values})"

    def value(self, binding: Binding) -> str:
        """What a parameter of the copy's own function stands for, in terms of the whole."""
        match binding.slot:
            case Slot.STATE:
                return f"state.pump_{self.letter}"
            case Slot.BEFORE:
                return f"before.pump_{self.letter}"
            case Slot.AFTER:
                return f"after.pump_{self.letter}"
            case Slot.EVENT:
                return "event"
            case Slot.OUTPUTS:
                return f"outputs.outputs_{self.letter}"
            case Slot.LIMITS:
                return self.limits
            case Slot.GHOST:
                return f"ghost_{self.name(binding.type)}"

    def parameter(self, binding: Binding) -> str:
        """The parameter of the whole's function that gives it."""
        match binding.slot:
            case Slot.STATE:
                return "state: State"
            case Slot.BEFORE:
                return "before: State"
            case Slot.AFTER:
                return "after: State"
            case Slot.EVENT:
                return f"event: {self.event(binding.type)}"
            case Slot.OUTPUTS:
                return "outputs: Outputs"
            case Slot.LIMITS:
                return "limits: Limits"
            case Slot.GHOST:
                return f"ghost_{self.name(binding.type)}: {self.name(binding.type)}"


def _whole(system: System, package: str, letters: list[str]) -> Iterator[str]:
    copies = [_Copy(system, letter) for letter in letters]
    yield f'"""{len(copies)} independent copies of the system {system.name}."""'
    yield "from dataclasses import dataclass, replace"
    yield "from enum import Enum"
    yield "from pumpproof.spec.kernel.observers import Observer"
    yield "from pumpproof.spec.kernel.parameters import Condition"
    yield "from pumpproof.spec.kernel.properties import Kind, Property, Role"
    yield "from pumpproof.spec.kernel.requirements import Requirement"
    yield "from pumpproof.statemachine.kernel.system import System"
    yield "from pumpproof.statemachine.kernel.table import SAME_MODE, Row"
    for copy in copies:
        yield from _imports(copy, package)
    yield from _records(copies)
    rows = [row for copy in copies for row in _rows(copy)]
    for _, lines in rows:
        yield from lines
    for copy in copies:
        yield from _observers(copy)
        yield from _conditions(copy)
        yield from _properties(copy)
    yield from _system(copies, [name for name, _ in rows])


def _imports(copy: _Copy, package: str) -> Iterator[str]:
    system = copy.system
    classes = [system.state, system.limits, system.outputs, system.mode, system.reason]
    classes += [observer.record for observer in system.observers]
    functions: list[Any] = [system.initial]
    for entry in system.table:
        match entry:
            case Row():
                functions += [entry.guard, entry.effect]
            case Command():
                functions += [entry.refuse, entry.effect]
            case Refused() | Ignored():
                pass
    for observer in system.observers:
        functions += [observer.begin, *(step for _, step in observer.steps), observer.otherwise]
    functions += [condition.holds for condition in system.conditions]
    for known in system.properties:
        functions += [known.claim, known.when]
    names = sorted({one.__name__ for one in (*classes, *functions) if one is not None})
    module = f"{package}.copy_{copy.letter}"
    yield from (f"from {module} import {name} as {name}_{copy.letter}" for name in names)
    yield from (f"from {module} import {copy.event(event)}" for event in system.events)


def _records(copies: list[_Copy]) -> Iterator[str]:
    yield "class Mode(Enum):\n    RUNNING = 'all copies run'"
    yield "class Reason(Enum):\n    NONE = 'accepted'"
    limits = [f"    {item.name}_{copy.letter}: int" for copy in copies for item in fields(copy.system.limits)]
    yield "\n".join(["@dataclass(frozen=True)\nclass Limits:", *(limits or ["    pass"])])
    yield "@dataclass(frozen=True)\nclass State:\n    mode: Mode"
    yield from (f"    pump_{copy.letter}: {copy.name(copy.system.state)}" for copy in copies)
    yield "@dataclass(frozen=True)\nclass Outputs:\n    drive_pulses: int = 0\n    refusal: Reason = Reason.NONE"
    for copy in copies:
        outputs = copy.name(copy.system.outputs)
        yield f"    outputs_{copy.letter}: {outputs} = {outputs}()"
    yield "@dataclass(frozen=True)\nclass Step:\n    state: State\n    outputs: Outputs = Outputs()"
    starts = ", ".join(f"{copy.name(copy.system.initial)}({copy.limits})" for copy in copies)
    yield f"def initial(limits: Limits) -> State:\n    return State(Mode.RUNNING, {starts})"


def _rows(copy: _Copy) -> Iterator[tuple[str, list[str]]]:
    """Each row as its name and its lines; an entry of the copy becomes one for each outcome and event."""
    none = f"{copy.name(copy.system.reason)}.NONE"
    for entry in copy.system.table:
        call = f"(state.pump_{copy.letter}, event, {copy.limits})"
        for event in events_of(entry):
            match entry:
                case Row():
                    guard = f"{copy.name(entry.guard)}{call}"
                    yield _row(copy, entry, event, 0, guard, _taken(copy, entry, call))
                case Command():
                    refuse = f"{copy.name(entry.refuse)}{call}"
                    yield _row(copy, entry, event, 0, f"{refuse} is {none}", _taken(copy, entry, call))
                    yield _row(copy, entry, event, 1, f"{refuse} is not {none}", _refused(copy, refuse))
                case Refused():
                    number = entry.events.index(event)
                    reason = f"{copy.name(copy.system.reason)}.{entry.reason.name}"
                    yield _row(copy, entry, event, number, "True", _refused(copy, reason))
                case Ignored():
                    yield _row(
                        copy, entry, event, entry.events.index(event), "True", "    return Step(state)"
                    )


def _taken(copy: _Copy, entry: Row | Command, call: str) -> str:
    mode = "" if entry.to is SAME_MODE else f", mode={copy.name(copy.system.mode)}.{entry.to.name}"
    after = f"replace(step.state{mode})" if mode else "step.state"
    return (
        f"    step = {copy.name(entry.effect)}{call}\n"
        f"    outputs = Outputs(drive_pulses=step.outputs.drive_pulses, outputs_{copy.letter}=step.outputs)\n"
        f"    return Step(replace(state, pump_{copy.letter}={after}), outputs)"
    )


def _refused(copy: _Copy, reason: str) -> str:
    outputs = f"{copy.name(copy.system.outputs)}(refusal={reason})"
    return f"    return Step(state, Outputs(outputs_{copy.letter}={outputs}))"


def _row(
    copy: _Copy, entry: Entry, event: type, number: int, guard: str, effect: str
) -> tuple[str, list[str]]:
    identifier = copy.id(entry.id)[:-3] + str(int(entry.id[-3:]) + 100 * number).zfill(3)
    name = identifier.replace("-", "_").lower()
    modes = ", ".join(f"{copy.name(copy.system.mode)}.{mode.name}" for mode in entry.modes)
    signature = f"(state: State, event: {copy.event(event)}, limits: Limits)"
    return name, [
        f"def {name}_guard{signature} -> bool:\n    return state.pump_{copy.letter}.mode in ({modes},) and {guard}",
        f"def {name}_effect{signature} -> Step:\n{effect}",
        f"{name} = Row({identifier!r}, (Mode.RUNNING,), {copy.event(event)}, {name}_guard, {name}_effect, SAME_MODE,",
        f"    {entry.why!r}, {copy.ids(entry.requirements)})",
    ]


def _vocabulary(system: System) -> Vocabulary:
    records = tuple(observer.record for observer in system.observers)
    return Vocabulary(system.state, system.limits, system.outputs, system.events, records)


def _function(copy: _Copy, name: str, of: object, bindings: tuple[Binding, ...], result: str) -> str:
    parameters = dict.fromkeys(copy.parameter(binding) for binding in bindings)
    values = ", ".join(copy.value(binding) for binding in bindings)
    return f"def {name}({', '.join(parameters)}) -> {result}:\n    return {copy.name(of)}({values})"


def _observers(copy: _Copy) -> Iterator[str]:
    for number, observer in enumerate(copy.system.observers):
        bound = bind_observer(observer, _vocabulary(copy.system))
        record, name = copy.name(observer.record), f"observer_{copy.letter}_{number}"
        yield _function(copy, f"{name}_begin", observer.begin, bound.begin, record)
        steps = []
        for event in copy.system.events:
            step = observer.step_for(event)
            if step is None:
                continue
            own = dict(bound.steps).get(event, bound.otherwise)
            assert own is not None
            asked = (
                own
                if any(one.slot is Slot.EVENT for one in own)
                else (*own, Binding("event", Slot.EVENT, event))
            )
            function = _function(copy, f"{name}_{event.__name__}", step, asked, record)
            if asked is not own:
                function = function.replace(", event)", ")")
            yield function
            steps.append(f"({copy.event(event)}, {name}_{event.__name__})")
        pairs = "".join(f"{one}, " for one in steps)
        yield (
            f"{name} = Observer({f'{observer.name} {copy.letter}'!r}, {observer.says!r}, {record}, {name}_begin, "
            f"({pairs}), None, {observer.arbitrary_start})"
        )


def _conditions(copy: _Copy) -> Iterator[str]:
    for condition in copy.system.conditions:
        name = copy.id(condition.id).replace("-", "_").lower()
        yield f"def {name}_holds(limits: Limits) -> bool:\n    return {copy.name(condition.holds)}({copy.limits})"
        yield f"{name} = Condition({copy.id(condition.id)!r}, {condition.says!r}, {name}_holds)"


def _properties(copy: _Copy) -> Iterator[str]:
    for known in copy.system.properties:
        bound = bind_property(known, _vocabulary(copy.system))
        name = _property_name(copy, known)
        yield _function(copy, f"{name}_claim", known.claim, bound.claim, "bool")
        when = "None"
        if known.when is not None and bound.when is not None:
            when = f"{name}_when"
            yield _function(copy, when, known.when, bound.when, "bool")
        kind = "INVARIANT" if known.kind is Kind.INVARIANT else "STEP"
        yield (
            f"{name} = Property({copy.id(known.id)!r}, Kind.{kind}, Role.{known.role.name}, {known.says!r}, "
            f"{name}_claim, {when}, {copy.ids(known.formalizes)}, {copy.ids(known.uses)})"
        )


def _property_name(copy: _Copy, known: Property) -> str:
    return copy.id(known.id).replace("-", "_").lower()


def _system(copies: list[_Copy], rows: list[str]) -> Iterator[str]:
    system = copies[0].system
    yield "SYSTEM = System("
    yield f"    name={f'{len(copies)} copies of {system.name}'!r}, says={system.says!r}, state=State, mode=Mode,"
    yield "    limits=Limits, outputs=Outputs, reason=Reason, initial=initial,"
    events = [copy.event(event) for copy in copies for event in system.events]
    observers = [f"observer_{copy.letter}_{n}" for copy in copies for n in range(len(system.observers))]
    conditions = [copy.id(one.id).replace("-", "_").lower() for copy in copies for one in system.conditions]
    properties = [_property_name(copy, known) for copy in copies for known in system.properties]
    requirements = [
        f"Requirement({copy.id(one.id)!r}, {one.says!r}, {one.source!r})"
        for copy in copies
        for one in system.requirements
    ]
    for name, members in (
        ("events", events),
        ("table", rows),
        ("observers", observers),
        ("conditions", conditions),
        ("properties", properties),
        ("requirements", requirements),
    ):
        yield f"    {name}=({''.join(f'{one}, ' for one in members)}),"
    yield ")"
