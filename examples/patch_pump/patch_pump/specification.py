"""What must hold of the patch, counted by observers that see only its inputs and outputs."""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement

from .limits import MILLIPULSE_SECONDS_PER_PULSE, Limits
from .model import (
    GRACE_S,
    SERVICE_LIFE_S,
    Attach,
    BolusRequested,
    CancelBolus,
    Fill,
    Mode,
    OcclusionDetected,
    Outputs,
    Patch,
    Reason,
    Tick,
)

REQUIREMENTS = (
    Requirement("REQ-LIFE-001", "A patch is filled and attached once.", "example"),
    Requirement(
        "REQ-LIFE-002", "After its service life it warns; after the grace nothing is given.", "example"
    ),
    Requirement("REQ-LIFE-003", "A stopped patch never gives anything again.", "example"),
    Requirement("REQ-BASAL-001", "Basal differs from the programme by less than a pulse.", "example"),
    Requirement("REQ-BOLUS-001", "A bolus gives at most what was asked for, within the limit.", "example"),
    Requirement("REQ-BOLUS-002", "A bolus that the limits allow is accepted.", "example"),
    Requirement("REQ-RES-001", "All that was filled is given or still there.", "example"),
    Requirement("REQ-OCC-001", "An occlusion stops the patch at once, with an alarm.", "example"),
)


@dataclass(frozen=True)
class Account:
    """Everything that went in and out since the package was opened."""

    filled_pulses: int
    given_pulses: int
    fills: int


def unopened(patch: Patch) -> Account:
    return Account(0, 0, 0)


def note_fill(account: Account, fill: Fill, outputs: Outputs) -> Account:
    accepted = outputs.refusal is Reason.NONE
    filled_pulses = account.filled_pulses + (fill.pulses if accepted else 0)
    return Account(filled_pulses, account.given_pulses, account.fills + (1 if accepted else 0))


def note_drive(account: Account, outputs: Outputs) -> Account:
    return Account(account.filled_pulses, account.given_pulses + outputs.drive_pulses, account.fills)


@dataclass(frozen=True)
class Wear:
    """Seconds since the patch was attached for the first time."""

    attached: bool
    worn_s: int


def unworn(patch: Patch) -> Wear:
    return Wear(attached=False, worn_s=0)


def note_attached(wear: Wear, after: Patch, attach: Attach) -> Wear:
    return Wear(wear.attached or after.mode is Mode.RUNNING, wear.worn_s)


def note_second(wear: Wear, tick: Tick) -> Wear:
    return Wear(wear.attached, wear.worn_s + 1 if wear.attached else 0)


@dataclass(frozen=True)
class Programme:
    """Basal that the programme asks for, less what was given of it."""

    owed_millipulse_seconds: int


def nothing_owed(patch: Patch) -> Programme:
    return Programme(0)


def note_rate(programme: Programme, after: Patch, tick: Tick, outputs: Outputs, limits: Limits) -> Programme:
    if after.mode is not Mode.RUNNING:
        return programme
    added = programme.owed_millipulse_seconds + limits.basal_millipulses_per_h
    return Programme(added - MILLIPULSE_SECONDS_PER_PULSE * outputs.basal_pulses)


@dataclass(frozen=True)
class BolusAccount:
    """What may still be given of the last bolus."""

    open_pulses: int


def no_bolus(patch: Patch) -> BolusAccount:
    return BolusAccount(0)


def note_bolus(account: BolusAccount, request: BolusRequested, outputs: Outputs) -> BolusAccount:
    return BolusAccount(request.pulses) if outputs.refusal is Reason.NONE else account


def note_cancel(account: BolusAccount, cancel: CancelBolus) -> BolusAccount:
    return BolusAccount(0)


def note_bolus_pulses(account: BolusAccount, outputs: Outputs) -> BolusAccount:
    return BolusAccount(account.open_pulses - (outputs.drive_pulses - outputs.basal_pulses))


OBSERVERS = (
    Observer("account", "Insulin in and out.", Account, unopened, ((Fill, note_fill),), note_drive),
    Observer("wear", "Time on the skin.", Wear, unworn, ((Attach, note_attached), (Tick, note_second))),
    Observer(
        "programme", "Basal asked for and not yet given.", Programme, nothing_owed, ((Tick, note_rate),)
    ),
    Observer(
        "bolus account",
        "What may still be given of the last bolus.",
        BolusAccount,
        no_bolus,
        ((BolusRequested, note_bolus), (CancelBolus, note_cancel)),
        note_bolus_pulses,
    ),
)


@lemma(
    "INV-LIFE-101",
    says="A running patch is as old as it was worn, and not past its grace.",
    uses=("INV-LIFE-102",),
)
def age_is_wear(patch: Patch, wear: Wear) -> bool:
    running = wear.attached and patch.age_s == wear.worn_s and wear.worn_s < SERVICE_LIFE_S + GRACE_S
    return patch.mode is not Mode.RUNNING or running


@lemma("INV-LIFE-102", says="Before it runs a patch was never worn, and its age is 0.")
def unworn_before_use(patch: Patch, wear: Wear) -> bool:
    before_use = patch.mode is Mode.PACKAGED or patch.mode is Mode.FILLED
    return not before_use or (not wear.attached and wear.worn_s == 0 and patch.age_s == 0)


@lemma("INV-LIFE-103", says="A packaged patch was never filled, every other at most once.")
def filled_once_counted(patch: Patch, account: Account) -> bool:
    return account.fills == 0 if patch.mode is Mode.PACKAGED else account.fills <= 1


