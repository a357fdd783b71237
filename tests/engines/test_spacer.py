"""Spacer proposes; nothing that it says is believed, and whatever ends it early has a name."""

import os
import signal
import subprocess
from dataclasses import replace
from typing import Any

import pytest
from models import loaded, model_files, system_of
from questions import SMALL, question, without_lemmas

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import Budget, Proved, Question, TimedOut, Unknown
from pumpproof.verify.engines.spacer import RefusedError, Spacer, ask_child, from_nodes
from pumpproof.verify.logic.terms import variable


def model(name: str) -> System:
    (path,) = (path for path in model_files("proved") if path.stem == name)
    return without_lemmas(system_of(loaded(path)))


@pytest.fixture
def asked() -> Question:
    return question(model("single_bolus"), "INV-RES-001")


def answering(answer: dict[str, Any]) -> Spacer:
    return Spacer(lambda request, budget: answer)


def test_it_finds_an_invariant_that_induction_shows(asked: Question) -> None:
    found = Spacer().attempt(asked, SMALL)
    assert isinstance(found, Proved)
    assert len(found.certificate.strengthening) > 0


@pytest.mark.parametrize(
    "nodes",
    [
        [["false", 0, []]],
        [["true", 0, []]],
        [["parameter", 2, []], ["int", 5, []], ["<=", 0, [1, 0]]],
    ],
    ids=["contradiction", "nothing", "not kept"],
)
def test_a_forged_invariant_is_refused(asked: Question, nodes: list[Any]) -> None:
    found = answering({"answer": "invariant", "nodes": nodes}).attempt(asked, SMALL)
    assert isinstance(found, Unknown)
    assert found.reason.startswith("its invariant could not be shown by induction, first at: INV-RES-001: ")


def test_a_claim_that_a_run_breaks_it_needs_the_run(asked: Question) -> None:
    found = answering({"answer": "broken"}).attempt(asked, SMALL)
    assert found == Unknown("spacer", "it says that some run breaks the property, and no such run was found")


def test_what_the_terms_can_not_say_is_refused_by_name(asked: Question) -> None:
    found = answering({"answer": "refused", "reason": "a quantifier"}).attempt(asked, SMALL)
    assert found == Unknown("spacer", "its invariant is not expressible here: it has a quantifier")


@pytest.mark.parametrize(
    ("nodes", "construct"),
    [
        ([["parameter", 0, []], ["parameter", 1, []], ["*", 0, [0, 1]]], "it has \\* of two unknowns"),
        ([["parameter", 0, []], ["int", 0, []], ["div", 0, [0, 1]]], "it has div by 0"),
        ([["parameter", 0, []], ["mystery", 0, [0]]], "it has 1 arguments of mystery"),
        ([["parameter", 0, []]], "it is no formula"),
    ],
)
def test_each_construct_without_a_reading_is_named(nodes: list[Any], construct: str) -> None:
    with pytest.raises(RefusedError, match=construct):
        from_nodes(nodes, (variable("x", "Int"), variable("y", "Int")))


def test_a_resource_count_that_is_used_up_is_a_timeout(asked: Question) -> None:
    found = Spacer().attempt(asked, replace(SMALL, discovery=10))
    assert found == TimedOut("spacer", "a budget ran out: max. resource limit exceeded")


def test_too_little_memory_is_named(asked: Question) -> None:
    found = Spacer().attempt(asked, replace(SMALL, memory_mb=1))
    assert isinstance(found, TimedOut)
    assert found.reason.endswith("its memory was limited to 1 MB")


def test_a_child_that_is_killed_is_named(asked: Question, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, -signal.SIGKILL, "", "")

    monkeypatch.setattr(subprocess, "run", killed)
    found = Spacer().attempt(asked, SMALL)
    assert found == TimedOut(
        "spacer",
        "a budget ran out: the child process was ended by SIGKILL; its memory was limited to 2000 MB",
    )


def test_processor_time_that_is_used_up_is_a_timeout() -> None:
    budget = Budget(discovery=4_000_000_000, cpu_s=1)
    (path,) = (path for path in model_files("refuted") if path.stem == "slow_counter")
    found = Spacer().attempt(question(system_of(loaded(path)), loaded(path).SUBJECT), budget)
    assert found == TimedOut("spacer", "a budget ran out: timeout: 1 s of processor time are used up")


def test_a_child_that_fails_says_how() -> None:
    answer = ask_child({"clauses": "(assert nonsense)", "memory_mb": 1_000, "cpu_s": 5}, SMALL)
    assert answer["answer"] == "unknown"
    assert "KeyError: 'resources'" in answer["reason"]


def test_no_child_is_left_behind(asked: Question) -> None:
    Spacer().attempt(asked, SMALL)
    children = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True, check=False
    ).stdout
    assert "spacer_child" not in children
