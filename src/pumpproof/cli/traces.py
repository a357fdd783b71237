"""A trace as a table: the row taken, the event, and only the values that changed."""

from collections.abc import Iterator
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.cli.words import count
from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.record import PropertyResult
from pumpproof.verify.results.trace import Stretch, Trace, Traces
from pumpproof.verify.results.values import Change, record_fields, show

_MOST_STRETCHES = 60
_MOST_ITEMS = 6


def evidence_against(result: PropertyResult, traces: Traces) -> RenderableType | None:
    """The counterexample of a property or, failing that, its counterexample to induction."""
    known = result.property
    if result.counterexample is not None:
        steps = len(result.counterexample.run)
        length = "shortest possible" if result.counterexample.shortest else "not known to be the shortest"
        return Group(
            trace_table(traces.counterexamples[known.id]),
            Text.assemble(
                (f"{known.id} is broken: ", "bold red"),
                f"{known.says} This is a real counterexample: a run from the initial state, replayed in the "
                f"running machine, {count(steps, 'step')}, {length}.",
            ),
        )
    if result.situation is not None:
        return Group(
            Text(f"obligation: {result.situation.obligation}"),
            trace_table(traces.situations[known.id]),
            not_kept(known),
        )
    return None


def not_kept(known: Property) -> Text:
    """What a counterexample to induction says and what it does not say."""
    return Text.assemble(
        (f"{known.id} is not kept: ", "bold yellow"),
        f"{known.says} This is a counterexample to induction, and a lemma may be missing: this state satisfies "
        "everything the proof assumes; no run from the initial state was found.",
    )


def trace_table(trace: Trace) -> RenderableType:
    """Limits, the first state, the observers, and one line for each stretch of equal events."""
    head = [Text(f"limits: {_fields(trace.limits)}"), Text(f"state:  {_fields(trace.start)}")]
    ghosts = [Text(f"observer {name}: {_fields(record)}") for name, record in trace.ghosts]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("STEP", no_wrap=True, justify="right")
    table.add_column("TAKEN BY", overflow="fold")
    table.add_column("EVENT", overflow="fold")
    table.add_column("WHAT CHANGED", overflow="fold")
    for stretch in _shortened(trace.stretches):
        if stretch is None:
            table.add_row("…", "", "", f"{len(trace.stretches) - _MOST_STRETCHES} lines left out")
        else:
            table.add_row(*map(Text, _cells(stretch)))
    if trace.raised:
        table.add_row("", "", "", Text(f"raises {trace.raised}", style="red"))
    return Group(*head, *ghosts, *([table] if trace.stretches else []))


def _shortened(stretches: tuple[Stretch, ...]) -> Iterator[Stretch | None]:
    if len(stretches) <= _MOST_STRETCHES:
        yield from stretches
        return
    half = _MOST_STRETCHES // 2
    yield from stretches[:half]
    yield None
    yield from stretches[-half:]


def _cells(stretch: Stretch) -> tuple[str, str, str, str]:
    number = f"{stretch.first}" if stretch.first == stretch.last else f"{stretch.first}–{stretch.last}"
    taken = [entry if times == 1 else f"{entry} ×{times}" for entry, times in stretch.taken]
    repeated = stretch.last - stretch.first + 1
    event = show(stretch.event) if repeated == 1 else f"{show(stretch.event)} ×{repeated}"
    changes = _changed(stretch.changes)
    outputs = [f"output {name} = {show(value)}" for name, value in stretch.outputs]
    return number, "\n".join(taken), event, "\n".join([*changes, *outputs]) or "nothing"


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
