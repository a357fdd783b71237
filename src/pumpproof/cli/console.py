"""Where output goes: to a terminal with colour and its width, otherwise as plain lines without control characters."""

import os
import sys
from typing import IO

from rich.console import Console, RenderableType
from rich.text import Text

from pumpproof.cli.errors import BadInput

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
        """Print blocks one below the other, without spaces at the end of lines.

        Raises:
            BadInput: the stream takes no more, as on a full disk.
            BrokenPipeError: nobody reads.
        """
        try:
            for block in blocks:
                self._show(block)
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise BadInput(f"the output can not be written ({error.strerror})") from error

    def _show(self, block: RenderableType) -> None:
        if self.is_terminal:
            self._console.print(block)
            return
        with self._console.capture() as captured:
            self._console.print(block)
        lines = captured.get().split("\n")
        self._stream.write("\n".join(line.rstrip() for line in lines))


def standard_output() -> Output:
    """Results."""
    return Output(_never_failing(sys.stdout))


def standard_error() -> Output:
    """Progress and messages."""
    return Output(_never_failing(sys.stderr))


def _never_failing(stream: IO[str] | None) -> IO[str]:
    """The stream, set to replace a character that its encoding does not have.

    Raises:
        BadInput: the stream was closed before the start.
    """
    if stream is None:
        raise BadInput(
            "standard output and standard error must be open; redirect them to /dev/null if need be"
        )
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
    return stream
