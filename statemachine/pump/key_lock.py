"""The key lock: what it keeps from happening, and the two steps that end it.

It refuses every command that could give insulin or change how much is given. It never refuses what stops: suspend, for
a time or without one, the stop from outside, the stop of therapy and of a prime, the cancellation of a bolus; nor the
acknowledgement of an alarm and the pause of its sound, nor power. Whoever needs to stop insulin must not have to unlock
first, and an alarm that cannot be silenced teaches people to ignore it. What the hardware reports is no key: it is
always heard.
The bolus calculator is locked whole: a suggestion invites to dose, and its settings scale every dose that is suggested.
Resume and the end of a temporary basal are locked, because both can let more insulin flow; so is the confirmation of
the time, because a key pressed by chance must not hide that the clock was moved. A move of the clock is noted always.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import ConfirmUnlock, LockKeys, UnlockRequested
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason, Step
from pumpproof.spec.pump.state import KeyLock, Mode, Pump, Question
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused, Row
from pumpproof.statemachine.pump.confirmation import ask_to_unlock, nothing_asked, question_lapses
from pumpproof.statemachine.pump.suggestion import end_suggestion


def any_lock(pump: Pump, event: LockKeys, limits: Limits) -> bool:
    """Locking needs no condition."""
    return True


def lock_keys(pump: Pump, event: LockKeys, limits: Limits) -> Step:
    """Whatever was asked or suggested is withdrawn: a key lock that left a bolus to confirm would lock too little."""
    locked = replace(
        pump,
        key_lock=KeyLock(locked=True),
        calculator=end_suggestion(pump.calculator),
        confirmation=nothing_asked(),
    )
    return Step(locked, Outputs(question_lapsed=question_lapses(pump, locked)))


def refuse_unlock(pump: Pump, event: UnlockRequested, limits: Limits) -> Reason:
    """There must be a lock to end."""
    return Reason.NONE if pump.key_lock.locked else Reason.NOT_LOCKED


def request_unlock(pump: Pump, event: UnlockRequested, limits: Limits) -> Step:
    """The keys stay locked until this is confirmed."""
    return Step(replace(pump, confirmation=ask_to_unlock(limits)))


def refuse_unlock_confirmation(pump: Pump, event: ConfirmUnlock, limits: Limits) -> Reason:
    """It must have been asked for, not too long ago."""
    asked = pump.confirmation.question is Question.UNLOCK
    return Reason.NONE if asked else Reason.NOTHING_TO_CONFIRM


def unlock_keys(pump: Pump, event: ConfirmUnlock, limits: Limits) -> Step:
    """The second step ends the lock."""
    return Step(replace(pump, key_lock=KeyLock(locked=False), confirmation=nothing_asked()))


KEY_LOCK_ROWS: tuple[Entry, ...] = (
    Row(
        "MDL-UI-021",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        LockKeys,
        any_lock,
        lock_keys,
        to=SAME_MODE,
        why="The keys can always be locked.",
        requirements=("REQ-UI-006",),
    ),
    Command(
        "MDL-UI-022",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        UnlockRequested,
        refuse_unlock,
        request_unlock,
        to=SAME_MODE,
        why="To ask for the end of the key lock is the first of two steps and unlocks nothing.",
        requirements=("REQ-UI-006", "REQ-UI-005"),
    ),
    Command(
        "MDL-UI-023",
        (Mode.SELF_TEST, Mode.IDLE, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        ConfirmUnlock,
        refuse_unlock_confirmation,
        unlock_keys,
        to=SAME_MODE,
        why="The key lock ends only with the second step, while the first one is still valid.",
        requirements=("REQ-UI-006", "REQ-UI-005"),
    ),
    Refused(
        "MDL-UI-024",
        (Mode.OFF,),
        (LockKeys, UnlockRequested, ConfirmUnlock),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request; its key lock stays as it is.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
)
