"""``results.json`` is the record: valid, canonical, and the same for two runs that found the same."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import jsonschema
from models import model_files, verified
from small_models import proved_valve
from verifications import check, not_inductive, refuted, result, row, verification

from pumpproof.cli.verifying import Request, finish
from pumpproof.verify.explaining.explanation import explain
from pumpproof.verify.proof.verdicts import Tally, Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.results.document import Circumstances, canonical, document, schema
from pumpproof.verify.results.trace import Traces
from pumpproof.verify.results.values import as_json, differences, show

HERE = Circumstances("2024-01-01T00:00:00+00:00", "here", "some platform", "3.11")
ELSEWHERE = Circumstances("2031-12-31T23:59:59+00:00", "elsewhere", "another", "3.13")


def made(record: Verification, circumstances: Circumstances = HERE) -> Any:
    return document(record, Traces.of(record), circumstances, "1.0")


def everything() -> Verification:
    return verification(
        result(0),
        result(1, Verdict.TIMEOUT),
        not_inductive(),
        refuted(),
        checks=(check(), check(Verdict.ERROR)),
        rows=(row(), row(reached=False)),
    )


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_document_satisfies_the_schema() -> None:
    jsonschema.Draft202012Validator(schema()).validate(made(everything()))


def test_a_failed_property_carries_its_explanation_in_words() -> None:
    record = verified(next(path for path in model_files("refuted") if path.stem == "empty_reservoir"))
    traces = Traces.of(record)
    text: Any = document(record, traces, HERE, "1.0", explanations=explain(record, traces))
    jsonschema.Draft202012Validator(schema()).validate(text)
    said = {one["id"]: [part["about"] for part in one["explanation"]] for one in text["properties"]}
    refuted_ids = {one["id"] for one in text["properties"] if one["verdict"] == "refuted"}
    assert refuted_ids == {"INV-BOLUS-101", "INV-RES-001"}
    assert all({"what is false", "what let it happen"} <= {*said[one]} for one in refuted_ids)
    assert not any(said[one["id"]] for one in text["properties"] if one["verdict"] == "proved")
    places = [line for one in text["properties"] for part in one["explanation"] for line in part["lines"]]
    assert any("empty_reservoir.py:" in line for line in places)
    assert not any(str(Path.cwd()) in line for line in places)


def test_the_schema_refuses_what_is_not_in_it() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    for damage in (
        lambda text: text | {"extra": 1},
        lambda text: {key: text[key] for key in text if key != "volatile"},
        lambda text: text | {"version": 2},
        lambda text: text | {"outcome": {"exit_code": 0.5, "says": ""}},
        lambda text: text | {"properties": [text["properties"][0] | {"verdict": "verified"}]},
    ):
        assert not validator.is_valid(damage(made(everything())))


def test_the_counts_are_those_of_the_verdicts() -> None:
    content = json.loads(canonical(made(everything())))
    assert content["counts"] == {
        "properties": {"proved": 1, "refuted": 1, "timeout": 1, "unknown": 1},
        "checks": {"proved": 1, "error": 1},
        "profiles": {},
        "rows": {"reached": 1, "not_reached": 1},
    }
    for kind in ("properties", "checks"):
        verdicts = [one["verdict"] for one in content[kind]]
        assert {verdict: verdicts.count(verdict) for verdict in verdicts} == content["counts"][kind]
    assert content["outcome"] == {"exit_code": 5, "says": "tool fault"}


def test_strength_stands_beside_each_proof_and_nowhere_else() -> None:
    strengths = {one["verdict"]: one["strength"] for one in made(everything())["properties"]}
    assert strengths == {"proved": "z3, cvc5", "timeout": "", "unknown": "", "refuted": ""}


def test_a_document_has_one_text() -> None:
    assert canonical(made(everything())) == canonical(made(everything()))
    text = canonical(made(everything()))
    assert canonical(json.loads(text)) == text
    shuffled = dict(reversed(made(everything()).items()))
    assert canonical(shuffled) == text


def test_time_place_and_cache_change_nothing_but_volatile() -> None:
    record = everything()
    later = replace(
        record,
        properties=tuple(
            replace(one, seconds=9.0, tally=Tally(cached=5, unchanged=4, trivial=1))
            for one in record.properties
        ),
        seconds={"prove": 77.0, "search": 0.1},
    )
    first, second = made(record), made(later, ELSEWHERE)
    assert first["volatile"] != second["volatile"]
    del first["volatile"], second["volatile"]
    assert canonical(first) == canonical(second)


def test_there_is_no_float_in_the_document() -> None:
    def floats(value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(floats, value.values()))
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not floats(json.loads(canonical(made(everything()))))


class Colour(Enum):
    RED = 1


@dataclass(frozen=True)
class Record:
    number: int
    items: tuple[int, ...]
    colour: Colour = Colour.RED


def test_values_as_json_and_as_text() -> None:
    value = Record(2**53, (0, 0, 0, 7, 1, 1, 1))
    assert as_json(value) == {
        "record": "Record",
        "fields": {"number": "9007199254740992", "items": [0, 0, 0, 7, 1, 1, 1], "colour": "RED"},
    }
    assert show(value) == "Record(number=9007199254740992, items=(0 ×3, 7, 1 ×3), colour=RED)"


def test_only_the_items_that_differ_are_changes() -> None:
    before, after = Record(1, (0, 5, 0)), Record(1, (0, 6, 0))
    assert [(one.path, one.before, one.after) for one in differences(before, after)] == [("items[1]", 5, 6)]


def test_true_is_not_one() -> None:
    assert len(list(differences(True, 1))) == 1


def test_the_files_are_written_whole_and_the_old_mode_is_kept(folder: Path) -> None:
    target = folder / "results.json"
    target.write_text("old")
    target.chmod(0o640)
    finish(Request("", (), (), 1, target, folder / "junit.xml", use_cache=False), everything(), "now")
    assert json.loads(target.read_text())["format"] == "pumpproof-results"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["junit.xml", "results.json"]


def test_a_device_is_written_to_and_not_replaced(folder: Path) -> None:
    command = [sys.executable, "-m", "pumpproof", "verify", proved_valve(folder), "--json", "/dev/stdout"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60)
    assert done.returncode == 0
    assert json.loads(done.stdout[: done.stdout.rindex("}") + 1])["format"] == "pumpproof-results"
    assert Path("/dev/stdout").is_symlink()


def test_what_a_run_writes_satisfies_the_schema(folder: Path, call: Callable[..., Any]) -> None:
    assert call("verify", proved_valve(folder, "written_valve"), "--json", "results.json").code == 0
    content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema()).validate(content)
    assert content["requested"]["pairs"] == content["accounted"]["pairs"] == 4


def test_two_runs_with_and_without_the_cache_agree(folder: Path, call: Callable[..., Any]) -> None:
    address = proved_valve(folder, "repeated_valve")
    contents = []
    for arguments in ((), (), ("--no-cache",), ("--jobs", 2)):
        call("verify", address, "--json", "results.json", *arguments)
        content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        content.pop("volatile")
        contents.append(content)
    assert all(content == contents[0] for content in contents)


def test_without_a_cache_nothing_is_written(folder: Path, call: Callable[..., Any]) -> None:
    before = {path for path in folder.rglob("*") if "__pycache__" not in path.parts}
    address = proved_valve(folder, "silent_valve")
    call("verify", address, "--no-cache")
    after = {path for path in folder.rglob("*") if "__pycache__" not in path.parts}
    assert after - before == {folder / "silent_valve.py"}
