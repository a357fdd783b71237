"""Boundary values come from the comparisons of a function and of what it calls."""

from collections.abc import Callable
from typing import Any

from pumpproof.verify.language.boundaries import Boundaries, boundary_values
from pumpproof.verify.language.reader import Reader

Load = Callable[[str], Any]

TEXT = """\
from dataclasses import dataclass

SLOTS = 48


@dataclass(frozen=True)
class Limits:
    max_pulses: int


@dataclass(frozen=True)
class Request:
    pulses: int
    slot: int


def fits(pulses: int, cap: int) -> bool:
    asked = pulses
    return 0 < asked <= cap


def read(request: Request, limits: Limits) -> bool:
    return fits(request.pulses, limits.max_pulses) and request.slot < SLOTS


def slot(second: int) -> int:
    return second // 1800


def larger(request: Request, limits: Limits) -> int:
    return max(request.slot, limits.max_pulses)
"""


def found(load: Load, *names: str) -> Boundaries:
    module, reader = load(TEXT), Reader()
    return boundary_values(reader.read(getattr(module, name)) for name in names)


def test_a_constant_comes_with_its_neighbours(load: Load) -> None:
    assert found(load, "read").constants == (-1, 0, 1, 47, 48, 49)


def test_fields_are_followed_through_calls_and_local_names(load: Load) -> None:
    assert found(load, "read").compared == (("Limits.max_pulses", "Request.pulses"),)


def test_a_divisor_is_a_boundary(load: Load) -> None:
    assert found(load, "slot").constants == (1799, 1800, 1801)


def test_max_compares_its_arguments(load: Load) -> None:
    assert found(load, "larger").compared == (("Limits.max_pulses", "Request.slot"),)


def test_without_comparisons_there_is_nothing(load: Load) -> None:
    assert boundary_values([]) == Boundaries((), ())
