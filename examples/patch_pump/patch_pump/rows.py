"""How the patch behaves."""

from dataclasses import replace

from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Ignored, Refused, Row

from .limits import MILLIPULSE_SECONDS_PER_PULSE, Limits
from .model import (
    GRACE_S,
    SERVICE_LIFE_S,
    Attach,
    BolusRequested,
    CancelBolus,
    Deactivate,
    Fill,
    Mode,
    OcclusionDetected,
    Outputs,
    Patch,
    Reason,
    Step,
    Tick,
)


def refuse_fill(patch: Patch, fill: Fill, limits: Limits) -> Reason:
    return Reason.NONE if limits.min_fill_pulses <= fill.pulses <= limits.capacity_pulses else Reason.BAD_FILL


def take_fill(patch: Patch, fill: Fill, limits: Limits) -> Step:
    return Step(replace(patch, reservoir_pulses=fill.pulses))


def always_attaches(patch: Patch, attach: Attach, limits: Limits) -> bool:
    return True


def begin_to_run(patch: Patch, attach: Attach, limits: Limits) -> Step:
    return Step(patch)


def refuse_bolus(patch: Patch, request: BolusRequested, limits: Limits) -> Reason:
    if not 0 < request.pulses <= limits.max_bolus_pulses:
        return Reason.OUT_OF_LIMIT
    if request.pulses > patch.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    if patch.bolus_remaining_pulses > 0:
        return Reason.BOLUS_RUNNING
    return Reason.NONE


def start_bolus(patch: Patch, request: BolusRequested, limits: Limits) -> Step:
    return Step(replace(patch, bolus_remaining_pulses=request.pulses))


def always_cancels(patch: Patch, cancel: CancelBolus, limits: Limits) -> bool:
    return True


def cancel_bolus(patch: Patch, cancel: CancelBolus, limits: Limits) -> Step:
    return Step(replace(patch, bolus_remaining_pulses=0))


def basal_due_pulses(patch: Patch, limits: Limits) -> int:
    due = patch.basal_millipulse_seconds + limits.basal_millipulses_per_h >= MILLIPULSE_SECONDS_PER_PULSE
    return 1 if due else 0


def due_pulses(patch: Patch, limits: Limits) -> int:
    return basal_due_pulses(patch, limits) + min(1, patch.bolus_remaining_pulses)


def grace_is_over(patch: Patch, tick: Tick, limits: Limits) -> bool:
    return patch.age_s + 1 >= SERVICE_LIFE_S + GRACE_S


def runs_empty(patch: Patch, tick: Tick, limits: Limits) -> bool:
    return not grace_is_over(patch, tick, limits) and patch.reservoir_pulses < due_pulses(patch, limits)


def goes_on(patch: Patch, tick: Tick, limits: Limits) -> bool:
    return not grace_is_over(patch, tick, limits) and patch.reservoir_pulses >= due_pulses(patch, limits)


def deliver(patch: Patch, tick: Tick, limits: Limits) -> Step:
    basal_pulses = basal_due_pulses(patch, limits)
    drive_pulses = due_pulses(patch, limits)
    after = replace(
        patch,
        reservoir_pulses=patch.reservoir_pulses - drive_pulses,
        age_s=patch.age_s + 1,
        basal_millipulse_seconds=patch.basal_millipulse_seconds
        + limits.basal_millipulses_per_h
        - MILLIPULSE_SECONDS_PER_PULSE * basal_pulses,
        bolus_remaining_pulses=max(0, patch.bolus_remaining_pulses - 1),
    )
    warning = patch.age_s + 1 >= SERVICE_LIFE_S
    return Step(after, Outputs(drive_pulses=drive_pulses, basal_pulses=basal_pulses, expiry_warning=warning))


def stop_for_good(patch: Patch, tick: Tick, limits: Limits) -> Step:
    return Step(replace(patch, bolus_remaining_pulses=0), Outputs(stop_alarm=True))


def always_stops(patch: Patch, found: OcclusionDetected, limits: Limits) -> bool:
    return True


def stop_at_occlusion(patch: Patch, found: OcclusionDetected, limits: Limits) -> Step:
    return Step(replace(patch, bolus_remaining_pulses=0), Outputs(stop_alarm=True))


def always_ends(patch: Patch, deactivate: Deactivate, limits: Limits) -> bool:
    return True


def take_off(patch: Patch, deactivate: Deactivate, limits: Limits) -> Step:
    return Step(replace(patch, bolus_remaining_pulses=0))


BEFORE_USE = (Mode.PACKAGED, Mode.FILLED)

