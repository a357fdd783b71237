"""The command ``explain``: what an id says, where it stands, what points to it, and for a property whether it holds."""

import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pumpproof.cli.console import standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.files import check_writable, same_file
from pumpproof.cli.listing import kind_of, target_of
from pumpproof.cli.system import load_system
from pumpproof.cli.words import count, did_you_mean
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Range
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row, events_of
from pumpproof.verify.language.formula import to_text
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.types import UnsupportedType
from pumpproof.verify.results.exits import ExitCode


@dataclass(frozen=True)
class Files:
    """What is to be written of a property: its run as a picture, and its counterexample as a test."""

    picture: Path | None = None
    pytest: Path | None = None

    def asked(self) -> tuple[tuple[Path, str], ...]:
        """The files with the options that name them."""
        both = ((self.picture, "--picture"), (self.pytest, "--pytest"))
        return tuple((path, option) for path, option in both if path is not None)


def explain_id(identifier: str, address: str, files: Files = Files()) -> int:
    """Print the explanation. A property is verified with all it rests on, and the exit code is that of ``verify``.

    Raises:
        BadInput: the system can not be loaded, or has nothing of that id; or a file can not be written, or has
            nothing to show.
    """
    system = load_system(address)
    output = standard_output()
    found = _find(system, identifier)
    _check_files(identifier, found, files)
    try:
        if isinstance(found, Property):
            output.show(*_of_property(system, found))
            return _verdict(system, address, found, files)
        output.show(*_of_other(system, found))
    except (OutsideSubset, UnsupportedType) as error:
        raise BadInput(str(error)) from error
    return ExitCode.PROVED


def _find(system: System, identifier: str) -> Property | Entry | Requirement | Condition | Observer:
    known: dict[str, Property | Entry | Requirement | Condition | Observer] = {
        **{one.id: one for one in system.properties},
        **{one.id: one for one in system.table},
        **{one.id: one for one in system.requirements},
        **{one.id: one for one in system.conditions},
        **{one.name: one for one in system.observers},
    }
    if identifier not in known:
        raise BadInput(
            f"system {system.name} has nothing with the id {identifier}.{did_you_mean(identifier, known)} "
            "`pumpproof list` shows all."
        )
    return known[identifier]


def _of_property(system: System, known: Property) -> Iterator[RenderableType]:
    yield _heading(known.id, f"{known.kind.value}, {known.role.value}", known.says)
    yield from _code("claim", known.claim)
    if known.when is not None:
        yield from _code("in the situation", known.when)
    if known.witness is not None:
        yield from _code("a run must reach", known.witness)
    yield from _named("formalises", _requirements(system, known.formalizes))
    by_id = {one.id: one for one in system.properties}
    yield from _named("the proof uses", [(one, by_id[one].says) for one in known.uses])
    users = [(one.id, one.says) for one in system.properties if known.id in one.uses]
    yield from _named("it carries", users)
    yield from _named("assumed of the limits", [(one.id, one.says) for one in system.conditions])
    yield from _named("assumed of the events", _event_ranges(system))


def _check_files(identifier: str, found: object, files: Files) -> None:
    for path, option in files.asked():
        if not isinstance(found, Property):
            raise BadInput(f"{option} {path}: only of a property there is a run, and {identifier} is none")
        check_writable(path, option)
    if files.picture is not None and files.picture.suffix.lower() not in ("", ".svg"):
        raise BadInput(
            f"--picture {files.picture}: a picture is written as SVG; give a name that ends in .svg"
        )
    if files.picture is not None and files.pytest is not None and same_file(files.picture, files.pytest):
        raise BadInput(f"--picture and --pytest both name {files.pytest}; give each a file of its own")


def _verdict(system: System, address: str, known: Property, files: Files) -> int:
    from pumpproof.cli.needs import core_in_full
    from pumpproof.cli.report import verdict_text
    from pumpproof.cli.runs import write_files
    from pumpproof.cli.traces import evidence_against, trace_table
    from pumpproof.cli.verifying import verified
    from pumpproof.verify.explaining.explanation import explain
    from pumpproof.verify.results.outcome import exit_code
    from pumpproof.verify.results.trace import Traces, replay_witness

    verification = verified(system, (known.id,), cores=True)
    result = next(one for one in verification.properties if one.property.id == known.id)
    traces = Traces.of(verification)
    explanation = explain(verification, traces, (known.id,)).get(known.id)
    write_files(system, address, result, explanation, files)
    blocks: list[RenderableType] = [
        Text.assemble("by ", result.method, ": ", verdict_text(result.verdict, result.strength)),
        Text(f"{count(result.tally.total, 'obligation')} discharged"),
    ]
    if result.rests_on:
        blocks.append(Text(f"rests on {', '.join(result.rests_on)}"))
    if result.reason:
        blocks.append(Text(f"reason: {result.reason}"))
    evidence = evidence_against(result, traces, explanation)
    if evidence is not None:
        blocks.append(evidence)
    standard_output().show(*_block("verdict", blocks))
    core = None if verification.needs is None else verification.needs.core_of(known.id)
    if core is not None:
        standard_output().show(*_block("the proof needs", [core_in_full(core)]))
    if result.witness is not None:
        said = Text(f"a run of {count(len(result.witness), 'step')} reaches its situation")
        trace = trace_table(replay_witness(system, result.witness))
        standard_output().show(*_block("witness", [said, trace]))
    return exit_code(verification)


