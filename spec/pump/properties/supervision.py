"""Supervision: self-tests after power on and in use, and seconds that come late."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.spec.pump.events import PowerOff, SelfTestFinished, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    extended_rest_cancelled,
    gives_nothing,
    is_on,
    named_as_failed,
    open_for_settings,
    passes,
    prime_broken,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import FAULT, AlarmPhase, Mode, Pump, SelfTestFailure


@dataclass(frozen=True)
class SelfTests:
    """Seconds since a self-test passed or power came on, what the last one found wrong, and late seconds in a row."""

    since_s: int
    failure: SelfTestFailure
    late_s: int


def begin_self_tests(pump: Pump) -> SelfTests:
    """Nothing was tested, and nothing came late."""
    return SelfTests(since_s=0, failure=SelfTestFailure.NONE, late_s=0)


def second_of_tests(tests: SelfTests, before: Pump, event: Tick) -> SelfTests:
    """A second in which the pump is on."""
    if before.mode is Mode.OFF:
        return tests
    late_s = tests.late_s + 1 if event.delivery_inhibited else 0
    return replace(tests, since_s=tests.since_s + 1, late_s=late_s)


def note_result(tests: SelfTests, event: SelfTestFinished, outputs: Outputs) -> SelfTests:
    """A result that is accepted; one that passes begins the time to the next."""
    if not accepted(outputs):
        return tests
    if passes(event):
        return replace(tests, since_s=0, failure=SelfTestFailure.NONE)
    return replace(tests, failure=named_as_failed(event))


def rest_while_off(tests: SelfTests, outputs: Outputs) -> SelfTests:
    """The next self-test is that of power on."""
    return replace(tests, since_s=0, late_s=0) if accepted(outputs) else tests


SELF_TESTS = Observer(
    "self-tests",
    says="Counts the seconds since a self-test passed and the late ones in a row, and keeps the last failure.",
    record=SelfTests,
    begin=begin_self_tests,
    steps=((Tick, second_of_tests), (SelfTestFinished, note_result), (PowerOff, rest_while_off)),
)


def self_test_is_overdue(tests: SelfTests, limits: Limits) -> bool:
    return tests.since_s >= limits.self_test_interval_s + limits.self_test_bound_s


@invariant(
    "INV-INTEG-030",
    says="The seconds since a self-test passed are counted exactly, up to interval and bound together.",
    formalizes=("REQ-INTEG-003.a",),
    witness=self_test_is_overdue,
)
def self_tests_are_timed(pump: Pump, tests: SelfTests, limits: Limits) -> bool:
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    return pump.supervision.since_self_test_s == min(tests.since_s, latest_s)


def second_while_on(before: Pump, event: Tick) -> bool:
    return is_on(before)


def self_test_is_asked_for(outputs: Outputs) -> bool:
    return outputs.self_test_due


@step_property(
    "INV-INTEG-031",
    says="In use every second asks for a self-test from the interval on until a result comes, and not before.",
    formalizes=("REQ-INTEG-003.a",),
    when=second_while_on,
    uses=("INV-INTEG-030",),
    witness=self_test_is_asked_for,
)
def self_test_is_asked_for_in_time(
    before: Pump, event: Tick, outputs: Outputs, limits: Limits, tests: SelfTests
) -> bool:
    due = open_for_settings(before) and tests.since_s + 1 >= limits.self_test_interval_s
    return outputs.self_test_due == due


def stopped_as_a_fault(before: Pump, after: Pump, outputs: Outputs) -> bool:
    """Nothing is driven, boluses and prime have ended, insulin is held back, and the alarm of a fault is latched."""
    extended = after.extended_bolus == extended_rest_cancelled(before.extended_bolus)
    ended = extended and after.bolus == rest_cancelled(before.bolus) and after.prime.remaining_pulses == 0
    alarmed = after.holds.alarm and after.alarms.phases[FAULT] is not AlarmPhase.SILENT
    return outputs.drive_pulses == 0 and ended and alarmed


def no_result_came(before: Pump, event: Tick, limits: Limits, tests: SelfTests) -> bool:
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    return is_on(before) and tests.since_s + 1 >= latest_s


def no_result_came_in_therapy(before: Pump) -> bool:
    return before.mode is Mode.DELIVERING and not before.holds.alarm


@step_property(
    "INV-INTEG-032",
    says="A second in which the result of a self-test is overdue commands nothing, holds, and alarms of a fault.",
    formalizes=("REQ-INTEG-003.b",),
    when=no_result_came,
    uses=("INV-INTEG-030", "INV-PRIME-010"),
    witness=no_result_came_in_therapy,
)
def overdue_self_test_stops(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    return stopped_as_a_fault(before, after, outputs)


def supervision_is_missing(pump: Pump, limits: Limits) -> bool:
    latest_s = limits.self_test_interval_s + limits.self_test_bound_s
    too_late = pump.supervision.late_s >= limits.watchdog_s
    return too_late or pump.supervision.since_self_test_s >= latest_s


@invariant(
    "INV-INTEG-035",
    says="While a self-test is overdue, or the controller too late, a fault is alarmed of and all insulin held back.",
    formalizes=("REQ-INTEG-003.b", "REQ-INTEG-005.c"),
    uses=("INV-ALARM-008",),
    witness=supervision_is_missing,
)
def missing_supervision_alarms_and_holds(pump: Pump, limits: Limits) -> bool:
    alarmed = pump.holds.alarm and pump.alarms.phases[FAULT] is not AlarmPhase.SILENT
    return alarmed or not supervision_is_missing(pump, limits)


def self_test_fails_now(event: SelfTestFinished, outputs: Outputs) -> bool:
    return accepted(outputs) and not passes(event)


def therapy_was_running(before: Pump) -> bool:
    return before.mode is Mode.DELIVERING


@step_property(
    "INV-INTEG-033",
    says="A self-test that fails, at power on or in use, is a fault: doses end, its reason is kept, and no more.",
    formalizes=("REQ-INTEG-002.b", "REQ-INTEG-003.c", "REQ-BOLUS-003"),
    when=self_test_fails_now,
    witness=therapy_was_running,
)
def failed_self_test_stops(before: Pump, after: Pump, event: SelfTestFinished, outputs: Outputs) -> bool:
    expected = replace(
        before,
        mode=Mode.FAULT,
        bolus=rest_cancelled(before.bolus),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        prime=prime_broken(before.prime),
        calculator=suggestion_ended(before.calculator),
        confirmation=bolus_withdrawn(before.confirmation),
        supervision=replace(before.supervision, self_test_failure=named_as_failed(event)),
    )
    return after == expected and gives_nothing(outputs)


def some_self_test_failed(tests: SelfTests) -> bool:
    return tests.failure is not SelfTestFailure.NONE


@lemma(
    "INV-INTEG-110",
    says="What the last self-test found wrong is kept, and the pump is not in use before one passes.",
    witness=some_self_test_failed,
)
def failure_is_kept(pump: Pump, tests: SelfTests) -> bool:
    kept = pump.supervision.self_test_failure is tests.failure
    return kept and (tests.failure is SelfTestFailure.NONE or not open_for_settings(pump))


def why_is_told(outputs: Outputs) -> bool:
    return outputs.self_test_failure is SelfTestFailure.DRIVE


@step_property(
    "INV-INTEG-034",
    says="Every second tells what the last self-test found wrong, as it was said, until one passes.",
    formalizes=("REQ-INTEG-002.c",),
    when=second_while_on,
    uses=("INV-INTEG-110",),
    witness=why_is_told,
)
def failure_is_told(before: Pump, event: Tick, outputs: Outputs, tests: SelfTests) -> bool:
    return outputs.self_test_failure is tests.failure


def seconds_are_late(tests: SelfTests, limits: Limits) -> bool:
    return tests.late_s >= limits.watchdog_s


@invariant(
    "INV-INTEG-040",
    says="Late seconds in a row are counted exactly, up to the watchdog.",
    formalizes=("REQ-INTEG-005.c",),
    witness=seconds_are_late,
)
def late_seconds_are_counted(pump: Pump, tests: SelfTests, limits: Limits) -> bool:
    return pump.supervision.late_s == min(tests.late_s, limits.watchdog_s)


def too_many_came_late(before: Pump, event: Tick, limits: Limits, tests: SelfTests) -> bool:
    return is_on(before) and event.delivery_inhibited and tests.late_s + 1 >= limits.watchdog_s


@step_property(
    "INV-INTEG-041",
    says="Once the seconds of the watchdog have all come late, every late one holds, and alarms of a fault.",
    formalizes=("REQ-INTEG-005.c",),
    when=too_many_came_late,
    uses=("INV-INTEG-040", "INV-PRIME-010"),
)
def late_controller_stops(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    return stopped_as_a_fault(before, after, outputs)


SUPERVISION_PROPERTIES: tuple[Property, ...] = (
    self_tests_are_timed,
    self_test_is_asked_for_in_time,
    overdue_self_test_stops,
    missing_supervision_alarms_and_holds,
    failed_self_test_stops,
    failure_is_kept,
    failure_is_told,
    late_seconds_are_counted,
    late_controller_stops,
)
