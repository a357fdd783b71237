"""Therapy: its start and stop, and what each second of it gives."""

from dataclasses import replace

from pumpproof.spec.pump.events import StartDelivery, StopDelivery, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row
from pumpproof.statemachine.pump.accounts import book_therapy
from pumpproof.statemachine.pump.alarms import reservoir_is_empty, second_finds_stop, watch_alarms
from pumpproof.statemachine.pump.basal import basal_pulses_due, book_missed_basal, give_basal, rate_in_force
from pumpproof.statemachine.pump.bolus import bolus_pulses_due, give_bolus
from pumpproof.statemachine.pump.confirmation import question_lapses
from pumpproof.statemachine.pump.day import book_of_day
from pumpproof.statemachine.pump.doses import end_doses
from pumpproof.statemachine.pump.drive import begin_wait
from pumpproof.statemachine.pump.drive_count import count_command
from pumpproof.statemachine.pump.extended_bolus import (
    extended_pulses_due,
    give_extended_bolus,
    second_of_extended_part,
)
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.reminder import end_reminder
from pumpproof.statemachine.pump.reservoir import draw
from pumpproof.statemachine.pump.second import second_passes
from pumpproof.statemachine.pump.second_outputs import told


def second_is_held(pump: Pump, event: Tick, limits: Limits) -> bool:
    """A hold was set before this second."""
    return is_held(pump.holds)


def second_must_stop(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Delivery was possible until this second found a reason to stop."""
    return not is_held(pump.holds) and second_finds_stop(pump, event, limits)


def second_came_late(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Delivery would be possible, but the controller only makes up for the second."""
    return not is_held(pump.holds) and not second_finds_stop(pump, event, limits) and event.delivery_inhibited


def second_delivers(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Nothing keeps insulin back."""
    return (
        not is_held(pump.holds)
        and not second_finds_stop(pump, event, limits)
        and not event.delivery_inhibited
    )


def withhold(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give nothing and book the basal of this second as missed."""
    missed = book_missed_basal(pump.basal, rate_in_force(pump.basal, event.slot, limits))
    watched = watch_alarms(second_passes(replace(pump, basal=missed), event, limits), limits)
    return Step(watched, told(pump, watched, limits))


def deliver(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give this second's basal, then a stroke of the bolus, or a pulse of the extended bolus if there is none."""
    watched = watch_alarms(second_passes(pump, event, limits), limits)
    basal = basal_pulses_due(pump.basal, event.slot, limits)
    owed = replace(pump, bolus=watched.bolus, extended_bolus=second_of_extended_part(watched))
    bolus = bolus_pulses_due(owed, event.slot, limits)
    extended = extended_pulses_due(owed, event.slot, limits)
    therapy = basal + bolus + extended
    given = replace(
        watched,
        basal=give_basal(watched.basal, rate_in_force(pump.basal, event.slot, limits), basal),
        bolus=give_bolus(watched.bolus, bolus),
        extended_bolus=give_extended_bolus(owed.extended_bolus, extended),
        drive=begin_wait(watched.drive, limits) if bolus + extended > 0 else watched.drive,
        drive_count=count_command(watched.drive_count, therapy),
        reservoir=draw(watched.reservoir, therapy),
        accounts=book_therapy(watched.accounts, therapy),
        day=book_of_day(watched.day, therapy),
    )
    outputs = replace(
        told(pump, given, limits),
        drive_pulses=therapy,
        basal_pulses=basal,
        bolus_pulses=bolus,
        extended_pulses=extended,
    )
    return Step(given, outputs)


def refuse_delivery(pump: Pump, event: StartDelivery, limits: Limits) -> Reason:
    """Holds are ended first; the reservoir is in place and holds a pulse, the set is worn and filled."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if is_held(pump.holds):
        return Reason.HELD
    if not pump.hardware.reservoir_present:
        return Reason.NO_RESERVOIR
    if reservoir_is_empty(pump.reservoir):
        return Reason.RESERVOIR_TOO_LOW
    if pump.infusion_set.disconnected:
        return Reason.SET_DISCONNECTED
    if pump.prime.failed:
        return Reason.PRIME_FAILED
    return Reason.NONE


def start_delivery(pump: Pump, event: StartDelivery, limits: Limits) -> Step:
    """The next tick is the first second of basal; there is nothing to remind of any more."""
    return Step(end_reminder(pump))


def any_stop(pump: Pump, event: StopDelivery, limits: Limits) -> bool:
    """Stopping needs no condition."""
    return True


def stop_delivery(pump: Pump, event: StopDelivery, limits: Limits) -> Step:
    """The rest of boluses is cancelled."""
    stopped = end_doses(pump)
    return Step(stopped, Outputs(question_lapsed=question_lapses(pump, stopped)))


DELIVERY_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-DOSE-001",
        (Mode.DELIVERING,),
        Tick,
        second_delivers,
        deliver,
        to=SAME_MODE,
        why="A second in which nothing keeps insulin back gives its basal and, when due, a stroke of a bolus.",
        requirements=("REQ-BASAL-003", "REQ-BOLUS-004", "REQ-DOSE-002", "REQ-RES-003", "REQ-ALARM-004"),
    ),
    Row(
        "MDL-DOSE-002",
        (Mode.DELIVERING,),
        Tick,
        second_is_held,
        withhold,
        to=SAME_MODE,
        why="Nothing is given while a hold is set; the basal is booked as missed.",
        requirements=("REQ-SUSP-001", "REQ-ALARM-003", "REQ-BASAL-004"),
    ),
    Row(
        "MDL-DOSE-003",
        (Mode.DELIVERING,),
        Tick,
        second_must_stop,
        withhold,
        to=SAME_MODE,
        why="The second that finds a reason to stop gives nothing.",
        requirements=("REQ-OCC-001", "REQ-RES-001", "REQ-ALARM-003", "REQ-BASAL-004"),
    ),
    Row(
        "MDL-DOSE-004",
        (Mode.DELIVERING,),
        Tick,
        second_came_late,
        withhold,
        to=SAME_MODE,
        why="A second that came late is booked as missed and never made up for, so that no burst follows a delay.",
        requirements=("REQ-DOSE-003", "REQ-BASAL-004"),
    ),
    Command(
        "MDL-DOSE-005",
        (Mode.IDLE,),
        StartDelivery,
        refuse_delivery,
        start_delivery,
        to=Mode.DELIVERING,
        why="Therapy starts only without a hold, with insulin in the reservoir, and with a set filled and worn.",
        requirements=("REQ-SUSP-001", "REQ-RES-001", "REQ-PRIME-004", "REQ-ALARM-012"),
    ),
    Row(
        "MDL-DOSE-006",
        (Mode.DELIVERING,),
        StopDelivery,
        any_stop,
        stop_delivery,
        to=Mode.IDLE,
        why="Therapy can always be stopped.",
        requirements=("REQ-DOSE-004",),
    ),
    Refused(
        "MDL-DOSE-007",
        (Mode.OFF,),
        (StartDelivery, StopDelivery),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-DOSE-008",
        (Mode.SELF_TEST, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        (StartDelivery,),
        Reason.NOT_IN_THIS_MODE,
        why="Therapy starts from idle only.",
        requirements=("REQ-POWER-002",),
    ),
    Refused(
        "MDL-DOSE-009",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.FAULT),
        (StopDelivery,),
        Reason.NOT_IN_THIS_MODE,
        why="There is no therapy to stop.",
        requirements=("REQ-DOSE-004",),
    ),
)
