"""Traces as data: what happens, in words that expand to events, and what a faulty pump does in the last step.

A trace is a list of texts. Each is an event with its payload, ``BolusRequested pulses=6``, or a word that stands for
such a list, and may begin with a number of repetitions, ``10 x second``. The fault is either a patch of the code of the
pump, or the values that the last step has instead of those of the sound pump.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pumpproof.spec.kernel.entries import Entry

TRACE_KEYS: Final = ("trace", "patch", "instead", "limits", "system")

_REPEATED: Final = re.compile(r"^(\d+) x (.+)$")
_DEEPEST: Final = 20

Value = int | bool | str
"""A number, a truth value, or the name of a member of an enumeration."""


@dataclass(frozen=True)
class Patch:
    """In the file of rows ``file``, the text ``old``, which stands there once, becomes ``new``."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Trace:
    """Events as texts, the faulty pump, and the limits that differ from the usual ones of traces.

    ``system`` is the address of another system that the trace runs; its limits are then all in the trace.
    """

    events: tuple[str, ...]
    patch: Patch | None
    instead: Mapping[str, Value]
    limits: Mapping[str, int]
    place: str
    system: str = ""


def read_trace(entry: Entry, words: Mapping[str, tuple[str, ...]]) -> Trace:
    """The trace of an entry with the keys ``trace``, ``patch`` or ``instead``, and perhaps ``limits`` and ``system``.

    Raises:
        EntryError: a key is malformed, a word stands for itself, or the pump of the trace is not faulty.
    """
    events = tuple(event for text in entry.texts("trace") for event in _expanded(entry, text, words, 0))
    if not events:
        entry.fail('a trace needs events, as trace = ["delivering", "BolusRequested pulses=6"]')
    if ("patch" in entry.values) == ("instead" in entry.values):
        entry.fail("say what is wrong with the pump: either patch or instead")
    instead = entry.table("instead")
    for name, value in instead.items():
        if not isinstance(value, Value):
            entry.fail(f"instead: {name} = {value!r}; expected a number, true, false or a name")
    limits = entry.table("limits")
    for name, value in limits.items():
        if type(value) is not int:
            entry.fail(f"limits: {name} = {value!r}; expected a whole number")
    return Trace(events, _patch(entry), dict(instead), dict(limits), entry.place, entry.text("system"))


def _patch(entry: Entry) -> Patch | None:
    if "patch" not in entry.values:
        return None
    table = Entry(entry.path, entry.line, entry.table("patch"))
    table.check_keys(("file", "old", "new"))
    return Patch(table.text("file"), table.text("old"), table.text("new"))


def _expanded(entry: Entry, text: str, words: Mapping[str, tuple[str, ...]], depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        entry.fail(f"the word {text!r} stands for itself")
    repeated = _REPEATED.match(text)
    count, word = (int(repeated[1]), repeated[2]) if repeated else (1, text)
    once = (
        [event for one in words[word] for event in _expanded(entry, one, words, depth + 1)]
        if word in words
        else [word]
    )
    for _ in range(count):
        yield from once
