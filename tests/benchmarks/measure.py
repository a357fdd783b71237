"""What every benchmark is made of: measurements in sections, and how they are shown.

Times are for people to read and to compare on one machine: nothing here or in any test asserts one.
"""

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

Say = Callable[[str], None]


class Failed(RuntimeError):
    """A verification that was to be measured did not end with exit code 0."""


@dataclass(frozen=True)
class Measurement:
    """What was measured, and the seconds of each repetition."""

    what: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Section:
    """Measurements that are compared with each other; ``measure`` takes the number of repetitions."""

    title: str
    measure: Callable[[int, Say], list[Measurement]]


def table(found: Sequence[Measurement]) -> list[str]:
    """Medians, extremes, and the ratio of each median to the first."""
    first = found[0].median
    lines = [f"{'seconds':40} {'median':>8} {'least':>8} {'most':>8} {'ratio':>7}"]
    for one in found:
        least, most = min(one.seconds), max(one.seconds)
        lines.append(f"{one.what:40} {one.median:8.2f} {least:8.2f} {most:8.2f} {one.median / first:7.2f}")
    return lines


def circumstances() -> list[str]:
    """The machine and the versions."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in ("z3-solver", "transitions"))
    return [
        f"{usable} cores usable of {os.cpu_count()}, load {load}; {platform.platform()}, {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}, {packages}",
    ]
