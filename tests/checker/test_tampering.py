"""Whatever is changed in a certificate is noticed, also by somebody who makes the manifest fit the files."""

# ruff: noqa: E501  a change with its message is one row of a table

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from certified import checked, manifest, proved_system, rewrite, seal, sha256, written
from models import FOLDER, model_files

from pumpproof.cli import run
from pumpproof.verify.checker import solving
from pumpproof.verify.checker.required import arrows_of
from pumpproof.verify.checker.solving import Question, ask

MODEL = "single_bolus"
RES = "properties/INV-RES-001.smt2"
LEDGER = "properties/INV-BOLUS-001.smt2"
GUARD = "(assert |guard MDL-BOLUS-003|)\n"
GOAL = "(assert (not (|property INV-RES-001| |after MDL-BOLUS-003 reservoir_pulses|)))\n"
LEMMA = (
    "(assert (|property INV-BOLUS-101| |before.mode| |before.remaining_pulses| |before.reservoir_pulses|))\n"
)
CLAIM = "(define-fun |property INV-RES-001| ((|before.reservoir_pulses| Int)) Bool (<= 0 |before.reservoir_pulses|))"
NEGATED_GOAL = r"expected the negated goal of 'MDL-BOLUS-003'"
HOPELESS = solving.Attempt((("incremental", "true"), ("rlimit-per", "1")))
"""An attempt of cvc5 with too little to decide anything."""

NO_PLACE = r"RES-001.smt2:\d+: the command .* has no place here"

Tamper = Callable[[Path], object]
Check = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(MODEL, tmp_path)


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """The command; exit code and all that it says."""
    monkeypatch.syspath_prepend(str(FOLDER / "proved"))

    def calling(folder: Path, model: str = MODEL) -> tuple[int, str]:
        code = run(["certificate", "check", str(folder), f"{model}:SYSTEM"])
        said = capsys.readouterr()
        return code, said.out + said.err

    return calling


def put(new: str, *, before: str, file: str = RES) -> Tamper:
    """Put text before other text in a file."""
    return lambda folder: rewrite(folder, file, before, new + before)


def swap(old: str, new: str, file: str = RES) -> Tamper:
    """Put text in the place of other text in a file, or of all of it in all files (``*``)."""
    return lambda folder: rewrite(folder, file, old, new)


def end(text: str, file: str = RES) -> Tamper:
    """Add text at the end of a file."""

    def tamper(folder: Path) -> None:
        path = folder / file
        path.write_text(path.read_text() + text)
        seal(folder)

    return tamper


def both(*steps: Tamper) -> Tamper:
    """One change after the other."""

    def tamper(folder: Path) -> None:
        for step in steps:
            step(folder)

    return tamper


def say(key: str, value: object) -> Tamper:
    """Change what the manifest says, at a path of keys."""

    def tamper(folder: Path) -> None:
        with manifest(folder) as said:
            section, _, last = key.rpartition("/")
            (said[section] if section else said)[last] = value

    return tamper


def in_text_of_manifest(old: str, new: str) -> Tamper:
    """Change the text of the manifest."""

    def tamper(folder: Path) -> None:
        path = folder / "manifest.json"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return tamper


def drop_file(folder: Path) -> None:
    (folder / RES).unlink()


def swap_files(folder: Path) -> None:
    one, other = folder / RES, folder / "properties/INV-BOLUS-101.smt2"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    seal(folder)


def link_outside(folder: Path) -> None:
    outside = folder.parent / "outside.smt2"
    (folder / RES).rename(outside)
    (folder / RES).symlink_to(outside)


def link_folder_outside(folder: Path) -> None:
    (folder / "properties").rename(folder.parent / "properties")
    (folder / "properties").symlink_to(folder.parent / "properties")


def drop_last_query(folder: Path) -> None:
    text = (folder / RES).read_text()
    start, stop = text.rindex("(push 1)"), text.rindex("(pop 1)\n") + len("(pop 1)\n")
    rewrite(folder, RES, text[start:stop], "")


def repeat_a_query(folder: Path) -> None:
    text = (folder / RES).read_text()
    end(text[text.rindex("(push 1)") : text.rindex("(pop 1)\n") + len("(pop 1)\n")])(folder)


def drop_lemma_file(folder: Path) -> None:
    """A lemma that is assumed, and neither listed nor certified any more."""
    (folder / "properties/INV-BOLUS-101.smt2").unlink()
    with manifest(folder) as said:
        said["properties"].remove("INV-BOLUS-101")
        said["left_out"] = ["INV-BOLUS-101"]
        del said["files"]["properties/INV-BOLUS-101.smt2"]


