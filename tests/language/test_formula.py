"""Formulas: precedence, names, cases; the shapes of the source come back."""

from collections.abc import Callable
from typing import Any

import pytest

from pumpproof.verify.language import tree
from pumpproof.verify.language.formula import to_latex, to_text
from pumpproof.verify.language.reader import Reader

Load = Callable[[str], Any]

PRELUDE = """\
from dataclasses import dataclass, replace
from enum import Enum

FULL_SCALE = 60


class Mode(Enum):
    IDLE = 1
    LOW_POWER = 2


@dataclass(frozen=True)
class Pump:
    count_pulses: int
    mode: Mode
    t: tuple[int, int, int]


def helper(a: int) -> int:
    return a


"""

CASES = [
    ("(a + b) * 2", "(a + b) * 2", r"\left(\mathit{a} + \mathit{b}\right) \cdot 2"),
    ("a - (b - 1)", "a - (b - 1)", r"\mathit{a} - \left(\mathit{b} - 1\right)"),
    ("a - b - 1", "a - b - 1", r"\mathit{a} - \mathit{b} - 1"),
    ("a * 2 // 3", "a * 2 // 3", r"\left\lfloor \frac{\mathit{a} \cdot 2}{3} \right\rfloor"),
    ("a // 3 * 2", "a // 3 * 2", r"\left\lfloor \frac{\mathit{a}}{3} \right\rfloor \cdot 2"),
    ("2 * (a // 3)", "2 * (a // 3)", r"2 \cdot \left\lfloor \frac{\mathit{a}}{3} \right\rfloor"),
    ("a % 7", "a mod 7", r"\mathit{a} \bmod 7"),
    ("-(a + b)", "-(a + b)", r"-\left(\mathit{a} + \mathit{b}\right)"),
    ("a - -3", "a - -3", r"\mathit{a} - -3"),
    ("FULL_SCALE", "FULL_SCALE", r"\mathrm{FULL\_SCALE}"),
    ("pump.t[a]", "pump.t[a]", r"\mathit{pump}.\mathit{t}\left[\mathit{a}\right]"),
    (
        "replace(pump, count_pulses=a).count_pulses",
        "(pump with (count_pulses := a)).count_pulses",
        r"\mathit{pump}\left[\mathit{count\_pulses} := \mathit{a}\right].\mathit{count\_pulses}",
    ),
    ("helper(a + 1)", "helper(a + 1)", r"\operatorname{helper}\left(\mathit{a} + 1\right)"),
    ("max(a, b)", "max(a, b)", r"\operatorname{max}\left(\mathit{a}, \mathit{b}\right)"),
    (
        "sum(pump.t[i] for i in range(3)) + b",
        "sum(pump.t[i] | i = 0..2) + b",
        r"\left(\sum_{\mathit{i}=0}^{2} \mathit{pump}.\mathit{t}\left[\mathit{i}\right]\right) + \mathit{b}",
    ),
    (
        "a if p else b",
        "if p then a\notherwise b",
        r"\begin{cases} \mathit{a} & \text{if } \mathit{p} \\ \mathit{b} & \text{otherwise} \end{cases}",
    ),
    (
        "1 + (a if p else b)",
        "1 + (if p then a otherwise b)",
        (
            r"1 + \left(\begin{cases} \mathit{a} & \text{if } \mathit{p} \\ \mathit{b} & \text{otherwise} "
            r"\end{cases}\right)"
        ),
    ),
    ("0 < a <= b", "0 < a <= b", r"0 < \mathit{a} \le \mathit{b}"),
    ("0 < a and a <= b", "0 < a and a <= b", r"0 < \mathit{a} \land \mathit{a} \le \mathit{b}"),
    (
        "(p or q) and not p",
        "(p or q) and not p",
        r"\left(\mathit{p} \lor \mathit{q}\right) \land \lnot \mathit{p}",
    ),
    ("not (p and q)", "not (p and q)", r"\lnot \left(\mathit{p} \land \mathit{q}\right)"),
    ("not a > b", "not a > b", r"\lnot \left(\mathit{a} > \mathit{b}\right)"),
    ("(a > b) == p", "(a > b) = p", r"\left(\mathit{a} > \mathit{b}\right) = \mathit{p}"),
    (
        "pump.mode not in (Mode.IDLE, Mode.LOW_POWER)",
        "pump.mode not in {Mode.IDLE, Mode.LOW_POWER}",
        r"\mathit{pump}.\mathit{mode} \notin \left\{\mathsf{Mode.IDLE}, \mathsf{Mode.LOW\_POWER}\right\}",
    ),
    ("pump.mode is Mode.IDLE", "pump.mode = Mode.IDLE", r"\mathit{pump}.\mathit{mode} = \mathsf{Mode.IDLE}"),
    (
        "all(x > 0 for x in pump.t)",
        "all((x > 0 where x = pump.t[index]) | index = 0..2)",
        (
            r"\bigwedge_{\mathit{index}=0}^{2} \left(\begin{array}[t]{l} \mathit{x} > 0 \\ \text{where } \mathit{x} = "
            r"\mathit{pump}.\mathit{t}\left[\mathit{index}\right] \end{array}\right)"
        ),
    ),
    ("p == True", "p = true", r"\mathit{p} = \mathrm{true}"),
]


