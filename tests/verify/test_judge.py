"""Every combination of findings has its verdict; nothing but a complete proof is a success."""

from dataclasses import replace
from itertools import product

import pytest
from bolus_pump import LIMITS, reservoir_not_negative

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.judge import (
    PROVED,
    Findings,
    Judgement,
    ToolFault,
    judge_check,
    judge_closure,
    judge_property,
    rests_on,
    upheld,
)
from pumpproof.verify.proof.obligations import Stage
from pumpproof.verify.proof.verdicts import Discharge, Failure, Situation, Tally, Verdict
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.run import Run

KNOWN = reservoir_not_negative
RUN = Run.of(LIMITS, ())
COUNTEREXAMPLE = Counterexample(RUN, shortest=False, found_by="test")
SITUATION = Situation("INV-RES-001: kept by a step: MDL-BOLUS-003", "MDL-BOLUS-003", None, None, None, ())


def discharge(*failures: Failure, requested: int = 3, solved: int | None = None) -> Discharge:
    done = requested - len(failures) if solved is None else solved
    return Discharge("INV-RES-001", requested, requested, Tally(solved=done), failures, 0.0)


def failure(situation: Situation | None = None, reason: str = "") -> Failure:
    return Failure("INV-RES-001: kept by a step: MDL-BOLUS-003", Stage.STEP, situation, reason)


BROKEN = failure(SITUATION)
OUT_OF_BUDGET = failure(reason="max. resource limit exceeded")
CANCELLED = failure(reason="canceled")
INCOMPLETE = failure(reason="(incomplete (theory arithmetic))")

GOOD = Findings(
    discharge(),
    footing_is_proved=True,
    witness=RUN,
    counterexample=None,
    true_of_any_system=False,
    situation_is_impossible=False,
)


def test_a_complete_proof_with_a_witness_is_proved() -> None:
    assert judge_property(KNOWN, GOOD) == PROVED


@pytest.mark.parametrize(
    ("findings", "verdict", "reason"),
    [
        (replace(GOOD, witness=None), Verdict.UNKNOWN, "no run was found that reaches its situation"),
        (replace(GOOD, true_of_any_system=True), Verdict.VACUOUS, "it is true of any system"),
        (replace(GOOD, situation_is_impossible=True), Verdict.VACUOUS, "its situation never occurs"),
        (
            replace(GOOD, discharge=discharge(solved=2)),
            Verdict.ERROR,
            "1 of 3 obligations are not accounted for",
        ),
        (
            replace(GOOD, discharge=discharge(BROKEN)),
            Verdict.UNKNOWN,
            (
                "counterexample to induction, no run from the initial state found: a lemma may be missing; "
                "1 of 3 obligations open, first: INV-RES-001: kept by a step: MDL-BOLUS-003"
            ),
        ),
        (
            replace(GOOD, discharge=discharge(OUT_OF_BUDGET, CANCELLED)),
            Verdict.TIMEOUT,
            (
                "the solver's budget ran out; "
                "2 of 3 obligations open, first: INV-RES-001: kept by a step: MDL-BOLUS-003"
            ),
        ),
        (
            replace(GOOD, discharge=discharge(INCOMPLETE)),
            Verdict.UNKNOWN,
            (
                "the solver does not know ((incomplete (theory arithmetic))); "
                "1 of 3 obligations open, first: INV-RES-001: kept by a step: MDL-BOLUS-003"
            ),
        ),
        (
            replace(GOOD, discharge=discharge(BROKEN), counterexample=COUNTEREXAMPLE),
            Verdict.REFUTED,
            "a run of 0 events breaks it",
        ),
        (
            replace(GOOD, footing_is_proved=False, counterexample=COUNTEREXAMPLE),
            Verdict.REFUTED,
            "a run of 0 events breaks it",
        ),
    ],
)
def test_what_is_missing_decides_the_verdict(findings: Findings, verdict: Verdict, reason: str) -> None:
    assert judge_property(KNOWN, findings) == Judgement(verdict, reason)


def test_a_run_that_breaks_what_was_proved_is_a_fault_of_the_tool() -> None:
    with pytest.raises(ToolFault, match="INV-RES-001 was proved, yet a run of the machine breaks it"):
        judge_property(KNOWN, replace(GOOD, counterexample=COUNTEREXAMPLE))


def test_a_witness_that_breaks_what_was_proved_is_a_fault_of_the_tool() -> None:
    with pytest.raises(ToolFault, match="was proved, yet the run that is its witness breaks it"):
        judge_property(KNOWN, replace(GOOD, broken_by_witness=True))


def test_a_witness_may_break_what_is_not_proved() -> None:
    findings = replace(GOOD, broken_by_witness=True, discharge=discharge(BROKEN))
    assert judge_property(KNOWN, findings).verdict is Verdict.UNKNOWN


DISCHARGES = [
    discharge(),
    discharge(solved=2),
    discharge(BROKEN),
    discharge(OUT_OF_BUDGET),
    discharge(CANCELLED),
    discharge(INCOMPLETE),
    discharge(BROKEN, INCOMPLETE),
    discharge(BROKEN, solved=3),
]


