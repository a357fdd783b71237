"""Proof obligations: nothing is skipped that is not shown, and nothing is assumed that is not proved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from models import VERDICTS, model_files, rejection, system_of, verified
from models import loaded as model
from tiny_pump import SYSTEM, Limits, Mode, Outputs, Pump, Start, Step, Tick

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.statemachine.kernel.system import InvalidSystem, System
from pumpproof.statemachine.kernel.table import Row
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import FALSE, TRUE, Term, negate, variable
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import RESOURCE_LIMIT, Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligation, Obligations, Stage, is_trivial
from pumpproof.verify.proof.pool import obligations_of
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.run import Request, UnknownProperty, verify_system

REQUIREMENT = ("REQ-BOLUS-001",)


def with_properties(*properties: Property, observers: tuple[Observer, ...] = ()) -> System:
    return replace(SYSTEM, properties=properties, observers=observers)


def verdicts(system: System, *only: str) -> dict[str, Verdict]:
    return {one.property.id: one.verdict for one in verify_system(system, Request(only=only)).properties}


def reasons(system: System, *only: str) -> dict[str, str]:
    return {one.property.id: one.reason for one in verify_system(system, Request(only=only)).properties}


def every_obligation(obligations: Obligations) -> Iterator[Obligation]:
    for subject in (TABLE, CODE, *(known.id for known in obligations.symbolic.system.properties)):
        yield from obligations_of(obligations, subject)


def obligation(goal: Term, *hypotheses: Term) -> Obligation:
    return Obligation("INV-X1-001", Stage.STEP, "somewhere", hypotheses, goal)


@lemma("INV-X1-101", says="While it delivers, a pulse is left.")
def some_is_left(pump: Pump) -> bool:
    return pump.mode is Mode.IDLE or pump.remaining_pulses >= 1


@invariant("INV-X1-001", says="It never delivers.", formalizes=REQUIREMENT)
def never_delivers(pump: Pump) -> bool:
    return pump.mode is Mode.IDLE


@step_property(
    "INV-X1-002", says="A second gives nothing.", formalizes=REQUIREMENT, uses=("INV-X1-001", "INV-X1-101")
)
def gives_nothing(tick: Tick, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


@invariant("INV-X1-003", says="Left is never negative.", formalizes=REQUIREMENT, uses=("INV-X1-101",))
def left_not_negative(pump: Pump) -> bool:
    return pump.remaining_pulses >= 0


@lemma("INV-X1-102", says="At most three are left.", uses=("INV-X1-103",))
def at_most_three(pump: Pump) -> bool:
    return pump.remaining_pulses <= 3


@lemma("INV-X1-103", says="At most four are left.", uses=("INV-X1-102",))
def at_most_four(pump: Pump) -> bool:
    return pump.remaining_pulses <= 4


@lemma("INV-X1-104", says="Two and more.", uses=("INV-X1-105",))
def at_least_two(pump: Pump) -> bool:
    return pump.remaining_pulses >= 2


@lemma("INV-X1-105", says="Three and more.", uses=("INV-X1-104",))
def at_least_three(pump: Pump) -> bool:
    return pump.remaining_pulses >= 3


def test_a_goal_that_is_constantly_false_is_never_skipped() -> None:
    assert not is_trivial(obligation(FALSE, TRUE, variable("p", "Bool")))


def test_a_goal_about_which_nothing_is_known_is_not_skipped() -> None:
    assert not is_trivial(obligation(variable("p", "Bool"), variable("q", "Bool")))


def test_a_goal_that_is_true_or_assumed_is_skipped() -> None:
    p = variable("p", "Bool")
    assert is_trivial(obligation(TRUE))
    assert is_trivial(obligation(p, TRUE, p))
    assert is_trivial(obligation(p, FALSE))


def test_a_step_after_which_the_claim_is_the_constant_false_is_refuted() -> None:
    system = with_properties(some_is_left, never_delivers)
    goals = {
        one.where: one.goal
        for one in Obligations(SymbolicSystem(system)).of_property(never_delivers)
        if one.stage is Stage.STEP
    }
    assert goals["MDL-BOLUS-001"] is FALSE
    assert verdicts(system) == {"INV-X1-101": Verdict.PROVED, "INV-X1-001": Verdict.REFUTED}


def test_a_property_that_rests_on_a_false_lemma_is_not_proved() -> None:
    system = with_properties(some_is_left, never_delivers, gives_nothing, left_not_negative)
    assert verdicts(system) == {
        "INV-X1-101": Verdict.PROVED,
        "INV-X1-001": Verdict.REFUTED,
        "INV-X1-002": Verdict.REFUTED,
        "INV-X1-003": Verdict.PROVED,
    }


def test_a_lemma_that_is_used_but_not_declared_is_refused() -> None:
    with pytest.raises(InvalidSystem, match="INV-X1-003: uses INV-X1-101, which is not declared"):
        with_properties(left_not_negative)


def test_a_step_property_is_no_lemma() -> None:
    leaning = replace(left_not_negative, uses=("INV-X1-002",))
    with pytest.raises(InvalidSystem, match="INV-X1-003: uses INV-X1-002, which is not an invariant"):
        with_properties(some_is_left, never_delivers, gives_nothing, leaning)


def test_lemmas_may_use_each_other_if_each_is_proved() -> None:
    system = with_properties(some_is_left, at_most_three, at_most_four)
    assert set(verdicts(system).values()) == {Verdict.PROVED}


def test_lemmas_that_hold_only_each_other_up_are_not_proved() -> None:
    system = with_properties(some_is_left, at_least_two, at_least_three)
    assert verdicts(system)["INV-X1-104"] is Verdict.REFUTED
    assert verdicts(system)["INV-X1-105"] is Verdict.REFUTED


def test_only_runs_the_closure_and_gives_the_same_verdicts() -> None:
    system = with_properties(
        some_is_left, never_delivers, gives_nothing, left_not_negative, at_most_three, at_most_four
    )
    whole = verdicts(system)
    assert verdicts(system, "INV-X1-003") == {known: whole[known] for known in ("INV-X1-101", "INV-X1-003")}
    assert verdicts(system, "INV-X1-102") == {known: whole[known] for known in ("INV-X1-102", "INV-X1-103")}
    assert verdicts(system, "INV-X1-002")["INV-X1-002"] is whole["INV-X1-002"] is Verdict.REFUTED


def test_only_refuses_an_id_that_nothing_has_and_names_the_nearest() -> None:
    with pytest.raises(UnknownProperty, match="has no property INV-X1-113; did you mean INV-X1-103"):
        verify_system(with_properties(at_most_three, at_most_four), Request(only=("INV-X1-113",)))


# The checks of table and code may rely on invariants, so an invariant that is not proved must not carry them.


def left_is_seven(pump: Pump, tick: Tick, limits: Limits) -> bool:
    return pump.remaining_pulses == 7


def with_a_row_for_seven(*properties: Property) -> System:
    """Two rows of one second are enabled when seven pulses are left, which never happens."""
    (last,) = (entry for entry in SYSTEM.table if entry.id == "MDL-BOLUS-003")
    assert isinstance(last, Row)
    second = replace(last, id="MDL-BOLUS-006", guard=left_is_seven)
    return replace(SYSTEM, table=(*SYSTEM.table, second), properties=properties)


def check(system: System, name: str, *only: str) -> Verdict:
    return next(one.verdict for one in verify_system(system, Request(only=only)).checks if one.name == name)


@invariant("INV-X1-004", says="One is left while it delivers.", formalizes=REQUIREMENT)
def one_is_left(pump: Pump) -> bool:
    return pump.mode is Mode.IDLE or pump.remaining_pulses == 1


def test_the_table_may_rely_on_a_proved_invariant_also_if_only_another_was_asked_for() -> None:
    system = with_a_row_for_seven(some_is_left, at_most_three, at_most_four, left_not_negative)
    assert check(system, TABLE) is Verdict.PROVED
    assert check(system, TABLE, "INV-X1-003") is Verdict.PROVED


def test_the_table_never_relies_on_an_invariant_that_is_not_proved() -> None:
    system = with_a_row_for_seven(some_is_left, one_is_left, left_not_negative)
    assert verdicts(system)["INV-X1-004"] is Verdict.REFUTED
    assert check(system, TABLE) is not Verdict.PROVED
    assert verdicts(system, "INV-X1-003")["INV-X1-003"] is not Verdict.PROVED


SLOTS = (5, 6, 7, 8)


@step_property("INV-X1-005", says="Each slot has a rate.", formalizes=REQUIREMENT)
def slot_has_a_rate(before: Pump) -> bool:
    return SLOTS[before.remaining_pulses] >= 5


def test_no_claim_relies_on_an_invariant_that_is_not_proved_to_be_defined() -> None:
    good = with_properties(some_is_left, at_most_three, at_most_four, left_not_negative, slot_has_a_rate)
    assert check(good, CODE) is Verdict.PROVED
    bad = with_properties(some_is_left, one_is_left, never_delivers, slot_has_a_rate)
    assert check(bad, CODE) is not Verdict.PROVED


def test_narrowed_obligations_share_no_hypothesis_with_those_they_come_from() -> None:
    whole = Obligations(
        SymbolicSystem(with_properties(some_is_left, at_most_three, at_most_four, slot_has_a_rate))
    )
    first = [one.hypotheses for one in whole.of_code()]
    narrowed = [one.hypotheses for one in whole.relying_on(frozenset()).of_code()]
    assert len(first) == len(narrowed) > 0
    assumed = {whole.before(name) for name in ("INV-X1-101", "INV-X1-102", "INV-X1-103")}
    assert all(assumed <= set(one) for one in first)
    assert all(assumed.isdisjoint(one) for one in narrowed)
    assert [one.hypotheses for one in whole.of_code()] == first


# Observers.


@dataclass(frozen=True)
class Given:
    pulses: int


def nothing_given(pump: Pump) -> Given:
    return Given(0)


def count(given: Given, tick: Tick, outputs: Outputs) -> Given:
    return Given(given.pulses + outputs.drive_pulses)


def forget(given: Given, start: Start, before: Pump) -> Given:
    return Given(0) if before.mode is Mode.IDLE else given


FROM_THE_START = Observer(
    "given", "Pulses of this bolus.", Given, nothing_given, ((Tick, count), (Start, forget))
)
FROM_ANYWHERE = replace(FROM_THE_START, arbitrary_start=True)


@invariant("INV-X1-006", says="Given and left make three.", formalizes=REQUIREMENT)
def given_and_left(pump: Pump, given: Given) -> bool:
    return pump.mode is Mode.IDLE or given.pulses + pump.remaining_pulses == 3


def test_a_claim_that_holds_from_the_start_alone_is_refuted_for_arbitrary_openings() -> None:
    properties = (some_is_left, given_and_left)
    assert verdicts(with_properties(*properties, observers=(FROM_THE_START,)))["INV-X1-006"] is Verdict.PROVED
    assert verdicts(with_properties(*properties, observers=(FROM_ANYWHERE,)))["INV-X1-006"] is Verdict.REFUTED


def test_an_opening_may_not_assume_what_is_claimed_of_the_record_that_opens() -> None:
    obligations = Obligations(
        SymbolicSystem(with_properties(some_is_left, given_and_left, observers=(FROM_ANYWHERE,)))
    )
    (opening,) = (one for one in obligations.of_property(given_and_left) if one.stage is Stage.OPENING)
    assert obligations.before("INV-X1-006") not in opening.hypotheses
    assert opening.where == "opening of given"


@dataclass(frozen=True)
class Left:
    remaining_pulses: int


def none_left(pump: Pump) -> Left:
    return Left(0)


@invariant("INV-X1-007", says="The mirror shows the pump.", formalizes=REQUIREMENT)
def mirror_shows_the_pump(pump: Pump, left: Left) -> bool:
    return left.remaining_pulses == pump.remaining_pulses


def test_the_name_of_an_observer_never_makes_its_record_the_pump() -> None:
    for name in ("mirror", "before"):
        observer = Observer(name, "Something that never moves.", Left, none_left, ())
        system = with_properties(some_is_left, mirror_shows_the_pump, observers=(observer,))
        assert verdicts(system)["INV-X1-007"] is Verdict.REFUTED


@dataclass(frozen=True)
class Nested:
    b: Left


def none_nested(pump: Pump) -> Nested:
    return Nested(Left(0))


@invariant("INV-X1-008", says="The two counts agree.", formalizes=REQUIREMENT)
def counts_agree(nested: Nested, left: Left) -> bool:
    return nested.b.remaining_pulses == left.remaining_pulses


def test_the_names_of_two_observers_never_make_their_records_one() -> None:
    one = Observer("a", "A record in a record.", Nested, none_nested, ())
    two = Observer("a.b", "A record.", Left, none_left, ())
    symbolic = SymbolicSystem(with_properties(some_is_left, counts_agree, observers=(one, two)))
    claim = symbolic.claim(counts_agree, state=symbolic.before)
    assert len(claim.holds.variables) == 2


# The frame: a step that writes nothing that a property reads is not asked, and that changes no verdict.


def all_systems() -> list[System]:
    files = [path for verdict in VERDICTS for path in model_files(verdict)]
    return [system_of(model(path)) for path in files if rejection(path) is None]


def test_what_is_skipped_would_have_been_proved() -> None:
    skipped = 0
    for system in all_systems():
        for one in every_obligation(Obligations(SymbolicSystem(system))):
            if is_trivial(one):
                skipped += 1
                asked = Solver(RESOURCE_LIMIT).check((*one.hypotheses, negate(one.goal)))
                assert asked.answer is Answer.UNSATISFIABLE, one.name
    assert skipped > 100


def test_without_the_frame_the_same_obligations_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def failures(system: System) -> list[str]:
        symbolic = SymbolicSystem(system)
        obligations, prover = Obligations(symbolic), Prover(symbolic, NoCache())
        subjects = [TABLE, CODE, *(known.id for known in system.properties)]
        found = [prover.discharge(subject, obligations_of(obligations, subject)) for subject in subjects]
        return [failure.obligation for one in found for failure in one.failures]

    with_frame = [failures(system) for system in all_systems()]
    monkeypatch.setattr("pumpproof.verify.proof.induction.is_trivial", lambda _: False)
    assert [failures(system) for system in all_systems()] == with_frame


def test_a_goal_shared_by_several_steps_fails_only_at_those_that_break_it() -> None:
    symbolic = SymbolicSystem(with_properties(never_delivers))
    prover = Prover(symbolic, NoCache())
    found = prover.discharge("INV-X1-001", Obligations(symbolic).of_property(never_delivers))
    assert [failure.obligation for failure in found.failures] == ["INV-X1-001: kept by a step: MDL-BOLUS-001"]


def test_every_arrow_is_asked_about_every_property() -> None:
    for path in (path for verdict in VERDICTS for path in model_files(verdict) if rejection(path) is None):
        assert verified(path).requested == verified(path).accounted > 0


def test_a_failed_step_is_shown_in_values_that_break_the_claim() -> None:
    symbolic = SymbolicSystem(with_properties(never_delivers))
    found = Prover(symbolic, NoCache()).discharge(
        "INV-X1-001", Obligations(symbolic).of_property(never_delivers)
    )
    situation = found.failures[0].situation
    assert situation is not None
    assert situation.entry == "MDL-BOLUS-001"
    assert isinstance(situation.before, Pump) and situation.before.mode is Mode.IDLE
    assert isinstance(situation.event, Start)
    assert situation.limits == Limits()


def test_without_a_budget_nothing_is_proved() -> None:
    found = verify_system(with_properties(some_is_left, left_not_negative), Request(resource_limit=1))
    assert all(one.verdict is not Verdict.PROVED for one in found.properties)


def gives_two_at_once(pump: Pump, start: Start, limits: Limits) -> Step:
    return Step(pump, Outputs(drive_pulses=2))


def test_a_changed_effect_changes_the_verdict() -> None:
    (first, *others) = SYSTEM.table
    assert isinstance(first, Row)
    changed = replace(SYSTEM, table=(replace(first, effect=gives_two_at_once), *others))
    assert verdicts(SYSTEM) == {"INV-BOLUS-001": Verdict.PROVED}
    assert verdicts(changed)["INV-BOLUS-001"] is Verdict.REFUTED