def see_the_state_before(folder: Path) -> None:
    """A claim that also holds if it held before the step, so that no step needs a lemma."""
    helper = "(define-fun |term 0000000000000000| () Bool (<= 0 |before.reservoir_pulses|))"
    body = "Bool (<= 0 |before.reservoir_pulses|))"
    weak = CLAIM.replace(body, "Bool (or |term 0000000000000000| (<= 0 |before.reservoir_pulses|)))")
    rewrite(folder, "*", CLAIM, f"{helper}\n{weak}")
    rewrite(folder, "*", LEMMA, "")


def unproved_lemma(folder: Path) -> None:
    """The file of a lemma has no queries, and the manifest says that no step touches it."""
    path = folder / "properties/INV-BOLUS-101.smt2"
    rows = [row for row in path.read_text().splitlines(keepends=True) if row.startswith(("(set", "(de"))]
    path.write_text("".join(rows))
    seal(folder)
    with manifest(folder) as said:
        arrows = [one.name for one in arrows_of(proved_system(MODEL))]
        said["files"]["properties/INV-BOLUS-101.smt2"]["unchanged"] = arrows


MALFORMED = {
    # Files.
    "file dropped": (drop_file, r"RES-001.smt2:1: is missing or no plain file"),
    "two files swapped": (swap_files, r"no query for the goal|expected the negated goal"),
    "file of no certificate": (lambda one: (one / "more.smt2").touch(), r"more.smt2:1: this file belongs to no certificate"),
    "link to a file outside": (link_outside, r"RES-001.smt2:1: is missing or no plain file"),
    "link to a folder outside": (link_folder_outside, r"properties:1: this file belongs to no certificate"),
    "changed file": (
        lambda one: (one / "code.smt2").write_text((one / "code.smt2").read_text() + "(declare-const |before.mode| Int)\n"),
        r"manifest.json:\d+: \"sha256\": .*; expected \"sha256\"",
    ),
    "byte order mark": (swap("(set-logic", "\ufeff(set-logic"), r"RES-001.smt2:1: expected \(set-logic QF_LIA\)"),
    "other logic": (swap("QF_LIA", "QF_NIA"), r"RES-001.smt2:1: expected \(set-logic QF_LIA\)"),
    "not text": (lambda one: (one / RES).write_bytes(b"\xff"), r"RES-001.smt2:1: can not be read"),
    "empty file": (lambda one: (one / RES).write_text(""), r"RES-001.smt2:1: expected \(set-logic QF_LIA\)"),
    # Commands.
    "assert false": (put("(assert false)\n", before=GOAL), r"RES-001.smt2:\d+: false may not be assumed for 'MDL-BOLUS-003'"),
    "assert what is not true": (put("(assert (= 0 1))\n", before=GOAL), r"\(= 0 1\) may not be assumed"),
    "assertion outside of a query": (put("(assert false)\n", before="(push 1)"), NO_PLACE),
    "option": (put("(set-option :produce-models true)\n", before="(push 1)"), NO_PLACE),
    "exit": (put("(exit)\n", before="(check-sat)"), NO_PLACE),
    "reset": (swap("(check-sat)", "(reset-assertions)"), NO_PLACE),
    "check under an assumption": (swap("(check-sat)", "(check-sat-assuming (false))"), NO_PLACE),
    "push in a query": (put("(push 1)\n", before="(check-sat)"), NO_PLACE),
    "pop before the question": (put("(pop 1)\n", before="(check-sat)"), NO_PLACE),
    "two questions": (swap("(check-sat)\n", "(check-sat)\n(check-sat)\n"), NO_PLACE),
    "no question": (swap("(check-sat)\n", ""), NO_PLACE),
    "no end": (end("(push 1)\n"), r"RES-001.smt2:\d+: the last push has no pop"),
    "text at the end": (end("the end\n"), NO_PLACE),
    "comment": (put("; nothing\n", before="(push 1)"), NO_PLACE),
    "blank line": (put("\n", before="(push 1)"), NO_PLACE),
    "two commands on a line": (swap("(push 1)\n", "(push 1) "), NO_PLACE),
    "a file included": (put('(include "other.smt2")\n', before="(push 1)"), NO_PLACE),
    # Names.
    "definition said again": (put("(define-fun |typed| () Bool false)\n", before="(push 1)"), r"\|typed\| has a meaning already"),
    "operator defined": (put("(define-fun |and| () Bool false)\n", before="(push 1)"), r"nothing that is called \|and\|"),
    "operator defined without quotes": (put("(define-fun and () Bool false)\n", before="(push 1)"), NO_PLACE),
    "macro with parameters": (swap("|guard MDL-BOLUS-003| ()", "|guard MDL-BOLUS-003| ((|before.mode| Int))"), r"guard MDL-BOLUS-003\| may not have parameters"),
    "free variable": (put("(declare-const |free| Int)\n", before="(push 1)"), r"no variable \|free\| of sort Int"),
    "variable of another sort": (swap("|limits.reservoir_pulses| Int", "|limits.reservoir_pulses| Bool"), r"no variable \|limits.reservoir_pulses\| of sort Bool"),
    "variable not declared": (swap("(declare-const |before.mode| Int)\n", ""), r"RES-001.smt2:\d+: \|before.mode\| is not to be seen here"),
    "guard not defined in this file": (swap("(define-fun |guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 1)))\n", ""), r"\|guard MDL-BOLUS-003\| is not to be seen here"),
    "two meanings": (swap(CLAIM, CLAIM.replace("(<= 0 ", "(<= (- 9) ")), r"\|property INV-RES-001\| has another meaning in .*:\d+"),
    "backslash in a name": (swap("|typed| ()", "|ty\\ped| ()"), NO_PLACE),
    "parameter said twice": (swap("((|before.reservoir_pulses| Int))", "((|before.reservoir_pulses| Int) (|before.reservoir_pulses| Int))"), "two parameters of one name"),
    # Expressions.
    "huge nesting": (put("(assert " + "(not " * 3000 + "true" + ")" * 3001 + "\n", before=GOAL), "more than 1000 parentheses are open"),
    "no expression": (put("(assert )(\n", before=GOAL), NO_PLACE),
    "parenthesis too many": (put("(assert true))\n", before=GOAL), "is not one expression"),
    "quantifier": (put("(assert (forall ((|x| Int)) false))\n", before=GOAL), "has no place here"),
    "sorts that do not fit": (swap("(<= 0 |before.reservoir_pulses|)", "(<= true |before.reservoir_pulses|)", "*"), "cvc5 does not understand it"),
    "part bound elsewhere": (swap("Bool (<= 0 |before.reservoir_pulses|)", "Bool (<= 0 |part 0000000000000000|)", "*"), "cvc5 does not understand it"),
    # What a query may say.
    "guard of another arrow": (swap(GUARD, GUARD.replace("003", "004")), r"\|guard MDL-BOLUS-004\| is not to be seen|may not be assumed"),
    "hypothesis in other words": (swap(GUARD, "(assert (<= 2 |before.remaining_pulses|))\n"), r"\(<= 2 \|before.remaining_pulses\|\) may not be assumed"),
    "two goals swapped": (swap("|after MDL-BOLUS-003 reservoir_pulses|)))", "|after MDL-BOLUS-001 accepted reservoir_pulses|)))"), NEGATED_GOAL),
    "weaker goal": (swap(GOAL, "(assert (not true))\n"), NEGATED_GOAL),
    "goal not negated": (swap(GOAL, GOAL.replace("(not (", "(", 1).replace(")))", "))")), NEGATED_GOAL),
    "lemma assumed of the state after": (put("(assert (|property INV-RES-001| |after MDL-BOLUS-003 reservoir_pulses|))\n", before=GOAL), "may not be assumed for 'MDL-BOLUS-003'"),
    "circular lemma": (put("(assert (|property INV-BOLUS-101| 0 0 |initial reservoir_pulses|))\n", before="(assert (not (|property INV-RES-001| |initial"), "is not to be seen here|may not be assumed for 'initially'"),
    "assumption of the step in the initial state": (put("(assert (|property INV-RES-001| |before.reservoir_pulses|))\n", before="(assert (not (|property INV-RES-001| |initial"), "may not be assumed for 'initially'"),
    "lemma without a certificate": (drop_lemma_file, r"property INV-BOLUS-101\|.* may not be assumed"),
    "lemma listed and not proved": (unproved_lemma, "there is no query for the goal 'initially'"),
    "query dropped": (drop_last_query, "there is no query for the goal 'MDL-BOLUS-004'"),
    "query repeated": (repeat_a_query, "this query is about nothing that a certificate has to show"),
    "write forgotten": (swap("|after MDL-BOLUS-003 reservoir_pulses| () Int (+ |before.reservoir_pulses| (- 1))", "|after MDL-BOLUS-003 reservoir_pulses| () Int |before.reservoir_pulses|", "*"), "expected the negated goal of 'MDL-BOLUS-004'"),
    "claim that sees the state before": (see_the_state_before, r"\|term 0000000000000000\| is not to be seen here"),
    "claim of other variables": (swap("((|before.reservoir_pulses| Int)) Bool (<= 0 |before.reservoir_pulses|)", "() Bool (<= 0 |before.reservoir_pulses|)", "*"), r"\|before.reservoir_pulses\| is not to be seen here"),
    # The manifest.
    "no manifest": (lambda one: (one / "manifest.json").unlink(), r"manifest.json:1: is missing or no plain file"),
    "manifest of something else": (lambda one: (one / "manifest.json").write_text("[]"), r"manifest.json:1: is no manifest of certificates"),
    "manifest nested": (lambda one: (one / "manifest.json").write_text("[" * 100_000), r"manifest.json:1: is no manifest of certificates"),
    "manifest with a mark": (in_text_of_manifest("{\n", "\ufeff{\n"), r"manifest.json:1: is no manifest of certificates"),
    "text after the manifest": (lambda one: (one / "manifest.json").write_text((one / "manifest.json").read_text() + "\n"), r"manifest.json:\d+: ; expected None"),
    "other system": (say("system/name", "another"), r"manifest.json:1: is of .*'another'.*; expected .*'single bolus'"),
    "other version": (say("version", 1), r"manifest.json:1: is of .* 1, .*; expected .* 2, "),
    "other words of an assumption": (say("assumptions", []), r"manifest.json:2: \"assumptions\": \[\],; expected \"assumptions\": \["),
    "renamed property": (say("properties", ["INV-BOLUS-101", "INV-BOLUS-102", "INV-RES-002", "INV-BOLUS-001"]), r"`properties` are not those of single bolus"),
    "property twice": (say("properties", ["INV-RES-001", "INV-RES-001"]), r"`properties` are not those of single bolus"),
    "pairs of another table": (say("pairs/count", 35), r"manifest.json:\d+: \"count\": 35,; expected \"count\": 36,"),
    "other hash of the pairs": (say("pairs/sha256", sha256(b"")), r"manifest.json:\d+: \"sha256\": .*; expected \"sha256\""),
    "a key twice": (in_text_of_manifest('"count": 36,', '"count": 36,\n  "count": 36,'), r"manifest.json:\d+: \"count\": 36,; expected \"sha256\""),
    "arrow said to change nothing": (in_text_of_manifest('"unchanged": []', '"unchanged": ["MDL-BOLUS-003"]'), r"manifest.json:\d+: \"unchanged\": \[.*; expected \"unchanged\": \[\]"),
    "more queries than there are": (in_text_of_manifest('"queries": 5', '"queries": 6'), r"\"queries\": 6,; expected \"queries\": 5,"),
}  # fmt: skip

