"""Insulin on board: never less than the curve leaves of what was given, for every moment since which one counts."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.pump.events import ChooseInsulinCurve, ReadInsulinOnBoard, Tick
from pumpproof.spec.pump.insulin_curves import (
    BILINEAR_3_H,
    BILINEAR_4_H,
    BILINEAR_5_H,
    BILINEAR_6_H,
    FAST_6_H,
    RAPID_6_H,
    RAPID_8_H,
    RAPID_CHILD_6_H,
    ULTRA_RAPID_6_H,
)
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.properties.words import (
    accepted,
    is_on,
    open_for_settings,
    request_is_accepted,
    therapy_pulses,
)
from pumpproof.spec.pump.state import InsulinCurve, Mode, Pump


@dataclass(frozen=True)
class TherapySince:
    """Therapy since some moment, and the seconds since then in which the pump was on.

    ``second`` and ``buckets`` count the same seconds by the buckets of the pump, from the second of the running bucket
    at which the account opened.
    """

    seconds: int
    pulses: int
    opened_at_second: int
    second: int
    buckets: int


def begin_account(pump: Pump) -> TherapySince:
    """It may open at any moment, also in the middle of a bucket."""
    opened = pump.insulin_on_board.second_of_bucket
    return TherapySince(seconds=0, pulses=0, opened_at_second=opened, second=opened, buckets=0)


def count_second(since: TherapySince, before: Pump, outputs: Outputs) -> TherapySince:
    """A second counts only while the pump is on."""
    if before.mode is Mode.OFF:
        return since
    bucket_begins = since.second == 299
    return replace(
        since,
        seconds=since.seconds + 1,
        pulses=since.pulses + therapy_pulses(outputs),
        second=0 if bucket_begins else since.second + 1,
        buckets=since.buckets + (1 if bucket_begins else 0),
    )


def count_between_seconds(since: TherapySince, outputs: Outputs) -> TherapySince:
    """Whatever is given counts."""
    return replace(since, pulses=since.pulses + therapy_pulses(outputs))


THERAPY_SINCE = Observer(
    "therapy since",
    says="Opens at any moment and counts seconds and therapy by itself.",
    record=TherapySince,
    begin=begin_account,
    steps=((Tick, count_second),),
    otherwise=count_between_seconds,
    arbitrary_start=True,
)


@dataclass(frozen=True)
class ChosenCurve:
    """The curve that was last chosen."""

    curve: InsulinCurve


def no_curve_chosen_yet(pump: Pump) -> ChosenCurve:
    """A pump that was told nothing takes the longest."""
    return ChosenCurve(curve=InsulinCurve.RAPID_8_H)


def note_choice(chosen: ChosenCurve, event: ChooseInsulinCurve, outputs: Outputs) -> ChosenCurve:
    """An accepted choice."""
    return ChosenCurve(curve=event.curve) if accepted(outputs) else chosen


CHOSEN_CURVE = Observer(
    "chosen curve",
    says="Remembers the curve of insulin that was last chosen.",
    record=ChosenCurve,
    begin=no_curve_chosen_yet,
    steps=((ChooseInsulinCurve, note_choice),),
)


@lemma("INV-BOLUS-140", says="The pump counts 300 seconds to the bucket.")
def bucket_lasts_300_seconds(pump: Pump) -> bool:
    return 0 <= pump.insulin_on_board.second_of_bucket <= 299


@lemma(
    "INV-BOLUS-141",
    says="No bucket holds a negative amount.",
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002"),
)
def buckets_are_not_negative(pump: Pump) -> bool:
    account = (pump.accounts.therapy_delivered_pulses,) + pump.insulin_on_board.account_pulses
    return all(account[k] >= account[k + 1] for k in range(97))


def bucket_was_left(since: TherapySince) -> bool:
    return since.buckets > 0


@invariant(
    "INV-BOLUS-040",
    says="Insulin ages by the seconds in which the pump is on and by nothing else, 300 of them to a bucket.",
    formalizes=("REQ-BOLUS-014.b", "REQ-DOSE-005.f"),
    uses=("INV-BOLUS-140",),
    witness=bucket_was_left,
)
def insulin_ages_by_seconds(pump: Pump, since: TherapySince) -> bool:
    opened = 0 <= since.opened_at_second <= 299
    by_pump = 300 * since.buckets + since.second
    in_step = since.second == pump.insulin_on_board.second_of_bucket
    return opened and by_pump == since.seconds + since.opened_at_second and in_step and since.seconds >= 0


def something_was_given(since: TherapySince) -> bool:
    return since.pulses > 0


@invariant(
    "INV-BOLUS-041",
    says="Whatever was given since any moment is in the buckets that began since then, or in the one that ran.",
    formalizes=("REQ-BOLUS-014.b", "REQ-DOSE-007.c"),
    uses=("INV-BOLUS-040", "INV-BOLUS-141"),
    witness=something_was_given,
)
def buckets_hold_what_was_given(pump: Pump, since: TherapySince) -> bool:
    account = pump.accounts.therapy_delivered_pulses
    return since.buckets >= 0 and all(
        since.buckets > k or since.pulses <= account - pump.insulin_on_board.account_pulses[k]
        for k in range(97)
    )


@invariant(
    "INV-BOLUS-042",
    says="The buckets that began since any moment hold nothing but what was given since then.",
    formalizes=("REQ-DOSE-007.c", "REQ-PRIME-002.c"),
    uses=("INV-BOLUS-040", "INV-BOLUS-104", "INV-BOLUS-130", "INV-RES-002"),
    witness=something_was_given,
)
def buckets_hold_nothing_else(pump: Pump, since: TherapySince) -> bool:
    account = pump.accounts.therapy_delivered_pulses
    return since.pulses >= 0 and all(
        since.buckets <= k or account - pump.insulin_on_board.account_pulses[k] <= since.pulses
        for k in range(97)
    )


def therapy_is_given(outputs: Outputs) -> bool:
    return therapy_pulses(outputs) > 0


def running_bucket(pump: Pump) -> int:
    """What was given since the running bucket began."""
    return pump.accounts.therapy_delivered_pulses - pump.insulin_on_board.account_pulses[0]


@step_property(
    "INV-BOLUS-043",
    says="What a second gives as therapy is at once on board in full, in the youngest bucket.",
    formalizes=("REQ-DOSE-007.c", "REQ-BOLUS-014.b"),
    when=therapy_is_given,
)
def therapy_is_on_board_at_once(before: Pump, after: Pump, outputs: Outputs) -> bool:
    begins = before.insulin_on_board.second_of_bucket == 299
    was = 0 if begins else running_bucket(before)
    return running_bucket(after) == was + therapy_pulses(outputs)


def prime_is_given(outputs: Outputs) -> bool:
    return outputs.prime_pulses > 0


@step_property(
    "INV-BOLUS-044",
    says="A prime puts nothing on board.",
    formalizes=("REQ-PRIME-002.c",),
    when=prime_is_given,
    uses=("INV-BOLUS-141",),
)
def prime_is_not_on_board(before: Pump, after: Pump) -> bool:
    was = before.accounts.therapy_delivered_pulses - before.insulin_on_board.account_pulses[96]
    return after.accounts.therapy_delivered_pulses - after.insulin_on_board.account_pulses[96] <= was


def weighed(pump: Pump) -> int:
    """What the curve in force leaves of the youngest insulin that each bucket can hold, in ten-thousandths."""
    on_board = pump.insulin_on_board
    account = (pump.accounts.therapy_delivered_pulses,) + on_board.account_pulses
    pulses = tuple(account[age] - account[age + 1] for age in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_3_H:
        return sum(BILINEAR_3_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_4_H:
        return sum(BILINEAR_4_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_5_H:
        return sum(BILINEAR_5_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_6_H:
        return sum(BILINEAR_6_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.ULTRA_RAPID_6_H:
        return sum(ULTRA_RAPID_6_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.FAST_6_H:
        return sum(FAST_6_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.RAPID_CHILD_6_H:
        return sum(RAPID_CHILD_6_H[age] * pulses[age] for age in range(97))
    if on_board.curve is InsulinCurve.RAPID_6_H:
        return sum(RAPID_6_H[age] * pulses[age] for age in range(97))
    return sum(RAPID_8_H[age] * pulses[age] for age in range(97))


def something_acts(event: ReadInsulinOnBoard, outputs: Outputs) -> bool:
    return outputs.insulin_on_board_millipulses > 0


@step_property(
    "INV-BOLUS-045",
    says="Insulin on board is what the curve leaves of each bucket's youngest insulin, rounded up to a millipulse.",
    formalizes=("REQ-BOLUS-005.c",),
    witness=something_acts,
)
def on_board_is_rounded_up(before: Pump, event: ReadInsulinOnBoard, outputs: Outputs) -> bool:
    exact = weighed(before)
    least = 10 * outputs.insulin_on_board_millipulses
    return not accepted(outputs) or least - 10 < exact <= least


@lemma(
    "INV-BOLUS-142",
    says="Whatever was given in the last half hours, however many, is in the buckets of that time.",
    uses=("INV-BOLUS-040", "INV-BOLUS-041", "INV-BOLUS-141"),
)
def half_hours_hold_what_was_given(pump: Pump, since: TherapySince) -> bool:
    account = pump.accounts.therapy_delivered_pulses
    return all(
        since.buckets > 6 * h or since.pulses <= account - pump.insulin_on_board.account_pulses[6 * h]
        for h in range(17)
    )


def old_insulin_acts(event: ReadInsulinOnBoard, since: TherapySince, outputs: Outputs) -> bool:
    """Something acts that was given more than five minutes ago."""
    return since.seconds > 300 and since.pulses > 0 and outputs.insulin_on_board_millipulses > 0


@step_property(
    "INV-BOLUS-046",
    says="Of all that was given in the last half hours, however many, at least what the curve leaves then is on board.",
    formalizes=("REQ-BOLUS-014.a",),
    uses=("INV-BOLUS-141", "INV-BOLUS-142"),
    witness=old_insulin_acts,
)
def on_board_is_never_understated(
    before: Pump, event: ReadInsulinOnBoard, since: TherapySince, outputs: Outputs
) -> bool:
    acts = 10 * outputs.insulin_on_board_millipulses
    curve = before.insulin_on_board.curve
    return not accepted(outputs) or all(
        since.buckets > 6 * h
        or (
            (curve is not InsulinCurve.RAPID_8_H or acts >= RAPID_8_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.RAPID_6_H or acts >= RAPID_6_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.RAPID_CHILD_6_H or acts >= RAPID_CHILD_6_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.FAST_6_H or acts >= FAST_6_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.ULTRA_RAPID_6_H or acts >= ULTRA_RAPID_6_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.BILINEAR_6_H or acts >= BILINEAR_6_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.BILINEAR_5_H or acts >= BILINEAR_5_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.BILINEAR_4_H or acts >= BILINEAR_4_H[6 * h] * since.pulses)
            and (curve is not InsulinCurve.BILINEAR_3_H or acts >= BILINEAR_3_H[6 * h] * since.pulses)
        )
        for h in range(17)
    )


@acceptance(
    "INV-BOLUS-047",
    says="Insulin on board is told while the pump is on, also in fault or with locked keys; that changes nothing.",
    formalizes=("REQ-BOLUS-014.c",),
    witness=request_is_accepted,
)
def on_board_is_told(before: Pump, after: Pump, event: ReadInsulinOnBoard, outputs: Outputs) -> bool:
    return accepted(outputs) == is_on(before) and after == before


@acceptance(
    "INV-BOLUS-048",
    says="A curve is accepted exactly while settings are open and the keys are unlocked.",
    formalizes=("REQ-BOLUS-015.a",),
    witness=request_is_accepted,
)
def curve_is_accepted(before: Pump, event: ChooseInsulinCurve, outputs: Outputs) -> bool:
    return accepted(outputs) == (open_for_settings(before) and not before.key_lock.locked)


@step_property(
    "INV-BOLUS-049",
    says="A choice of the curve changes the curve and nothing else: all that was given stays on the books.",
    formalizes=("REQ-BOLUS-014.b",),
    when=request_is_accepted,
)
def choice_changes_the_curve_alone(before: Pump, after: Pump, event: ChooseInsulinCurve) -> bool:
    return after == replace(before, insulin_on_board=replace(before.insulin_on_board, curve=event.curve))


def another_curve_is_chosen(chosen: ChosenCurve) -> bool:
    return chosen.curve is not InsulinCurve.RAPID_8_H


@invariant(
    "INV-BOLUS-050",
    says="The curve in force is the one that was last chosen, and the longest until one is.",
    formalizes=("REQ-BOLUS-015.a",),
    witness=another_curve_is_chosen,
)
def curve_is_the_chosen_one(pump: Pump, chosen: ChosenCurve) -> bool:
    return pump.insulin_on_board.curve is chosen.curve


INSULIN_ON_BOARD_PROPERTIES: tuple[Property, ...] = (
    bucket_lasts_300_seconds,
    buckets_are_not_negative,
    insulin_ages_by_seconds,
    buckets_hold_what_was_given,
    buckets_hold_nothing_else,
    therapy_is_on_board_at_once,
    prime_is_not_on_board,
    on_board_is_rounded_up,
    half_hours_hold_what_was_given,
    on_board_is_never_understated,
    on_board_is_told,
    curve_is_accepted,
    choice_changes_the_curve_alone,
    curve_is_the_chosen_one,
)
