"""The strokes of the drive, by which everything but basal is given, and the distance between two of them."""

from dataclasses import dataclass

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, step_property
from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.state import Mode, Pump


@dataclass(frozen=True)
class StrokeClock:
    """Seconds since the last stroke of a bolus, of an extended bolus or of a prime."""

    since_s: int


def begin_clock(limits: Limits) -> StrokeClock:
    """A first stroke need not wait."""
    return StrokeClock(since_s=limits.stroke_interval_s)


def stroke_pulses(outputs: Outputs) -> int:
    """What a step gives by a stroke: all but basal."""
    return outputs.bolus_pulses + outputs.extended_pulses + outputs.prime_pulses


def second_of_clock(clock: StrokeClock, before: Pump, outputs: Outputs) -> StrokeClock:
    """Counts the seconds in which the pump is on."""
    if before.mode is Mode.OFF:
        return clock
    return StrokeClock(since_s=0 if stroke_pulses(outputs) > 0 else clock.since_s + 1)


STROKE_CLOCK = Observer(
    "stroke clock",
    says="Counts the seconds since the last stroke.",
    record=StrokeClock,
    begin=begin_clock,
    steps=((Tick, second_of_clock),),
)


def stroke_may_come(clock: StrokeClock, limits: Limits) -> bool:
    """With this second the interval is over."""
    return clock.since_s + 1 >= limits.stroke_interval_s


@invariant(
    "INV-BOLUS-013",
    says="The pump waits out the stroke interval exactly.",
    formalizes=("REQ-BOLUS-004", "REQ-PRIME-001", "REQ-DOSE-005.c"),
    uses=("INV-PRIME-010",),
)
def stroke_wait_is_true(pump: Pump, clock: StrokeClock, limits: Limits) -> bool:
    return pump.drive.stroke_wait_s == max(limits.stroke_interval_s - clock.since_s, 0)


def stroke_is_given(outputs: Outputs) -> bool:
    return stroke_pulses(outputs) > 0


@step_property(
    "INV-BOLUS-010",
    says="Two strokes, of boluses or prime, are never closer than the stroke interval.",
    formalizes=("REQ-BOLUS-004.b", "REQ-PRIME-001", "REQ-DOSE-010.b"),
    when=stroke_is_given,
    uses=("INV-BOLUS-013",),
)
def strokes_keep_their_distance(clock: StrokeClock, outputs: Outputs, limits: Limits) -> bool:
    return stroke_may_come(clock, limits)


STROKE_PROPERTIES: tuple[Property, ...] = (stroke_wait_is_true, strokes_keep_their_distance)
