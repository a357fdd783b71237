"""``pumpproof export``: what is written, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

PROPERTY = "INV-SUSP-001"


def test_a_system_is_written_for_another_checker(call: Callable[..., Any], folder: Path) -> None:
    answer = call("export", "vmt", "pump.vmt", "--only", PROPERTY)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("pump.vmt: system reference pump with ")
    assert answer.out.endswith("nothing was proved here\n")
    text = (folder / "pump.vmt").read_text(encoding="utf-8")
    assert text.startswith("; reference pump: ")
    assert f"; 1 {PROPERTY}: No insulin is delivered" in text or f" {PROPERTY}: " in text
    assert ":invar-property 1" in text


def test_an_unknown_format_is_refused_by_name(call: Callable[..., Any], folder: Path) -> None:
    answer = call("export", "vtm", "pump.vtm")
    assert answer.code == 4
    assert answer.err.startswith("pumpproof: FORMAT vtm: there is no such format; there is vmt, btor2")
    assert not list(folder.iterdir())


def test_an_unknown_property_is_refused_and_nothing_is_written(
    call: Callable[..., Any], folder: Path
) -> None:
    answer = call("export", "vmt", "pump.vmt", "--only", "INV-NONE-001")
    assert answer.code == 4
    assert "system reference pump has no such property" in answer.err
    assert not list(folder.iterdir())


def test_a_folder_that_is_not_there_is_named(call: Callable[..., Any], folder: Path) -> None:
    answer = call("export", "vmt", folder / "nowhere" / "pump.vmt")
    assert answer.code == 4
    assert "there is no folder" in answer.err


def test_the_width_of_a_variable_is_chosen_and_written_at_the_head(
    call: Callable[..., Any], folder: Path
) -> None:
    answer = call("export", "btor2", "pump.btor2", "--only", PROPERTY, "--width", "24")
    assert (answer.code, answer.err) == (0, "")
    text = (folder / "pump.btor2").read_text(encoding="utf-8")
    assert "has 24 bits in two's complement, -8388608 to 8388607" in text.replace("\n; ", " ")
    assert f" {PROPERTY}\n" in text


def test_a_width_that_is_too_small_is_refused_with_the_least(call: Callable[..., Any], folder: Path) -> None:
    answer = call("export", "btor2", "pump.btor2", "--width", "22")
    assert answer.code == 4
    assert (
        "--width: a width of 22 bits can not be used: system reference pump speaks of numbers" in answer.err
    )
    assert "choose one from 23 to 128" in " ".join(answer.err.split())
    assert not list(folder.iterdir())


def test_a_format_without_bounds_takes_no_width(call: Callable[..., Any], folder: Path) -> None:
    answer = call("export", "vmt", "pump.vmt", "--width", "24")
    assert answer.code == 4
    assert "only btor2 has bounds" in answer.err
    assert not list(folder.iterdir())
