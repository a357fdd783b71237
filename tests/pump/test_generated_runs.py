"""The generated runs of the reference pump: every row, every boundary of a guard, every refusal, replayed.

`pumpproof generate-tests tests/pump/generated/reference-bench.json` makes them again after a change of the pump.
"""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pumpproof.spec.pump.events import BolusRequested, StartPrime
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Row
from pumpproof.statemachine.pump.bolus import refuse_bolus
from pumpproof.statemachine.pump.prime import refuse_prime
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.generation.document import digest
from pumpproof.verify.generation.goals import goals
from pumpproof.verify.generation.replay import failures, machine_for
from pumpproof.verify.proof.symbolic import SymbolicSystem

FILE = Path(__file__).parent / "generated" / "reference-bench.json"
DOCUMENT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
TESTS: list[dict[str, Any]] = DOCUMENT["tests"]
_TOGETHER = 12


def _with(identifier: str, **changes: Any) -> System:
    """The reference pump with one entry of its table changed."""
    table = tuple(replace(entry, **changes) if entry.id == identifier else entry for entry in SYSTEM.table)
    changed = copy.copy(SYSTEM)
    object.__setattr__(changed, "table", table)
    return changed


@pytest.mark.parametrize("first", range(0, len(TESTS), _TOGETHER))
def test_the_pump_does_what_the_generated_runs_say(first: int) -> None:
    machine = machine_for(SYSTEM, DOCUMENT)
    for test in TESTS[first : first + _TOGETHER]:
        assert list(failures(machine, test)) == [], test["shows"]


def test_the_generated_runs_are_those_of_this_pump() -> None:
    symbolic = SymbolicSystem(SYSTEM)
    limits = machine_for(SYSTEM, DOCUMENT).limits
    assert DOCUMENT["digest"] == digest(symbolic, limits), (
        f"the pump changed: run `pumpproof generate-tests {FILE.name}` and look at what differs"
    )
    shown = [name for test in TESTS for name in test["shows"]]
    accounted = [*shown, *DOCUMENT["unreachable"], *DOCUMENT["not found"]]
    assert sorted(accounted) == sorted(one.name for one in goals(symbolic))


def test_a_change_of_a_guard_an_effect_or_a_target_makes_the_runs_stale() -> None:
    limits = machine_for(SYSTEM, DOCUMENT).limits
    rows = {entry.id: entry for entry in SYSTEM.table if isinstance(entry, Row)}
    one, other = rows["MDL-PRIME-004"], rows["MDL-PRIME-006"]
    for changes in ({"guard": other.guard}, {"effect": other.effect}, {"to": Mode.FAULT}):
        assert digest(SymbolicSystem(_with(one.id, **changes)), limits) != DOCUMENT["digest"], changes
    assert digest(SymbolicSystem(_with(one.id, why="Other words.")), limits) == DOCUMENT["digest"]


@pytest.mark.verifies("REQ-INTEG-009")
def test_every_row_and_every_refusal_is_reached() -> None:
    shown = {name for test in TESTS for name in test["shows"]}
    symbolic = SymbolicSystem(SYSTEM)
    assert {arrow.name for arrow in symbolic.arrows} <= shown
    left_out = [*DOCUMENT["unreachable"], *DOCUMENT["not found"]]
    # No search found a run to these: each takes a longer use than one of the exercises, or one that is cut short.
    assert [name for name in left_out if " refused: " in name] == [
        "MDL-DOSE-005 refused: PRIME_FAILED",
        "MDL-BOLUS-001 refused: INSULIN_IN_LINE",
        "MDL-BOLUS-005 refused: HOURLY_LIMIT",
        "MDL-BOLUS-005 refused: DAILY_CAP",
        "MDL-PRIME-026 refused: PRIME_FAILED",
    ]


def test_a_boundary_that_moved_by_one_is_noticed() -> None:
    def refuse(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
        return refuse_bolus(pump, event, replace(limits, max_bolus_pulses=limits.max_bolus_pulses - 1))

    machine = machine_for(_with("MDL-BOLUS-001", refuse=refuse), DOCUMENT)
    boundary = "MDL-BOLUS-001: BolusRequested.pulses <= limits.max_bolus_pulses: last that holds"
    (test,) = (test for test in TESTS if boundary in test["shows"])
    assert list(failures(machine_for(SYSTEM, DOCUMENT), test)) == []
    assert list(failures(machine, test)) != []


def test_another_reason_for_the_same_refusal_is_noticed() -> None:
    def refuse(pump: Pump, event: StartPrime, limits: Limits) -> Reason:
        reason = refuse_prime(pump, event, limits)
        return Reason.OUT_OF_RANGE if reason is Reason.HELD else reason

    machine = machine_for(_with("MDL-PRIME-001", refuse=refuse), DOCUMENT)
    said = [
        one
        for test in TESTS
        if "MDL-PRIME-001 refused: HELD" in test["shows"]
        for one in failures(machine, test)
    ]
    assert len(said) == 1
    assert said[0].endswith("outputs.refusal is OUT_OF_RANGE; expected HELD")
