"""Whatever is changed in a certificate is noticed, also by somebody who makes the hashes fit."""

import json
import re
from pathlib import Path

import pytest
from certified import checked, proved_system, rewrite, seal, written
from models import model_files

from pumpproof.verify.checker.check import Disagreement
from pumpproof.verify.checker.required import pairs_digest
from pumpproof.verify.checker.scripts import Rejected, read_script

MODEL = "single_bolus"
RES = "properties/INV-RES-001.smt2"
GUARD_3 = "(assert |guard MDL-BOLUS-003|)\n"
GOAL = "(assert (not (|property INV-RES-001| |after MDL-BOLUS-003 reservoir_pulses|)))\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(MODEL, tmp_path)


@pytest.mark.parametrize("path", model_files("proved"), ids=lambda path: path.stem)
def test_certificates_of_what_is_proved_hold(path: Path, tmp_path: Path) -> None:
    found = checked(path.stem, written(path.stem, tmp_path))
    assert found.obligations > 0
    assert found.undecided == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            RES,
            GOAL,
            "(assert (= 0 1))\n" + GOAL,
            r"RES-001.smt2:\d+: \(= 0 1\) may not be assumed",
            id="extra assertion",
        ),
        pytest.param(RES, GOAL, "(assert false)\n" + GOAL, "false may not be assumed", id="contradiction"),
        pytest.param(
            RES,
            GUARD_3,
            GUARD_3.replace("003", "004"),
            r"MDL-BOLUS-004\| may not be assumed",
            id="guard of another arrow",
        ),
        pytest.param(
            RES,
            GUARD_3,
            "(assert (<= 2 |before.remaining_pulses|))\n",
            "may not be assumed",
            id="a hypothesis in other words",
        ),
        pytest.param(
            RES,
            "(not (|property INV-RES-001| |after MDL-BOLUS-003",
            "(not (|property INV-RES-001| |after MDL-BOLUS-004",
            "expected the negated goal",
            id="swapped arrow",
        ),
        pytest.param(RES, GOAL, "(assert (not true))\n", "expected the negated goal", id="weaker goal"),
        pytest.param(RES, "|typed|)", "typed)", "typed may not be assumed", id="another way to quote"),
        pytest.param(RES, "(check-sat)", "(reset-assertions)", "reset-assertions", id="reset"),
        pytest.param(RES, "(check-sat)", "(check-sat-assuming (false))", "has no place here", id="assuming"),
        pytest.param(RES, "(push 1)", "(set-option :x true)\n(push 1)", "':' has no place here", id="option"),
        pytest.param(RES, "(push 1)", "; (push 1)\n(push 1)", "';' has no place here", id="comment"),
        pytest.param(
            RES,
            "(push 1)",
            "(assert false)\n(push 1)",
            "assert false.* no place here",
            id="assertion outside",
        ),
        pytest.param(RES, "(check-sat)\n", "", "has no place here", id="no question"),
        pytest.param(RES, "|typed| ()", "|ty\\ped| ()", "has no place here", id="backslash in a name"),
        pytest.param(
            RES,
            "(push 1)",
            "(define-fun |typed| () Bool false)\n(push 1)",
            r"\|typed\| has a meaning already",
            id="redefinition",
        ),
        pytest.param(
            RES,
            "(push 1)",
            "(define-fun |and| () Bool false)\n(push 1)",
            r"nothing that is called \|and\|",
            id="shadowed",
        ),
        pytest.param(
            RES,
            "(push 1)",
            "(define-fun and () Bool false)\n(push 1)",
            "the name and is not quoted",
            id="unquoted name",
        ),
        pytest.param(
            RES,
            "(push 1)",
            "(declare-const |free| Int)\n(push 1)",
            r"no variable \|free\| of sort Int",
            id="free variable",
        ),
        pytest.param(
            RES,
            "|before.reservoir_pulses| Int)) Bool (<= 0",
            "|before.reservoir_pulses| Int)) Bool (<= (- 9)",
            "has another meaning in",
            id="two meanings",
        ),
    ],
)
def test_what_has_no_place_is_rejected_by_name(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    rewrite(folder, file, old, new)
    with pytest.raises(Rejected, match=message):
        checked(MODEL, folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "(define-fun |guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 1)))",
            "(define-fun |guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 2)))",
            "guard MDL-BOLUS-003 is what the system does: cvc5 says sat; expected unsat",
            id="stronger guard",
        ),
        pytest.param(
            "|guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 1))",
            "|guard MDL-BOLUS-003| () Bool true",
            "guard MDL-BOLUS-003 is what the system does",
            id="dropped guard",
        ),
        pytest.param(
            "Bool (<= 0 |before.reservoir_pulses|)",
            "Bool (<= (- 9) |before.reservoir_pulses|)",
            "property INV-RES-001 is what the system does",
            id="weaker claim",
        ),
        pytest.param(
            "|after MDL-BOLUS-003 reservoir_pulses| () Int (+ |before.reservoir_pulses| (- 1))",
            "|after MDL-BOLUS-003 reservoir_pulses| () Int |before.reservoir_pulses|",
            "there is no query|no place|about nothing|expected the negated goal",
            id="forgotten write",
        ),
        pytest.param(
            "|typed| () Bool (and",
            "|typed| () Bool (and false",
            "typed is what the system does",
            id="impossible types",
        ),
    ],
)
def test_a_definition_that_is_not_the_system_is_contradicted(
    folder: Path, old: str, new: str, message: str
) -> None:
    rewrite(folder, "*", old, new)
    with pytest.raises((Disagreement, Rejected), match=message):
        checked(MODEL, folder)


