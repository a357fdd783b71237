"""Power, self-test, fault, and the start and stop of therapy."""

from dataclasses import replace

from pumpproof.spec.kernel.properties import Property, acceptance, step_property
from pumpproof.spec.pump.events import (
    FaultDetected,
    PowerOff,
    PowerOn,
    SelfTestFinished,
    StartDelivery,
    StopDelivery,
    Tick,
)
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.infusion_set import Disconnection
from pumpproof.spec.pump.properties.prime_fate import PrimeFate
from pumpproof.spec.pump.properties.words import (
    accepted,
    bolus_withdrawn,
    extended_rest_cancelled,
    gives_nothing,
    held,
    is_on,
    nothing_shown,
    passes,
    prime_broken,
    reminder_ended,
    request_is_accepted,
    rest_cancelled,
    suggestion_ended,
    temporary_ended,
)
from pumpproof.spec.pump.state import Mode, Pump, SelfTestFailure


def nothing_may_flow(before: Pump) -> bool:
    return before.mode is not Mode.DELIVERING and before.mode is not Mode.PRIMING


@step_property(
    "INV-POWER-001",
    says="Nothing is commanded in off, self-test, idle or fault.",
    formalizes=(
        "REQ-POWER-001.b",
        "REQ-POWER-002.a",
        "REQ-POWER-003.a",
        "REQ-INTEG-002.a",
        "REQ-INTEG-004.a",
        "REQ-RES-002",
    ),
    when=nothing_may_flow,
)
def nothing_outside_delivery(before: Pump, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def pump_is_off(before: Pump) -> bool:
    return before.mode is Mode.OFF


@step_property(
    "INV-POWER-002",
    says="While the pump is off, no time passes.",
    formalizes=("REQ-POWER-001.b",),
    when=pump_is_off,
)
def no_time_while_off(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    return after == before and outputs == Outputs()


def prime_ends_now(before: Pump, after: Pump, event: Tick) -> bool:
    return before.mode is Mode.PRIMING and after.mode is Mode.IDLE


@step_property(
    "INV-POWER-003",
    says="Time changes no mode, except that a prime ends.",
    formalizes=("REQ-POWER-002.d", "REQ-DOSE-004.b", "REQ-INTEG-002.a"),
    witness=prime_ends_now,
)
def seconds_change_no_mode(before: Pump, after: Pump, event: Tick) -> bool:
    prime_ended = before.mode is Mode.PRIMING and after.mode is Mode.IDLE
    return after.mode is before.mode or prime_ended


@acceptance(
    "INV-POWER-004",
    says="Power on is accepted exactly in off.",
    formalizes=("REQ-POWER-002.b", "REQ-POWER-001.c"),
    witness=request_is_accepted,
)
def power_on_is_accepted(before: Pump, event: PowerOn, outputs: Outputs) -> bool:
    return accepted(outputs) == (before.mode is Mode.OFF)


def powered_on_now(event: PowerOn, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-POWER-005",
    says="Power on begins the self-test, tells what is not certain, and changes nothing: holds, alarms, books stay.",
    formalizes=("REQ-POWER-002.b", "REQ-SUSP-003", "REQ-INTEG-002.a"),
    when=powered_on_now,
)
def power_on_does_this_alone(before: Pump, after: Pump, event: PowerOn, outputs: Outputs) -> bool:
    told = Outputs(unconfirmed_pulses=outputs.unconfirmed_pulses)
    return after == replace(before, mode=Mode.SELF_TEST) and outputs == told


@acceptance(
    "INV-POWER-006",
    says="Power off is accepted in every mode but off.",
    formalizes=("REQ-POWER-001.c",),
    witness=request_is_accepted,
)
def power_off_is_accepted(before: Pump, event: PowerOff, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before)


def powered_off_now(event: PowerOff, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-POWER-007",
    says="Power off ends doses, temporary basal, supervision, all asked, permitted, suggested or paused, and no more.",
    formalizes=("REQ-POWER-001.a", "REQ-BASAL-002.b", "REQ-BOLUS-003", "REQ-POWER-008.a"),
    when=powered_off_now,
)
def power_off_does_this_alone(before: Pump, after: Pump, event: PowerOff, outputs: Outputs) -> bool:
    expected = replace(
        before,
        mode=Mode.OFF,
        bolus=rest_cancelled(before.bolus),
        prime=prime_broken(before.prime),
        calculator=suggestion_ended(before.calculator),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        basal=temporary_ended(before.basal),
        alarms=replace(before.alarms, audio_paused_s=0),
        confirmation=nothing_shown(),
        infusion_set=replace(before.infusion_set, prime_permit_s=0),
        supervision=replace(before.supervision, since_self_test_s=0, late_s=0),
    )
    return after == expected and gives_nothing(outputs)


@acceptance(
    "INV-POWER-008",
    says="The result of a self-test is accepted in every mode but off and fault.",
    formalizes=("REQ-POWER-002", "REQ-POWER-001.c", "REQ-INTEG-003"),
    witness=request_is_accepted,
)
def self_test_result_is_accepted(before: Pump, event: SelfTestFinished, outputs: Outputs) -> bool:
    return accepted(outputs) == (is_on(before) and before.mode is not Mode.FAULT)


def self_test_passes_now(event: SelfTestFinished, outputs: Outputs) -> bool:
    return accepted(outputs) and passes(event)


@step_property(
    "INV-POWER-009",
    says="A self-test that passes leads from self-test to idle, begins the time to the next, and nothing else changes.",
    formalizes=("REQ-POWER-002.c", "REQ-INTEG-002.a", "REQ-INTEG-003.c"),
    when=self_test_passes_now,
)
def self_test_does_this_alone(before: Pump, after: Pump, event: SelfTestFinished, outputs: Outputs) -> bool:
    mode = Mode.IDLE if before.mode is Mode.SELF_TEST else before.mode
    supervision = replace(before.supervision, since_self_test_s=0, self_test_failure=SelfTestFailure.NONE)
    return after == replace(before, mode=mode, supervision=supervision) and outputs == Outputs()


def fault_is_new(before: Pump, event: FaultDetected) -> bool:
    return is_on(before) and before.mode is not Mode.FAULT


@step_property(
    "INV-POWER-010",
    says="A fault ends boluses and prime, reports rest and failure, withdraws one shown or suggested, and no more.",
    formalizes=("REQ-POWER-003.a", "REQ-BOLUS-003", "REQ-INTEG-004.a"),
    when=fault_is_new,
)
def fault_stops(before: Pump, after: Pump, event: FaultDetected, outputs: Outputs) -> bool:
    expected = replace(
        before,
        mode=Mode.FAULT,
        bolus=rest_cancelled(before.bolus),
        prime=prime_broken(before.prime),
        calculator=suggestion_ended(before.calculator),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        confirmation=bolus_withdrawn(before.confirmation),
    )
    return after == expected and gives_nothing(outputs)


def in_fault(before: Pump) -> bool:
    return before.mode is Mode.FAULT


@step_property(
    "INV-POWER-011",
    says="Fault is left for off only.",
    formalizes=("REQ-POWER-003.b", "REQ-INTEG-002.b"),
    when=in_fault,
)
def fault_ends_by_power_off(before: Pump, after: Pump) -> bool:
    return after.mode is Mode.FAULT or after.mode is Mode.OFF


@acceptance(
    "INV-POWER-012",
    says="Therapy starts exactly from idle, unlocked, unheld, with insulin in place and a set connected and filled.",
    formalizes=(
        "REQ-SUSP-001",
        "REQ-RES-001",
        "REQ-RES-008.a",
        "REQ-POWER-001.c",
        "REQ-POWER-002.c",
        "REQ-PRIME-004.e",
        "REQ-PRIME-004.f",
    ),
    uses=("INV-RES-002", "INV-PRIME-020", "INV-PRIME-026"),
    witness=request_is_accepted,
)
def start_is_accepted(
    before: Pump, event: StartDelivery, outputs: Outputs, word: Disconnection, fate: PrimeFate
) -> bool:
    insulin = before.hardware.reservoir_present and before.reservoir.pulses >= 1
    ready = before.mode is Mode.IDLE and not held(before) and not before.key_lock.locked
    sound_set = not word.confirmed and not fate.failed
    return accepted(outputs) == (ready and insulin and sound_set)


def started_now(event: StartDelivery, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-POWER-013",
    says="The start of therapy changes the mode, ends the reminder, and changes nothing else.",
    formalizes=("REQ-DOSE-004", "REQ-ALARM-012.c"),
    when=started_now,
)
def start_does_this_alone(before: Pump, after: Pump, event: StartDelivery, outputs: Outputs) -> bool:
    return after == replace(reminder_ended(before), mode=Mode.DELIVERING) and outputs == Outputs()


@acceptance(
    "INV-POWER-014",
    says="Therapy can always be stopped.",
    formalizes=("REQ-DOSE-004.a", "REQ-POWER-001.c", "REQ-UI-006.c"),
    witness=request_is_accepted,
)
def stop_is_accepted(before: Pump, event: StopDelivery, outputs: Outputs) -> bool:
    return accepted(outputs) == (before.mode is Mode.DELIVERING)


def stopped_now(event: StopDelivery, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-POWER-015",
    says="The stop of therapy leads to idle, reports each bolus's rest, withdraws one shown or suggested, no more.",
    formalizes=("REQ-DOSE-004.a", "REQ-BOLUS-003"),
    when=stopped_now,
    uses=("INV-PRIME-010",),
)
def stop_does_this_alone(before: Pump, after: Pump, event: StopDelivery, outputs: Outputs) -> bool:
    expected = replace(
        before,
        mode=Mode.IDLE,
        bolus=rest_cancelled(before.bolus),
        calculator=suggestion_ended(before.calculator),
        extended_bolus=extended_rest_cancelled(before.extended_bolus),
        confirmation=bolus_withdrawn(before.confirmation),
    )
    return after == expected and gives_nothing(outputs)


POWER_PROPERTIES: tuple[Property, ...] = (
    nothing_outside_delivery,
    no_time_while_off,
    seconds_change_no_mode,
    power_on_is_accepted,
    power_on_does_this_alone,
    power_off_is_accepted,
    power_off_does_this_alone,
    self_test_result_is_accepted,
    self_test_does_this_alone,
    fault_stops,
    fault_ends_by_power_off,
    start_is_accepted,
    start_does_this_alone,
    stop_is_accepted,
    stop_does_this_alone,
)
