"""What is remembered is exactly what would be found again, and counts only after it was replayed."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import bolus_pump
import timer_pump

from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.guided import Exploration, explore
from pumpproof.verify.search.memory import RunMemory, key_of


def remembered(path: Path) -> tuple[SymbolicSystem, Exploration]:
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    found = explore(symbolic, bolus_pump.LIMITS)
    memory = RunMemory(path)
    memory.keep(symbolic, bolus_pump.LIMITS, found)
    memory.save()
    return symbolic, found


def test_a_remembered_exploration_is_the_one_that_was_found(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    symbolic, found = remembered(path)
    recalled = RunMemory(path).recall(symbolic, bolus_pump.LIMITS)
    assert recalled is not None
    assert recalled.reached == found.reached
    assert recalled.openings == found.openings


def test_nothing_is_recalled_for_other_limits(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    symbolic, _ = remembered(path)
    other = replace(bolus_pump.LIMITS, **{next(iter(vars(bolus_pump.LIMITS))): 7})
    assert RunMemory(path).recall(symbolic, other) is None


def test_nothing_is_recalled_for_a_changed_row(tmp_path: Path) -> None:
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    rows = [entry for entry in bolus_pump.SYSTEM.table if isinstance(entry, Row)]
    moved = replace(rows[0], to=next(mode for mode in bolus_pump.SYSTEM.mode if mode is not rows[0].to))
    table = tuple(moved if entry is rows[0] else entry for entry in bolus_pump.SYSTEM.table)
    changed = SymbolicSystem(replace(bolus_pump.SYSTEM, table=table))
    assert key_of(symbolic, bolus_pump.LIMITS) != key_of(changed, bolus_pump.LIMITS)


def test_a_run_that_does_not_show_its_goal_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    symbolic, _ = remembered(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    (entry,) = content.values()
    swapped = sorted(entry, key=lambda goal: len(entry[goal]["run"]))
    entry[swapped[-1]] = entry[swapped[0]]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert RunMemory(path).recall(symbolic, bolus_pump.LIMITS) is None


def test_a_damaged_file_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    symbolic, _ = remembered(path)
    whole = path.read_text(encoding="utf-8")
    for damage in ("", "[]", whole[: len(whole) // 2], whole.replace('"run"', '"walk"')):
        path.write_text(damage, encoding="utf-8")
        assert RunMemory(path).recall(symbolic, bolus_pump.LIMITS) is None


def test_an_incomplete_exploration_is_not_remembered(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    symbolic = SymbolicSystem(timer_pump.SYSTEM)
    found = explore(symbolic, timer_pump.LIMITS, steps=2_000)
    assert found.missing
    memory = RunMemory(path)
    memory.keep(symbolic, timer_pump.LIMITS, found)
    memory.save()
    assert not path.exists()


def test_the_address_of_an_exploration_is_the_same_in_every_process() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import bolus_pump\n"
        "from pumpproof.verify.proof.symbolic import SymbolicSystem\n"
        "from pumpproof.verify.search.memory import key_of\n"
        "print(key_of(SymbolicSystem(bolus_pump.SYSTEM), bolus_pump.LIMITS))\n"
    )
    support = str(Path(bolus_pump.__file__).parent)
    keys = {
        subprocess.run(
            [sys.executable, "-c", program, support],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "random")
    }
    assert keys == {key_of(SymbolicSystem(bolus_pump.SYSTEM), bolus_pump.LIMITS) + "\n"}