def _of_other(system: System, found: Entry | Requirement | Condition | Observer) -> Iterator[RenderableType]:
    match found:
        case Requirement():
            yield _heading(found.id, "requirement", found.says)
            yield from _block("source", [Text(found.source)])
            yield from _pointing(system, (found.id,))
        case Condition():
            yield _heading(found.id, "condition of valid limits", found.says)
            yield from _code("condition", found.holds)
        case Observer():
            openings = "may open at any moment" if found.arbitrary_start else "opens in the initial state"
            yield _heading(found.name, f"observer, {openings}", found.says)
            yield from _code("begin", found.begin)
            for event, function in found.steps:
                yield from _code(f"step with {event.__name__}", function)
            if found.otherwise is not None:
                yield from _code("any other step", found.otherwise)
        case Row() | Command() | Refused() | Ignored():
            yield from _of_entry(system, found)


def _of_entry(system: System, entry: Entry) -> Iterator[RenderableType]:
    yield _heading(entry.id, kind_of(entry), entry.why)
    modes = ", ".join(mode.name for mode in entry.modes)
    events = ", ".join(event.__name__ for event in events_of(entry))
    yield from _block("when", [Text(f"mode {modes}; event {events}")])
    match entry:
        case Row():
            yield from _code("guard", entry.guard)
            yield from _code("effect", entry.effect)
        case Command():
            yield from _code("refused with", entry.refuse)
            yield from _code("effect if accepted", entry.effect)
        case Refused():
            yield from _block("always refused with", [Text(f"{entry.reason.name}: {entry.reason.value}")])
        case Ignored():
            yield from _block("effect", [Text("none: neither state nor outputs change")])
    if isinstance(entry, Row | Command):
        yield from _block("mode afterwards", [Text(target_of(entry) or "the same")])
    yield from _named("serves", _requirements(system, entry.requirements))
    properties = [one for one in system.properties if set(one.formalizes) & set(entry.requirements)]
    yield from _named("properties of these requirements", [(one.id, one.says) for one in properties])


def _pointing(system: System, requirements: Sequence[str]) -> Iterator[RenderableType]:
    wanted = set(requirements)
    entries = [(one.id, one.why) for one in system.table if wanted & set(one.requirements)]
    yield from _named("entries of the table that serve it", entries or [("none", "")])
    properties = [(one.id, one.says) for one in system.properties if wanted & set(one.formalizes)]
    yield from _named("properties that formalise it", properties or [("none", "")])


def _requirements(system: System, ids: Sequence[str]) -> list[tuple[str, str]]:
    says = {requirement.id: requirement.says for requirement in system.requirements}
    return [(identifier, says[identifier]) for identifier in ids]


def _event_ranges(system: System) -> Iterable[tuple[str, str]]:
    for event in system.events:
        hints = typing.get_type_hints(event, include_extras=True)
        for field in fields(event):
            for extra in getattr(hints[field.name], "__metadata__", ()):
                if isinstance(extra, Range):
                    yield f"{event.__name__}.{field.name}", f"in {extra}"


def _code(title: str, function: Callable[..., object]) -> Iterator[RenderableType]:
    """A function as a formula, with the place where it stands."""
    read = Reader().read(function)
    place = Text(f"{_short(read.span.file)}:{read.span.line}", style="dim")
    yield from _block(title, [place, Text(to_text(read))])


def _short(file: str) -> str:
    """A path relative to the current folder where it lies in it."""
    path = Path(file).resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _heading(identifier: str, kind: str, says: str) -> RenderableType:
    return Group(Text.assemble((identifier, "bold"), f"  {kind}"), Text(says))


def _named(title: str, pairs: Iterable[tuple[str, str]]) -> Iterator[RenderableType]:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for identifier, says in pairs:
        grid.add_row(identifier, Text(says))
    if grid.row_count:
        yield from _block(title, [grid])


def _block(title: str, content: Sequence[RenderableType]) -> Iterator[RenderableType]:
    yield Group(Text(), Text(title, style="bold underline"), Padding(Group(*content), (0, 0, 0, 2)))
