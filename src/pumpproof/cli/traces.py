"""A trace as a table: the event, the row that took it, and only the values that changed."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.cli.explanations import explained
from pumpproof.cli.words import count
from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.explaining.explanation import Explanation
from pumpproof.verify.explaining.folding import Folded, folded
from pumpproof.verify.record import Counterexample, PropertyResult
from pumpproof.verify.results.trace import Trace, Traces
from pumpproof.verify.results.values import Change, record_fields, show

_MOST_LINES = 60
_MOST_ITEMS = 6
_WIDEST_EVENT = 30

BREAKS, LETS = "✗", "▸"
"""Marks of the step that breaks the property, and of the one that let it happen where that is another."""


def evidence_against(
    result: PropertyResult, traces: Traces, explanation: Explanation | None = None
) -> RenderableType | None:
    """The counterexample of a property or, failing that, its counterexample to induction, and what explains it."""
    known = result.property
    why = [] if explanation is None else [Text(), explained(known, explanation)]
    if result.counterexample is not None:
        trace = traces.counterexamples[known.id]
        marks = {len(trace): BREAKS}
        if explanation is not None and explanation.let_happen is not None:
            marks = {explanation.let_happen.step: LETS} | marks
        return Group(_is_broken(known, result.counterexample), Text(), trace_table(trace, marks), *why)
    if result.situation is not None:
        obligation = Text(f"obligation: {result.situation.obligation}")
        return Group(not_kept(known), obligation, Text(), trace_table(traces.situations[known.id]), *why)
    return None


def _is_broken(known: Property, counterexample: Counterexample) -> Text:
    length = (
        "no shorter run breaks it"
        if counterexample.shortest
        else "the shortest found; a shorter one may exist"
    )
    return Text.assemble(
        (f"{known.id} is broken", "bold red"),
        f" by a run from the initial state, replayed in the running machine: "
        f"{count(len(counterexample.run), 'step')}, {length}.",
    )


def not_kept(known: Property) -> Text:
    """What a counterexample to induction says and what it does not say."""
    return Text.assemble(
        (f"{known.id} is not kept by a step, but no run reaches this as far as is known: ", "bold yellow"),
        "a counterexample to induction. The state satisfies everything that the proof assumes, "
        "so a lemma may be missing.",
    )


def trace_table(trace: Trace, marks: dict[int, str] | None = None) -> RenderableType:
    """Limits, the first state, the observers, and one line for each stretch of events that repeat.

    ``marks`` are signs that stand before the numbers of steps.
    """
    head = [Text(f"limits: {_fields(trace.limits)}"), Text(f"state:  {_fields(trace.start)}")]
    ghosts = [Text(f"observer {name}: {_fields(record)}") for name, record in trace.ghosts]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("STEP", no_wrap=True, justify="right")
    table.add_column("TAKEN BY", overflow="fold")
    table.add_column("EVENT", overflow="fold")
    table.add_column("WHAT CHANGED", overflow="fold")
    lines = folded(trace.stretches, apart=tuple(marks or ()))
    for line in _shortened(lines):
        if line is None:
            table.add_row("…", "", "", f"{len(lines) - _MOST_LINES} lines left out")
        else:
            mark = next((sign for step, sign in (marks or {}).items() if line.first <= step <= line.last), "")
            style = "bold red" if mark == BREAKS else "bold" if mark else ""
            table.add_row(*map(Text, _cells(line, mark)), style=style)
    if trace.raised:
        table.add_row("", "", "", Text(f"raises {trace.raised}", style="red"))
    return Group(*head, *ghosts, *([table] if trace.stretches else []))


def _shortened(lines: Sequence[Folded]) -> Iterator[Folded | None]:
    if len(lines) <= _MOST_LINES:
        yield from lines
        return
    half = _MOST_LINES // 2
    yield from lines[:half]
    yield None
    yield from lines[-half:]


def _cells(line: Folded, mark: str) -> tuple[str, str, str, str]:
    number = f"{line.first:,}" if line.first == line.last else f"{line.first:,}–{line.last:,}"
    taken = [entry if times == 1 else f"{times:,} × {entry}" for entry, times in line.taken]
    changes = _changed(line.changes)
    outputs = [f"output {name} = {show(value)}" for name, value in line.outputs]
    what = "\n".join([*changes, *outputs]) or "nothing"
    return f"{mark} {number}".strip(), "\n".join(taken), _events(line), what


def _events(line: Folded) -> str:
    texts = [f"{'' if times == 1 else f'{times:,} × '}{_event(event)}" for event, times in line.events]
    if line.repeats == 1:
        return "\n".join(texts)
    return "\n".join([f"{line.repeats:,} ×", *(f"  {part}" for text in texts for part in text.splitlines())])


def _event(event: object) -> str:
    """An event on one line, or with a line for each field where that is too wide."""
    text = show(event)
    if len(text) <= _WIDEST_EVENT:
        return text
    return "\n".join(
        [type(event).__name__, *(f"  {name}={show(value)}" for name, value in record_fields(event))]
    )


def _changed(changes: tuple[Change, ...]) -> Iterator[str]:
    """One line for each value that changed; the items of a tuple share a line, and only the first are shown."""
    for owner, group in groupby(changes, key=lambda one: one.path.partition("[")[0]):
        of_owner = list(group)
        if len(of_owner) == 1:
            yield f"{of_owner[0].path}: {_arrow(of_owner[0])}"
            continue
        items = [f"{one.path.removeprefix(owner)} {_arrow(one)}" for one in of_owner[:_MOST_ITEMS]]
        left_out = len(of_owner) - len(items)
        yield f"{owner}: {', '.join(items)}{f', and {left_out} more items' if left_out else ''}"


def _arrow(change: Change) -> str:
    return f"{show(change.before)} → {show(change.after)}"


def _fields(record: object) -> str:
    return ", ".join(f"{name}={show(value)}" for name, value in record_fields(record)) or "nothing"
