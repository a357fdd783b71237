"""Runs that an earlier search found, by the content of everything that the search depends on.

What is remembered was replayed in the running machine when it was found, and all but the longest runs are replayed each
time. A search that missed a goal, or found a violation, is not remembered: it is made again.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, assert_never

from pumpproof.statemachine.kernel import machine, monitor
from pumpproof.statemachine.kernel.machine import EventRefused, StepError
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.files import write_whole
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.symbolic import SymbolicSystem, record_type
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.guided import STEPS, Exploration, every_goal
from pumpproof.verify.search.replay import ReplayMismatch, arrow_names
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Opening, Openings, Part, Stretch, run_of
from pumpproof.verify.search.shorten import ARROW, WITNESS, Found

_KEPT = 8
"""So many explorations are kept in a file, the latest ones."""

_REPLAYED = 1_000
"""A remembered run of at most so many events is taken again; a longer one was, when it was found."""


class RunMemory:
    """A file of explorations; what can not be read is forgotten."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new: dict[str, Any] = {}

    def recall(self, symbolic: SymbolicSystem, limits: Any) -> Exploration | None:
        """The exploration of this very system with these limits; None if there is none, or a run does not replay."""
        stored = self._read().get(key_of(symbolic, limits))
        if stored is None:
            return None
        try:
            return _replayed(symbolic.system, limits, stored)
        except (ReplayMismatch, StepError, EventRefused, ValueError, KeyError, TypeError, IndexError):
            return None

    def keep(self, symbolic: SymbolicSystem, limits: Any, exploration: Exploration) -> None:
        """Remember a complete exploration without violations, from ``save`` on."""
        if (
            exploration.missing
            or exploration.violations
            or exploration.raised
            or exploration.broken_by_witness
        ):
            return
        self._new[key_of(symbolic, limits)] = {
            name: {"run": _encoded_run(run), "openings": exploration.openings.get(name, ())}
            for name, run in exploration.reached.items()
        }

    def save(self) -> None:
        """Write what is new, together with the latest of what was there.

        Raises:
            OSError: the file can not be written; a file that was there stays as it was.
        """
        if not self._new:
            return
        known = {key: entry for key, entry in self._read().items() if key not in self._new} | self._new
        write_whole(self._path, json.dumps(dict(list(known.items())[-_KEPT:]), separators=(",", ":")))

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def key_of(symbolic: SymbolicSystem, limits: Any) -> str:
    """Content address: the system in terms, every file it is read from, the limits, the budget, and the code that
    searches and runs.
    """
    digest = hashlib.sha256(_tool_digest())
    digest.update(repr((symbolic.system.name, limits, STEPS)).encode())
    for part in _content(symbolic):
        digest.update(part)
    return digest.hexdigest()


def _tool_digest() -> bytes:
    sources = [*sorted(Path(__file__).parent.glob("*.py")), Path(machine.__file__), Path(monitor.__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()


def _content(symbolic: SymbolicSystem) -> Iterable[bytes]:
    for leaf in leaves(symbolic.initial[0]):
        yield leaf.digest
    for arrow in symbolic.arrows:
        yield arrow.name.encode()
        yield arrow.enabled.digest
        for leaf in (*leaves(arrow.after), *leaves(arrow.outputs)):
            yield leaf.digest
        for observer in symbolic.system.observers:
            for leaf in leaves(symbolic.ghost_after(arrow, observer.record)[0]):
                yield leaf.digest
    for observer in symbolic.system.observers:
        yield f"{observer.name} {observer.arbitrary_start}".encode()
        for leaf in leaves(symbolic.opened(observer.record, symbolic.before)[0]):
            yield leaf.digest
    for known in symbolic.system.properties:
        yield known.id.encode()
        for function in (known.claim, known.when):
            if function is not None:
                read = symbolic.function(function)
                yield f"{read.module} {read.name} {read.span}".encode()
    for path in symbolic.reader.files():
        yield hashlib.sha256(Path(path).read_bytes()).digest()


def _replayed(system: System, limits: Any, stored: dict[str, Any]) -> Exploration | None:
    goals = every_goal(system)
    if set(stored) != {*goals.arrows, *goals.witnesses}:
        return None
    events = {event.__name__: event for event in system.events}
    kinds = dict.fromkeys(arrow_names(system).values(), ARROW) | dict.fromkeys(goals.witnesses, WITNESS)
    names = tuple(observer.name for observer in system.observers)
    found = []
    openings: dict[str, Openings] = {}
    for goal in (*goals.arrows, *goals.witnesses):
        entry = stored[goal]
        opened = tuple((str(name), int(count)) for name, count in entry["openings"])
        if opened:
            openings[goal] = opened
        parts = [(_decoded(events[name], fields), int(count)) for name, fields, count in entry["run"]]
        found.append(Found(kinds[goal], goal, _script(parts, opened, names)))
    reached = {one.name: run_of(one.script, limits) for one in found}
    confirmed = confirm(system, limits, [one for one in found if len(reached[one.name]) <= _REPLAYED])
    return Exploration(
        reached, {}, {}, openings, {}, (), 0, 0, frozenset(one.name for one in confirmed if one.broken)
    )


def _script(parts: list[tuple[Any, int]], openings: Openings, names: tuple[str, ...]) -> tuple[Part, ...]:
    """The run with its openings in between, each after its number of steps."""
    script: list[Part] = []
    waiting = list(openings)
    taken = 0
    for event, count in parts:
        left = count
        while waiting and waiting[0][1] <= taken + left:
            name, at = waiting.pop(0)
            if at > taken:
                script.append(Stretch(event, at - taken))
                left -= at - taken
                taken = at
            script.append(Opening(names.index(name)))
        if left:
            script.append(Stretch(event, left))
            taken += left
    return tuple(script)


def _encoded_run(run: Run) -> list[Any]:
    return [
        [type(event).__name__, _encoded(record_type(type(event)), event), count] for event, count in run.parts
    ]


def _encoded(of: Type, value: Any) -> Any:
    match of:
        case IntType() | BoolType():
            return value
        case EnumType():
            return value.name
        case RecordType():
            return [_encoded(kind, getattr(value, name)) for name, kind in of.fields]
        case TupleType():
            return [_encoded(of.item, item) for item in value]
        case _:
            assert_never(of)


def _decoded(event: type, fields: Any) -> Any:
    return _decode(record_type(event), fields)


def _decode(of: Type, stored: Any) -> Any:
    match of:
        case IntType() | BoolType():
            return stored
        case EnumType():
            return of.enum[stored]
        case RecordType():
            return of.record(
                *(_decode(kind, item) for (_, kind), item in zip(of.fields, stored, strict=True))
            )
        case TupleType():
            return tuple(_decode(of.item, item) for item in stored)
        case _:
            assert_never(of)
