"""The source of a module, and edits of it that keep every line where it is."""

import ast
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_CONTEXT = 60
"""How much of a line is shown on each side of an edit."""


@dataclass(frozen=True)
class Edit:
    """Replace the bytes from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str


class Text:
    """The source of one module, with positions in bytes as ``ast`` counts them."""

    def __init__(self, module: str) -> None:
        file = sys.modules[module].__file__
        assert file is not None, f"{module} has no source file"
        self.module = module
        self.path = Path(file)
        self.bytes = self.path.read_bytes()
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", self.bytes))]

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.bytes, str(self.path))

    def start(self, node: Any) -> int:
        """Where a node begins."""
        return int(self._starts[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        """Where a node ends."""
        return int(self._starts[node.end_lineno - 1] + node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.between(self.start(node), self.end(node))

    def between(self, start: int, end: int) -> str:
        """The text of a stretch."""
        return self.bytes[start:end].decode()

    def line(self, position: int) -> int:
        """The number of the line of a position."""
        return self.bytes.count(b"\n", 0, position) + 1

    def edited(self, edit: Edit) -> bytes:
        """The whole source after an edit. What the edit removes of line ends is made up for, so that the code of
        every other function of the module stays what it was.

        An edit over several lines takes out a whole expression or something in brackets: a line may end there.
        """
        lost = self.bytes.count(b"\n", edit.start, edit.end) - edit.text.count("\n")
        text = edit.text
        if lost > 0:
            text = f"({text}{lost * chr(10)})" if text else lost * "\n"
        return self.bytes[: edit.start] + text.encode() + self.bytes[edit.end :]

    def difference(self, edit: Edit) -> str:
        """One line in which ``[-this-]`` is replaced by ``{+that+}``."""
        first = self.bytes.rfind(b"\n", 0, edit.start) + 1
        last = self.bytes.find(b"\n", edit.end)
        last = len(self.bytes) if last < 0 else last
        before, after = self.between(first, edit.start).lstrip(), self.between(edit.end, last)
        removed = f"[-{one_line(self.between(edit.start, edit.end))}-]" if edit.end > edit.start else ""
        added = f"{{+{one_line(edit.text)}+}}" if edit.text else ""
        return f"{_last(one_line(before))}{removed}{added}{_first(one_line(after))}"


def one_line(text: str) -> str:
    """White space of any length as one space."""
    return re.sub(r"\s+", " ", text)


def _last(text: str) -> str:
    return text if len(text) <= _CONTEXT else f"…{text[-_CONTEXT:]}"


def _first(text: str) -> str:
    return text if len(text) <= _CONTEXT else f"{text[:_CONTEXT]}…"