CONTRADICTED = {
    "stronger guard": (swap("|guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 1))", "|guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 2))", "*"), "guard MDL-BOLUS-003 is what the system does: cvc5 says sat; expected unsat"),
    "guard dropped": (swap("|guard MDL-BOLUS-003| () Bool (not (<= |before.remaining_pulses| 1))", "|guard MDL-BOLUS-003| () Bool true", "*"), "guard MDL-BOLUS-003 is what the system does"),
    "weaker claim": (swap("Bool (<= 0 |before.reservoir_pulses|)", "Bool (<= (- 9) |before.reservoir_pulses|)", "*"), "property INV-RES-001 is what the system does"),
    "stronger lemma": (swap("(and (<= 1 |before.remaining_pulses|)", "(and (<= 2 |before.remaining_pulses|)", "*"), "property INV-BOLUS-101 is what the system does"),
    "stronger condition of valid limits": (swap("(and (<= 2 |limits.max_bolus_pulses|)", "(and (<= 3 |limits.max_bolus_pulses|)", "*"), "condition ASM-BOLUS-001 is what the system does"),
    "impossible types": (swap("|typed| () Bool (and", "|typed| () Bool (and false", "*"), "typed is what the system does"),
    "situation of another mode": (swap("|situation MDL-BOLUS-003| () Bool (= |before.mode| 1)", "|situation MDL-BOLUS-003| () Bool (= |before.mode| 0)", "*"), "situation MDL-BOLUS-003 is what the system does"),
    "other effect": (swap("|after MDL-BOLUS-003 reservoir_pulses| () Int (+ |before.reservoir_pulses| (- 1))", "|after MDL-BOLUS-003 reservoir_pulses| () Int (+ |before.reservoir_pulses| 1)", "*"), "after MDL-BOLUS-003 reservoir_pulses is what the system does"),
    "other count of an observer": (swap("asked_pulses| () Int |event 'BolusRequested'.pulses|", "asked_pulses| () Int (+ 1 |event 'BolusRequested'.pulses|)", "*"), "ghost 'ledger' MDL-BOLUS-001 accepted asked_pulses is what the system does"),
    "other initial state": (swap("|initial reservoir_pulses| () Int |limits.reservoir_pulses|", "|initial reservoir_pulses| () Int 0", "*"), "initial reservoir_pulses is what the system does"),
    "needed lemma removed": (swap(LEMMA, ""), "INV-RES-001.smt2: MDL-BOLUS-003: cvc5 says sat; expected unsat"),
}  # fmt: skip


