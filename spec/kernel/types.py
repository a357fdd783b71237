"""What an annotation may say beyond the Python type: the range of an integer, the length of a tuple."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """Closed range of an integer field, as in ``Annotated[int, Range(0, 47)]``.

    On a field of an event it is an assumption about the environment, and the executable machine refuses
    an event outside it. ``None`` leaves that side open.

    Raises:
        ValueError: an end is no int, or no value lies in the range.
    """

    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if end is not None and type(end) is not int:
                raise ValueError(
                    f"the end {end!r} of a range is of type {type(end).__name__}; give an int or None"
                )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the range {self} holds no value; give the lower end first")

    def __init_subclass__(cls) -> None:
        """Refuse subclasses: formulas read the ends and the machine asks ``holds``, which must not differ."""
        raise TypeError(f"{cls.__name__} derives from Range; write Range itself")

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
