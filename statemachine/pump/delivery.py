"""Therapy: its start and stop, and what each second of it gives."""

from dataclasses import replace

from pumpproof.spec.pump.events import StartDelivery, StopDelivery, Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row
from pumpproof.statemachine.pump.accounts import book_therapy
from pumpproof.statemachine.pump.alarms import reservoir_is_empty, watch_alarms
from pumpproof.statemachine.pump.basal import basal_pulses_due, book_missed_basal, give_basal, rate_in_force
from pumpproof.statemachine.pump.bolus import bolus_pulses_due, give_bolus
from pumpproof.statemachine.pump.doses import end_bolus
from pumpproof.statemachine.pump.drive import begin_wait
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.line import is_occluded
from pumpproof.statemachine.pump.reservoir import draw
from pumpproof.statemachine.pump.second import second_passes


def second_is_held(pump: Pump, event: Tick, limits: Limits) -> bool:
    """A hold was set before this second."""
    return is_held(pump.holds)


def must_stop(pump: Pump, event: Tick, limits: Limits) -> bool:
    """With this second's pressure the line counts as occluded, or the reservoir is empty before this second."""
    return is_occluded(pump.line, event, limits) or reservoir_is_empty(pump.reservoir)


def second_finds_stop(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Delivery was possible until an occlusion or an empty reservoir was found."""
    return not is_held(pump.holds) and must_stop(pump, event, limits)


def second_came_late(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Delivery would be possible, but the controller only makes up for the second."""
    return not is_held(pump.holds) and not must_stop(pump, event, limits) and event.delivery_inhibited


def second_delivers(pump: Pump, event: Tick, limits: Limits) -> bool:
    """Nothing keeps insulin back."""
    return not is_held(pump.holds) and not must_stop(pump, event, limits) and not event.delivery_inhibited


def withhold(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give nothing and book the basal of this second as missed."""
    missed = book_missed_basal(pump.basal, rate_in_force(pump.basal, event.slot, limits))
    return Step(watch_alarms(second_passes(replace(pump, basal=missed), event, limits), limits))


def deliver(pump: Pump, event: Tick, limits: Limits) -> Step:
    """Give this second's basal, then a stroke of the bolus."""
    basal = basal_pulses_due(pump.basal, event.slot, limits)
    bolus = bolus_pulses_due(pump, event.slot, limits)
    therapy = basal + bolus
    passed = second_passes(pump, event, limits)
    given = replace(
        watch_alarms(passed, limits),
        basal=give_basal(passed.basal, rate_in_force(pump.basal, event.slot, limits), basal),
        bolus=give_bolus(passed.bolus, bolus),
        drive=begin_wait(passed.drive, limits) if bolus > 0 else passed.drive,
        reservoir=draw(passed.reservoir, therapy),
        accounts=book_therapy(passed.accounts, therapy),
    )
    outputs = Outputs(drive_pulses=therapy, basal_pulses=basal, bolus_pulses=bolus)
    return Step(given, outputs)


def refuse_delivery(pump: Pump, event: StartDelivery, limits: Limits) -> Reason:
    """Holds are ended first, and the reservoir must hold a pulse."""
    if is_held(pump.holds):
        return Reason.HELD
    if reservoir_is_empty(pump.reservoir):
        return Reason.RESERVOIR_TOO_LOW
    return Reason.NONE


def start_delivery(pump: Pump, event: StartDelivery, limits: Limits) -> Step:
    """The next tick is the first second of basal."""
    return Step(pump)


def any_stop(pump: Pump, event: StopDelivery, limits: Limits) -> bool:
    """Stopping needs no condition."""
    return True


def stop_delivery(pump: Pump, event: StopDelivery, limits: Limits) -> Step:
    """The rest of a bolus is cancelled."""
    return Step(replace(pump, bolus=end_bolus(pump.bolus)))


DELIVERY_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-DOSE-001",
        (Mode.DELIVERING,),
        Tick,
        second_delivers,
        deliver,
        to=SAME_MODE,
        why="A second in which nothing keeps insulin back gives its basal and, when due, a stroke of the bolus.",
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
        second_finds_stop,
        withhold,
        to=SAME_MODE,
        why="The second that finds an occlusion or an empty reservoir gives nothing.",
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
        why="Therapy starts only without a hold and with insulin in the reservoir.",
        requirements=("REQ-SUSP-001", "REQ-RES-001"),
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
