"""Work over several processes gives what work in one gives."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sample_pump
from models import FOLDER, loaded, system_of

from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import Forked, can_fork, discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge
from pumpproof.verify.proof.work import Bench, Product, Task, Unit
from pumpproof.verify.run import Request, verify_system

pytestmark = pytest.mark.skipif(not can_fork(), reason="work is spread over processes by `fork` alone")

NAMES = ["proved/single_bolus", "refuted/empty_reservoir", "rejected/two_rows_at_once"]


def discharged(name: str, jobs: int, cache: FileCache | NoCache) -> dict[str, Discharge]:
    system = system_of(loaded(FOLDER / f"{name}.py"))
    symbolic = SymbolicSystem(system)
    subjects = [TABLE, CODE, *(known.id for known in system.properties)]
    prover = Prover(symbolic, cache)
    return discharge_all(Obligations(symbolic), subjects, prover, jobs, lambda _: None)


def outcome(found: dict[str, Discharge]) -> list[tuple[object, ...]]:
    return [
        (
            name,
            one.requested,
            one.steps,
            one.tally,
            [(failure.obligation, failure.reason) for failure in one.failures],
        )
        for name, one in found.items()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_discharges_are_the_same_in_any_number_of_processes(name: str) -> None:
    assert outcome(discharged(name, 1, NoCache())) == outcome(discharged(name, 2, NoCache()))


def test_a_cache_learns_what_the_processes_found(tmp_path: Path) -> None:
    one, two = (FileCache(tmp_path / f"{jobs}", "solver") for jobs in (1, 2))
    discharged("proved/single_bolus", 1, one)
    discharged("proved/single_bolus", 2, two)
    assert one.used == two.used != frozenset()


def test_every_subject_is_reported_once_and_in_order() -> None:
    told: list[str] = []
    system = system_of(loaded(FOLDER / "proved/single_bolus.py"))
    symbolic = SymbolicSystem(system)
    subjects = [CODE, *(known.id for known in system.properties), TABLE]
    found = discharge_all(Obligations(symbolic), subjects, Prover(symbolic, NoCache()), 2, told.append)
    assert sorted(told) == sorted(subjects)
    assert list(found) == subjects


def test_the_longest_work_is_begun_first() -> None:
    system = system_of(loaded(FOLDER / "proved/single_bolus.py"))
    symbolic = SymbolicSystem(system)
    bench = Bench(Obligations(symbolic), Prover(symbolic, NoCache()))
    some = [bench.unit(Task.DISCHARGE, known.id) for known in system.properties]
    units = sorted(some, key=bench.effort)
    light, *_, heavy = units
    assert bench.effort(light) < bench.effort(heavy) < bench.effort(bench.unit(Task.DISCHARGE, TABLE))

    asked: list[Unit] = []

    @dataclass
    class Watched:
        incidents: list[str] = field(default_factory=list)

        def work(self, bench: Bench, units: Sequence[Unit]) -> Iterator[Product]:
            asked.extend(units)
            return map(bench.do, units)

    subjects = [unit.subject for unit in units]
    discharge_all(bench.obligations, subjects, bench.prover, 1, lambda _: None, Watched())
    efforts = [bench.effort(unit) for unit in asked]
    assert efforts == sorted(efforts, reverse=True)
    assert asked[0] == heavy


@pytest.mark.parametrize(
    ("deaths", "ways"), [(1, ["by other workers"]), (99, ["by other workers", "in this process"])]
)
def test_a_worker_that_dies_is_noted_and_changes_nothing(
    deaths: int, ways: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, plain = os.getpid(), Bench.do

    def deadly(bench: Bench, unit: Unit) -> Product:
        if os.getpid() != parent and unit.subject == "INV-DOSE-001":
            with contextlib.suppress(FileExistsError):
                (tmp_path / str(len(list(tmp_path.iterdir())))).touch(exist_ok=False)
            if len(list(tmp_path.iterdir())) <= deaths:
                os.kill(os.getpid(), signal.SIGKILL)
        return plain(bench, unit)

    quiet = verify_system(sample_pump.SYSTEM, Request(cores=True))
    monkeypatch.setattr(Bench, "do", deadly)
    workers = Forked(2)
    found = verify_system(sample_pump.SYSTEM, Request(cores=True), workers=workers)
    assert found == quiet
    told = [one for one in found.incidents if "INV-DOSE-001" in one][: len(ways)]
    assert [one.partition(": ")[0] for one in told] == [
        f"a worker process ended unexpectedly; done again {way}" for way in ways
    ]


def processes_of(session: int) -> list[str]:
    """The processes of a session that have not ended, by what the kernel says."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, own, *_ = stat.read_text(encoding="utf-8").rpartition(") ")[2].split()
            if int(own) == session and state != "Z":
                found.append(stat.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux shows them")
@pytest.mark.parametrize(
    ("number", "to_all", "code"),
    [(signal.SIGINT, True, 130), (signal.SIGINT, False, 130), (signal.SIGKILL, False, -9)],
)
def test_an_end_from_outside_leaves_no_process_and_no_part_of_a_file(
    number: signal.Signals, to_all: bool, code: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "pumpproof", "verify", "--cores", "--jobs", "2", "--json", "record.json"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PUMPPROOF_CACHE": str(tmp_path / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stderr is not None and running.stdout is not None
        assert running.stderr.readline().startswith("verifying: ")
        assert len(processes_of(running.pid)) == 3
        (os.killpg if to_all else os.kill)(running.pid, number)
        running.wait(20)
        until = time.monotonic() + 20
        while (left := processes_of(running.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        for process in left:
            os.kill(int(process), signal.SIGKILL)
        said = running.stderr.read()
    assert left == []
    assert running.returncode == code
    assert "Traceback" not in said
    assert list(tmp_path.rglob("*")) == []
