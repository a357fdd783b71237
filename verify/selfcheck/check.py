"""The check of the toolkit itself that a verification includes, once for each content of the toolkit."""

import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pumpproof.verify import toolkit
from pumpproof.verify.files import write_whole
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.selfcheck.answers import QUESTIONS, differences
from pumpproof.verify.selfcheck.tripwires import TRIPWIRES, let_pass


class BrokenToolkit(RuntimeError):
    """The toolkit gives another answer than the known one; no verdict of it can be trusted."""


@dataclass(frozen=True)
class Broken:
    """What the toolkit gets wrong: the known answer or the check, and what it said or let pass."""

    check: str
    says: str

    def __str__(self) -> str:
        return f"{self.check}: {self.says}"


def broken() -> Iterator[Broken]:
    """Everything that the toolkit gets wrong; an exception that no check asked for is wrong too."""
    try:
        for purpose, passed in let_pass():
            yield Broken("tripwire", f"{purpose}; it lets pass: {passed}")
        for one in differences():
            yield Broken("known answer", str(one))
    except Exception as error:  # noqa: BLE001  whatever a broken toolkit raises is a finding
        yield Broken("unexpected", f"{type(error).__name__}: {error}")


def counted() -> tuple[int, int]:
    """How many tripwires and how many known answers there are."""
    return len(TRIPWIRES), len(QUESTIONS)


def require_working(memory: Path | None, more: Callable[[], Iterable[Broken]] = tuple) -> None:
    """Check the toolkit, unless ``memory`` says that this very content of it was checked; ``more`` is checked too.

    Raises:
        BrokenToolkit: it is broken.
    """
    content = content_address()
    if memory is not None and _remembered(memory) == content:
        return
    found = next(iter(more()), None) or _broken_here()
    if found is not None:
        raise BrokenToolkit(f"the toolkit fails its own check: {found}")
    if memory is not None:
        write_whole(memory, f"{content}\n")


@cache
def _broken_here() -> Broken | None:
    """The first thing that is wrong, asked once for each process: its code does not change."""
    return next(broken(), None)


def _remembered(memory: Path) -> str:
    try:
        return memory.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def content_address() -> str:
    """What was checked: the content of the toolkit, with the solver and the version of Python."""
    return f"{toolkit.content()} {SOLVER} {platform.python_version()}"
