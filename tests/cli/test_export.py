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
    assert answer.err.startswith("pumpproof: FORMAT vtm: there is no such format; there is vmt")
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
