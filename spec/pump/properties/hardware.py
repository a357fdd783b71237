"""What the hardware reports: each report alarms at once, and stops what has to stop."""

from dataclasses import replace

from pumpproof.spec.kernel.properties import Property, invariant, step_property
from pumpproof.spec.pump.events import HardwareReported
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.causes import asks_for, seen_by_report
from pumpproof.spec.pump.properties.words import (
    bolus_withdrawn,
    extended_rest_cancelled,
    gives_nothing,
    held,
    is_on,
    prime_broken,
    rest_cancelled,
    suggestion_ended,
)
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    ALARMS,
    Action,
    Alarm,
    AlarmPhase,
    Battery,
    Hardware,
    Mode,
    Motion,
    Pump,
    Temperature,
)


def on(pump: Pump, alarm: Alarm) -> bool:
    """This alarm is latched."""
    return any(
        ALARMS[k] is alarm and pump.alarms.phases[k] is not AlarmPhase.SILENT for k in range(ALARM_COUNT)
    )


def air_was_reported(pump: Pump) -> bool:
    return pump.hardware.air_in_line


@invariant(
    "INV-PRIME-011",
    says="While air in the line is reported its alarm is latched, and all insulin is held back.",
    formalizes=("REQ-PRIME-003.a",),
    uses=("INV-ALARM-008",),
    witness=air_was_reported,
)
def air_alarms_and_holds(pump: Pump) -> bool:
    return not pump.hardware.air_in_line or (on(pump, Alarm.AIR_IN_LINE) and pump.holds.alarm)


def drive_does_not_follow(pump: Pump) -> bool:
    return pump.hardware.motion is not Motion.FOLLOWS


@invariant(
    "INV-OCC-006",
    says="While a drive is reported stalled or out of step its alarm is latched, and all insulin is held back.",
    formalizes=("REQ-OCC-003.a",),
    uses=("INV-ALARM-008",),
    witness=drive_does_not_follow,
)
def drive_alarms_and_holds(pump: Pump) -> bool:
    return pump.hardware.motion is Motion.FOLLOWS or (on(pump, Alarm.DRIVE) and pump.holds.alarm)


def temperature_is_out_of_range(pump: Pump) -> bool:
    return pump.hardware.temperature is not Temperature.IN_RANGE


@invariant(
    "INV-INTEG-001",
    says="While a temperature out of range is reported its alarm is latched, and all insulin is held back.",
    formalizes=("REQ-INTEG-007.a",),
    uses=("INV-ALARM-008",),
    witness=temperature_is_out_of_range,
)
def temperature_alarms_and_holds(pump: Pump) -> bool:
    in_range = pump.hardware.temperature is Temperature.IN_RANGE
    return in_range or (on(pump, Alarm.TEMPERATURE) and pump.holds.alarm)


def battery_is_not_good(pump: Pump) -> bool:
    return pump.hardware.battery is not Battery.GOOD


@invariant(
    "INV-POWER-017",
    says="While the battery is reported low or critical it warns; while it is critical, that alarms too.",
    formalizes=("REQ-POWER-006.a",),
    witness=battery_is_not_good,
)
def battery_warns(pump: Pump) -> bool:
    low = pump.hardware.battery is Battery.GOOD or on(pump, Alarm.BATTERY_LOW)
    return low and (pump.hardware.battery is not Battery.CRITICAL or on(pump, Alarm.BATTERY_CRITICAL))


def reservoir_is_away(pump: Pump) -> bool:
    return not pump.hardware.reservoir_present and pump.mode is Mode.DELIVERING


@invariant(
    "INV-RES-010",
    says="A reservoir that is away while the pump may deliver has its alarm latched, and all insulin is held back.",
    formalizes=("REQ-RES-008.a",),
    uses=("INV-ALARM-008", "INV-PRIME-009"),
    witness=reservoir_is_away,
)
def missing_reservoir_alarms_and_holds(pump: Pump) -> bool:
    may_flow = pump.mode is Mode.DELIVERING or pump.mode is Mode.PRIMING
    safe = pump.hardware.reservoir_present or not may_flow
    return safe or (on(pump, Alarm.RESERVOIR_REMOVED) and pump.holds.alarm)


def nothing_is_held(pump: Pump) -> bool:
    return not held(pump)


@invariant(
    "INV-ALARM-103",
    says="While nothing is held back, no report stands that would stop the insulin.",
    formalizes=("REQ-ALARM-003",),
    uses=("INV-PRIME-011", "INV-OCC-006", "INV-INTEG-001", "INV-RES-010"),
    witness=nothing_is_held,
)
def nothing_reported_stops(pump: Pump) -> bool:
    may_flow = pump.mode is Mode.DELIVERING or pump.mode is Mode.PRIMING
    sound = pump.hardware.motion is Motion.FOLLOWS and pump.hardware.temperature is Temperature.IN_RANGE
    reservoir = pump.hardware.reservoir_present or not may_flow
    return held(pump) or (sound and reservoir and not pump.hardware.air_in_line)


def as_reported(event: HardwareReported) -> Hardware:
    """What a report says, every word of it."""
    return Hardware(
        reservoir_present=event.reservoir_present,
        air_in_line=event.air_in_line,
        motion=event.motion,
        battery=event.battery,
        temperature=event.temperature,
    )


def mode_after_report(before: Pump, stop: bool) -> Mode:
    """A report that stops the insulin ends a prime."""
    return Mode.IDLE if before.mode is Mode.PRIMING and stop else before.mode


def report_is_heard(before: Pump, event: HardwareReported) -> bool:
    return is_on(before)


@step_property(
    "INV-INTEG-002",
    says="A report is kept as it is, may move alarms, stops for an alarm that asks for it, and changes nothing else.",
    formalizes=("REQ-OCC-003.a", "REQ-RES-008.a", "REQ-PRIME-003.a", "REQ-POWER-006.b", "REQ-INTEG-007.a"),
    when=report_is_heard,
)
def report_does_this_alone(
    before: Pump, after: Pump, event: HardwareReported, outputs: Outputs, limits: Limits
) -> bool:
    seen = seen_by_report(before, after)
    stop = asks_for(seen, limits, Action.STOP)
    ends_bolus = stop or asks_for(seen, limits, Action.BASAL_ONLY)
    expected = replace(
        before,
        mode=mode_after_report(before, stop),
        hardware=as_reported(event),
        alarms=replace(before.alarms, phases=after.alarms.phases, audio_paused_s=after.alarms.audio_paused_s),
        holds=replace(before.holds, alarm=before.holds.alarm or stop),
        bolus=rest_cancelled(before.bolus) if ends_bolus else before.bolus,
        prime=prime_broken(before.prime) if stop else before.prime,
        calculator=suggestion_ended(before.calculator) if ends_bolus else before.calculator,
        extended_bolus=extended_rest_cancelled(before.extended_bolus)
        if ends_bolus
        else before.extended_bolus,
        confirmation=bolus_withdrawn(before.confirmation) if ends_bolus else before.confirmation,
    )
    return after == expected and gives_nothing(outputs)


HARDWARE_PROPERTIES: tuple[Property, ...] = (
    air_alarms_and_holds,
    drive_alarms_and_holds,
    temperature_alarms_and_holds,
    battery_warns,
    missing_reservoir_alarms_and_holds,
    nothing_reported_stops,
    report_does_this_alone,
)