def test_a_lemma_without_a_certificate_may_not_be_assumed(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["properties"].remove("INV-BOLUS-101")
    del manifest["files"]["properties/INV-BOLUS-101.smt2"]
    (folder / "properties/INV-BOLUS-101.smt2").unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Rejected, match="`pairs` are"):
        checked(MODEL, folder)
    count, digest = pairs_digest(proved_system(MODEL), manifest["properties"])
    manifest["pairs"] = {"count": count, "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Rejected, match=r"property INV-BOLUS-101\|.* may not be assumed"):
        checked(MODEL, folder)


def test_a_missing_query_is_noticed(folder: Path) -> None:
    text = (folder / RES).read_text()
    start = text.rindex("(push 1)")
    rewrite(folder, RES, text[start : text.index("(pop 1)\n", start) + len("(pop 1)\n")], "")
    with pytest.raises(Rejected, match="there is no query for the goal 'kept by a step: MDL-BOLUS-004'"):
        checked(MODEL, folder)


def test_a_goal_of_another_property_is_noticed(folder: Path) -> None:
    (folder / RES).write_text((folder / "properties/INV-BOLUS-101.smt2").read_text())
    seal(folder)
    with pytest.raises(Rejected, match=r"RES-001|reservoir_pulses"):
        checked(MODEL, folder)


def test_a_changed_file_a_foreign_file_and_a_missing_file_are_noticed(folder: Path) -> None:
    path = folder / RES
    text = path.read_text()
    path.write_text(text + "\n")
    with pytest.raises(Rejected, match=re.escape(f"{path}:1: its SHA-256 is not the one in manifest.json")):
        checked(MODEL, folder)
    path.write_text(text)
    (folder / "more.smt2").write_text("")
    with pytest.raises(Rejected, match=r"more.smt2:1: this file belongs to no certificate"):
        checked(MODEL, folder)
    (folder / "more.smt2").unlink()
    path.unlink()
    with pytest.raises(Rejected, match=r"RES-001.smt2:1: can not be read"):
        checked(MODEL, folder)


def test_a_manifest_of_another_system_or_none_is_noticed(folder: Path) -> None:
    with pytest.raises(Rejected, match=r"manifest.json:1: is of .*'single bolus'.*; expected .*'dual bolus'"):
        checked("dual_bolus", folder)
    (folder / "manifest.json").write_text("[]")
    with pytest.raises(Rejected, match="is no manifest of certificates"):
        checked(MODEL, folder)


@pytest.mark.parametrize("entry", [None, 3, "x", [], {}, {"sha256": "", "obligations": [3], "unchanged": []}])
def test_an_account_of_a_file_of_another_shape_is_noticed(folder: Path, entry: object) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["table.smt2"] = entry
    path.write_text(json.dumps(manifest))
    message = "`files` says of 'table.smt2' something else than `sha256`, `obligations`, `unchanged`"
    with pytest.raises(Rejected, match=re.escape(f"{path}:1: {message}")):
        checked(MODEL, folder)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("(not |term 0123456789abcdef|)", "|term 0123456789abcdef|"),
        ("(|later|)", "|later|"),
        ("(foo 1)", "foo"),
    ],
)
def test_a_name_without_a_meaning_is_noticed(body: str, name: str) -> None:
    text = f"(set-logic QF_LIA)\n(define-fun |term 0123456789abcdef| () Bool {body})\n"
    with pytest.raises(Rejected, match=re.escape(f"odd.smt2:2: the name {name} has no meaning here")):
        read_script(text, "odd.smt2")
