"""Houdini keeps what carries itself, and nothing else."""

from dataclasses import replace

import tiny_pump
from models import loaded, model_files, system_of
from questions import SMALL, question, without_lemmas

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import Proved, Question, TimedOut, Unknown
from pumpproof.verify.engines.houdini import Houdini, inductive_part
from pumpproof.verify.logic.terms import Term, equal, integer, less_or_equal
from pumpproof.verify.proof.symbolic import SymbolicSystem


def model(name: str) -> System:
    (path,) = (path for path in model_files("proved") if path.stem == name)
    return without_lemmas(system_of(loaded(path)))


def remaining(system: System) -> Term:
    term = SymbolicSystem(system).before.fields["remaining_pulses"]
    assert isinstance(term, Term)
    return term


def test_it_finds_that_a_running_bolus_is_covered() -> None:
    found = Houdini().attempt(question(model("single_bolus"), "INV-RES-001"), SMALL)
    assert isinstance(found, Proved)
    assert len(found.certificate.strengthening) == 2


def test_what_is_false_at_first_or_not_kept_is_dropped() -> None:
    asked = question(tiny_pump.SYSTEM, "INV-BOLUS-001")
    left = remaining(tiny_pump.SYSTEM)
    at_most_three = less_or_equal(left, integer(3))
    candidates = (at_most_three, less_or_equal(left, integer(2)), equal(left, integer(3)))
    assert inductive_part(asked, candidates, SMALL) == (at_most_three,)


def test_no_candidate_is_needed_where_induction_is_enough() -> None:
    found = Houdini().attempt(question(tiny_pump.SYSTEM, "INV-BOLUS-001"), SMALL)
    assert isinstance(found, Proved)
    assert found.certificate.strengthening == ()


def test_what_no_template_says_stays_unknown() -> None:
    found = Houdini().attempt(question(model("sliding_cap"), "INV-DOSE-001"), SMALL)
    assert isinstance(found, Unknown)
    assert found.reason.endswith("candidates does not show it")


def test_a_used_up_budget_is_a_timeout() -> None:
    asked: Question = question(model("sliding_cap"), "INV-DOSE-001")
    found = Houdini().attempt(asked, replace(SMALL, discovery=1))
    assert isinstance(found, TimedOut)
    assert found.reason.startswith("the solver's budget ran out with ")
