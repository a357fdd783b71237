"""Workers on a cluster give what work in one process gives, or say why they can not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import bolus_pump
import pytest
import sample_pump

from pumpproof.cli import run
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof import cluster
from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.cluster import OnCluster, WorkerRefused, code_of, do_on_worker
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.work import Bench, Task

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

SYSTEMS = ("sample_pump:SYSTEM", "tiny_pump:SYSTEM")


@contextmanager
def two_workers() -> Iterator[str]:
    """The address of a cluster of two processes of this machine."""
    path = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    try:
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as local:
            yield local.scheduler_address
    finally:
        os.environ.pop("PYTHONPATH")
        if path is not None:
            os.environ["PYTHONPATH"] = path


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with two_workers() as address:
        yield address


def record(folder: Path, *arguments: object, incidents: Sequence[str] = ()) -> Any:
    """The record of a verification, without what may differ; ``incidents`` are those that it has to tell."""
    file = folder / "record.json"
    code = run(["verify", *map(str, arguments), "--cores", "--json", str(file)])
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["outcome"]["exit_code"] == code
    assert content.pop("volatile")["incidents"] == list(incidents)
    return content


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_record_is_the_same_wherever_the_work_is_done(
    system: str, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUMPPROOF_CACHE", str(tmp_path / "cache"))
    here = record(tmp_path, system, "--no-cache")
    assert record(tmp_path, system, "--no-cache", "--cluster", scheduler) == here
    assert record(tmp_path, system, "--no-cache", "--jobs", 2) == here
    assert record(tmp_path, system, "--cluster", scheduler) == here
    assert record(tmp_path, system) == here
    assert record(tmp_path, system, "--jobs", 2) == here


def bench() -> Bench:
    symbolic = SymbolicSystem(sample_pump.SYSTEM)
    return Bench(Obligations(symbolic), Prover(symbolic, NoCache()))


def test_what_is_not_proved_comes_back_with_the_same_situations(scheduler: str) -> None:
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    obligations, prover = Obligations(symbolic), Prover(symbolic, NoCache())
    subjects = [*(known.id for known in bolus_pump.SYSTEM.properties), TABLE, CODE]
    here, there = (
        discharge_all(obligations, subjects, prover, 1, lambda _: None, workers)
        for workers in (None, OnCluster(scheduler, "bolus_pump:SYSTEM"))
    )
    assert here == there
    assert any(one.failures for one in here.values())


def test_what_a_cluster_discharged_need_not_be_solved_here(scheduler: str) -> None:
    here = bench()
    unit = here.unit(Task.DISCHARGE, "INV-DOSE-001")
    (product,) = OnCluster(scheduler, "sample_pump:SYSTEM").work(here, [unit])
    solved = here.prover
    solved.cache = FileCache(Path(os.devnull), SOLVER)
    here.do(unit)
    assert product.keys == solved.cache.used != frozenset()


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("python", r"it has python \S+ and not other;"),
        ("solver", rf"it has solver {SOLVER} and not other;"),
        ("toolkit", r"it has toolkit [0-9a-f]{16} and not other;"),
        ("system", r"it has system [0-9a-f]{16} and not other;"),
    ],
)
def test_a_worker_with_other_code_is_refused_by_name(part: str, told: str) -> None:
    here = bench()
    unit = here.unit(Task.DISCHARGE, "INV-DOSE-001")
    asked = code_of(here.obligations)
    assert do_on_worker("sample_pump:SYSTEM", asked, unit).found == here.do(unit).found
    with pytest.raises(WorkerRefused, match=told):
        do_on_worker("sample_pump:SYSTEM", replace(asked, **{part: "other"}), unit)


def test_a_worker_without_the_system_says_so() -> None:
    unit = bench().unit(Task.DISCHARGE, "INV-DOSE-001")
    with pytest.raises(WorkerRefused, match=r"it can not import no_such_pump:SYSTEM \(No module named"):
        do_on_worker("no_such_pump:SYSTEM", code_of(bench().obligations), unit)


def until(happens: Callable[[], bool]) -> bool:
    """Wait for something that happens in other processes."""
    ends = time.monotonic() + 20
    while not happens() and time.monotonic() < ends:
        time.sleep(0.02)
    return happens()


def state_of(dask_scheduler: Any = None) -> dict[str, list[str]]:
    """Run on the scheduler: every task that it knows, by its state."""
    found: dict[str, list[str]] = {}
    for task in dask_scheduler.tasks.values():
        found.setdefault(task.state, []).append(task.key)
    return found


def test_a_worker_that_is_killed_is_noted_and_changes_nothing(tmp_path: Path) -> None:
    quiet = record(tmp_path, "sample_pump:SYSTEM", "--no-cache")
    notes: list[str] = []
    with two_workers() as address, distributed.Client(address, set_as_default=False) as watching:

        def kill_one() -> None:
            """End a worker that has work in hand, and reads the system for the first time."""
            assert until(lambda: any(watching.processing().values()))
            worker, *_ = (name for name, tasks in watching.processing().items() if tasks)
            os.kill(watching.run(os.getpid)[worker], signal.SIGKILL)
            notes.append(f"the worker {worker} was lost; the cluster did its work again")

        killing = Thread(target=kill_one)
        killing.start()
        found = record(tmp_path, "sample_pump:SYSTEM", "--no-cache", "--cluster", address, incidents=notes)
        killing.join()
    assert len(notes) == 1
    assert found == quiet


def test_an_interrupted_verification_leaves_nothing_to_do_on_the_cluster(
    scheduler: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "pumpproof", "verify", "--cluster", scheduler, "--json", "record.json"]
    with distributed.Client(scheduler, set_as_default=False) as watching:
        with subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "PUMPPROOF_CACHE": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            assert until(lambda: "processing" in watching.run_on_scheduler(state_of))
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=30)
        assert until(lambda: watching.run_on_scheduler(state_of) == {})
    assert running.returncode == 130
    assert said.splitlines()[-1] == "pumpproof: interrupted"
    assert list(tmp_path.rglob("*")) == []


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["verify", "sample_pump:SYSTEM", "--no-cache", *arguments]) == 4
    return capsys.readouterr().err


def test_other_code_on_the_cluster_ends_the_verification(
    scheduler: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = cluster.code_of
    monkeypatch.setattr(cluster, "code_of", lambda known: replace(plain(known), solver="z3 9.9.9"))
    said = refused(capsys, "--cluster", scheduler)
    assert f"--cluster {scheduler}: a worker can not do the work: on " in said
    assert f"it has solver {SOLVER} and not z3 9.9.9; install the same versions on every worker" in said


def test_a_scheduler_that_does_not_answer_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)
    said = refused(capsys, "--cluster", "tcp://127.0.0.1:1")
    assert "--cluster tcp://127.0.0.1:1: no scheduler answers there" in said
    assert "no scheduler answers there" in refused(capsys, "--cluster", "nonsense://x")


def test_a_scheduler_without_workers_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty:
        said = refused(capsys, "--cluster", empty.scheduler_address)
    assert "the scheduler has no workers; start some with `dask worker" in said


def test_a_cluster_and_processes_of_this_machine_are_not_mixed(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert "--jobs is for this machine and --cluster for others; give one of the two" in said


def test_without_the_package_its_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = refused(capsys, "--cluster", "tcp://127.0.0.1:1")
    assert "--cluster needs the package distributed; install pumpproof[cluster]" in said