def read(load: Load, expression: str) -> tree.Function:
    boolean = any(mark in f" {expression} " for mark in ("<", ">", "==", " and ", "not ", " is ", "all("))
    result = "bool" if boolean else "int"
    text = f"def read(pump: Pump, a: int, b: int, p: bool, q: bool) -> {result}:\n    return {expression}\n"
    return Reader().read(load(PRELUDE + text).read)


@pytest.mark.parametrize(("source", "text", "latex"), CASES, ids=[source for source, _, _ in CASES])
def test_an_expression_in_words_and_in_latex(load: Load, source: str, text: str, latex: str) -> None:
    expression = read(load, source).body
    assert to_text(expression) == text
    assert to_latex(expression) == latex


LONG = """\
def refuse(pump: Pump, a: int) -> Pump:
    used = a + 1
    if used > FULL_SCALE:
        return pump
    return replace(pump, count_pulses=pump.count_pulses + used, mode=Mode.LOW_POWER, t=(a, a, pump.t[2] + used))
"""


def test_a_function_shows_its_head_its_cases_and_its_names(load: Load) -> None:
    function = Reader().read(load(PRELUDE + LONG).refuse)
    assert to_text(function) == (
        "refuse(pump: Pump, a: int): Pump =\n"
        "  if used > FULL_SCALE then pump\n"
        "  otherwise\n"
        "    pump with (\n"
        "      count_pulses := pump.count_pulses + used,\n"
        "      mode := Mode.LOW_POWER,\n"
        "      t := (a, a, pump.t[2] + used)\n"
        "    )\n"
        "  where used = a + 1"
    )
    assert to_latex(function) == (
        r"\operatorname{refuse}(\mathit{pump}, \mathit{a}) = \begin{array}[t]{l} "
        r"\begin{cases} \mathit{pump} & \text{if } \mathit{used} > \mathrm{FULL\_SCALE} \\ "
        r"\mathit{pump}\left[\mathit{count\_pulses} := \mathit{pump}.\mathit{count\_pulses} + \mathit{used},\; "
        r"\mathit{mode} := \mathsf{Mode.LOW\_POWER},\; "
        r"\mathit{t} := \left(\mathit{a}, \mathit{a}, \mathit{pump}.\mathit{t}\left[2\right] + \mathit{used}\right)"
        r"\right] & \text{otherwise} \end{cases} \\ "
        r"\text{where } \mathit{used} = \mathit{a} + 1 \end{array}"
    )
