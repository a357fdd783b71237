"""What an annotation may say beyond the Python type: the range of an integer, the length of a tuple."""

import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin

from pumpproof.spec.kernel.declared import refuse_derived

MOST_DIGITS = 100
"""Digits of the largest integer that code or a range may name; no quantity of a pump comes near it."""


@dataclass(frozen=True)
class Range:
    """Closed range of an integer field, as in ``Annotated[int, Range(0, 47)]``.

    On a field of an event it is an assumption about the environment, and the executable machine refuses
    an event outside it. ``None`` leaves that side open.

    Raises:
        ValueError: an end is no int or has too many digits, or no value lies in the range.
    """

    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if end is not None and type(end) is not int:
                raise ValueError(
                    f"the end {end!r} of a range is of type {type(end).__name__}; give an int or None"
                )
            if type(end) is int and abs(end) >= 10**MOST_DIGITS:
                raise ValueError(
                    f"an end of a range has more than {MOST_DIGITS} digits; give a smaller one, or None"
                )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the range {self} holds no value; give the lower end first")

    def __init_subclass__(cls) -> None:
        """Refuse subclasses: formulas read the ends and the machine asks ``holds``, which must not differ."""
        refuse_derived(cls, Range)

    def holds(self, value: int) -> bool:
        """Say whether ``value`` lies in the range, ends included."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        low = "-oo" if self.low is None else str(self.low)
        high = "oo" if self.high is None else str(self.high)
        return f"{low}..{high}"


@dataclass(frozen=True)
class Length:
    """Fixed length of a tuple, as in ``Annotated[tuple[int, ...], Length(48)]``."""

    items: int

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Length)


def ranged_fields(record: type) -> Iterator[tuple[type, str, Range]]:
    """Each range that a dataclass declares of its fields or deeper in them: the class, the field, the range."""
    hints = typing.get_type_hints(record, include_extras=True)
    for item in fields(record):
        for part in _parts(hints[item.name]):
            if isinstance(part, Range):
                yield record, item.name, part
            elif isinstance(part, type) and is_dataclass(part) and part is not record:
                yield from ranged_fields(part)


def has_range(annotation: object) -> bool:
    """Say whether an annotation itself, or that of the items of a tuple, declares a range."""
    return any(isinstance(part, Range) for part in _parts(annotation))


def _parts(annotation: Any) -> Iterator[object]:
    """What an annotation is made of: the types, and what ``Annotated`` says of them."""
    if get_origin(annotation) in (Annotated, tuple):
        for part in get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation
