"""k-induction: what several steps show, how it begins, and what stands for the proof."""

from dataclasses import replace

import tiny_pump
from questions import SMALL, question
from tiny_pump import Mode, Pump

from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import Proved, TimedOut, Unknown
from pumpproof.verify.engines.induction import Induction
from pumpproof.verify.engines.k_induction import KInduction, k_inductive
from pumpproof.verify.proof.obligations import Stage


@invariant("INV-BOLUS-801", says="The rest is never minus seven.", formalizes=tiny_pump.BOLUS)
def never_minus_seven(pump: Pump) -> bool:
    return pump.remaining_pulses != -7


@invariant("INV-BOLUS-802", says="A rest of three is never seen.", formalizes=tiny_pump.BOLUS)
def three_is_never_seen(pump: Pump) -> bool:
    return pump.mode is Mode.IDLE and pump.remaining_pulses == 0


@step_property("INV-BOLUS-803", says="No step ends with a rest of minus seven.", formalizes=tiny_pump.BOLUS)
def no_step_to_minus_seven(after: Pump) -> bool:
    return after.remaining_pulses != -7


SYSTEM: System = replace(
    tiny_pump.SYSTEM, properties=(never_minus_seven, three_is_never_seen, no_step_to_minus_seven)
)


def test_two_steps_show_what_one_does_not() -> None:
    asked = question(SYSTEM, "INV-BOLUS-801")
    assert isinstance(Induction().attempt(asked, SMALL), Unknown)
    found = KInduction().attempt(asked, SMALL)
    assert isinstance(found, Proved)
    assert found.method == "k-induction (k=2)"


def test_a_run_that_stays_where_it_is_hides_it_unless_runs_never_come_back() -> None:
    found = KInduction(simple_path=False).attempt(question(SYSTEM, "INV-BOLUS-801"), SMALL)
    assert isinstance(found, Unknown)


def test_where_its_preimage_makes_it_inductive_the_certificate_is_an_invariant() -> None:
    found = KInduction().attempt(question(SYSTEM, "INV-BOLUS-801"), SMALL)
    assert isinstance(found, Proved)
    assert len(found.certificate.strengthening) > 0
    assert {one.stage for one in found.certificate.obligations} == {
        Stage.INITIAL,
        Stage.STEP,
        Stage.STRENGTHENING,
    }


def test_two_steps_show_a_step_property_by_their_own_obligations() -> None:
    asked = question(SYSTEM, "INV-BOLUS-803")
    assert isinstance(Induction().attempt(asked, SMALL), Unknown)
    found = KInduction().attempt(asked, SMALL)
    assert isinstance(found, Proved)
    assert found.certificate.strengthening == ()
    steps = [one for one in found.certificate.obligations if one.stage is Stage.STEP]
    assert [one.where for one in steps] == [arrow.name for arrow in asked.obligations.symbolic.arrows]


def test_the_first_steps_are_shown_too() -> None:
    places = [one.where for one in k_inductive(question(SYSTEM, "INV-BOLUS-802"), 3)]
    assert places[:3] == [
        "initial state",
        "1 steps after the initial state",
        "2 steps after the initial state",
    ]


def test_a_property_that_the_first_step_breaks_is_not_proved() -> None:
    found = KInduction().attempt(question(SYSTEM, "INV-BOLUS-802"), SMALL)
    assert isinstance(found, Unknown)
    assert found.reason == (
        "it is not inductive, first at: INV-BOLUS-802: holds in the initial state: 1 steps after the initial state"
    )


def test_a_budget_that_runs_out_says_nothing_of_the_property() -> None:
    found = KInduction().attempt(question(SYSTEM, "INV-BOLUS-801"), replace(SMALL, query=1))
    assert isinstance(found, TimedOut | Unknown)
    assert not isinstance(found, Proved)
