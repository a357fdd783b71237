"""What can be asked of a system without reading its code, and that asking is quick."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_models import proved_valve, refuted_valve

NOT_FOR_PEOPLE = (
    "A safety-verification toolkit and bench reference, not a medical device: never connect it to a person."
)


def test_the_version_says_what_this_is_not(call: Callable[..., Any]) -> None:
    answer = call("--version")
    assert answer.code == 0
    assert answer.out.startswith("pumpproof ")
    assert answer.out.splitlines()[1] == NOT_FOR_PEOPLE


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["list"]], ids=" ".join)
def test_no_solver_is_loaded_to_answer_a_question(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom pumpproof.cli import run\n"
        f"code = run({arguments!r})\n"
        "sys.exit(code or sum(name in sys.modules for name in ('z3', 'cvc5', 'jsonschema')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_list_names_everything_that_has_an_id(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("list", proved_valve(folder, "listed"))
    assert answer.code == 0
    assert [line for line in answer.out.splitlines() if line and line[0] != "─"] == [
        "valve: It gives three pulses and then no more.",
        "2 properties",
        "PROPERTY        ROLE     SENTENCE                          FORMALISES",
        "INV-DOSE-001    safety   At most three pulses are given.   REQ-DOSE-001",
        "INV-BOLUS-001   safety   A pulse leaves the spare alone.   REQ-BOLUS-001",
        "2 entries of the table",
        "ENTRY          KIND   MODES   EVENTS   TO   WHY",
        "MDL-DOSE-001   row    READY   Tick          Give a pulse.",
        "MDL-DOSE-002   row    READY   Tick          Enough was given.",
        "2 requirements",
        "REQUIREMENT     SENTENCE",
        "REQ-DOSE-001    At most three pulses.",
        "REQ-BOLUS-001   A pulse is a pulse.",
        "0 profiles",
    ]


def test_list_knows_the_reference_pump(call: Callable[..., Any]) -> None:
    answer = call("list")
    assert answer.code == 0
    assert "\nomnipod-dash " in answer.out


def test_a_property_is_explained_and_proved(folder: Path, call: Callable[..., Any]) -> None:
    address = proved_valve(folder, "explained")
    line = 1 + (folder / "explained.py").read_text().splitlines().index("def claim(valve: Valve) -> bool:")
    answer = call("explain", "INV-DOSE-001", address)
    assert answer.code == 0
    assert answer.out.startswith("INV-DOSE-001  invariant, safety\nAt most three pulses are given.\n")
    assert f"explained.py:{line}\n" in answer.out
    assert "valve.given <= 3\n" in answer.out
    assert "REQ-DOSE-001  At most three pulses.\n" in answer.out
    assert "by induction: proved (z3, cvc5)\n" in answer.out


def test_a_refuted_property_is_explained_by_its_counterexample(
    folder: Path, call: Callable[..., Any]
) -> None:
    answer = call("explain", "INV-DOSE-001", refuted_valve(folder))
    assert answer.code == 1
    assert "by induction: refuted\n" in answer.out
    assert "given: 2 → 3" in answer.out


def test_a_row_is_explained_with_its_guard_and_effect(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("explain", "MDL-DOSE-001", proved_valve(folder, "explained_row"))
    assert answer.code == 0
    assert answer.out.startswith("MDL-DOSE-001  row\nGive a pulse.\n")
    assert "mode READY; event Tick\n" in answer.out
    assert "valve.given < 3\n" in answer.out
    assert "given := valve.given + 1" in answer.out
    assert "INV-DOSE-001  At most three pulses are given.\n" in answer.out


def test_a_requirement_is_explained_by_what_points_to_it(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("explain", "REQ-DOSE-001", proved_valve(folder, "explained_requirement"))
    assert answer.code == 0
    assert "made up for tests\n" in answer.out
    for pointing in (
        "MDL-DOSE-001  Give a pulse.",
        "MDL-DOSE-002  Enough was given.",
        "INV-DOSE-001  At most",
    ):
        assert pointing in answer.out


@pytest.mark.parametrize("identifier", ["MDL-BOLUS-001", "REQ-BOLUS-001", "ASM-DOSE-005", "hour window"])
def test_whatever_the_reference_pump_names_can_be_explained(
    call: Callable[..., Any], identifier: str
) -> None:
    answer = call("explain", identifier)
    assert answer.code == 0
    assert answer.out.startswith(f"{identifier}  ")


def test_list_shows_the_status_of_each_requirement(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("list", proved_valve(folder, "statuses"), "--requirements")
    assert answer.code == 0
    assert [line.split() for line in answer.out.splitlines() if line and line[0] != "─"][1:7] == [
        ["2", "requirements"],
        ["REQUIREMENT", "SENTENCE", "STATUS", "BY"],
        ["REQ-DOSE-001", "At", "most", "three", "pulses.", "proved", "INV-DOSE-001"],
        ["REQ-BOLUS-001", "A", "pulse", "is", "a", "pulse.", "proved", "INV-BOLUS-001"],
        ["By", "hazard", "category"],
        ["CATEGORY", "PROVED", "TESTED", "HARDWARE", "OUT", "OF", "SOFTWARE", "SCOPE", "OPEN", "ALL"],
    ]


def test_what_a_record_does_not_call_proved_is_open(folder: Path, call: Callable[..., Any]) -> None:
    record, output = folder / "results.json", folder / "statuses.json"
    properties = [{"id": "INV-DOSE-001", "verdict": "proved"}, {"id": "INV-BOLUS-001", "verdict": "unknown"}]
    record.write_text(json.dumps({"system": {"name": "valve"}, "properties": properties}))
    address = proved_valve(folder, "recorded")
    answer = call("list", address, "--requirements", "--results", str(record), "--json", str(output))
    assert answer.code == 0
    written = json.loads(output.read_text())
    assert {one["id"]: one["status"] for one in written["requirements"]} == {
        "REQ-DOSE-001": "proved",
        "REQ-BOLUS-001": "open",
    }
    assert written["counts"]["open"] == 1


def test_a_record_of_another_system_says_nothing(folder: Path, call: Callable[..., Any]) -> None:
    record = folder / "results.json"
    record.write_text(json.dumps({"system": {"name": "lamp"}, "properties": []}))
    address = proved_valve(folder, "other_record")
    answer = call("list", address, "--requirements", "--results", str(record))
    assert answer.code == 4
    assert f"--results {record}: is of system lamp, not of valve" in answer.err


def test_the_reference_pump_shows_every_status_by_hazard_category(call: Callable[..., Any]) -> None:
    answer = call("list", "--requirements")
    assert answer.code == 0
    assert "\nover-infusion " in answer.out
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    (totals,) = (line.split() for line in answer.out.splitlines() if line.startswith("all "))
    proved, tested, hardware, outside, still_open, all_ = map(int, totals[1:])
    assert f"Of {all_} [requirements]" in readme
    said = (
        f"{proved} are proved in full, {tested} tested, {hardware + outside} for hardware or others to see to"
    )
    assert f"{said}, and {still_open} open" in " ".join(readme.split())
