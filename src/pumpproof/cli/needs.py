"""Cores on the terminal: what each proof needs in numbers or in full, and what no proof needs."""

from collections.abc import Iterable

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.cli.words import count
from pumpproof.verify.proof.elements import Element, ElementKind
from pumpproof.verify.proof.needs import ASSUMPTIONS, Core, Needs

_NUMBERS = ("ROWS", "GUARD CONJUNCTS", "ASSIGNMENTS", "ASSUMPTIONS", "LEMMAS")


def cores_of(needs: Needs) -> RenderableType:
    """One line for each core."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    made.add_column("ID", no_wrap=True)
    for heading in _NUMBERS:
        made.add_column(heading, justify="right")
    made.add_column("NAMED, NOT NEEDED", overflow="fold")
    made.add_column("CORE", no_wrap=True)
    for core in needs.cores:
        numbers = (
            len(core.rows),
            len(core.of(ElementKind.GUARD)),
            len(core.of(ElementKind.ASSIGNMENT)),
            len(core.of(*ASSUMPTIONS)),
            len(core.lemmas),
        )
        made.add_row(
            core.subject, *map(str, numbers), Text(", ".join(core.idle_lemmas)), Text(_quality(core))
        )
    return made


def _quality(core: Core) -> str:
    if core.undecided:
        return f"{count(len(core.undecided), 'obligation')} without a core"
    return "minimal" if core.minimal else "not minimal"


def core_in_full(core: Core) -> RenderableType:
    """Every element of a core, with its place in the source."""
    said: list[RenderableType] = [Text(f"core of {count(core.obligations, 'obligation')}: {_quality(core)}")]
    said += [Text(f"lemma named but not needed: {lemma}") for lemma in core.idle_lemmas]
    return Group(*said, _elements(core.elements)) if core.elements else Group(*said)


def unneeded_of(needs: Needs) -> RenderableType:
    """The elements that no proof needs, or why that can not be said."""
    if needs.unneeded is None:
        return Text("This can be said only where every property and check is proved, and has a core.")
    found = tuple(needs.unneeded)
    if not found:
        return Text("Every row, guard conjunct, assignment, condition and lemma is needed by a proof.")
    return _elements(found)


def _elements(elements: Iterable[Element]) -> Table:
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    made.add_column("WHAT", no_wrap=True)
    made.add_column("OF", overflow="fold")
    made.add_column("WHICH", overflow="fold")
    made.add_column("WHERE", overflow="fold")
    for one in elements:
        made.add_row(one.kind.value, Text(one.owner), Text(one.says), Text(one.where))
    return made
