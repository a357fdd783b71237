"""What a second does to the line. The rule that finds an occlusion is the pump's own, from its file ``line.py``."""

from dataclasses import replace

from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.limits import Limits
from pumpproof.spec.occlusion_bench.model import (
    Bench,
    LineBlocks,
    LineClears,
    Mode,
    Outputs,
    Reason,
    Second,
    Step,
)
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Row
from pumpproof.statemachine.pump.line import high_seconds, is_persistent


def is_high(second: Second, limits: Limits) -> bool:
    """The sensor reads the threshold or more."""
    return second.pressure_pa >= limits.occlusion_pressure_pa


def refuse_open_second(bench: Bench, second: Second, limits: Limits) -> Reason:
    """The drive has a largest speed, and the pressure of an open line is low."""
    if second.due_pulses > limits.most_pulses_per_s:
        return Reason.DRIVE_TOO_FAST
    return Reason.SENSOR_TOO_HIGH if is_high(second, limits) else Reason.NONE


def refuse_blocked_second(bench: Bench, second: Second, limits: Limits) -> Reason:
    """A second outside the contract of drive, leak and sensor does not happen."""
    if second.due_pulses > limits.most_pulses_per_s:
        return Reason.DRIVE_TOO_FAST
    if second.leak_millipulses_per_h > limits.most_leak_millipulses_per_h:
        return Reason.LEAK_TOO_LARGE
    trapped = bench.trapped_millipulse_seconds
    if trapped >= MILLIPULSE_SECONDS_PER_PULSE * limits.certain_pulses and not is_high(second, limits):
        return Reason.SENSOR_TOO_LOW
    if trapped < MILLIPULSE_SECONDS_PER_PULSE * limits.possible_pulses and is_high(second, limits):
        return Reason.SENSOR_TOO_HIGH
    return Reason.NONE


def judged_high_s(bench: Bench, second: Second, limits: Limits) -> int:
    """The pump's count of seconds of high pressure, this reading included."""
    return high_seconds(
        bench.pressure_high_s,
        second.pressure_pa,
        limits.occlusion_pressure_pa,
        limits.occlusion_persistence_s,
    )


def finds_occlusion(bench: Bench, second: Second, limits: Limits) -> bool:
    """With this reading the pump declares an occlusion."""
    return is_persistent(judged_high_s(bench, second, limits), limits.occlusion_persistence_s)


def pushed_pulses(bench: Bench, second: Second, limits: Limits) -> int:
    """What is due, unless an occlusion is found."""
    return 0 if finds_occlusion(bench, second, limits) else second.due_pulses


def flow(bench: Bench, second: Second, limits: Limits) -> Step:
    """All that is pushed reaches the person."""
    outputs = Outputs(
        drive_pulses=pushed_pulses(bench, second, limits),
        occlusion_found=finds_occlusion(bench, second, limits),
    )
    return Step(replace(bench, pressure_high_s=judged_high_s(bench, second, limits)), outputs)


def fill(bench: Bench, second: Second, limits: Limits) -> Step:
    """What is pushed stays in the line, and no more leaks than the line holds."""
    pulses = pushed_pulses(bench, second, limits)
    held = bench.trapped_millipulse_seconds + MILLIPULSE_SECONDS_PER_PULSE * pulses
    leaked = min(held, second.leak_millipulses_per_h)
    after = replace(
        bench,
        pressure_high_s=judged_high_s(bench, second, limits),
        trapped_millipulse_seconds=held - leaked,
    )
    outputs = Outputs(
        drive_pulses=pulses,
        occlusion_found=finds_occlusion(bench, second, limits),
        leaked_millipulse_seconds=leaked,
    )
    return Step(after, outputs)


def line_may_block(bench: Bench, event: LineBlocks, limits: Limits) -> bool:
    """At any time."""
    return True


def block(bench: Bench, event: LineBlocks, limits: Limits) -> Step:
    """The line holds nothing beyond its content at rest yet."""
    return Step(bench)


def line_may_clear(bench: Bench, event: LineClears, limits: Limits) -> bool:
    """At any time."""
    return True


def release(bench: Bench, event: LineClears, limits: Limits) -> Step:
    """Everything that was trapped reaches the person."""
    outputs = Outputs(released_millipulse_seconds=bench.trapped_millipulse_seconds)
    return Step(replace(bench, trapped_millipulse_seconds=0), outputs)


TABLE: tuple[Entry, ...] = (
    Command(
        "MDL-LINE-001",
        (Mode.OPEN,),
        Second,
        refuse_open_second,
        flow,
        to=SAME_MODE,
        why="What is pushed into an open line reaches the person.",
        requirements=("REQ-OCC-004",),
    ),
    Command(
        "MDL-LINE-002",
        (Mode.BLOCKED,),
        Second,
        refuse_blocked_second,
        fill,
        to=SAME_MODE,
        why="What is pushed into a blocked line stays there or leaks, until the pump finds the occlusion.",
        requirements=("REQ-OCC-004",),
    ),
    Row(
        "MDL-LINE-003",
        (Mode.OPEN,),
        LineBlocks,
        line_may_block,
        block,
        to=Mode.BLOCKED,
        why="A line may block at any time.",
        requirements=("REQ-OCC-004",),
    ),
    Row(
        "MDL-LINE-004",
        (Mode.BLOCKED,),
        LineClears,
        line_may_clear,
        release,
        to=Mode.OPEN,
        why="A block may give way at any time, and what it kept back is then delivered at once.",
        requirements=("REQ-OCC-004",),
    ),
    Ignored(
        "MDL-LINE-005",
        (Mode.BLOCKED,),
        (LineBlocks,),
        why="It is blocked already.",
        requirements=("REQ-OCC-004",),
    ),
    Ignored(
        "MDL-LINE-006",
        (Mode.OPEN,),
        (LineClears,),
        why="Nothing blocks it.",
        requirements=("REQ-OCC-004",),
    ),
)
