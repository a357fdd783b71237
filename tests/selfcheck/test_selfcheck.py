"""The toolkit checks itself, and notices faults that are put into a copy of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pumpproof.cli import run
from pumpproof.verify.judge import judge_property
from pumpproof.verify.selfcheck import check
from pumpproof.verify.selfcheck.check import Broken, BrokenToolkit, broken, require_working
from pumpproof.verify.selfcheck.faults import FAST, Fault, FaultError, faults
from pumpproof.verify.selfcheck.mutants import sampled_mutants
from pumpproof.verify.selfcheck.trial import Change, try_all
from pumpproof.verify.toolkit import package_folder


def test_a_working_toolkit_gives_every_known_answer() -> None:
    assert list(broken()) == []


def test_a_check_that_stays_silent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from pumpproof.verify.selfcheck.tripwires import verdicts

    def credulous(known: object, findings: object) -> object:
        try:
            return judge_property(known, findings)  # type: ignore[arg-type]
        except RuntimeError:
            return None

    monkeypatch.setattr(verdicts, "judge_property", credulous)
    purpose = "A run that contradicts a proof is a fault of the tool"
    assert next(broken()) == Broken(
        "tripwire", f"{purpose}; it lets pass: a run that breaks a proved property"
    )


def test_a_broken_toolkit_is_not_remembered_as_working(tmp_path: Path) -> None:
    memory = tmp_path / "checked"
    with pytest.raises(BrokenToolkit, match=r"^the toolkit fails its own check: known: wrong$"):
        require_working(memory, lambda: (Broken("known", "wrong"),))
    assert not memory.exists()


def test_a_working_toolkit_is_checked_once_for_each_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def more() -> tuple[Broken, ...]:
        asked.append("asked")
        return ()

    memory = tmp_path / "checked"
    require_working(memory, more)
    require_working(memory, more)
    assert asked == ["asked"]
    monkeypatch.setattr(check, "content_address", lambda: "another toolkit")
    require_working(memory, more)
    assert asked == ["asked"] * 2


def test_each_fault_changes_one_place_of_the_toolkit() -> None:
    package = package_folder()
    for fault in faults():
        text = (package / fault.file.removeprefix("src/pumpproof/")).read_text(encoding="utf-8")
        assert text.count(fault.old) == 1, fault.id
        assert fault.new != fault.old and fault.says.endswith("."), fault.id


def test_a_fault_that_fits_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "judge.py").write_text("one\n", encoding="utf-8")
    fault = Fault("FLT-X-001", "judge.py", "two", "three", "Says nothing.")
    with pytest.raises(
        FaultError, match=r"^FLT-X-001: its old text stands 0 times in judge\.py; expected once$"
    ):
        fault.put_into(tmp_path)


def test_a_fault_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["selfcheck", "--faults", "--only", "FLT-NONE-001"]) == 4
    assert "there is no fault FLT-NONE-001" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--faults", "--mutants"], "--faults and --mutants: give one of the two"),
        (["--only", "FLT-READ-001"], "--only is for --faults and --mutants"),
        (["--mutants", "--only", "verify/judge.py:1+1"], "there is no mutant verify/judge.py:1+1"),
        (["--faults", "--jobs", "0"], "--jobs 0: give the number of processes, 1 or more"),
    ],
)
def test_arguments_that_do_not_fit_together(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["selfcheck", *arguments]) == 4
    assert says in capsys.readouterr().err


def test_the_same_seed_gives_the_same_mutants() -> None:
    assert sampled_mutants(20, 1) == sampled_mutants(20, 1) != sampled_mutants(20, 2)


def test_every_mutant_is_valid_code(tmp_path: Path) -> None:
    for mutant in sampled_mutants(60, 3):
        source = (package_folder() / mutant.file).read_bytes()
        copy = tmp_path / mutant.file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source)
        mutant.put_into(tmp_path)
        compile(copy.read_bytes(), mutant.file, "exec")
        assert copy.read_bytes() != source


def test_faults_of_each_area_are_detected_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    chosen = faults(FAST)
    assert [one.id for one in chosen if one.id not in FAST] == []
    trials = try_all([Change(one.id, one.says, one.put_into) for one in chosen], 2, lambda _: None)
    assert [trial.id for trial in trials if not trial.detected] == []
    assert not list(tmp_path.iterdir())
    mine = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    assert "pumpproof verify" not in mine.stdout


@pytest.mark.parametrize(
    "stop",
    [
        pytest.param(lambda parent: os.killpg(parent, signal.SIGINT), id="Ctrl-C"),
        pytest.param(lambda parent: os.kill(parent, signal.SIGINT), id="an interrupt of the parent"),
        pytest.param(lambda parent: os.kill(parent, signal.SIGTERM), id="a request to end"),
    ],
)
def test_an_interrupt_leaves_no_copy_and_no_process(stop: Callable[[int], None], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pumpproof", "selfcheck", "--faults", "--only", "FLT-READ-001"]
    environment = os.environ | {"TMPDIR": str(tmp_path), "PUMPPROOF_CACHE": str(tmp_path / "cache")}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, process_group=0)
    trials = _wait_for(lambda: _children(process.pid))
    stop(process.pid)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "pumpproof: interrupted\n")
    ends = time.monotonic() + 10
    while (left := [one for one in trials if Path("/proc", str(one)).exists()]) and time.monotonic() < ends:
        time.sleep(0.1)  # what was killed is still listed until it is reaped
    assert left == []
    assert not list(tmp_path.iterdir())


def _children(parent: int) -> list[int]:
    said = subprocess.run(["ps", "--ppid", str(parent), "-o", "pid="], capture_output=True, text=True).stdout
    return [int(one) for one in said.split()]


def _wait_for(found: Callable[[], list[int]]) -> list[int]:
    ends = time.monotonic() + 60
    while not (result := found()) and time.monotonic() < ends:
        time.sleep(0.2)
    assert result, "no trial was begun"
    return result
