"""Filling the cannula of a new set, which is worn already.

It is booked as a prime and not as therapy: the insulin fills the empty cannula, so that none of it acts, and a bolus
that is computed afterwards must not be made smaller by it. The price is that a fill that is given twice would enter the
person uncounted. So a set has one fill at most, however it ends, and a small one; a fill that failed asks for a new set
or for another prime, as every failed prime does.
"""

from dataclasses import replace

from pumpproof.spec.pump.events import FillCannula
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Reason, Step
from pumpproof.spec.pump.state import Mode, Pump
from pumpproof.statemachine.kernel.table import Command, Entry
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.prime import begin_prime


def refuse_for_cannula(pump: Pump) -> Reason:
    """The set must be worn, filled as far as the cannula, and have a cannula that was never filled."""
    if pump.infusion_set.disconnected:
        return Reason.SET_DISCONNECTED
    if not pump.infusion_set.cannula_to_fill:
        return Reason.CANNULA_FILLED
    if pump.prime.failed:
        return Reason.PRIME_FAILED
    return Reason.NONE


def refuse_fill(pump: Pump, event: FillCannula, limits: Limits) -> Reason:
    """Within its limit and the reservoir, without a hold, once for each set, and only while it is worn."""
    if pump.key_lock.locked:
        return Reason.KEYS_LOCKED
    if is_held(pump.holds):
        return Reason.HELD
    if not pump.hardware.reservoir_present:
        return Reason.NO_RESERVOIR
    if not 1 <= event.pulses <= limits.max_cannula_fill_pulses:
        return Reason.OUT_OF_RANGE
    if event.pulses > pump.reservoir.pulses:
        return Reason.RESERVOIR_TOO_LOW
    return refuse_for_cannula(pump)


def fill_cannula(pump: Pump, event: FillCannula, limits: Limits) -> Step:
    """The next ticks give it stroke by stroke, as they give a prime."""
    infusion_set = replace(pump.infusion_set, cannula_to_fill=False)
    prime = begin_prime(pump.prime, event.pulses, limits)
    return Step(replace(pump, prime=prime, infusion_set=infusion_set))


CANNULA_ROWS: tuple[Entry, ...] = (
    Command(
        "MDL-PRIME-026",
        (Mode.IDLE,),
        FillCannula,
        refuse_fill,
        fill_cannula,
        to=Mode.PRIMING,
        why="The cannula of a new set is filled once, with little, after the set was confirmed to be connected.",
        requirements=("REQ-PRIME-005", "REQ-SUSP-001", "REQ-RES-001"),
    ),
)