@lemma("INV-BASAL-101", says="What the accumulator holds is what the programme owes, less than a pulse.")
def accumulator_is_owed(patch: Patch, programme: Programme) -> bool:
    owed = programme.owed_millipulse_seconds
    return patch.basal_millipulse_seconds == owed and 0 <= owed < MILLIPULSE_SECONDS_PER_PULSE


@lemma(
    "INV-BOLUS-101",
    says="What remains of a bolus is what may still be given, and only a running patch has any.",
)
def remaining_is_open(patch: Patch, account: BolusAccount) -> bool:
    none_left = patch.mode is Mode.RUNNING or patch.bolus_remaining_pulses == 0
    return none_left and 0 <= patch.bolus_remaining_pulses <= account.open_pulses


def may_be_worn_out(wear: Wear) -> bool:
    return wear.worn_s >= SERVICE_LIFE_S + GRACE_S - 1


@step_property(
    "INV-LIFE-001",
    says="From the end of the grace on nothing is given.",
    formalizes=("REQ-LIFE-002",),
    when=may_be_worn_out,
    uses=("INV-LIFE-101", "INV-LIFE-102"),
)
def nothing_after_grace(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def is_stopped(before: Patch) -> bool:
    return before.mode is Mode.STOPPED


@step_property(
    "INV-LIFE-002",
    says="A stopped patch stays stopped and gives nothing.",
    formalizes=("REQ-LIFE-003",),
    when=is_stopped,
)
def stopped_for_good(after: Patch, outputs: Outputs) -> bool:
    return after.mode is Mode.STOPPED and outputs.drive_pulses == 0


def was_filled(account: Account) -> bool:
    return account.fills > 0


@invariant(
    "INV-LIFE-003",
    says="A patch is filled at most once.",
    formalizes=("REQ-LIFE-001",),
    when=was_filled,
    uses=("INV-LIFE-103",),
)
def filled_once(account: Account) -> bool:
    return account.fills == 1


def is_past_its_life(after: Patch, wear: Wear, tick: Tick) -> bool:
    return after.mode is Mode.RUNNING and wear.worn_s + 1 >= SERVICE_LIFE_S


@step_property(
    "INV-LIFE-004",
    says="A patch that runs past its service life warns every second.",
    formalizes=("REQ-LIFE-002",),
    when=is_past_its_life,
    uses=("INV-LIFE-101",),
)
def warns(outputs: Outputs) -> bool:
    return outputs.expiry_warning


def something_given(account: Account) -> bool:
    return account.given_pulses > 0


@invariant(
    "INV-RES-001",
    says="All that was filled was given or is still in the reservoir, which is never below empty.",
    formalizes=("REQ-RES-001",),
    when=something_given,
    uses=("INV-RES-101",),
)
def conserved(patch: Patch, account: Account) -> bool:
    return (
        account.filled_pulses == account.given_pulses + patch.reservoir_pulses and patch.reservoir_pulses >= 0
    )


@lemma(
    "INV-RES-101",
    says="The account balances at every time, and a packaged patch is empty.",
    uses=("INV-BOLUS-101",),
)
def balances(patch: Patch, account: Account) -> bool:
    balance = account.filled_pulses == account.given_pulses + patch.reservoir_pulses
    empty = patch.mode is not Mode.PACKAGED or patch.reservoir_pulses == 0
    return balance and empty and patch.reservoir_pulses >= 0


def is_running(patch: Patch) -> bool:
    return patch.mode is Mode.RUNNING


@invariant(
    "INV-BASAL-001",
    says="While the patch runs, basal given and basal programmed differ by less than a pulse.",
    formalizes=("REQ-BASAL-001",),
    when=is_running,
    uses=("INV-BASAL-101",),
)
def basal_is_exact(programme: Programme) -> bool:
    return 0 <= programme.owed_millipulse_seconds < MILLIPULSE_SECONDS_PER_PULSE


@step_property("INV-BOLUS-001", says="An accepted bolus is within the limit.", formalizes=("REQ-BOLUS-001",))
def within_limit(request: BolusRequested, outputs: Outputs, limits: Limits) -> bool:
    return outputs.refusal is not Reason.NONE or 0 < request.pulses <= limits.max_bolus_pulses


@invariant(
    "INV-BOLUS-002",
    says="Never more is given of a bolus than was asked for.",
    formalizes=("REQ-BOLUS-001",),
    uses=("INV-BOLUS-101",),
)
def never_more_than_asked(account: BolusAccount) -> bool:
    return account.open_pulses >= 0


def bolus_fits(before: Patch, request: BolusRequested, limits: Limits) -> bool:
    small = 0 < request.pulses <= limits.max_bolus_pulses and request.pulses <= before.reservoir_pulses
    return before.mode is Mode.RUNNING and small and before.bolus_remaining_pulses == 0


@acceptance(
    "INV-BOLUS-003", says="A bolus that fits is accepted.", formalizes=("REQ-BOLUS-002",), when=bolus_fits
)
def bolus_accepted(outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


def runs_and_is_occluded(before: Patch, found: OcclusionDetected) -> bool:
    return before.mode is Mode.RUNNING


@step_property(
    "INV-OCC-001",
    says="The step that finds an occlusion gives nothing, alarms and stops the patch for good.",
    formalizes=("REQ-OCC-001",),
    when=runs_and_is_occluded,
)
def stops_at_once(after: Patch, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0 and outputs.stop_alarm and after.mode is Mode.STOPPED


PROPERTIES = (
    age_is_wear,
    unworn_before_use,
    filled_once_counted,
    accumulator_is_owed,
    remaining_is_open,
    balances,
    nothing_after_grace,
    stopped_for_good,
    filled_once,
    warns,
    conserved,
    basal_is_exact,
    within_limit,
    never_more_than_asked,
    bolus_accepted,
    stops_at_once,
)