def test_nothing_else_is_ever_proved() -> None:
    truths = (True, False)
    for one, footing, witness, broken, trivial, never in product(
        DISCHARGES, truths, (RUN, None), (COUNTEREXAMPLE, None), truths, truths
    ):
        findings = Findings(one, footing, witness, broken, trivial, never)
        complete = one == discharge() and witness is not None and broken is None and not trivial and not never
        try:
            judgement = judge_property(KNOWN, findings)
        except ToolFault:
            assert broken is not None and one == discharge() and footing
            continue
        assert (judgement.verdict is Verdict.PROVED) == complete
        assert (judgement.verdict is Verdict.REFUTED) == (broken is not None)
        assert bool(judgement.reason) != complete


def test_a_check_is_proved_only_if_everything_was_discharged() -> None:
    assert [judge_check(one, (), code_is_proved=True).verdict for one in DISCHARGES] == [
        Verdict.PROVED,
        Verdict.ERROR,
        Verdict.UNKNOWN,
        Verdict.TIMEOUT,
        Verdict.TIMEOUT,
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
    ]


RAISED = ("Tick in mode DELIVERING: MoreThanOneRow",)


@pytest.mark.parametrize("one", [one for one in DISCHARGES if not one.proved])
def test_a_check_that_is_not_proved_is_refuted_by_a_run_that_the_machine_does_not_define(
    one: Discharge,
) -> None:
    reason = "a run of the machine ends in Tick in mode DELIVERING: MoreThanOneRow"
    assert judge_check(one, RAISED, code_is_proved=True) == Judgement(Verdict.REFUTED, reason)


def test_a_run_that_the_machine_does_not_define_contradicts_a_proof_only_where_no_code_raises() -> None:
    with pytest.raises(ToolFault, match="was proved, yet the running machine shows: Tick in mode DELIVERING"):
        judge_check(discharge(), RAISED, code_is_proved=True)
    assert judge_check(discharge(), RAISED, code_is_proved=False).verdict is Verdict.REFUTED


def claim(identifier: str, *uses: str) -> Property:
    return replace(KNOWN, id=identifier, uses=uses)


A, B, C, D = "INV-AA-001", "INV-BB-001", "INV-CC-001", "INV-DD-001"
CHAIN = {one.id: one for one in (claim(A, B), claim(B, C), claim(C), claim(D, D))}
CIRCLE = {one.id: one for one in (claim(A, B), claim(B, A), claim(C))}


def test_a_property_rests_on_all_that_its_lemmas_rest_on() -> None:
    assert rests_on(CHAIN[A], CHAIN) == (B, C)
    assert rests_on(CHAIN[D], CHAIN) == ()
    assert rests_on(CIRCLE[A], CIRCLE) == (B,)


def test_what_rests_on_an_unproved_lemma_is_unknown_however_far_down() -> None:
    alone = {A: PROVED, B: PROVED, C: Judgement(Verdict.REFUTED, "a run"), D: PROVED}
    final = judge_closure(alone, {known: rests_on(CHAIN[known], CHAIN) for known in CHAIN}, {"table": PROVED})
    assert final == {
        A: Judgement(Verdict.UNKNOWN, "rests on INV-CC-001: refuted"),
        B: Judgement(Verdict.UNKNOWN, "rests on INV-CC-001: refuted"),
        C: Judgement(Verdict.REFUTED, "a run"),
        D: PROVED,
    }


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PROVED])
def test_nothing_is_proved_while_a_lemma_or_a_check_is_not(verdict: Verdict) -> None:
    weak = Judgement(verdict, "because")
    foundations = {A: (B,), B: (A,), C: ()}
    by_lemma = judge_closure({A: PROVED, B: weak, C: PROVED}, foundations, {"table": PROVED})
    assert by_lemma == {
        A: Judgement(Verdict.UNKNOWN, f"rests on INV-BB-001: {verdict.value}"),
        B: weak,
        C: PROVED,
    }
    by_check = judge_closure(dict.fromkeys((A, B, C), PROVED), foundations, {"table": PROVED, "code": weak})
    assert set(by_check.values()) == {Judgement(Verdict.UNKNOWN, f"rests on code: {verdict.value}")}


def test_a_verdict_that_is_worse_than_unknown_is_kept() -> None:
    for verdict in (Verdict.REFUTED, Verdict.VACUOUS, Verdict.ERROR, Verdict.TIMEOUT):
        bad = Judgement(verdict, "because")
        assert judge_closure({A: bad}, {A: ()}, {"table": Judgement(Verdict.UNKNOWN)}) == {A: bad}


def test_lemmas_in_a_circle_are_fine_if_each_is_discharged() -> None:
    good = {known: discharge() for known in CIRCLE}
    assert upheld(CIRCLE.values(), good) == {A, B, C}
    assert upheld(CIRCLE.values(), good | {B: discharge(BROKEN)}) == {C}


def test_what_was_not_discharged_at_all_upholds_nothing() -> None:
    assert upheld(CHAIN.values(), {A: discharge(), C: discharge()}) == {C}
    assert upheld(CHAIN.values(), {A: discharge(), B: discharge(solved=2), C: discharge()}) == {C}
