"""A campaign: each mutant in a process of its own, the same results for any number of jobs, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pumpproof.verify.mutation.accepted import Review
from pumpproof.verify.mutation.attempt import attempt
from pumpproof.verify.mutation.baseline import Baseline
from pumpproof.verify.mutation.campaign import run_campaign
from pumpproof.verify.mutation.fates import Fate, Outcome
from pumpproof.verify.mutation.mutants import Mutant
from pumpproof.verify.mutation.report import as_data

NOTHING_ACCEPTED = Review(frozenset(), ())


def ignore(_done: int, _total: int, _what: str) -> None:
    """No progress is shown."""


def test_a_campaign_has_the_same_record_for_any_number_of_jobs(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    records = [
        as_data(lamp_baseline.system, run_campaign(lamp_baseline, of_lamp, jobs, ignore), NOTHING_ACCEPTED)
        for jobs in (1, 3)
    ]
    assert records[0] == records[1]
    assert records[0]["fates"]["fault"] == 0
    assert [one["id"] for one in records[0]["results"]] == [mutant.id for mutant in of_lamp]


def test_an_attempt_in_a_process_leaves_this_one_as_it_was(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    first = run_campaign(lamp_baseline, of_lamp[:6], 2, ignore)
    assert [result.outcome for result in first] == [attempt(lamp_baseline, mutant) for mutant in of_lamp[:6]]


def never_ends(_base: Baseline, _mutant: Mutant) -> Outcome:
    time.sleep(600)
    raise AssertionError("it was ended before")


def test_a_mutant_that_hangs_is_undecided_and_not_lost(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    results = run_campaign(lamp_baseline, of_lamp[:3], 2, ignore, time_limit_s=0.2, tried=never_ends)
    assert [result.outcome for result in results] == 3 * [
        Outcome(Fate.UNDECIDED, reason="the attempt took longer than 0 s")
    ]
    assert children(os.getpid()) == []


def dies(_base: Baseline, _mutant: Mutant) -> Outcome:
    os._exit(3)


def fails(_base: Baseline, _mutant: Mutant) -> Outcome:
    raise KeyError("level")


@pytest.mark.parametrize(
    ("tried", "last"), [(dies, "the process ended without a word"), (fails, "KeyError: 'level'")]
)
def test_what_fails_in_the_tool_is_a_fault_and_no_kill(
    tried: Callable[[Baseline, Mutant], Outcome],
    last: str,
    lamp_baseline: Baseline,
    of_lamp: tuple[Mutant, ...],
) -> None:
    (result,) = run_campaign(lamp_baseline, of_lamp[:1], 1, ignore, tried=tried)
    assert result.outcome.fate is Fate.FAULT
    assert result.outcome.reason.splitlines()[-1] == last


def interrupt(_done: int, _total: int, _what: str) -> None:
    raise KeyboardInterrupt


def sleeps_but_the_first(_base: Baseline, mutant: Mutant) -> Outcome:
    if not mutant.id.endswith("initial/constant/1"):
        time.sleep(600)
    return Outcome(Fate.SURVIVED)


def test_an_interrupt_ends_the_attempts_that_run(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_campaign(lamp_baseline, of_lamp, 3, interrupt, tried=sleeps_but_the_first)
    assert children(os.getpid()) == []


@pytest.mark.slow  # verifies the whole pump, because a campaign on a small one is over at once
def test_an_interrupted_command_leaves_no_process_and_no_file(tmp_path: Path, repository: Path) -> None:
    file = tmp_path / "mutants.json"
    path = os.pathsep.join(str(repository / part) for part in ("src", "tests/support"))
    command = [sys.executable, "-m", "pumpproof", "mutate", "--jobs", "2", "--json", str(file)]
    campaign = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": path, "PUMPPROOF_CACHE": str(tmp_path / "cache")},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: len(children(campaign.pid)) == 2)
        trials = children(campaign.pid)
        campaign.send_signal(signal.SIGINT)
        out, errors = campaign.communicate(timeout=30)
    finally:
        campaign.kill()
        campaign.wait()
    assert campaign.returncode == 130
    assert errors.endswith("pumpproof: interrupted\n")
    assert out == ""
    assert [trial for trial in trials if Path(f"/proc/{trial}").exists()] == []
    assert [one.name for one in tmp_path.iterdir()] == ["cache"]


def children(parent: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-o", "pid=,comm=", "--ppid", str(parent)], capture_output=True, text=True
    )
    return [int(pid) for pid, name in map(str.split, listing.stdout.splitlines()) if name != "ps"]


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
