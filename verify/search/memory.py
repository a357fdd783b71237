"""Runs that an earlier search found, by the content of everything that the search depends on.

What is remembered was replayed in the running machine when it was found, and all but the longest runs are replayed each
time. A search that missed a goal, or found a violation, is not remembered: it is made again. After a change of the
system its runs are suggestions: what the changed machine still shows need not be searched for again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, assert_never

from pumpproof.statemachine.kernel import machine, monitor
from pumpproof.statemachine.kernel.machine import EventRefused, StepError
from pumpproof.statemachine.kernel.payload import record_check
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.files import write_whole
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.symbolic import SymbolicSystem, record_type
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.guided import STEPS, Exploration, every_goal
from pumpproof.verify.search.replay import ReplayMismatch
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Opening, Openings, Part, Script, Stretch, openings_of, run_of
from pumpproof.verify.search.shorten import ARROW, WITNESS, Found

_KEPT = 8
"""So many explorations are kept in a file, the latest ones."""

_REPLAYED = 1_000
"""A remembered run of at most so many events is taken again; a longer one was, when it was found."""

_LONGEST = 1_000_000
"""No remembered run has more events; one that says so is not from here."""

_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)
"""What reading a file of any content may raise."""


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
        except (ReplayMismatch, StepError, EventRefused, *_UNREADABLE):
            return None

    def suggestions(self, system: System) -> tuple[Found, ...]:
        """Runs that showed a goal of this name in an earlier form of the system, the latest first.

        Nothing is known of them but that their events are events of this system.
        """
        kinds = _kinds(system)
        return tuple(
            Found(kinds[goal], goal, script)
            for exploration in reversed(self._read().values())
            if isinstance(exploration, dict)
            for goal in kinds
            if (script := _readable(system, exploration.get(goal))) is not None
        )

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
        for function in (known.claim, known.when, known.witness):
            if function is not None:
                read = symbolic.function(function)
                yield f"{read.module} {read.name} {read.span}".encode()
    for path in symbolic.reader.files():
        yield hashlib.sha256(Path(path).read_bytes()).digest()


def _replayed(system: System, limits: Any, stored: dict[str, Any]) -> Exploration | None:
    kinds = _kinds(system)
    if set(stored) != set(kinds):
        return None
    names = tuple(observer.name for observer in system.observers)
    found = [Found(kinds[goal], goal, _stored_script(system, stored[goal])) for goal in kinds]
    openings = {one.name: opened for one in found if (opened := openings_of(one.script, names))}
    reached = {one.name: run_of(one.script, limits) for one in found}
    confirmed = confirm(system, limits, [one for one in found if len(reached[one.name]) <= _REPLAYED])
    return Exploration(
        reached, {}, {}, openings, {}, (), 0, 0, frozenset(one.name for one in confirmed if one.broken)
    )


def _kinds(system: System) -> dict[str, str]:
    """Every goal, with its kind."""
    goals = every_goal(system)
    return dict.fromkeys(goals.arrows, ARROW) | dict.fromkeys(goals.witnesses, WITNESS)


def _readable(system: System, entry: Any) -> Script | None:
    try:
        return _stored_script(system, entry)
    except _UNREADABLE:
        return None


def _stored_script(system: System, entry: Any) -> Script:
    """The script of an entry.

    Raises:
        ValueError, KeyError, TypeError, IndexError, AttributeError: the entry is none, or not one of this system.
    """
    openings = tuple((name, int(count)) for name, count in entry["openings"])
    free = [observer.name for observer in system.observers if observer.arbitrary_start]
    if any(name not in free for name, _ in openings):
        raise ValueError("an observer opens that may not open anywhere")
    parts = list(_stored_parts(system, entry["run"]))
    if sum(count for _, count in parts) > _LONGEST:
        raise ValueError("longer than any run that is remembered")
    return _script(parts, openings, tuple(observer.name for observer in system.observers))


@cache
def _check_of(event: type) -> Callable[[Any], str | None]:
    return record_check(event)


def _stored_parts(system: System, run: Any) -> Iterator[tuple[Any, int]]:
    events = {event.__name__: event for event in system.events}
    for name, fields, count in run:
        event = _decode(record_type(events[name]), fields)
        problem = _check_of(events[name])(event)
        if problem is not None or type(count) is not int or count < 1:
            raise ValueError(problem or f"{count!r} is no number of events")
        yield event, count


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
