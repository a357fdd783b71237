"""Where output goes: to a terminal with colour and its width, otherwise as plain lines without control characters."""

import os
import sys
from typing import IO

from rich.console import Console, RenderableType
from rich.text import Text

PLAIN_WIDTH = 200
"""Width without a terminal, wide enough that no id and no sentence is broken; ``COLUMNS`` overrides it."""


class Output:
    """One stream. A terminal is asked for its width and its colours; ``NO_COLOR`` is respected."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        terminal = stream.isatty()
        self._console = Console(
            file=stream,
            width=None if terminal or os.environ.get("COLUMNS", "").isdigit() else PLAIN_WIDTH,
            force_terminal=terminal,
            color_system="auto" if terminal else None,
            markup=False,
            emoji=False,
            highlight=False,
        )

    @property
    def console(self) -> Console:
        """The console of rich."""
        return self._console

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it as it grows."""
        return self._console.is_terminal

    def say(self, text: str) -> None:
        """Print a line of text."""
        self.show(Text(text))

    def show(self, *blocks: RenderableType) -> None:
        """Print blocks one below the other, without spaces at the end of lines."""
        for block in blocks:
            if self.is_terminal:
                self._console.print(block)
                continue
            with self._console.capture() as captured:
                self._console.print(block)
            lines = captured.get().split("\n")
            self._stream.write("\n".join(line.rstrip() for line in lines))
        self._stream.flush()


def standard_output() -> Output:
    """Results."""
    return Output(_never_failing(sys.stdout))


def standard_error() -> Output:
    """Progress and messages."""
    return Output(_never_failing(sys.stderr))


def _never_failing(stream: IO[str]) -> IO[str]:
    """The stream, set to replace a character that its encoding does not have."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return stream
