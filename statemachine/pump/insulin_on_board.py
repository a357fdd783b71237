"""Insulin on board: what still acts of the therapy of the last hours, never understated."""

from dataclasses import replace

from pumpproof.spec.pump.events import ChooseInsulinCurve, ReadInsulinOnBoard
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
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import Accounts, InsulinCurve, InsulinOnBoard, Mode, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row


def second_of_insulin_on_board(on_board: InsulinOnBoard, accounts: Accounts) -> InsulinOnBoard:
    """After 300 seconds a new bucket begins, and the oldest, whose insulin has worn off, is forgotten."""
    bucket_is_over = on_board.second_of_bucket == 299
    account = accounts.therapy_delivered_pulses
    return replace(
        on_board,
        second_of_bucket=0 if bucket_is_over else on_board.second_of_bucket + 1,
        account_pulses=(account,) + on_board.account_pulses[:96]
        if bucket_is_over
        else on_board.account_pulses,
    )


def acting_ten_thousandths(on_board: InsulinOnBoard, accounts: Accounts) -> int:
    """Each bucket by the weight that the curve in force gives to the youngest insulin in it."""
    account = (accounts.therapy_delivered_pulses,) + on_board.account_pulses
    bucket = tuple(account[k] - account[k + 1] for k in range(97))
    if on_board.curve is InsulinCurve.RAPID_8_H:
        return sum(bucket[k] * RAPID_8_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.RAPID_6_H:
        return sum(bucket[k] * RAPID_6_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.RAPID_CHILD_6_H:
        return sum(bucket[k] * RAPID_CHILD_6_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.FAST_6_H:
        return sum(bucket[k] * FAST_6_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.ULTRA_RAPID_6_H:
        return sum(bucket[k] * ULTRA_RAPID_6_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_6_H:
        return sum(bucket[k] * BILINEAR_6_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_5_H:
        return sum(bucket[k] * BILINEAR_5_H[k] for k in range(97))
    if on_board.curve is InsulinCurve.BILINEAR_4_H:
        return sum(bucket[k] * BILINEAR_4_H[k] for k in range(97))
    return sum(bucket[k] * BILINEAR_3_H[k] for k in range(97))


def insulin_on_board_millipulses(on_board: InsulinOnBoard, accounts: Accounts) -> int:
    """The insulin that still acts, rounded up to a thousandth of a pulse."""
    return -(-acting_ten_thousandths(on_board, accounts) // 10)


def any_reading(pump: Pump, event: ReadInsulinOnBoard, limits: Limits) -> bool:
    """Whoever asks is told, also while the keys are locked: reading gives nothing."""
    return True


def read_insulin_on_board(pump: Pump, event: ReadInsulinOnBoard, limits: Limits) -> Step:
    """Reading changes nothing."""
    acting_millipulses = insulin_on_board_millipulses(pump.insulin_on_board, pump.accounts)
    return Step(pump, Outputs(insulin_on_board_millipulses=acting_millipulses))


def refuse_curve(pump: Pump, event: ChooseInsulinCurve, limits: Limits) -> Reason:
    """Every curve that there is can be chosen, but not with locked keys: a shorter one asks for more insulin."""
    return Reason.KEYS_LOCKED if pump.key_lock.locked else Reason.NONE


def choose_insulin_curve(pump: Pump, event: ChooseInsulinCurve, limits: Limits) -> Step:
    """From now on all that was delivered wears off by this curve."""
    return Step(replace(pump, insulin_on_board=replace(pump.insulin_on_board, curve=event.curve)))


INSULIN_ON_BOARD_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-BOLUS-020",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        ReadInsulinOnBoard,
        any_reading,
        read_insulin_on_board,
        to=SAME_MODE,
        why="Whoever doses by other means, also after a fault, has to know what still acts.",
        requirements=("REQ-BOLUS-014", "REQ-BOLUS-005"),
    ),
    Command(
        "MDL-BOLUS-021",
        (Mode.IDLE, Mode.PRIMING, Mode.DELIVERING),
        ChooseInsulinCurve,
        refuse_curve,
        choose_insulin_curve,
        to=SAME_MODE,
        why="The curve belongs to the insulin and to the person; what was delivered stays on the books.",
        requirements=("REQ-BOLUS-014",),
    ),
    Refused(
        "MDL-BOLUS-022",
        (Mode.OFF,),
        (ReadInsulinOnBoard, ChooseInsulinCurve),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-BOLUS-023",
        (Mode.SELF_TEST, Mode.FAULT),
        (ChooseInsulinCurve,),
        Reason.NOT_IN_THIS_MODE,
        why="Settings are not changed before the self-test has passed, nor after a fault.",
        requirements=("REQ-POWER-002",),
    ),
)
