"""What the cross-check makes of answers, and of tools that are not there."""

import sys
from pathlib import Path

import pytest
from checkout import run_program

from tests.crosscheck.__main__ import BEYOND, Answer, summary

YES, NO, SILENT = (Answer("a pump", "INV-A-001", "tool", "", "", agrees) for agrees in (True, False, None))
EXPECTED = Answer(*next(iter(BEYOND))[:1], "INV-A-001", *next(iter(BEYOND))[1:], "", "", None)


@pytest.mark.parametrize(
    ("answers", "code", "text"),
    [
        ((YES, YES), 0, "2 answers: 2 agree, 0 contradict, 0 not decided, 0 of them as expected"),
        ((YES, EXPECTED), 0, "2 answers: 1 agree, 0 contradict, 1 not decided, 1 of them as expected"),
        ((YES, SILENT), 2, "2 answers: 1 agree, 0 contradict, 1 not decided, 0 of them as expected"),
        ((SILENT, NO), 5, "2 answers: 0 agree, 1 contradict, 1 not decided, 0 of them as expected"),
    ],
)
def test_silence_is_no_agreement_and_a_contradiction_outweighs_it(
    answers: tuple[Answer, ...], code: int, text: str
) -> None:
    assert summary(answers) == (text, code)


def test_tools_that_are_missing_are_named_with_what_installs_them(repository: Path, tmp_path: Path) -> None:
    path = f"{repository / 'src'}:{repository / 'tests' / 'support'}"
    done = run_program(
        [sys.executable, "-m", "tests.crosscheck"], repository, PYTHONPATH=path, PATH=str(tmp_path)
    )
    assert done.returncode == 4
    assert (
        "not installed: yosys, berkeley-abc; `apt-get install yosys berkeley-abc` brings both" in done.stderr
    )
