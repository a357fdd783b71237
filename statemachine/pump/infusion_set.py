"""The infusion set: what the person confirms about it, and its time.

A set that is confirmed disconnected stays so for the pump until the person confirms the connection: no therapy starts
meanwhile, because it would flow into the air and be counted as given. Only for a short time, and only once, does the
same confirmation let a prime begin: a person who has confirmed it an hour ago may wear the set again.
The end of a disconnection is locked by the key lock, because it lets insulin flow again; so are all words about the
set.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import (
    ConfirmConnected,
    ConfirmDisconnected,
    FillCannula,
    SetChanged,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import InfusionSet, Mode, Prime, Pump
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Refused


def second_of_set(infusion_set: InfusionSet) -> InfusionSet:
    """The set grows older, and the time in which a prime may begin runs."""
    return replace(
        infusion_set,
        prime_permit_s=max(infusion_set.prime_permit_s - 1, 0),
        age_s=infusion_set.age_s + 1,
    )


def second_of_prime(prime: Prime) -> Prime:
    """The time of a prime runs."""
    return replace(prime, left_s=max(prime.left_s - 1, 0))


def forget_permit(infusion_set: InfusionSet) -> InfusionSet:
    """Before the next prime the person has to look again."""
    return replace(infusion_set, prime_permit_s=0)


def refuse_disconnection(pump: Pump, event: ConfirmDisconnected, limits: Limits) -> Reason:
    """Nothing but locked keys speaks against it: it stops insulin from flowing."""
    return Reason.KEYS_LOCKED if pump.key_lock.locked else Reason.NONE


def confirm_disconnected(pump: Pump, event: ConfirmDisconnected, limits: Limits) -> Step:
    """The time in which a prime may begin starts anew."""
    infusion_set = replace(pump.infusion_set, disconnected=True, prime_permit_s=limits.prime_confirmation_s)
    return Step(replace(pump, infusion_set=infusion_set))


def refuse_with_set_connected(pump: Pump) -> Reason:
    """The set must have been confirmed disconnected, at whatever time."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    return Reason.NONE if pump.infusion_set.disconnected else Reason.NOT_DISCONNECTED


def refuse_connection(pump: Pump, event: ConfirmConnected, limits: Limits) -> Reason:
    """There must be a disconnection to end."""
    return refuse_with_set_connected(pump)


def confirm_connected(pump: Pump, event: ConfirmConnected, limits: Limits) -> Step:
    """From now on no prime begins, and therapy may."""
    infusion_set = replace(pump.infusion_set, disconnected=False, prime_permit_s=0)
    return Step(replace(pump, infusion_set=infusion_set))


def refuse_set_change(pump: Pump, event: SetChanged, limits: Limits) -> Reason:
    """A set is changed only off the body."""
    return refuse_with_set_connected(pump)


def change_set(pump: Pump, event: SetChanged, limits: Limits) -> Step:
    """A new set begins its time, has a cannula to fill, and knows nothing of the prime that failed in the old one."""
    infusion_set = replace(pump.infusion_set, cannula_to_fill=True, age_s=0)
    return Step(replace(pump, infusion_set=infusion_set, prime=replace(pump.prime, failed=False)))


INFUSION_SET_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-PRIME-021",
        (Mode.IDLE,),
        ConfirmDisconnected,
        refuse_disconnection,
        confirm_disconnected,
        to=SAME_MODE,
        why="Before a prime the person looks whether the set is disconnected, each time.",
        requirements=("REQ-PRIME-004",),
    ),
    Command(
        "MDL-PRIME-022",
        (Mode.IDLE,),
        ConfirmConnected,
        refuse_connection,
        confirm_connected,
        to=SAME_MODE,
        why="Only the person knows that the set is worn again.",
        requirements=("REQ-PRIME-004",),
    ),
    Command(
        "MDL-PRIME-023",
        (Mode.IDLE,),
        SetChanged,
        refuse_set_change,
        change_set,
        to=SAME_MODE,
        why="A new set is put in off the body; its time begins, and the failed prime of the old one is history.",
        requirements=("REQ-PRIME-004", "REQ-PRIME-005", "REQ-PRIME-006"),
    ),
    Refused(
        "MDL-PRIME-024",
        (Mode.OFF,),
        (ConfirmDisconnected, ConfirmConnected, SetChanged, FillCannula),
        Reason.POWERED_OFF,
        why="A pump that is off takes no request.",
        requirements=("REQ-POWER-001", "REQ-DOSE-006"),
    ),
    Refused(
        "MDL-PRIME-025",
        (Mode.SELF_TEST, Mode.PRIMING, Mode.DELIVERING, Mode.FAULT),
        (ConfirmDisconnected, ConfirmConnected, SetChanged, FillCannula),
        Reason.NOT_IN_THIS_MODE,
        why="The set is handled in idle only: therapy is stopped first, and a prime ends first.",
        requirements=("REQ-PRIME-004", "REQ-PRIME-005"),
    ),
)
