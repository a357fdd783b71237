"""What is said of a system depends on it alone: not on the order of sets or of properties, or on processes."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import whole_record

from pumpproof.verify.proof.pool import can_fork

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="work is spread over processes by `fork` alone"),
    pytest.mark.xdist_group("same record"),  # one worker makes the records for all tests of this file
]

AS_THEY_ARE, SHUFFLED = 0, 3


@pytest.fixture(scope="module")
def told() -> dict[tuple[str, int, int], str]:
    """What is said by processes with these hash seeds, numbers of jobs and orders of properties."""
    ways = (("0", 1, AS_THEY_ARE), ("1", 2, AS_THEY_ARE), ("random", 3, SHUFFLED))
    running = {
        (seed, jobs, order): subprocess.Popen(
            [sys.executable, whole_record.__file__, str(jobs), str(order)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, jobs, order in ways
    }
    said = {way: one.communicate(timeout=300)[0] for way, one in running.items()}
    assert all(one.returncode == 0 for one in running.values())
    return said


def test_hash_seed_and_jobs_change_nothing(told: dict[tuple[str, int, int], str]) -> None:
    assert told["0", 1, AS_THEY_ARE] == told["1", 2, AS_THEY_ARE]


def test_everything_that_is_said_is_compared(told: dict[tuple[str, int, int], str]) -> None:
    said = json.loads(told["0", 1, AS_THEY_ARE])
    assert all(part for name, one in said.items() if name != "mutants" for part in one["certificates"])
    assert said["parts checked apart"]["explanations"] != {}
    assert said["sample pump"]["record"]["properties"][1]["core"] is not None
    assert said["mutants"]["fates"]["killed"] > 0
    witnesses = [one["witness"]["steps"] for one in said["lamp"]["record"]["properties"]]
    assert max(witnesses) > 0


def without_order(content: Any) -> Any:
    """Content with every list sorted, whatever is in it."""
    if isinstance(content, dict):
        return {key: without_order(value) for key, value in content.items()}
    if isinstance(content, list):
        return sorted(map(without_order, content), key=lambda one: json.dumps(one, sort_keys=True))
    return content


def comparable(text: str) -> Any:
    """What was said without the order of properties, which also certificates are written in."""
    said = without_order(json.loads(text))
    for name, one in said.items():
        if name != "mutants":
            files = one["certificates"]
            del files["manifest.json"]  # hashes of the others
            files["code.smt2"] = sorted(files["code.smt2"].splitlines())
    return said


def test_the_order_of_properties_changes_nothing_else(told: dict[tuple[str, int, int], str]) -> None:
    first, other = told["0", 1, AS_THEY_ARE], told["random", 3, SHUFFLED]
    assert first != other
    assert comparable(first) == comparable(other)
