"""Random programs of the subset mean the same to both readers and when they run."""

import importlib.util
import itertools
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pumpproof.verify.equality import Agreement
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.readings import ReadingRow, compare_readings

SLOW_TO_DRAW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
HEAD = """
from dataclasses import dataclass, replace
from enum import Enum


class Light(Enum):
    RED = 1
    AMBER = 2
    GREEN = 3


@dataclass(frozen=True)
class Lamp:
    on: bool
    level: int
    light: Light
    levels: tuple[int, int, int]


def level_of(lamp: Lamp, x: int) -> int:
    if lamp.light is Light.GREEN and x >= 0:
        return lamp.levels[x]
    return min(x, lamp.level)


def next_light(light: Light, go: bool) -> Light:
    if light is Light.RED:
        return Light.AMBER if go else light
    return Light.GREEN if go else Light.RED
"""

INTEGERS = (
    "({i} + {i})",
    "({i} - {i})",
    "(-3 * {i})",
    "({i} // 4)",
    "({i} % 3)",
    "-({i})",
    "({i} if {b} else {i})",
    "min({i}, {i}, 3)",
    "max({i}, {i})",
    "level_of(lamp, {i})",
    "lamp.levels[x + {i}]",
    "({i}, {i}, 4)[x]",
    "sum(lamp.levels[1:])",
    "sum({i} for {n} in range(3))",
    "min({i} for {n} in range(3))",
    "max({i} for {n} in lamp.levels)",
)
TRUTHS = (
    "({i} < {i})",
    "(0 <= {i} <= {i})",
    "({i} != {i})",
    "({b} and {b})",
    "({b} or {b})",
    "(not {b})",
    "({b} == {b})",
    "({i} in (1, 2, 7))",
    "(next_light(lamp.light, {b}) is not Light.GREEN)",
    "(lamp == replace(lamp, level={i}))",
    "all({b} for {n} in range(3))",
    "any({b} for {n} in lamp.levels)",
)


def expression(draw: st.DrawFn, kind: str, depth: int, loops: tuple[str, ...] = ()) -> str:
    """Source of an integer (``i``) or a truth value (``b``); ``loops`` are the variables of loops around it."""
    if depth == 0:
        integers = ("x", "y", "a", "lamp.level", "lamp.levels[0]", "5", *loops)
        truths = ("p", "lamp.on", "(lamp.light is Light.RED)", "(x > y)", "(x == 3)")
        return draw(st.sampled_from(integers if kind == "i" else truths))
    shape = draw(st.sampled_from(INTEGERS if kind == "i" else TRUTHS))
    name = f"k{len(loops)}"
    inner = (*loops, name) if "{n}" in shape else loops
    text = shape.replace("{n}", name)
    for hole in ("i", "b"):
        while "{" + hole + "}" in text:
            text = text.replace("{" + hole + "}", expression(draw, hole, depth - 1, inner), 1)
    return text


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A module with a function of assignments, branches, a loop and returns that gives a record."""
    return f"""{HEAD}

def program(lamp: Lamp, x: int, y: int, p: bool) -> Lamp:
    a = 1
    if {expression(draw, "b", 1)}:
        return replace(lamp, level={expression(draw, "i", 2)}, on={expression(draw, "b", 1)})
    if {expression(draw, "b", 1)}:
        a = {expression(draw, "i", 2)}
    else:
        a = a + 2
    for i in range(3):
        a = a + lamp.levels[i] - i
    return Lamp(
        {expression(draw, "b", 2)},
        {expression(draw, "i", 2)},
        next_light(lamp.light, {expression(draw, "b", 1)}),
        levels=({expression(draw, "i", 1)}, a) + lamp.levels[:1],
    )
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


_numbers = itertools.count()


def loaded(folder: Path, text: str) -> ModuleType:
    name = f"generated_{next(_numbers)}"
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compared(folder: Path, text: str) -> tuple[ReadingRow, ...]:
    reader = Reader()
    reader.read(loaded(folder, text).program)
    return compare_readings(reader, inputs=20)


def test_both_readings_of_random_programs_are_equal(folder: Path) -> None:
    verdicts: Counter[Agreement] = Counter()

    @seed(0)
    @settings(max_examples=40, database=None, deadline=None, suppress_health_check=SLOW_TO_DRAW)
    @given(programs())
    def agree(text: str) -> None:
        for row in compared(folder, text):
            verdicts[row.verdict] += 1
            # A program of many independent choices may have too many paths; nothing else may be refused.
            refused = row.verdict is Agreement.REFUSED and "paths" in row.reason
            assert row.verdict is Agreement.EQUAL or refused, (row.explained(), text)

    agree()
    assert verdicts[Agreement.EQUAL] >= 10 * verdicts[Agreement.REFUSED]
