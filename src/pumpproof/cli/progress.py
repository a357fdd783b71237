"""How far the work is: a bar on a terminal, a few plain lines elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from pumpproof.cli.console import Output

_LINES = 4
_SECONDS = 5.0
"""Between two lines about work that can not be counted."""


class ProgressReport:
    """A callback ``(done, total, what)``; use it as a context, so that a bar disappears at its end."""

    def __init__(self, output: Output, doing: str = "verifying") -> None:
        self._output = output
        self._doing = doing
        self._shown = 0
        self._said_at = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._output.is_terminal:
            self._bar = Progress(
                TextColumn(self._doing, markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.description}", markup=False),
                console=self._output.console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int, what: str) -> None:
        """Say that ``done`` of ``total`` subjects are finished; ``what`` is the one at work."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, description=what)
            return
        quarter = done * _LINES // total if total else 0
        if quarter > self._shown:
            self._shown = quarter
            self._say(f"{self._doing}: {done} of {total} done ({what})")
        elif done >= total and time.monotonic() - self._said_at >= _SECONDS:
            self._say(f"{self._doing}: {what}")

    def _say(self, text: str) -> None:
        self._said_at = time.monotonic()
        self._output.say(text)
