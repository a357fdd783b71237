"""Workers on a cluster give what work in one process gives, or say why they can not."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bolus_pump
import pytest
import sample_pump

from pumpproof.cli import run
from pumpproof.verify.logic.smt import SOLVER
from pumpproof.verify.proof import cluster
from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.cluster import OnCluster, WorkerRefused, digest_of, do_on_worker
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.work import Bench, Task

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

SYSTEMS = ("sample_pump:SYSTEM", "tiny_pump:SYSTEM")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
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


def record(folder: Path, *arguments: object) -> Any:
    """The record of a verification, without what may differ."""
    file = folder / "record.json"
    code = run(["verify", *map(str, arguments), "--cores", "--json", str(file)])
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["outcome"]["exit_code"] == code
    assert content.pop("volatile")["incidents"] == []
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


def test_a_worker_with_other_code_is_refused() -> None:
    here = bench()
    unit = here.unit(Task.DISCHARGE, "INV-DOSE-001")
    done = do_on_worker("sample_pump:SYSTEM", digest_of(here.obligations), unit)
    assert done.found == here.do(unit).found
    with pytest.raises(
        WorkerRefused, match="its code of sample_pump:SYSTEM, of pumpproof or of the solver is not"
    ):
        do_on_worker("sample_pump:SYSTEM", "other code", unit)


def test_a_worker_without_the_system_says_so() -> None:
    unit = bench().unit(Task.DISCHARGE, "INV-DOSE-001")
    with pytest.raises(WorkerRefused, match=r"it can not import no_such_pump:SYSTEM \(No module named"):
        do_on_worker("no_such_pump:SYSTEM", "", unit)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["verify", "sample_pump:SYSTEM", "--no-cache", *arguments]) == 4
    return capsys.readouterr().err


def test_other_code_on_the_cluster_ends_the_verification(
    scheduler: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "digest_of", lambda _: "other code")
    assert f"--cluster {scheduler}: a worker can not do the work: its code" in refused(
        capsys, "--cluster", scheduler
    )


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
