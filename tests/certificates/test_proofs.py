"""Proof objects: one for each subject, beside its question, and none for what does not hold."""

import gzip
from pathlib import Path

import pytest
from models import loaded, system_of

from pumpproof.verify.certificates.export import Exporter
from pumpproof.verify.certificates.proofs import NoProof, proof_files
from pumpproof.verify.certificates.second_solver import Session
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.symbolic import SymbolicSystem

MODELS = Path(__file__).resolve().parent.parent / "models"


def exporter(model: str) -> Exporter:
    system = system_of(loaded(MODELS / f"{model}.py"))
    invariants = frozenset(one.id for one in system.properties if one.kind.value == "invariant")
    return Exporter(SymbolicSystem(system), invariants)


def files(model: str, *properties: str) -> dict[str, bytes]:
    return dict(proof_files(exporter(model), properties, lambda _: None))


def test_each_subject_has_a_question_and_a_proof_that_ends_in_false() -> None:
    made = files("proved/single_bolus", "INV-RES-001", "INV-BOLUS-002")
    assert sorted(made) == [
        "INV-BOLUS-002.cpc.gz",
        "INV-BOLUS-002.smt2",
        "INV-RES-001.cpc.gz",
        "INV-RES-001.smt2",
        "table.cpc.gz",
        "table.smt2",
    ]
    for name in ("INV-RES-001", "INV-BOLUS-002", "table"):
        proof = gzip.decompress(made[f"{name}.cpc.gz"]).decode()
        last_step = [line for line in proof.splitlines() if line.startswith("(step ")][-1]
        assert last_step.split()[2] == "false"
        assert "(assume " in proof


def test_the_question_is_answered_by_itself() -> None:
    question = files("proved/single_bolus", "INV-RES-001")["INV-RES-001.smt2"].decode()
    assert Session().run(question) == [Answer.UNSATISFIABLE]


def test_the_same_files_come_out_again() -> None:
    assert files("proved/single_bolus", "INV-RES-001") == files("proved/single_bolus", "INV-RES-001")


def test_what_does_not_hold_has_no_proof() -> None:
    with pytest.raises(NoProof, match="INV-BASAL-002: cvc5 answers sat to all obligations together"):
        files("refuted/limit_is_exclusive", "INV-BASAL-002")
