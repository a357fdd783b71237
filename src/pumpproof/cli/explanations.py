"""An explanation in words: what is false, what let it happen, what would have stopped it, what was never seen."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.cli.words import count
from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.explaining.clause import Clause
from pumpproof.verify.explaining.explanation import Explanation, LetHappen
from pumpproof.verify.explaining.remedy import Remedy
from pumpproof.verify.language.tree import Span
from pumpproof.verify.results.values import show


def explained(known: Property, explanation: Explanation) -> RenderableType:
    """An explanation as lines with a heading each."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for heading, lines in _parts(known, explanation):
        grid.add_row(heading, Text("\n".join(lines)))
    return grid


def _parts(known: Property, explanation: Explanation) -> Iterator[tuple[str, list[str]]]:
    if explanation.clause is not None:
        yield "what is false", _of_clause(explanation.clause)
    if explanation.broke_first is not None:
        lemma, step = explanation.broke_first
        yield "broken before", [f"{lemma}, on which {known.id} rests, at step {step:,}"]
    if explanation.let_happen is not None:
        yield "what let it happen", _of_arrow(explanation.let_happen)
    if explanation.remedy is not None and explanation.let_happen is not None:
        yield "what would stop it", _of_remedy(explanation.remedy, explanation.let_happen.step)
    elif explanation.is_run and explanation.let_happen is not None:
        yield "what would stop it", [_no_remedy(explanation.let_happen)]
    if explanation.unseen:
        states = count(explanation.unseen[0].states, "state")
        lines = [f"{one.relation}; here {one.here}" for one in explanation.unseen]
        yield "never seen", [f"in all {states} of known runs, but not in this one:", *lines]


def _of_clause(clause: Clause) -> list[str]:
    values = [f"{one.text} = {show(one.value)}" for one in clause.values if one.text != clause.text]
    return [*clause.text.splitlines(), *(f"  {line}" for line in values), place(clause.span, clause.function)]


def _of_arrow(arrow: LetHappen) -> list[str]:
    places = [f"{one.role} {place(one.span, one.function)}" for one in arrow.places]
    if not arrow.arrow:
        return places
    return [f"step {arrow.step:,}, {arrow.arrow}: {arrow.why}", *places]


def _of_remedy(remedy: Remedy, step: int) -> list[str]:
    role = "accept it only if" if remedy.is_command else "take this row only if"
    kept = "no known run takes it otherwise"
    if remedy.runs == 1:
        kept = "the one known run that takes it without harm stays possible"
    elif remedy.runs:
        kept = f"the {remedy.runs:,} known runs that take it without harm stay possible"
    lines = [
        f"{role} {remedy.condition}",
        f"a condition for {place(remedy.span, remedy.function)}, which excludes step {step:,}",
        f"checked: {remedy.entry} then keeps {remedy.keeps}, and {kept}",
    ]
    return lines if remedy.is_command else [*lines, "another row must then take the event"]


def _no_remedy(arrow: LetHappen) -> str:
    if arrow.step == 0:
        return "another initial state: it is false before any event"
    if arrow.is_refusal:
        return "no further condition: the step refuses its event already"
    return "no comparison was found that excludes this step and keeps the runs that are known"


def place(span: Span, function: str) -> str:
    """A function and where it stands, relative to the current folder where that holds it."""
    path = Path(span.file).resolve()
    file = str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else span.file
    return f"{function}, {file}:{span.line}"
