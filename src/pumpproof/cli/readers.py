"""The command ``readers``: both readings of every function of a system, compared with each other and with runs."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.cli.console import standard_error, standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.system import load_system
from pumpproof.cli.verifying import INPUT_ERRORS
from pumpproof.cli.words import count
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.definitions import PlaceRow, compare_definitions
from pumpproof.verify.equality import Agreement
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.readings import ReadingRow, compare_readings, read_everything
from pumpproof.verify.results.exits import ExitCode, gravest
from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.functions import Functions
from pumpproof.verify.second_reader.system import SecondReading

_CODES = {
    Agreement.EQUAL: ExitCode.PROVED,
    Agreement.DIFFERENT: ExitCode.FAULT,
    Agreement.UNKNOWN: ExitCode.UNDECIDED,
    Agreement.REFUSED: ExitCode.UNDECIDED,
}


def compare_readers(address: str) -> int:
    """Compare and print; returns the exit code: 5 for a difference, 2 for what could not be compared.

    Raises:
        BadInput: the system can not be loaded, or reader 1 refuses its code.
    """
    system = load_system(address)
    try:
        symbolic = SymbolicSystem(system)
        read_everything(symbolic.reader, system)
        functions = Functions()
        rows = compare_readings(symbolic.reader, functions)
        places = _definitions(symbolic, functions, rows)
    except INPUT_ERRORS as error:
        raise BadInput(str(error)) from error
    standard_output().show(*_blocks(system, rows, places))
    for row in rows:
        if row.verdict is Agreement.DIFFERENT:
            standard_error().say(
                f"pumpproof: {row.place}: {row.function} is read in two ways: {row.explained()}"
            )
    for place in places:
        if place.verdict is Agreement.DIFFERENT:
            standard_error().say(f"pumpproof: {place.place} is read in two ways: {place.explained()}")
    verdicts = [*(row.verdict for row in rows), *(place.verdict for place in places)]
    return gravest(_CODES[verdict] for verdict in verdicts)


def _definitions(
    symbolic: SymbolicSystem, functions: Functions, rows: Sequence[ReadingRow]
) -> tuple[PlaceRow, ...]:
    """The definitions of the whole system; refused where one of its functions is."""
    if any(row.verdict is Agreement.REFUSED for row in rows):
        return (PlaceRow("the whole system", 0, Agreement.REFUSED, "a function above has no second reading"),)
    try:
        second = SecondReading(symbolic.system, functions)
    except CanNotRead as error:
        return (PlaceRow("the whole system", 0, Agreement.REFUSED, str(error)),)
    return compare_definitions(symbolic, second)


def _blocks(
    system: System, rows: Sequence[ReadingRow], places: Sequence[PlaceRow]
) -> Iterator[RenderableType]:
    yield Text.assemble((system.name, "bold"), f": {system.says}")
    yield Text()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold")
    for heading in ("FUNCTION", "PATHS", "INPUTS", "READINGS", "WHERE"):
        table.add_column(
            heading,
            no_wrap=heading == "FUNCTION",
            overflow="fold",
            justify="right" if heading in ("PATHS", "INPUTS") else "left",
        )
    for row in rows:
        module, _, name = row.function.rpartition(".")
        where = f"{module.replace('.', '/')}.py:{row.place.rpartition(':')[2]}"
        verdict = (
            row.verdict.value if row.verdict is Agreement.EQUAL else f"{row.verdict.value}: {row.explained()}"
        )
        table.add_row(name, str(row.paths), str(row.inputs), Text(verdict), Text(where))
    yield table
    wrong = [place for place in places if place.verdict is not Agreement.EQUAL]
    for place in wrong:
        yield Text(f"{place.place}: {place.verdict.value}: {place.explained()}")
    yield Text()
    yield Text("Result", style="bold underline")
    yield Text(f"functions:   {_counted(row.verdict for row in rows)}")
    yield Text(f"paths:       {sum(row.paths for row in rows)}")
    yield Text(f"inputs:      {sum(row.inputs for row in rows)} run, and computed by both readings")
    definitions = sum(place.definitions for place in places)
    agreed = _counted(place.verdict for place in places)
    yield Text(
        f"definitions: {count(definitions, 'formula')} of the whole system in {count(len(places), 'place')}, {agreed}"
    )


def _counted(verdicts: Iterator[Agreement]) -> str:
    found = Counter(verdicts)
    return ", ".join(f"{found[one]} {one.value}" for one in Agreement if found[one])
