"""One number says how a command ended, the same everywhere."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_models import proved_valve, refuted_valve, undecided_valve
from verifications import check, refuted, result, row, verification

from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.results.exits import ExitCode, gravest
from pumpproof.verify.results.outcome import exit_code

OF_VERDICT = {
    Verdict.PROVED: 0,
    Verdict.PROVED_BOUNDED: 2,
    Verdict.REFUTED: 1,
    Verdict.VACUOUS: 1,
    Verdict.UNKNOWN: 2,
    Verdict.TIMEOUT: 2,
    Verdict.ERROR: 5,
    Verdict.SKIPPED: 2,
    Verdict.ASSUMED: 2,
}


def test_every_verdict_has_an_exit_code() -> None:
    assert set(OF_VERDICT) == set(Verdict)


@pytest.mark.parametrize("verdict", Verdict, ids=lambda verdict: verdict.value)
def test_one_property_or_one_check_decides_the_exit_code(verdict: Verdict) -> None:
    assert exit_code(verification(result(0), result(1, verdict))) == OF_VERDICT[verdict]
    assert exit_code(verification(checks=(check(verdict),))) == OF_VERDICT[verdict]


def test_a_row_that_no_run_reaches_is_not_decided() -> None:
    assert exit_code(verification(rows=(row(), row(reached=False)))) == 2


def test_where_nothing_was_judged_nothing_is_proved() -> None:
    record = verification()
    assert exit_code(record) == 0
    assert exit_code(type(record)(**{**vars(record), "properties": ()})) == 2


def test_pairs_that_are_not_accounted_for_are_a_gate() -> None:
    assert exit_code(verification(requested=28, accounted=27)) == 3


def test_a_refutation_outweighs_an_open_question_which_outweighs_a_gate() -> None:
    assert exit_code(verification(result(0, Verdict.UNKNOWN), refuted(), accounted=1)) == 1
    assert exit_code(verification(result(0, Verdict.UNKNOWN), accounted=1)) == 2
    assert exit_code(verification(result(0, Verdict.ERROR), refuted())) == 5


def test_a_fault_outweighs_input_and_input_a_refutation() -> None:
    order = [
        ExitCode.FAULT,
        ExitCode.INPUT,
        ExitCode.REFUTED,
        ExitCode.UNDECIDED,
        ExitCode.GATE,
        ExitCode.PROVED,
    ]
    assert [gravest(order[rank:]) for rank in range(len(order))] == order


def test_a_system_that_keeps_what_it_claims_exits_with_0(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("verify", proved_valve(folder))
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "ALL PROVED (z3, cvc5): 2 properties of system valve. Exit code 0."


def test_a_system_that_breaks_what_it_claims_exits_with_1(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("verify", refuted_valve(folder))
    assert answer.code == 1
    assert answer.out.splitlines()[-1] == "REFUTED: 1 property (INV-DOSE-001). Exit code 1."


def test_a_claim_that_needs_a_lemma_exits_with_2(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("verify", undecided_valve(folder))
    assert answer.code == 2
    assert answer.out.splitlines()[-1] == "NOT PROVED: 1 property (INV-DOSE-001). Exit code 2."


def test_an_unexpected_exception_is_a_fault_of_the_tool_without_a_traceback(
    folder: Path, call: Callable[..., Any]
) -> None:
    (folder / "half_made.py").write_text(
        "from pumpproof.statemachine.kernel.system import System\nSYSTEM = object.__new__(System)\n"
    )
    answer = call("list", "half_made:SYSTEM")
    assert answer.code == 5
    assert answer.err == (
        "pumpproof: fault of the tool, so nothing is proved: AttributeError: 'System' object has no attribute 'name'\n"
        "Please report it, with what PUMPPROOF_TRACEBACK=1 prints when you run the same command again.\n"
    )


def test_the_traceback_of_a_fault_is_printed_on_demand(
    folder: Path, call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "half_made_too.py").write_text(
        "from pumpproof.statemachine.kernel.system import System\nSYSTEM = object.__new__(System)\n"
    )
    monkeypatch.setenv("PUMPPROOF_TRACEBACK", "1")
    answer = call("list", "half_made_too:SYSTEM")
    assert answer.code == 5
    assert answer.err.startswith("Traceback (most recent call last):")


def test_an_interrupt_ends_with_130_and_leaves_no_file(folder: Path) -> None:
    (folder / "slow.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(10)\n"
    )
    command = [sys.executable, "-m", "pumpproof", "verify", "slow:SYSTEM", "--json", "results.json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60)
    assert (done.returncode, done.stderr) == (130, "pumpproof: interrupted\n")
    assert [path.name for path in folder.iterdir() if "results" in path.name] == []


def test_a_reader_who_leaves_early_is_told_apart_from_every_verdict(folder: Path) -> None:
    command = f"{sys.executable} -m pumpproof list {proved_valve(folder)} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", f"sleep 1 | true; {command}"], capture_output=True, text=True, cwd=folder
    )
    assert done.stderr == ""
    assert done.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_is_no_fault_of_the_tool(folder: Path) -> None:
    command = f"{sys.executable} -m pumpproof verify {proved_valve(folder)} > /dev/full"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, cwd=folder, timeout=60)
    assert done.returncode == 4
    assert "pumpproof: the output can not be written (No space left on device)" in done.stderr


def test_a_closed_output_is_no_fault_of_the_tool(folder: Path) -> None:
    command = f"{sys.executable} -m pumpproof verify {proved_valve(folder)} >&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, cwd=folder, timeout=60)
    assert done.returncode == 4
    assert "pumpproof: standard output and standard error must be open" in done.stderr
