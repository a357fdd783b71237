"""The command ``list``: everything of a system that has an id."""

from collections.abc import Iterator
from enum import Enum

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.cli.console import standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.system import load_system
from pumpproof.cli.words import count
from pumpproof.spec.kernel.profiles import ProfileError
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row, events_of
from pumpproof.verify.results.exits import ExitCode


def list_system(address: str) -> int:
    """Print properties, rows, requirements and profiles.

    Raises:
        BadInput: the system can not be loaded, or a profile that it ships can not be read.
    """
    system = load_system(address)
    try:
        standard_output().show(*_blocks(system))
    except ProfileError as error:
        raise BadInput(str(error)) from error
    return ExitCode.PROVED


def kind_of(entry: Entry) -> str:
    """What an entry of the table is, in one word."""
    match entry:
        case Row():
            return "row"
        case Command():
            return "command"
        case Refused():
            return "refused"
        case Ignored():
            return "ignored"


def target_of(entry: Entry) -> str:
    """The mode after the entry; empty where it never changes."""
    if isinstance(entry, Row | Command):
        target: object = entry.to
        if target is not SAME_MODE and isinstance(target, Enum):
            return target.name
    return ""


def _blocks(system: System) -> Iterator[RenderableType]:
    yield Text.assemble((system.name, "bold"), f": {system.says}")
    properties = table("PROPERTY", "ROLE", "SENTENCE", "FORMALISES")
    for known in system.properties:
        properties.add_row(known.id, known.role.value, Text(known.says), ", ".join(known.formalizes))
    yield from section(count(len(system.properties), "property"), properties)
    rows = table("ENTRY", "KIND", "MODES", "EVENTS", "TO", "WHY")
    for entry in system.table:
        rows.add_row(
            entry.id,
            kind_of(entry),
            ", ".join(mode.name for mode in entry.modes),
            ", ".join(event.__name__ for event in events_of(entry)),
            target_of(entry),
            Text(entry.why),
        )
    yield from section(f"{count(len(system.table), 'entry')} of the table", rows)
    requirements = table("REQUIREMENT", "SENTENCE")
    for requirement in system.requirements:
        requirements.add_row(requirement.id, Text(requirement.says))
    yield from section(count(len(system.requirements), "requirement"), requirements)
    profiles = table("PROFILE", "NAME")
    library = system.profiles
    found = () if library is None else tuple(map(library.load_profile, library.available_profiles()))
    for profile in found:
        profiles.add_row(profile.id, Text(profile.name))
    yield from section(count(len(found), "profile"), profiles)


def section(title: str, content: Table) -> Iterator[RenderableType]:
    """A table under its title, or the title alone."""
    yield Text()
    yield Text(title, style="bold underline")
    if content.row_count:
        yield content


def table(*headings: str) -> Table:
    """An empty table with these headings, whose first column is never broken."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    for number, heading in enumerate(headings):
        made.add_column(heading, no_wrap=number == 0, overflow="fold")
    return made
