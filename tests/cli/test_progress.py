"""Progress without a terminal: a line for each quarter of what can be counted, then one every few seconds."""

import io

import pytest

from pumpproof.cli import progress
from pumpproof.cli.console import Output
from pumpproof.cli.progress import ProgressReport


def lines(seconds: float, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said of two subjects and two searches, with so many seconds between lines."""
    monkeypatch.setattr(progress, "_SECONDS", seconds)
    stream = io.StringIO()
    with ProgressReport(Output(stream)) as report:
        report(1, 2, "INV-1")
        report(2, 2, "INV-2")
        report(2, 2, "runs: 3 of 9 goals found")
        report(2, 2, "runs: 4 of 9 goals found")
    return stream.getvalue().splitlines()


COUNTED = ["verifying: 1 of 2 done (INV-1)", "verifying: 2 of 2 done (INV-2)"]


def test_a_search_that_lasts_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = ["verifying: runs: 3 of 9 goals found", "verifying: runs: 4 of 9 goals found"]
    assert lines(0.0, monkeypatch) == [*COUNTED, *searches]


def test_a_search_that_is_soon_over_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(3600.0, monkeypatch) == COUNTED