TABLE = (
    Command(
        "MDL-LIFE-001",
        modes=(Mode.PACKAGED,),
        event=Fill,
        refuse=refuse_fill,
        effect=take_fill,
        to=Mode.FILLED,
        why="A patch is filled once, with at least the smallest fill.",
        requirements=("REQ-LIFE-001", "REQ-RES-001"),
    ),
    Row(
        "MDL-LIFE-002",
        modes=(Mode.FILLED,),
        event=Attach,
        guard=always_attaches,
        effect=begin_to_run,
        to=Mode.RUNNING,
        why="A filled patch runs from the moment it is attached.",
        requirements=("REQ-LIFE-001",),
    ),
    Command(
        "MDL-BOLUS-001",
        modes=(Mode.RUNNING,),
        event=BolusRequested,
        refuse=refuse_bolus,
        effect=start_bolus,
        to=SAME_MODE,
        why="A bolus starts only within the limit, one at a time, and if the reservoir holds it.",
        requirements=("REQ-BOLUS-001", "REQ-BOLUS-002"),
    ),
    Row(
        "MDL-BOLUS-002",
        modes=(Mode.RUNNING,),
        event=CancelBolus,
        guard=always_cancels,
        effect=cancel_bolus,
        to=SAME_MODE,
        why="A bolus can be cancelled at any time.",
        requirements=("REQ-BOLUS-001",),
    ),
    Row(
        "MDL-BASAL-001",
        modes=(Mode.RUNNING,),
        event=Tick,
        guard=goes_on,
        effect=deliver,
        to=SAME_MODE,
        why="Each second the basal rate is added up, and whole pulses are given.",
        requirements=("REQ-BASAL-001", "REQ-BOLUS-001", "REQ-LIFE-002"),
    ),
    Row(
        "MDL-LIFE-003",
        modes=(Mode.RUNNING,),
        event=Tick,
        guard=grace_is_over,
        effect=stop_for_good,
        to=Mode.STOPPED,
        why="When the hours of grace are over the patch stops for good.",
        requirements=("REQ-LIFE-002", "REQ-LIFE-003"),
    ),
    Row(
        "MDL-RES-001",
        modes=(Mode.RUNNING,),
        event=Tick,
        guard=runs_empty,
        effect=stop_for_good,
        to=Mode.STOPPED,
        why="A patch that can not give what is due stops for good, with an alarm.",
        requirements=("REQ-RES-001",),
    ),
    Row(
        "MDL-OCC-001",
        modes=(Mode.RUNNING,),
        event=OcclusionDetected,
        guard=always_stops,
        effect=stop_at_occlusion,
        to=Mode.STOPPED,
        why="An occluded patch can not be cleared: it stops for good.",
        requirements=("REQ-OCC-001",),
    ),
    Row(
        "MDL-LIFE-004",
        modes=(Mode.PACKAGED, Mode.FILLED, Mode.RUNNING),
        event=Deactivate,
        guard=always_ends,
        effect=take_off,
        to=Mode.STOPPED,
        why="A patch can be ended at any time, and never begins again.",
        requirements=("REQ-LIFE-003",),
    ),
    Refused(
        "MDL-LIFE-005",
        modes=(Mode.FILLED, Mode.RUNNING, Mode.STOPPED),
        events=(Fill,),
        reason=Reason.USED_UP,
        why="A patch is filled once.",
        requirements=("REQ-LIFE-001",),
    ),
    Refused(
        "MDL-BOLUS-003",
        modes=(*BEFORE_USE, Mode.STOPPED),
        events=(BolusRequested,),
        reason=Reason.NOT_ATTACHED,
        why="Only an attached patch gives a bolus.",
        requirements=("REQ-LIFE-003",),
    ),
    Refused(
        "MDL-LIFE-006",
        modes=(Mode.STOPPED,),
        events=(Attach,),
        reason=Reason.USED_UP,
        why="A stopped patch is never attached again.",
        requirements=("REQ-LIFE-003",),
    ),
    Ignored(
        "MDL-LIFE-007",
        modes=(*BEFORE_USE, Mode.STOPPED),
        events=(Tick, CancelBolus, OcclusionDetected),
        why="Nothing runs.",
        requirements=("REQ-LIFE-003",),
    ),
    Ignored(
        "MDL-LIFE-008",
        modes=(Mode.PACKAGED, Mode.RUNNING),
        events=(Attach,),
        why="There is nothing to attach, or it is attached.",
        requirements=("REQ-LIFE-001",),
    ),
    Ignored(
        "MDL-LIFE-009",
        modes=(Mode.STOPPED,),
        events=(Deactivate,),
        why="It is stopped already.",
        requirements=("REQ-LIFE-003",),
    ),
)
