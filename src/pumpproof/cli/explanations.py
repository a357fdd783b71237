"""An explanation on the terminal."""

from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.explaining.explanation import Explanation
from pumpproof.verify.explaining.words import told
from pumpproof.verify.language.tree import Span


def explained(known: Property, explanation: Explanation) -> RenderableType:
    """An explanation as lines with a heading each."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for heading, lines in told(known, explanation, place):
        grid.add_row(heading, Text("\n".join(lines)))
    return grid


def place(span: Span, function: str) -> str:
    """A function and where it stands, relative to the current folder where that holds it."""
    path = Path(span.file).resolve()
    file = str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else span.file
    return f"{function}, {file}:{span.line}"
