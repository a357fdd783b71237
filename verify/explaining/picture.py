"""A run as a picture: modes as a coloured band, every quantity that changes as a step curve, the broken step marked.

Time runs from left to right, but not to scale: a stretch of many equal events takes little more room than one event,
and numbers under the picture say where each begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.explaining import svg
from pumpproof.verify.explaining.facts import steps_of
from pumpproof.verify.results.values import plain_values, show
from pumpproof.verify.search.run import Run

MOST_LANES = 14
"""How many quantities are drawn; the others are named."""

_LEFT, _RIGHT, _TOP, _TAIL = 250, 60, 190, 40
_WIDTH, _LANE, _BAND = 1000, 46, 26
_SAMPLES = 48
_MOST_TURNS = 400
_LONGEST_LABEL = 42
_COLOURS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#bbbbbb", "#225555")
_RED, _GREY, _INK = "#c1121f", "#c8c8c8", "#1d3557"


@dataclass(frozen=True)
class Mark:
    """A step, counted from 1, to be marked with some words; 0 is the initial state."""

    step: int
    words: str


@dataclass(frozen=True)
class _Point:
    """What is known after a step, or before the first, and where it is drawn."""

    x: int
    mode: Enum
    values: dict[str, int]


def picture(system: System, run: Run, title: str, marks: Sequence[Mark] = ()) -> str:
    """The run as an SVG file. ``marks`` are the step that breaks something, and others before it."""
    steps = steps_of(system, run)
    run = _with_last_step_apart(run)
    edges = _edges(run)
    points = tuple(_points(system, run, steps, edges))
    changing = [name for name in points[-1].values if len({point.values[name] for point in points}) > 1]
    lanes = changing[:MOST_LANES]
    bottom = _TOP + _BAND + 14 + _LANE * len(lanes)
    left_out = changing[MOST_LANES:]
    shapes = [
        svg.text(20, 30, title, size=16, more="font-weight='bold'"),
        svg.text(
            20, 50, f"{system.name}: {len(run):,} steps from the initial state; not to scale", colour="#555"
        ),
        *_marked(marks, run, edges, bottom),
        *_events(run, edges, bottom),
        *_band(system, points),
        *(shape for number, name in enumerate(lanes) for shape in _lane(name, number, points)),
        *_axis(run, steps, edges, bottom),
    ]
    if left_out:
        shapes.append(
            svg.text(20, bottom + 78, f"also changed: {', '.join(left_out)}", size=11, colour="#555")
        )
    return svg.document(_LEFT + _WIDTH + _RIGHT + 30, bottom + 95, title, shapes)


def _with_last_step_apart(run: Run) -> Run:
    *before, (event, count) = run.parts or ((None, 0),)
    return Run(run.limits, (*before, (event, count - 1), (event, 1))) if count > 1 else run


def _edges(run: Run) -> tuple[int, ...]:
    """Where each part begins, and where the last one ends; a part is as wide as its count is long in bits."""
    weights = [1 + count.bit_length() for _, count in run.parts]
    total = sum(weights) or 1
    return tuple(
        _LEFT + 30 + (_WIDTH - 30) * sum(weights[:number]) // total for number in range(len(weights) + 1)
    )


def _x_of(step: int, run: Run, edges: tuple[int, ...]) -> int:
    """Where a step ends."""
    done = 0
    for number, (_, count) in enumerate(run.parts):
        if step <= done + count:
            return edges[number] + (edges[number + 1] - edges[number]) * (step - done) // count
        done += count
    return edges[-1]


def _points(system: System, run: Run, steps: Sequence[Taken], edges: tuple[int, ...]) -> Iterator[_Point]:
    first = steps[0].before if steps else system.initial(run.limits)
    yield _Point(_LEFT, first.mode, _values(first, system.outputs()))
    values = [_values(step.after, step.outputs) for step in steps]
    done = 0
    for _, count in run.parts:
        for number in _drawn(values[done : done + count], steps[done : done + count]):
            step = steps[done + number]
            x = _x_of(done + number + 1, run, edges)
            yield _Point(x, step.after.mode, values[done + number])
        done += count


def _drawn(values: Sequence[dict[str, int]], steps: Sequence[Taken]) -> list[int]:
    """Which of many equal events are drawn: some at equal distance, and all where a curve turns or the mode changes."""
    count = len(values)
    drawn = {(count - 1) * i // (_SAMPLES - 1) for i in range(_SAMPLES)}
    turns = [
        number
        for number in range(1, count - 1)
        if steps[number].after.mode is not steps[number - 1].after.mode
        or any(
            (value - values[number - 1][name]) * (values[number + 1][name] - value) < 0
            for name, value in values[number].items()
        )
    ]
    drawn.update(number for turn in turns[:_MOST_TURNS] for number in (turn, turn + 1))
    return sorted(drawn)


def _values(state: Any, outputs: Any) -> dict[str, int]:
    """Every number and truth value of a state, of tuples the sum, and the numbers of the outputs."""
    values: dict[str, int] = {}
    for prefix, record in (("", state), ("output ", outputs)):
        for name, value in plain_values(record):
            if isinstance(value, tuple) and all(type(item) is int for item in value):
                values[f"sum of {name}"] = sum(value)
            elif isinstance(value, int):
                values[f"{prefix}{name}"] = int(value)
            elif isinstance(value, Enum) and name != "mode":
                values[f"{prefix}{name}"] = tuple(type(value)).index(value)
    return values


def _marked(marks: Sequence[Mark], run: Run, edges: tuple[int, ...], bottom: int) -> Iterator[str]:
    for mark in marks:
        x = _x_of(mark.step, run, edges)
        is_last = mark.step == len(run)
        before = _x_of(max(mark.step - 1, 0), run, edges) if mark.step else _LEFT
        if is_last:
            yield svg.rectangle(
                min(before, x - 3), _TOP - 6, max(x - before, 3), bottom - _TOP + 6, _RED, "0.12"
            )
        yield svg.line(x, _TOP - 6, x, bottom, _RED if is_last else _INK, "" if is_last else "5 4")
        colour = _RED if is_last else _INK
        anchor = "start" if x < _LEFT + _WIDTH // 3 else "end"
        yield svg.text(x, bottom + (58 if is_last else 43), mark.words, anchor=anchor, colour=colour)


def _events(run: Run, edges: tuple[int, ...], bottom: int) -> Iterator[str]:
    last_label = -100
    for (event, count), start, end in zip(run.parts, edges, edges[1:]):
        yield svg.line(start, _TOP, start, bottom, "#ececec")
        middle = (start + end) // 2
        if middle - last_label < 13:
            continue
        last_label = middle
        words = f"{count:,} × {show(event)}" if count > 1 else show(event)
        if len(words) > _LONGEST_LABEL:
            words = f"{words[: _LONGEST_LABEL - 1]}…"
        yield svg.text(
            middle, _TOP - 10, words, size=10, more=f"transform='rotate(-32 {middle} {_TOP - 10})'"
        )


def _band(system: System, points: Sequence[_Point]) -> Iterator[str]:
    yield svg.text(_LEFT - 12, _TOP + 18, "mode", anchor="end")
    modes = tuple(system.mode)
    start = 0
    for number in range(1, len(points) + 1):
        if number < len(points) and points[number].mode is points[start].mode:
            continue
        x = points[start].x
        end = points[number].x if number < len(points) else points[-1].x + _TAIL
        mode = points[start].mode
        yield svg.rectangle(x, _TOP, end - x, _BAND, _COLOURS[modes.index(mode) % len(_COLOURS)], "0.75")
        if end - x > 7 * len(mode.name):
            yield svg.text((x + end) // 2, _TOP + 17, mode.name, size=11, anchor="middle", colour="#000")
        start = number


def _lane(name: str, number: int, points: Sequence[_Point]) -> Iterator[str]:
    top = _TOP + _BAND + 20 + _LANE * number
    height = _LANE - 16
    values = [point.values[name] for point in points]
    low, high = min(values), max(values)

    def y(value: int) -> int:
        return top + height - height * (value - low) // (high - low)

    yield svg.line(_LEFT, top + height, points[-1].x + _TAIL, top + height, _GREY)
    yield svg.text(_LEFT - 12, top + height // 2 + 4, name, anchor="end")
    yield svg.text(points[-1].x + _TAIL + 4, top + 8, f"{high:,}", size=9, colour="#555")
    yield svg.text(points[-1].x + _TAIL + 4, top + height + 3, f"{low:,}", size=9, colour="#555")
    corners = [(points[0].x, y(values[0]))]
    for point, value in zip(points[1:], values[1:], strict=True):
        corners += [(point.x, corners[-1][1]), (point.x, y(value))]
    yield svg.curve([*corners, (points[-1].x + _TAIL, corners[-1][1])], _INK)


def _axis(run: Run, steps: Sequence[Taken], edges: tuple[int, ...], bottom: int) -> Iterator[str]:
    """Numbers of steps where the events change, and the seconds that have passed where the system has a ``Tick``."""
    yield svg.line(_LEFT, bottom, edges[-1] + _TAIL, bottom, "#222")
    has_time = any(type(step.event).__name__ == "Tick" for step in steps)
    yield svg.text(_LEFT - 12, bottom + 14, "steps", size=10, anchor="end", colour="#555")
    if has_time:
        yield svg.text(_LEFT - 12, bottom + 27, "seconds", size=10, anchor="end", colour="#555")
    done, seconds, last = 0, 0, -100
    counts = [*(count for _, count in run.parts), 0]
    for x, (number, count) in zip(edges, enumerate(counts), strict=True):
        if x - last >= 9 * len(f"{max(done, seconds):,}") or number == len(run.parts):
            last = x
            yield svg.line(x, bottom, x, bottom + 4, "#222")
            yield svg.text(x, bottom + 14, f"{done:,}", size=9, anchor="middle", colour="#555")
            if has_time:
                yield svg.text(x, bottom + 27, f"{seconds:,}", size=9, anchor="middle", colour="#555")
        if number < len(run.parts):
            done += count
            seconds += count if type(run.parts[number][0]).__name__ == "Tick" else 0
