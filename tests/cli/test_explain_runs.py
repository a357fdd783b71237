"""A run as a file: what ``explain`` writes, what it refuses to write, and that nothing is left half-written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_models import proved_valve, refuted_valve

from pumpproof.verify.search import counterexample
from pumpproof.verify.search.replay import ReplayMismatch


def written(folder: Path) -> set[str]:
    return {
        path.name
        for path in folder.iterdir()
        if path.suffix not in (".py", "") or path.name.startswith("test_")
    }


def test_a_refuted_property_is_drawn_and_becomes_a_test(folder: Path, call: Callable[..., Any]) -> None:
    address = refuted_valve(folder)
    answer = call("explain", "INV-DOSE-001", address, "--picture", "run.svg", "--pytest", "test_run.py")
    assert answer.code == 1
    assert "no shorter run breaks it." in answer.out
    assert "✗ 3" in answer.out
    assert "take this row only if valve.given <= 1\n" in answer.out
    assert "step 3 breaks INV-DOSE-001" in (folder / "run.svg").read_text(encoding="utf-8")
    assert "(refuted_valve.Tick(), 3)" in (folder / "test_run.py").read_text(encoding="utf-8")


def test_a_proved_property_is_drawn_with_the_run_that_reaches_its_situation(
    folder: Path, call: Callable[..., Any]
) -> None:
    answer = call("explain", "INV-DOSE-001", proved_valve(folder, "drawn"), "--picture", "run.svg")
    assert answer.code == 0
    assert "\nwitness\n" in answer.out
    assert "a run that reaches its situation" in (folder / "run.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("INV-DOSE-001", "--pytest", "test_run.py", "--picture", "run.svg"),
            (
                "--pytest: INV-DOSE-001 has no counterexample (it is proved), "
                "so there is no run that a test could take again"
            ),
        ),
        (
            ("MDL-DOSE-001", "--picture", "run.svg"),
            "--picture run.svg: only of a property there is a run, and MDL-DOSE-001 is none",
        ),
        (
            ("INV-DOSE-001", "--picture", "no/run.svg"),
            "--picture no/run.svg: there is no folder no; make it first",
        ),
        (
            ("INV-DOSE-001", "--picture", "run.svg", "--pytest", "run.svg"),
            "--picture and --pytest both name run.svg; give each a file of its own",
        ),
    ],
)
def test_what_can_not_be_written_is_said_and_nothing_is(
    folder: Path, call: Callable[..., Any], arguments: tuple[str, ...], message: str
) -> None:
    address = proved_valve(folder, "not_drawn")
    answer = call("explain", arguments[0], address, *arguments[1:])
    assert answer.code == 4
    assert answer.err.splitlines()[-1] == f"pumpproof: {message}"
    assert written(folder) == set()


def test_a_run_that_the_machine_does_not_confirm_is_a_fault_of_the_tool(
    folder: Path, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def mismatch(*_: object, **__: object) -> None:
        raise ReplayMismatch("violation INV-DOSE-001: the running machine does not show it")

    monkeypatch.setattr(counterexample, "BoundedSearch", mismatch)
    answer = call("explain", "INV-DOSE-001", refuted_valve(folder), "--picture", "run.svg")
    assert answer.code == 5
    assert "fault of the tool, so nothing is proved: ReplayMismatch" in answer.err
    assert written(folder) == set()
