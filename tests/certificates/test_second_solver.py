"""cvc5 is asked every obligation, and what it says counts."""

from pathlib import Path

import pytest
from certified import certified, proved_system, written

from pumpproof.verify.certificates import second_solver
from pumpproof.verify.certificates.export import Exported, Exporter
from pumpproof.verify.certificates.second_solver import Session, content
from pumpproof.verify.certificates.text import UnprintableName, numeral, quoted
from pumpproof.verify.certificates.write import FolderExists
from pumpproof.verify.judge import ToolFault
from pumpproof.verify.logic.smt import Answer
from pumpproof.verify.proof.cache import FileCache
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.run import Request, verify_system


def test_a_proof_names_both_solvers_and_counts_what_the_second_was_asked() -> None:
    found = verify_system(proved_system("single_bolus"), Request())
    assert {one.strength for one in found.properties} == {"z3, cvc5"}
    assert found.second_opinion.asked == found.second_opinion.discharged > 0


def test_without_a_second_solver_the_record_says_so() -> None:
    found = verify_system(proved_system("single_bolus"), Request(second_opinion=False))
    assert {one.strength for one in found.properties} == {"z3 only"}
    assert found.second_solver == ""


def test_an_unknown_that_comes_with_its_reason_is_an_unknown() -> None:
    factors = "(declare-const a Int)(declare-const b Int)(assert (and (< 1 a b) (= (* a b) 1000036000099)))"
    assert Session((("rlimit", "1"),)).run(f"(set-logic QF_NIA){factors}(check-sat)") == [Answer.UNKNOWN]


def test_what_is_open_after_one_attempt_is_asked_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = (("incremental", "true"), ("rlimit-per", "1"))
    exporter = Exporter(SymbolicSystem(proved_system("single_bolus")), frozenset({"INV-RES-001"}))
    asked = [one for one in exporter.of_subject("INV-RES-001") if isinstance(one, Exported)]
    kept = second_solver.TOGETHER[1], second_solver.ALONE[1]
    for together, alone, expected in (
        ((nothing, kept[0]), (nothing, nothing), True),
        ((nothing, nothing), (nothing, kept[1]), True),
        ((nothing, nothing), (nothing, nothing), False),
    ):
        monkeypatch.setattr(second_solver, "TOGETHER", together)
        monkeypatch.setattr(second_solver, "ALONE", alone)
        answers = set(second_solver.ask(asked))
        assert (Answer.UNKNOWN not in answers) is expected, (together, alone, answers)


def test_what_the_second_solver_refutes_is_a_fault_of_the_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = lambda asked: [Answer.SATISFIABLE for _ in asked]  # noqa: E731
    monkeypatch.setattr(second_solver, "ask", answers)
    with pytest.raises(
        ToolFault, match=r"cvc5 [\d.]+ refutes what the first solver discharged: INV-BOLUS-101: holds"
    ):
        verify_system(proved_system("single_bolus"), Request())


def test_what_the_second_solver_does_not_know_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(asked: list[Exported]) -> list[Answer]:
        return [Answer.UNKNOWN if one.subject == "INV-RES-001" else Answer.UNSATISFIABLE for one in asked]

    monkeypatch.setattr(second_solver, "ask", ask)
    found = {
        one.property.id: one for one in verify_system(proved_system("single_bolus"), Request()).properties
    }
    assert found["INV-RES-001"].verdict is Verdict.UNKNOWN
    assert "the solver does not know (cvc5 1.4.2, the second solver)" in found["INV-RES-001"].reason


def test_only_what_the_second_solver_discharged_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = FileCache(tmp_path / "cache", "z3")
    with monkeypatch.context() as patched:
        patched.setattr(second_solver, "ask", lambda asked: [Answer.UNKNOWN for _ in asked])
        verify_system(proved_system("single_bolus"), Request(), cache=cache)
    cache.save()
    again = verify_system(proved_system("single_bolus"), Request(), cache=FileCache(tmp_path / "cache", "z3"))
    assert again.second_opinion.cached == 0
    assert again.second_opinion.discharged == again.second_opinion.asked


def test_the_content_of_an_obligation_names_solver_and_budget() -> None:
    exporter = Exporter(SymbolicSystem(proved_system("single_bolus")), frozenset())
    first, second, *_ = (one for one in exporter.of_subject("INV-RES-001") if isinstance(one, Exported))
    assert content(first) != content(second)
    assert content(first).startswith(b"cvc5 1.4.2 ")
    assert b"rlimit-per" in content(first)


def test_each_file_is_unsat_throughout_when_it_is_fed_to_a_solver_as_it_is() -> None:
    for name, text in certified("single_bolus").files.items():
        if name.endswith(".smt2"):
            assert set(Session().run(text)) <= {Answer.UNSATISFIABLE}, name


def test_names_that_smt_lib_can_not_quote_are_refused() -> None:
    assert quoted("ghost 'hour window'.pulses") == "|ghost 'hour window'.pulses|"
    assert (numeral(-7), numeral(0)) == ("(- 7)", "0")
    with pytest.raises(UnprintableName, match=r"the name 'a\|b' can not be written in SMT-LIB"):
        quoted("a|b")


def test_certificates_are_never_mixed_with_what_is_there(tmp_path: Path) -> None:
    folder = written("single_bolus", tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FolderExists, match="is not an empty folder"):
        written("single_bolus", tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    assert sorted(one.name for one in folder.iterdir()) == [
        "code.smt2",
        "manifest.json",
        "properties",
        "table.smt2",
    ]
