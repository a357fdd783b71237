"""The comparison of both readings on the command line, and that no verification passes over a difference."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_models import proved_valve

from pumpproof.verify.logic.terms import less_or_equal


def test_both_readings_of_a_small_system_are_compared(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("readers", proved_valve(folder, "compared"))
    lines = answer.out.splitlines()
    assert (answer.code, answer.err) == (0, "")
    assert lines[0] == "valve: It gives three pulses and then no more."
    assert "FUNCTION" in lines[2] and "PATHS" in lines[2] and "READINGS" in lines[2]
    assert any("compared.py:" in line and " equal " in line for line in lines)
    assert "functions:   " in answer.out
    assert " different" not in answer.out


def test_a_difference_is_a_fault_of_the_tool_with_function_place_and_input(
    folder: Path, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = proved_valve(folder, "misread")
    monkeypatch.setattr("pumpproof.verify.logic.translate.less", less_or_equal)
    answer = call("readers", address)
    assert answer.code == 5
    assert "misread.py:" in answer.err
    assert " is read in two ways: " in answer.err
    assert "valve.given = 3" in answer.err


@pytest.mark.parametrize("reader", ["logic.translate.less", "second_reader.proxies.below"])
def test_a_verification_whose_readers_differ_proves_nothing(
    reader: str, folder: Path, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pumpproof.verify.second_reader.expression import at_most

    address = proved_valve(folder, "misread_again")
    wrong = less_or_equal if reader.startswith("logic") else at_most
    monkeypatch.setattr(f"pumpproof.verify.{reader}", wrong)
    answer = call("verify", address, "--no-cache")
    assert answer.code == 5
    assert "is read in two ways" in answer.err
    assert "proved" not in answer.out


def test_a_function_that_reader_2_refuses_leaves_everything_undecided(
    folder: Path, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = proved_valve(folder, "refused")
    monkeypatch.setattr("pumpproof.verify.second_reader.exploration.MOST_PATHS", 0)
    answer = call("readers", address)
    assert answer.code == 2
    assert "refused: " in answer.out
    verified = call("verify", address)
    assert verified.code == 2
    assert "readings" in verified.out
    assert "rests on readings: unknown" in verified.out
