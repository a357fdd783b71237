"""Payloads have the shape that their event declares, however its records and tuples are nested."""

import random
from dataclasses import dataclass
from typing import Annotated

from pumpproof.spec.kernel.types import Length, Range
from pumpproof.statemachine.kernel.payload import record_check
from pumpproof.verify.search.payloads import Payloads


@dataclass(frozen=True)
class Part:
    pulses: Annotated[int, Range(3, 5)]
    on: bool


@dataclass(frozen=True)
class Nested:
    part: Part
    parts: tuple[Part, Part]
    grid: tuple[tuple[int, int], tuple[int, int]]
    days: Annotated[tuple[Annotated[int, Range(1, 2)], ...], Length(3)]


def test_records_and_tuples_inside_tuples_are_drawn_as_declared() -> None:
    payloads, check, choice = Payloads([Nested]), record_check(Nested), random.Random(1)
    drawn = [payloads.draw(Nested, [None, None], choice) for _ in range(50)]
    assert [check(event) for event in (payloads.quiet(Nested), *drawn)] == [None] * 51
    assert len(set(drawn)) > 1
