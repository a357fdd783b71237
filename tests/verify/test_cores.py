"""A core is what a proof needs: enough for it, nothing too much, and the same however it is found."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bolus_pump
import pytest
import sample_pump
import tiny_pump
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import (
    TRUE,
    Term,
    add,
    any_of,
    choose,
    integer,
    less_or_equal,
    negate,
    scale,
    variable,
)
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.cores import CoreMemory, CoreNotProved, CoreSearch, Found
from pumpproof.verify.proof.elements import Element, ElementKind, Part, UnknownHypothesis
from pumpproof.verify.proof.guards import guard_conjuncts
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.needs import Needs, needs
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligation, Obligations, Stage
from pumpproof.verify.proof.parts import Parted, Parts
from pumpproof.verify.proof.pool import can_fork, cores_of_all, discharge_all, obligations_of, workers_of
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.run import Request, verify_system

SYSTEMS = (sample_pump.SYSTEM, tiny_pump.SYSTEM, bolus_pump.SYSTEM)
BUDGET = 5_000_000


def subjects(system: System) -> tuple[str, ...]:
    return (*(known.id for known in system.properties), TABLE, CODE)


def needs_of(system: System, memory: CoreMemory | None = None, jobs: int = 1) -> Needs:
    obligations = Obligations(SymbolicSystem(system))
    prover = Prover(obligations.symbolic, NoCache())
    proved = discharge_all(obligations, subjects(system), prover, 1, lambda _: None)
    asked = [name for name, found in proved.items() if found.proved]
    return needs(
        obligations, cores_of_all(obligations, asked, prover, memory or CoreMemory(), workers_of(jobs))
    )


def said(elements: Iterator[Element] | tuple[Element, ...]) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.owner, one.says) for one in elements]


def obligation(system: System, subject: str, stage: Stage, where: str) -> tuple[Obligations, Obligation]:
    obligations = Obligations(SymbolicSystem(system))
    found = (one for one in obligations_of(obligations, subject) if one.stage is stage)
    return obligations, next(one for one in found if where in one.where)


def test_the_core_of_a_property_is_what_its_proof_needs() -> None:
    core = needs_of(sample_pump.SYSTEM).core_of("INV-DOSE-001")
    assert core is not None and core.minimal
    assert said(core.elements) == [
        ("validity condition", "ASM-DOSE-001", "The most is at least one pulse."),
        ("assignment", "initial state", "given_pulses"),
        ("guard conjunct", "MDL-DOSE-001 accepted", "pump.given_pulses + asked.pulses <= limits.most_pulses"),
        ("assignment", "MDL-DOSE-001 accepted", "given_pulses"),
    ]
    assert core.rows == ("MDL-DOSE-001 accepted",)
    assert core.lemmas == ()
    assert core.idle_lemmas == ("INV-DOSE-101",)


def test_an_invariant_that_carries_itself_is_in_its_own_core() -> None:
    core = needs_of(sample_pump.SYSTEM).core_of("INV-DOSE-101")
    assert core is not None
    assert core.lemmas == ("INV-DOSE-101",)


def test_what_no_proof_needs_is_listed_with_its_place() -> None:
    unneeded = needs_of(sample_pump.SYSTEM).unneeded
    assert unneeded is not None
    assert said(iter(unneeded)) == [
        ("source modes", "MDL-DOSE-001 refused", "READY"),
        ("source modes", "MDL-DOSE-002 Tick", "READY"),
        ("guard conjunct", "MDL-DOSE-001 accepted", "pump.requests < 100"),
        ("assignment", "initial state", "mode"),
        ("assignment", "initial state", "last_pulses"),
        ("assignment", "MDL-DOSE-001 accepted", "last_pulses"),
        ("validity condition", "ASM-DOSE-002", "The most is at most 50."),
        ("lemma", "INV-DOSE-101", "Requests are counted from nothing up."),
    ]
    source = Path(sample_pump.__file__).read_text(encoding="utf-8").splitlines()
    for element, text in zip(unneeded, (
        '"MDL-DOSE-001"', '"MDL-DOSE-002"', "pump.requests >= 100", "Mode.READY", "last_pulses=0",
        "last_pulses=asked.pulses", "def not_too_much", "def requests_are_counted",
    ), strict=True):  # fmt: skip
        file, _, line = element.where.rpartition(":")
        assert file == "sample_pump.py"
        assert text in source[int(line) - 1]


def without(system: System, element: Element) -> Iterator[Parted]:
    """All obligations of a system, taken apart, without the parts of one element."""
    obligations = Obligations(SymbolicSystem(system))
    parts = Parts(obligations)
    for subject in subjects(system):
        for one in obligations_of(obligations, subject):
            if not one.unchanged:
                parted = parts.of(one)
                kept = tuple(part for part in parted.parts if part.element != element)
                yield replace(parted, parts=kept)


def proves(parted: Parted) -> bool:
    terms = (*parted.fixed, *(part.holds for part in parted.parts), negate(parted.goal))
    return Solver(BUDGET).check(terms).answer is Answer.UNSATISFIABLE


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_everything_is_still_proved_without_what_is_unneeded(system: System) -> None:
    proved = all(map(proves, without(system, Element(ElementKind.LEMMA, "", "nothing", ""))))
    unneeded = needs_of(system).unneeded
    assert (unneeded is not None) == proved
    for element in unneeded or ():
        if element.kind is not ElementKind.LEMMA:
            assert all(map(proves, without(system, element))), element


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_no_part_of_a_minimal_core_can_be_left_out(system: System) -> None:
    obligations = Obligations(SymbolicSystem(system))
    parts = Parts(obligations)
    search = CoreSearch(parts)
    looked_at = 0
    for subject in subjects(system):
        for one in obligations_of(obligations, subject):
            parted = parts.of(one)
            found = None if one.unchanged or parted.goal is TRUE else search.core(parted)
            if found is not None:
                looked_at += 1
                assert_minimal(parted, found)
    assert looked_at >= 3


def assert_minimal(parted: Parted, found: Found) -> None:
    used = [parted.parts[position] for position in found.positions]
    assert found.minimal
    assert proves(replace(parted, parts=tuple(used)))
    for part in used:
        assert not proves(replace(parted, parts=tuple(one for one in used if one is not part)))


NUMBERS = tuple(variable(f"core test {name}", "Int") for name in "xyz")
SOME = Obligation("INV-DOSE-001", Stage.STEP, "made up", (), TRUE)


@st.composite
def bounds(draw: st.DrawFn) -> Term:
    """``a x + b y <= c``, or one of two such."""
    one, other = draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(NUMBERS))
    left = add(scale(draw(st.integers(-2, 2)), one), scale(draw(st.integers(-2, 2)), other))
    bound = less_or_equal(left, integer(draw(st.integers(-3, 3))))
    return any_of((bound, draw(bounds()))) if draw(st.integers(0, 4)) == 0 else bound


@st.composite
def made_up(draw: st.DrawFn) -> Parted:
    """An obligation of a few bounds, not all of which it needs."""
    holds = draw(st.lists(bounds(), min_size=1, max_size=7))
    elements = (Element(ElementKind.GUARD, "made up", str(number), "") for number in range(len(holds)))
    parts = tuple(Part(element, term) for element, term in zip(elements, holds, strict=True))
    goal = choose(draw(bounds()), draw(bounds()), draw(bounds()))
    return Parted(SOME, (), parts, goal)


@given(st.lists(made_up(), min_size=1, max_size=3))
def test_a_core_is_minimal_and_does_not_depend_on_what_was_asked_before(several: list[Parted]) -> None:
    parts = Parts(Obligations(SymbolicSystem(sample_pump.SYSTEM)))
    warm = CoreSearch(parts)
    for parted in several:
        found = warm.core(parted)
        assert found == CoreSearch(parts).core(parted)
        assert (found is not None) == proves(parted)
        if found is not None:
            assert_minimal(parted, found)


@pytest.mark.skipif(not can_fork(), reason="work is spread over processes by `fork` alone")
def test_the_needs_are_the_same_in_any_number_of_processes() -> None:
    assert needs_of(bolus_pump.SYSTEM) == needs_of(bolus_pump.SYSTEM, jobs=2)


def test_the_needs_are_the_same_for_any_order_of_sets(repository: Path) -> None:
    code = "import bolus_pump, test_cores; print(repr(test_cores.needs_of(bolus_pump.SYSTEM)))"
    folders = os.pathsep.join(map(str, (repository / "tests/verify", *sys.path)))
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folders},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1


def test_a_core_that_was_found_is_not_searched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pump.cores.json"
    memory = CoreMemory(path)
    first = needs_of(sample_pump.SYSTEM, memory)
    memory.save()
    monkeypatch.setattr(CoreSearch, "core", None)
    assert needs_of(sample_pump.SYSTEM, CoreMemory(path)) == first


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"a": 1}', "{", '{"KEY": [true, 99]}', '{"KEY": [true, 1, 0]}']
)
def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "pump.cores.json"
    memory = CoreMemory(path)
    first = needs_of(sample_pump.SYSTEM, memory)
    memory.save()
    key = next(iter(json.loads(path.read_text(encoding="utf-8"))))
    path.write_text(damage.replace("KEY", key), encoding="utf-8")
    assert needs_of(sample_pump.SYSTEM, CoreMemory(path)) == first


def test_without_budget_nothing_is_called_unneeded() -> None:
    obligations = Obligations(SymbolicSystem(bolus_pump.SYSTEM))
    search = CoreSearch(Parts(obligations), resource_limit=1)
    found = {
        subject: search.of_subject(subject, obligations_of(obligations, subject))
        for subject in subjects(bolus_pump.SYSTEM)
    }
    starved = needs(obligations, found)
    assert any(core.undecided for core in starved.cores)
    assert starved.unneeded is None


def test_nothing_is_called_unneeded_where_not_everything_is_proved() -> None:
    assert needs_of(bolus_pump.SYSTEM).unneeded is None


def test_a_core_that_does_not_prove_its_obligation_is_a_fault() -> None:
    obligations, one = obligation(sample_pump.SYSTEM, "INV-DOSE-001", Stage.STEP, "accepted")
    parts = Parts(obligations)
    search = CoreSearch(parts)
    parted = parts.of(one)
    found = search.core(parted)
    assert found is not None
    with pytest.raises(CoreNotProved, match="INV-DOSE-001: kept by a step: MDL-DOSE-001 accepted"):
        search.check(parted, Found(found.positions[1:], minimal=True))


def test_an_assumption_that_is_no_element_of_the_system_is_a_fault() -> None:
    obligations, one = obligation(sample_pump.SYSTEM, "INV-DOSE-001", Stage.STEP, "accepted")
    smuggled = replace(one, hypotheses=(*one.hypotheses, variable("smuggled", "Bool")))
    with pytest.raises(UnknownHypothesis, match="it assumes smuggled"):
        Parts(obligations).of(smuggled)


def test_the_conjuncts_of_a_refusal_are_what_it_accepts() -> None:
    symbolic = SymbolicSystem(bolus_pump.SYSTEM)
    accepted = next(arrow for arrow in symbolic.arrows if arrow.name == "MDL-BOLUS-001 accepted")
    assert [one.text for one in guard_conjuncts(symbolic, accepted)] == [
        "0 < request.pulses",
        "request.pulses <= limits.max_bolus_pulses",
        "request.pulses <= pump.reservoir_pulses",
    ]


@pytest.mark.parametrize("system", [*SYSTEMS, REFERENCE_PUMP], ids=lambda system: system.name)
def test_the_conjuncts_of_each_guard_are_the_guard(system: System) -> None:
    symbolic = SymbolicSystem(system)
    for arrow in symbolic.arrows:
        terms = [one.holds for one in guard_conjuncts(symbolic, arrow)]
        assert Solver(BUDGET).check((*terms, negate(arrow.guard))).answer is Answer.UNSATISFIABLE
        for term in terms:
            assert Solver(BUDGET).check((arrow.guard, negate(term))).answer is Answer.UNSATISFIABLE


@pytest.mark.slow  # the cores of a thousand obligations
def test_what_the_reference_pump_does_not_need_can_be_left_out() -> None:
    found = verify_system(REFERENCE_PUMP, Request(cores=True, jobs=2)).needs
    assert found is not None and found.unneeded is not None
    assert all(core.minimal for core in found.cores)
    unneeded = {one.owner for one in found.unneeded.conditions}
    kept = tuple(one for one in REFERENCE_PUMP.conditions if one.id not in unneeded)
    assert len(kept) < len(REFERENCE_PUMP.conditions), "the pump has changed: choose another sample"
    fewer = replace(REFERENCE_PUMP, conditions=kept)
    symbolic = SymbolicSystem(fewer)
    prover = Prover(symbolic, NoCache())
    proved = discharge_all(Obligations(symbolic), subjects(fewer), prover, 1, lambda _: None)
    assert all(one.proved for one in proved.values())
