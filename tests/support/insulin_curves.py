"""The curves of insulin action, second by second and exactly: what the weights of the pump are judged by."""

from collections.abc import Callable
from fractions import Fraction
from itertools import count

from pumpproof.spec.pump.insulin_curves import (
    BILINEAR_3_H,
    BILINEAR_4_H,
    BILINEAR_5_H,
    BILINEAR_6_H,
    BUCKET_S,
    BUCKETS,
    FAST_6_H,
    RAPID_6_H,
    RAPID_8_H,
    RAPID_CHILD_6_H,
    ULTRA_RAPID_6_H,
    WHOLE,
)
from pumpproof.spec.pump.state import InsulinCurve

_SCALE = 2**200
"""A number between 0 and 1 is enclosed by two integers, each divided by this."""


def exponential(peak_min: int, duration_min: int) -> list[int]:
    """Per 10,000 of a dose, rounded up, what the exponential curve leaves after each second of its duration.

    The activity is ``S / tau**2 * t * (1 - t / duration) * exp(-t / tau)``, with ``tau`` and ``S`` such that it is
    largest at the peak and that its integral over the duration is 1 (Maksimovic; Loop, oref0 and AndroidAPS use it).
    What is left is, with ``a = 2 * tau / duration`` and
    ``S = 1 / (1 - a + (1 + a) * exp(-duration / tau))``::

        1 - S * (1 - a) * (1 + (t**2 / (tau * duration * (1 - a)) - t / tau - 1) * exp(-t / tau))

    All of it is rational but the two exponentials, which are enclosed; every rounding makes the result larger.
    """
    peak, duration = Fraction(60 * peak_min), 60 * duration_min
    tau = peak * (1 - peak / duration) / (1 - 2 * peak / duration)
    a = 2 * tau / duration
    low, high = _powers(tau, duration)
    scale_high = (1 - a) + (1 + a) * Fraction(high[duration], _SCALE)
    quadratic, linear = 1 / (tau * duration * (1 - a)), 1 / tau
    common = quadratic.denominator * linear.denominator
    square, first = int(quadratic * common), int(linear * common)
    share = WHOLE * (1 - a) / (scale_high * common * _SCALE)
    weights = []
    for t in range(duration + 1):
        q = square * t * t - first * t - common
        inner = common * _SCALE + q * (high[t] if q < 0 else low[t])
        weights.append(WHOLE - share.numerator * inner // share.denominator)
    return weights


def bilinear(duration_h: int) -> list[int]:
    """Per 10,000 of a dose, rounded up, what a triangle of activity leaves: its peak is at 5/12 of the duration.

    Older pumps and oref0 use it, with the peak at 75 of 180 minutes, stretched to the duration.
    """
    duration = 3600 * duration_h
    peak = Fraction(5 * duration, 12)
    rising = WHOLE / (peak * duration)
    falling = WHOLE / (duration * (duration - peak))
    return [
        WHOLE - (rising * t * t).__floor__() if t <= peak else (falling * (duration - t) ** 2).__ceil__()
        for t in range(duration + 1)
    ]


def _powers(tau: Fraction, duration: int) -> tuple[list[int], list[int]]:
    """Bounds of ``exp(-t / tau)`` for each second up to the duration."""
    low_step, high_step = _exponential_of_minus(1 / tau)
    low, high = [_SCALE], [_SCALE]
    for _ in range(duration):
        low.append(low[-1] * low_step // _SCALE)
        high.append(-(-high[-1] * high_step // _SCALE))
    return low, high


def _exponential_of_minus(x: Fraction) -> tuple[int, int]:
    """Bounds of ``exp(-x)`` for 0 < x < 1: the partial sums of its alternating series lie on both sides of it."""
    total, term = Fraction(1), Fraction(1)
    for n in count(1):
        term *= -x / n
        before, total = total, total + term
        if abs(term) * _SCALE < 1:
            low, high = min(before, total), max(before, total)
            return (low * _SCALE).__floor__(), (high * _SCALE).__ceil__()
    raise AssertionError


CURVES: dict[InsulinCurve, Callable[[], list[int]]] = {
    InsulinCurve.RAPID_8_H: lambda: exponential(75, 480),
    InsulinCurve.RAPID_6_H: lambda: exponential(75, 360),
    InsulinCurve.RAPID_CHILD_6_H: lambda: exponential(65, 360),
    InsulinCurve.FAST_6_H: lambda: exponential(55, 360),
    InsulinCurve.ULTRA_RAPID_6_H: lambda: exponential(45, 360),
    InsulinCurve.BILINEAR_6_H: lambda: bilinear(6),
    InsulinCurve.BILINEAR_5_H: lambda: bilinear(5),
    InsulinCurve.BILINEAR_4_H: lambda: bilinear(4),
    InsulinCurve.BILINEAR_3_H: lambda: bilinear(3),
}
"""How each curve falls, from the definition and not from the table."""


WEIGHTS: dict[InsulinCurve, tuple[int, ...]] = {
    InsulinCurve.RAPID_8_H: RAPID_8_H,
    InsulinCurve.RAPID_6_H: RAPID_6_H,
    InsulinCurve.RAPID_CHILD_6_H: RAPID_CHILD_6_H,
    InsulinCurve.FAST_6_H: FAST_6_H,
    InsulinCurve.ULTRA_RAPID_6_H: ULTRA_RAPID_6_H,
    InsulinCurve.BILINEAR_6_H: BILINEAR_6_H,
    InsulinCurve.BILINEAR_5_H: BILINEAR_5_H,
    InsulinCurve.BILINEAR_4_H: BILINEAR_4_H,
    InsulinCurve.BILINEAR_3_H: BILINEAR_3_H,
}
"""The weights of the pump."""


def youngest_age_s(bucket: int) -> int:
    """The least age of insulin in a bucket, whatever the second of the running one."""
    return BUCKET_S * max(bucket - 1, 0)


def oldest_age_s(bucket: int) -> int:
    """The largest age of insulin in a bucket."""
    return BUCKET_S * (bucket + 1) - 1


def too_small(weights: tuple[int, ...], by_second: list[int]) -> list[int]:
    """The ages in seconds at which insulin weighs less than the curve leaves of it, in some second of the bucket."""
    return [
        age
        for bucket in range(BUCKETS)
        for age in range(youngest_age_s(bucket), oldest_age_s(bucket) + 1)
        if weights[bucket] < (by_second[age] if age < len(by_second) else 0)
    ]
