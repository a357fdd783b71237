"""Copies of a system are as good as the system: proved together, and each refuted by itself."""

import sys
from pathlib import Path

import pytest
from checkout import run_program

from pumpproof.cli.system import load_system
from pumpproof.verify.record import Verification
from pumpproof.verify.run import Request, verify_system
from tests.benchmarks.copies import loaded, write_copies

MODELS = Path(__file__).resolve().parent.parent / "models" / "proved"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def verdicts(verification: Verification) -> dict[str, str]:
    return {one.property.id: one.verdict.value for one in verification.properties}


@pytest.mark.parametrize("model", ["dual_bolus", "latched_alarm", "single_bolus", "sliding_cap"])
def test_two_copies_are_proved_together(model: str, folder: Path) -> None:
    system = load_system(write_copies(MODELS / f"{model}.py", 2, folder))
    verification = verify_system(system, Request())
    assert set(verdicts(verification).values()) == {"proved"}
    assert len(verification.properties) == 2 * len(loaded(MODELS / f"{model}.py").properties)


def test_a_fault_in_one_copy_refutes_that_copy_alone(folder: Path) -> None:
    address = write_copies(MODELS / "single_bolus.py", 2, folder / "faulty")
    package = folder / "faulty" / address.partition(".")[0]
    source = (package / "copy_b.py").read_text()
    limit = "0 < request.pulses <= limits.max_bolus_pulses"
    assert source.count(f"if not {limit}") == 1
    (package / "copy_b.py").write_text(source.replace(f"if not {limit}", "if not 0 < request.pulses"))
    program = (
        "import json; from pumpproof.cli.system import load_system;"
        "from pumpproof.verify.run import Request, verify_system;"
        f"found = verify_system(load_system({address!r}), Request()).properties;"
        "print(json.dumps([one.property.id for one in found if one.verdict.value != 'proved']))"
    )
    source_folder = str(Path(__file__).resolve().parents[2] / "src")
    done = run_program([sys.executable, "-c", program], folder / "faulty", PYTHONPATH=source_folder)
    assert done.stdout.strip() == '["INV-BOLUSB-002"]', done.stdout + done.stderr
