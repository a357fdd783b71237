"""The witness of a property: what a run has to reach for its claim to be of interest; no part of what is proved."""

from dataclasses import replace
from pathlib import Path

import pytest
from models import load, system_of

from pumpproof.spec.kernel.binding import BindingError
from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.monitor import Monitor
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import PropertyResult
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.memory import RunMemory

SOUND = Path(__file__).with_name("sound.py")
WITHIN_LIMIT = 'formalizes=("REQ-BOLUS-001",))\ndef within_limit'


def with_witness(folder: Path, witness: str, name: str = "witnessed") -> Path:
    """The sound pump, whose second invariant has a witness."""
    text = SOUND.read_text(encoding="utf-8")
    assert text.count(WITHIN_LIMIT) == 1
    text = text.replace(
        WITHIN_LIMIT, 'formalizes=("REQ-BOLUS-001",), witness=of_interest)\ndef within_limit'
    ).replace(
        '@invariant("INV-BOLUS-002"',
        f'def of_interest({witness}\n\n\n@invariant("INV-BOLUS-002"',
    )
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def result(path: Path) -> PropertyResult:
    found = verify_system(system_of(load(path)), Request(only=("INV-BOLUS-002",))).properties
    return next(one for one in found if one.property.id == "INV-BOLUS-002")


AT_THE_LIMIT = "ledger: Ledger, limits: Limits) -> bool:\n    return ledger.asked == limits.most_pulses"
BEYOND = "ledger: Ledger, limits: Limits) -> bool:\n    return ledger.asked > limits.most_pulses"
NEVER_TWO_DONE = "ledger: Ledger) -> bool:\n    return ledger.given > ledger.asked + 100"


def test_without_one_the_first_state_is_a_witness(tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    path.write_text(SOUND.read_text(encoding="utf-8"), encoding="utf-8")
    witness = result(path).witness
    assert witness is not None and len(witness) == 0


def test_the_run_reaches_it(tmp_path: Path) -> None:
    found = result(with_witness(tmp_path, AT_THE_LIMIT))
    assert found.verdict is Verdict.PROVED
    assert found.witness is not None
    (asked,) = found.witness.events()
    assert vars(asked)["pulses"] == vars(found.witness.limits)["most_pulses"]


def test_one_that_the_invariants_exclude_makes_a_property_vacuous(tmp_path: Path) -> None:
    found = result(with_witness(tmp_path, BEYOND))
    assert (found.verdict, found.reason) == (Verdict.VACUOUS, "its situation never occurs")


def test_one_that_no_run_reaches_leaves_a_property_undecided(tmp_path: Path) -> None:
    found = result(with_witness(tmp_path, NEVER_TWO_DONE))
    assert (found.verdict, found.reason) == (
        Verdict.UNKNOWN,
        "no run was found that reaches its situation",
    )


def test_it_is_judged_nowhere_but_in_the_witness(tmp_path: Path) -> None:
    """The monitor judges steps as before, also while a witness was never reached."""
    module = load(with_witness(tmp_path, BEYOND))
    limits = module.Limits(3)
    machine, monitor = Machine(module.SYSTEM, limits), Monitor(module.SYSTEM, limits)
    assert monitor.start(machine.state) == ()
    taken = machine.step(module.Asked(2))
    assert monitor.observe(taken) == ()
    assert "INV-BOLUS-001" in monitor.reached
    assert "INV-BOLUS-002" not in monitor.reached
    exceeded = replace(machine.step(module.Tick()), outputs=module.Outputs(drive_pulses=9))
    assert [one.property_id for one in monitor.observe(exceeded)] == ["INV-BOLUS-003", "INV-BOLUS-001"]


def test_another_witness_is_another_search(tmp_path: Path) -> None:
    """Remembered runs of the same system without the witness are not taken for runs that reach it."""
    memory = RunMemory(tmp_path / "runs")
    path = with_witness(tmp_path, "ledger: Ledger) -> bool:\n    return ledger.asked >= 0", "same")
    verify_system(system_of(load(path)), Request(), memory=memory)
    memory.save()
    path = with_witness(tmp_path, "ledger: Ledger) -> bool:\n    return ledger.asked >= 1", "same")
    found = verify_system(system_of(load(path)), Request(), memory=RunMemory(tmp_path / "runs"))
    witness = next(one.witness for one in found.properties if one.property.id == "INV-BOLUS-002")
    assert witness is not None and vars(next(iter(witness.events())))["pulses"] >= 1


def test_it_speaks_of_the_same_event_as_the_claim(tmp_path: Path) -> None:
    text = SOUND.read_text(encoding="utf-8")
    old = 'uses=("INV-BOLUS-101",),\n)\ndef given_is_left(before: Pump, outputs'
    new = 'uses=("INV-BOLUS-101",),\n    witness=of_seconds,\n)\ndef given_is_left(before: Pump, asked: Asked, outputs'
    assert text.count(old) == 1
    text = text.replace(old, new).replace(
        "@step_property(", "def of_seconds(tick: Tick) -> bool:\n    return True\n\n\n@step_property("
    )
    path = tmp_path / "events.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(
        BindingError, match="claim, `when` and `witness` speak of different events, Asked and"
    ):
        result(path)