@pytest.mark.parametrize("path", model_files("proved"), ids=lambda path: path.stem)
def test_certificates_of_what_is_proved_hold(path: Path, tmp_path: Path) -> None:
    found = checked(path.stem, written(path.stem, tmp_path))
    assert found.obligations > 0
    assert found.undecided == ()


def test_a_certificate_that_holds_has_exit_code_0_and_says_by_whom(folder: Path, check: Check) -> None:
    code, said = check(folder)
    assert code == 0
    assert "ALL CHECKED (cvc5, z3): certificates of 6 properties of system single bolus." in said
    assert "checking: 2 of 2 done" in said


@pytest.mark.parametrize("name", MALFORMED)
def test_what_has_no_place_is_rejected_with_exit_code_4(name: str, folder: Path, check: Check) -> None:
    tamper, message = MALFORMED[name]
    tamper(folder)
    code, said = check(folder)
    assert (code, re.search(message, said) is not None) == (4, True), said


@pytest.mark.parametrize("name", CONTRADICTED)
def test_what_is_not_true_of_the_system_is_contradicted_with_exit_code_5(
    name: str, folder: Path, check: Check
) -> None:
    tamper, message = CONTRADICTED[name]
    tamper(folder)
    code, said = check(folder)
    assert (code, re.search(message, said) is not None) == (5, True), said


