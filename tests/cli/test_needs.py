"""What `--cores` and `explain` show of the needs of the proofs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import sample_pump
from small_models import refuted_valve

from pumpproof.verify.results.document import schema

SAMPLE = "sample_pump:SYSTEM"
UNREAD = 1
"""The sample pump keeps a field that nothing reads, which is a failed check of its own."""


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_cores_show_what_each_proof_and_what_no_proof_needs(call: Callable[..., Any], folder: Path) -> None:
    answer = call("verify", SAMPLE, "--cores")
    shown = lines(answer.out)
    assert answer.code == UNREAD
    assert "INV-DOSE-001 1 1 2 1 0 INV-DOSE-101 minimal" in shown
    start = shown.index("What no proof needs")
    assert any(
        line.startswith("guard conjunct MDL-DOSE-001 accepted pump.requests < 100") for line in shown[start:]
    )


def test_the_record_holds_the_cores(call: Callable[..., Any], folder: Path) -> None:
    assert call("verify", SAMPLE, "--cores", "--json", "record.json").code == UNREAD
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema()).validate(record)
    core = next(one for one in record["properties"] if one["id"] == "INV-DOSE-001")["core"]
    assert core["rows"] == ["MDL-DOSE-001 accepted"]
    assert core["idle_lemmas"] == ["INV-DOSE-101"]
    line = 1 + text_of_sample().index("    if asked.pulses <= 0:")
    assert {
        "kind": "guard conjunct",
        "id": "MDL-DOSE-001 accepted",
        "says": "pump.given_pulses + asked.pulses <= limits.most_pulses",
        "where": f"sample_pump.py:{line + 2}",
    } in core["elements"]
    assert [one["id"] for one in record["unneeded"]["conditions"]] == ["ASM-DOSE-002"]


def text_of_sample() -> list[str]:
    return Path(sample_pump.__file__).read_text(encoding="utf-8").splitlines()


def test_without_the_option_there_are_no_cores(call: Callable[..., Any], folder: Path) -> None:
    answer = call("verify", SAMPLE, "--json", "record.json")
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert "What the proofs need" not in answer.out
    assert record["unneeded"] is None
    assert {one["core"] for one in (*record["properties"], *record["checks"])} == {None}


def test_what_is_not_proved_has_no_core(call: Callable[..., Any], folder: Path) -> None:
    answer = call("verify", refuted_valve(folder), "--cores", "--json", "record.json")
    record: Any = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert answer.code == 1
    assert record["properties"][0]["core"] is None
    assert "This can be said only where every property and check is proved, and has a core." in answer.out


def test_a_second_run_finds_the_cores_of_the_first(call: Callable[..., Any], folder: Path) -> None:
    first = call("verify", SAMPLE, "--cores", "--json", "one.json")
    assert first.code == UNREAD and (folder.parent / "cache" / "sample-pump.cores.json").is_file()
    assert call("verify", SAMPLE, "--cores", "--json", "two.json").code == UNREAD
    one, two = (json.loads(Path(name).read_text(encoding="utf-8")) for name in ("one.json", "two.json"))
    assert {**one, "volatile": None} == {**two, "volatile": None}


def test_explain_shows_the_core_of_a_property(call: Callable[..., Any], folder: Path) -> None:
    shown = lines(call("explain", "INV-DOSE-001", SAMPLE).out)
    assert "core of 2 obligations: minimal" in shown
    assert "lemma named but not needed: INV-DOSE-101" in shown
    assert any(line.startswith("assignment MDL-DOSE-001 accepted given_pulses") for line in shown)
