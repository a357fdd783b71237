"""The type checkers see every file of every room, and each under one module name."""

import re
import sys
from pathlib import Path

import pytest
from checkout import ROOMS, run_program

TOOLS = Path(sys.executable).parent

CHECKERS = {
    "mypy": ["mypy", "--cache-dir=.mypy_cache"],
    "pyright": ["pyright", "--pythonpath", sys.executable],
}


def check(checker: str, tree: Path) -> list[str]:
    """The checker's error lines, with paths relative to the tree."""
    program, *options = CHECKERS[checker]
    done = run_program([TOOLS / program, *options], tree, NO_COLOR="1")
    lines = [line.strip().removeprefix(f"{tree}/") for line in done.stdout.splitlines()]
    lines = [line for line in lines if re.search(r":\d+: error|:\d+ - error", line)]
    assert (done.returncode == 0) == (lines == []), done.stdout + done.stderr
    return lines


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_type_error_in_each_place_is_reported_exactly_once(skeleton: Path, checker: str) -> None:
    places = [f"src/pumpproof/{room}/__init__.py" for room in ROOMS]
    places += ["src/pumpproof/cli.py", "src/pumpproof/spec/kernel/deep.py", "tests/test_it.py"]
    for place in places:
        (skeleton / place).write_text('number: int = "text"\n')
    assert sorted(line.partition(":")[0] for line in check(checker, skeleton)) == sorted(places)


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_class_is_the_same_class_wherever_it_is_named(skeleton: Path, checker: str) -> None:
    (skeleton / "spec/kernel/units.py").write_text(
        "from pumpproof.spec.kernel.use import take\n"
        "from .use import give\n\n\n"
        "class Unit:\n"
        "    def pass_on(self) -> None:\n"
        "        take(self)\n\n\n"
        "unit: Unit = give()\n"
    )
    (skeleton / "spec/kernel/use.py").write_text(
        "from __future__ import annotations\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from pumpproof.spec.kernel.units import Unit\n\n\n"
        "def take(unit: Unit) -> None: ...\n\n\n"
        "def give() -> Unit:\n"
        "    raise NotImplementedError\n"
    )
    assert check(checker, skeleton) == []


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_case_that_a_match_forgets_is_named(skeleton: Path, checker: str) -> None:
    (skeleton / "verify/__init__.py").write_text(
        "from enum import Enum\n"
        "from typing import assert_never\n\n\n"
        "class Mode(Enum):\n"
        "    OFF = 1\n"
        "    ON = 2\n\n\n"
        "def name(mode: Mode) -> str:\n"
        "    match mode:\n"
        "        case Mode.OFF:\n"
        '            return "off"\n'
        "        case _:\n"
        "            assert_never(mode)\n"
    )
    (error,) = check(checker, skeleton)
    assert "Mode.ON" in error