def test_assumptions_that_exclude_each_other_are_contradicted() -> None:
    question = Question("what is assumed at MDL-001", ("(<= 1 |x|)", "(<= |x| 0)"), "sat")
    answers = ask({"|x|": "(declare-const |x| Int)"}, [question], 1, lambda *_: None)
    assert answers == {question: {"cvc5": "unsat", "z3": "unsat"}}


def test_a_group_with_one_open_question_is_asked_one_by_one() -> None:
    questions = [Question(f"{n}", ("(<= 1 |x|)", f"(<= |x| {n})"), "unsat", "group") for n in (0, 1)]
    answers = ask({"|x|": "(declare-const |x| Int)"}, questions, 2, lambda *_: None)
    assert [answers[one] for one in questions] == [
        {"cvc5": "unsat", "z3": "unsat"},
        {"cvc5": "sat", "z3": "sat"},
    ]


def test_a_certificate_of_another_system_or_other_limits_is_rejected(folder: Path, check: Check) -> None:
    assert check(folder, "dual_bolus")[0] == 4
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    rewrite(other, "*", "|limits.max_bolus_pulses|", "|limits.most_pulses|")
    code, said = check(other)
    assert code == 4
    assert "the system has no variable |limits.most_pulses| of sort Int" in said


def test_what_a_solver_does_not_know_is_undecided(
    folder: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(solving.ATTEMPTS, "cvc5", (HOPELESS, replace(HOPELESS, alone=True)))
    code, said = check(folder)
    assert code == 2
    assert "not decided: properties/INV-RES-001.smt2: MDL-BOLUS-003: cvc5 does not know" in said
    assert "NOT CHECKED: " in said


@pytest.mark.parametrize("alone", [False, True])
def test_what_a_solver_does_not_decide_at_its_first_attempt_is_decided_at_a_later_one(
    folder: Path, check: Check, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    decides = solving.ATTEMPTS["cvc5"][0]
    monkeypatch.setitem(solving.ATTEMPTS, "cvc5", (HOPELESS, replace(decides, alone=alone)))
    code, said = check(folder)
    assert code == 0, said


def test_a_certificate_that_defines_a_variable_is_rejected(folder: Path, check: Check) -> None:
    rewrite(folder, "*", "(declare-const |before.mode| Int)", "(define-fun |before.mode| () Int 0)")
    code, said = check(folder)
    assert (code, "the system has nothing that is called |before.mode|" in said) == (4, True), said


def test_a_solver_that_answers_something_else_fails_the_check(
    folder: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "SOLVERS", ("cvc5", "yices"))
    monkeypatch.setitem(solving.ATTEMPTS, "yices", (solving.Attempt(()),))
    code, said = check(folder)
    assert code == 5
    assert "yices failed: " in said
