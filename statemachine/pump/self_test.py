"""The results of self-tests: after power on, and again and again in use."""

from dataclasses import replace

from pumpproof.spec.pump.events import SelfTestFinished
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Refused, Row
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.doses import break_doses
from pumpproof.statemachine.pump.supervision import note_failure, note_pass, self_test_has_passed


def self_test_passed(pump: Pump, event: SelfTestFinished, limits: Limits) -> bool:
    """The hardware found nothing wrong."""
    return self_test_has_passed(event)


def self_test_failed(pump: Pump, event: SelfTestFinished, limits: Limits) -> bool:
    """The hardware found something wrong."""
    return not self_test_has_passed(event)


def pass_self_test(pump: Pump, event: SelfTestFinished, limits: Limits) -> Step:
    """The time to the next one begins."""
    return Step(replace(pump, supervision=note_pass(pump.supervision)))


def fail_self_test(pump: Pump, event: SelfTestFinished, limits: Limits) -> Step:
    """Boluses and prime end, and what failed is kept."""
    stopped = replace(break_doses(pump), supervision=note_failure(pump.supervision, event))
    return Step(stopped, Outputs(question_lapsed=question_lapses(pump, stopped)))


SELF_TEST_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-POWER-003",
        (Mode.SELF_TEST,),
        SelfTestFinished,
        self_test_passed,
        pass_self_test,
        to=Mode.IDLE,
        why="A pump that passed its self-test is ready, and delivers nothing until told to.",
        requirements=("REQ-POWER-002",),
    ),
    Row(
        "MDL-POWER-004",
        (Mode.SELF_TEST,),
        SelfTestFinished,
        self_test_failed,
        fail_self_test,
        to=Mode.FAULT,
        why="A pump that failed its self-test never delivers, and says why.",
        requirements=("REQ-POWER-002", "REQ-INTEG-002"),
    ),
    Row(
        "MDL-INTEG-010",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        SelfTestFinished,
        self_test_passed,
        pass_self_test,
        to=SAME_MODE,
        why="A self-test that passes in use disturbs nothing.",
        requirements=("REQ-INTEG-003",),
    ),
    Row(
        "MDL-INTEG-011",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        SelfTestFinished,
        self_test_failed,
        fail_self_test,
        to=Mode.FAULT,
        why="A self-test that fails in use is a fault, as after power on.",
        requirements=("REQ-INTEG-003", "REQ-INTEG-002", "REQ-BOLUS-003"),
    ),
    Refused(
        "MDL-POWER-009",
        (Mode.OFF, Mode.FAULT),
        (SelfTestFinished,),
        Reason.NOT_IN_THIS_MODE,
        why="Off nothing is tested, and a fault is left by power off only, whatever a test says.",
        requirements=("REQ-POWER-002", "REQ-POWER-003"),
    ),
)
