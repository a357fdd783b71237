"""Records in records, and tuples of records, mean the same everywhere that flat fields do."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from models import load, model_files, system_of

from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.certificates.export import Exporter
from pumpproof.verify.explaining.picture import picture
from pumpproof.verify.explaining.unseen import unseen
from pumpproof.verify.export.transitions import transitions
from pumpproof.verify.export.vmt import vmt
from pumpproof.verify.generation.stored import decoded, encoded
from pumpproof.verify.language.types import plain_fields
from pumpproof.verify.mutation.attempt import attempt
from pumpproof.verify.mutation.baseline import baseline_of, fields_that_count, writes_of
from pumpproof.verify.mutation.fates import Fate
from pumpproof.verify.mutation.mutants import mutants_of
from pumpproof.verify.mutation.operators import Operator
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.parts import Parts
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.results.values import differences
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.run import Run

(PATH,) = (path for path in model_files("proved") if path.stem == "named_patterns")
MODEL: Any = load(PATH)
SYSTEM: System = system_of(MODEL)
LIMITS = MODEL.Limits()
MORNING, AFTERNOON = MODEL.HalfDay(afternoon=False), MODEL.HalfDay(afternoon=True)
HOLIDAY = MODEL.Edit(pattern=2, name=MODEL.Name.HOLIDAY, pulses=3)


def text_at(where: str) -> str:
    """The line of the model at a place such as ``named_patterns.py:12``."""
    return PATH.read_text().splitlines()[int(where.rpartition(":")[2]) - 1].strip()


@cache
def symbolic() -> SymbolicSystem:
    return SymbolicSystem(SYSTEM)


def verified(system: System) -> Verification:
    return verify_system(system, Request())


def test_a_field_is_named_by_its_path_from_the_state() -> None:
    assert [field.path for field in plain_fields(symbolic().state_type)] == [
        "mode",
        "basal.patterns",
        "basal.chosen",
        "accounts.today_pulses",
        "accounts.given_pulses",
    ]


def test_a_core_names_the_nested_assignment_and_the_line_that_writes_it() -> None:
    parts = Parts(Obligations(symbolic()))
    (given,) = (arrow for arrow in symbolic().arrows if arrow.entry.id == "MDL-DOSE-001")
    assert [(one.says, text_at(one.where)) for one in parts.assignments(given)][:2] == [
        (
            "accounts.today_pulses",
            "accounts = pump.accounts if event.afternoon else replace(pump.accounts, today_pulses=0)",
        ),
        ("accounts.given_pulses", "given_pulses=accounts.given_pulses + pulses,"),
    ]


def test_fields_of_one_name_in_two_records_are_written_at_their_own_places() -> None:
    parts = Parts(Obligations(SymbolicSystem(REFERENCE_PUMP)))
    (suspended,) = (one for one in parts.symbolic.arrows if one.name == "MDL-SUSP-001")
    places = {one.says: one.where for one in parts.assignments(suspended)}
    assert places["bolus.remaining_pulses"].startswith("pumpproof/statemachine/pump/doses.py:")
    assert places["prime.remaining_pulses"].startswith("pumpproof/statemachine/pump/doses.py:")
    assert places["bolus.remaining_pulses"] != places["prime.remaining_pulses"]


def test_a_mutant_drops_one_assignment_of_a_nested_replace() -> None:
    dropped = [one.difference for one in mutants_of(SYSTEM) if one.operator is Operator.ASSIGNMENT]
    assert (
        "return Step([-replace(pump, basal=replace(pump.basal, chosen=event.pattern))-]{+pump+})" in dropped
    )
    assert (
        "return Step(replace(pump, basal=[-replace(pump.basal, chosen=event.pattern)-]{+pump.basal+}))"
        in dropped
    )


def test_fields_of_nested_records_count_for_safety_by_their_paths() -> None:
    counts = fields_that_count(symbolic())
    assert set(counts) == {field.path for field in plain_fields(symbolic().state_type)} - {"mode"}
    assert set(writes_of(symbolic(), symbolic().arrows, counts)) == {
        ("MDL-BASAL-001", "basal.patterns"),
        ("MDL-BASAL-002", "basal.chosen"),
        ("MDL-DOSE-001", "drive_pulses"),
        ("MDL-DOSE-001", "accounts.today_pulses"),
        ("MDL-DOSE-001", "accounts.given_pulses"),
    }


def test_a_wrong_effect_on_a_nested_record_is_refuted_with_a_run(tmp_path: Path) -> None:
    text = PATH.read_text().replace("return basal.patterns[basal.chosen]", "return basal.patterns[0]")
    path = tmp_path / "first_pattern_always.py"
    path.write_text(text)
    found = {one.property.id: one for one in verified(system_of(load(path))).properties}
    assert found["INV-BASAL-005"].verdict is Verdict.REFUTED
    assert found["INV-BASAL-005"].counterexample is not None
    assert found["INV-DOSE-001"].verdict is Verdict.PROVED


def test_what_a_step_changed_is_said_by_path() -> None:
    machine = Machine(SYSTEM, LIMITS)
    for event, paths in (
        (HOLIDAY, ["basal.patterns[2].name", "basal.patterns[2].pulses[0]"]),
        (MODEL.Choose(pattern=2), ["basal.chosen"]),
        (MORNING, ["accounts.today_pulses", "accounts.given_pulses"]),
    ):
        taken = machine.step(event)
        assert [change.path for change in differences(taken.before, taken.after)] == paths


def test_a_picture_draws_numbers_of_nested_records() -> None:
    drawn = picture(SYSTEM, Run.of(LIMITS, (HOLIDAY, MODEL.Choose(2), MORNING, AFTERNOON)), "x")
    assert "accounts.given_pulses" in drawn
    assert "basal.chosen" in drawn


def test_what_no_run_was_seen_to_do_is_said_of_nested_fields() -> None:
    state = replace(SYSTEM.initial(LIMITS), accounts=MODEL.Accounts(today_pulses=1, given_pulses=0))
    run = Run.of(LIMITS, (HOLIDAY, MODEL.Choose(2), MORNING, AFTERNOON, MORNING))
    relations = [one.relation for one in unseen(SYSTEM, (run,), LIMITS, state, ())]
    assert "accounts.today_pulses <= accounts.given_pulses in mode DELIVERING" in relations


def test_a_stored_state_is_read_back_with_its_records() -> None:
    state = Machine(SYSTEM, LIMITS).step(HOLIDAY).after
    of = symbolic().state_type
    stored = encoded(of, state)
    assert stored["basal"]["patterns"][2] == {"name": "HOLIDAY", "pulses": [3, 1]}
    assert decoded(of, json.loads(json.dumps(stored)), "state") == state


def test_exports_name_nested_fields_by_path() -> None:
    exporter = Exporter(symbolic(), frozenset(("INV-BASAL-001",)))
    asked = "\n".join(str(one) for one in exporter.of_subject("INV-BASAL-001"))
    assert "before.basal.chosen" in asked
    assert "basal.patterns[2].pulses[0]" in vmt(symbolic(), transitions(symbolic(), SYSTEM.properties))


def test_a_field_of_a_nested_record_that_an_observer_never_changes_is_found(tmp_path: Path) -> None:
    text = PATH.read_text()
    counted = "today_pulses=today + outputs.drive_pulses,"
    assert text.count(counted) == 1
    path = tmp_path / "never_counts.py"
    path.write_text(text.replace(counted, "today_pulses=books.accounts.today_pulses,"))
    (check,) = (one for one in verified(system_of(load(path))).checks if one.name == "observers")
    assert "Books.accounts.today_pulses" in check.reason
    assert "given_pulses" not in check.reason


def test_a_record_that_is_compared_with_one_of_an_observer_is_read() -> None:
    (check,) = (one for one in verified(SYSTEM).checks if one.name == "unread")
    assert check.verdict is Verdict.PROVED


def test_every_mutant_of_a_nested_system_gets_a_fate_and_a_survivor_says_what_it_writes() -> None:
    base = baseline_of(SYSTEM, verified(SYSTEM))
    begun = [mutant for mutant in mutants_of(SYSTEM) if mutant.id.startswith("named_patterns/initial/")]
    outcomes = {mutant.id: attempt(base, mutant) for mutant in begun}
    assert Fate.FAULT not in {outcome.fate for outcome in outcomes.values()}
    survived = {outcome.writes for outcome in outcomes.values() if outcome.fate is Fate.SURVIVED}
    assert survived == {("basal.patterns",), ("basal.chosen",)}
