"""Exact conversions between the units of the edges and the units of the core.

At every edge a volume is a whole number of mU (milli-units of insulin), a rate is in mU/h, a time in s and a
pressure in Pa. Inside the core a volume is a whole number of *pulses*, one pulse being the smallest amount
that the drive delivers (``pulse_mu``, a fact of the device), and a basal rate is a whole number of
*millipulses per hour* (thousandths of a pulse per hour):

    rate_millipulses_per_h = rate_mu_per_h * 1000 / pulse_mu

A basal accumulator adds the rate once per second and releases one pulse each time it reaches
``MILLIPULSE_SECONDS_PER_PULSE``. That threshold is a constant, whatever the pulse size, so ``pulse_mu`` never
enters the core and every limit of the core may stay symbolic in a proof.

All arithmetic is on ``int``. ``bool`` and ``float`` are refused, also where their value would be whole.
"""

from enum import Enum
from typing import Final

MILLIPULSES_PER_PULSE: Final = 1000
SECONDS_PER_HOUR: Final = 3600
MILLIPULSE_SECONDS_PER_PULSE: Final = MILLIPULSES_PER_PULSE * SECONDS_PER_HOUR
MAX_STROKE_INTERVAL_S: Final = 60


class Rounding(Enum):
    """The direction in which a value may move when the core cannot hold it exactly."""

    AT_MOST = "at most"
    """A cap: rounded down. A cap above 0 that would become 0 is refused."""
    AT_LEAST = "at least"
    """A floor, such as a warning threshold: rounded up."""
    EXACT = "exact"
    """Refused when not representable."""


class UnitError(ValueError):
    """A value that cannot be converted. The message says what was wrong, what was expected and what to do."""


def whole(value: object, name: str, *, minimum: int = 0) -> int:
    """Return ``value`` if it is an ``int`` (not a ``bool``) of at least ``minimum``.

    Raises:
        UnitError: ``value`` has another type or is too small. ``name`` is the quantity named in the message.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnitError(
            f"{name} is {value!r} ({type(value).__name__}); expected a whole number (int). "
            f"Write volumes in mU and times in s, so that no fraction is needed."
        )
    if value < minimum:
        raise UnitError(f"{name} is {value}; expected {minimum} or more.")
    return value


def checked_pulse_mu(pulse_mu: object) -> int:
    """Return ``pulse_mu`` if a pump may use it: an ``int`` in mU that divides 1000 mU.

    Only then is every whole mU/h a whole number of millipulses per hour, and no programmed rate is ever
    rounded.

    Raises:
        UnitError: it is not a whole number of at least 1 mU, or does not divide 1000 mU.
    """
    size = whole(pulse_mu, "pulse_mu", minimum=1)
    if MILLIPULSES_PER_PULSE % size != 0:
        raise UnitError(
            f"pulse_mu is {size}; expected a divisor of 1000 mU (such as 10, 20, 25, 50 or 100), "
            f"because otherwise a rate in whole mU/h is not exact. Use the largest divisor of 1000 "
            f"that also divides the device's own increment."
        )
    return size


def pulses(volume_mu: int, pulse_mu: int, rounding: Rounding) -> int:
    """Convert a volume in mU (0 or more) to whole pulses of ``pulse_mu`` mU (1 or more).

    Raises:
        UnitError: an argument is not a whole number in range; with ``EXACT``, the volume is not a multiple of
            the pulse; with ``AT_MOST``, a volume above 0 is smaller than one pulse.
    """
    volume = whole(volume_mu, "volume_mu")
    size = whole(pulse_mu, "pulse_mu", minimum=1)
    return _divided(volume, size, rounding, f"{volume} mU", f"pulses of {size} mU")


def volume_mu(pulse_count: int, pulse_mu: int) -> int:
    """Convert a number of pulses (0 or more) back to mU, always exactly.

    Raises:
        UnitError: an argument is not a whole number in range.
    """
    return whole(pulse_count, "pulse_count") * whole(pulse_mu, "pulse_mu", minimum=1)


def millipulses(volume_mu: int, pulse_mu: int, rounding: Rounding) -> int:
    """Convert a volume in mU (0 or more) to whole millipulses, where a pulse is too coarse: a dose for one gram.

    Raises:
        UnitError: an argument is not a whole number in range; with ``EXACT``, the volume is not representable;
            with ``AT_MOST``, a volume above 0 would become 0.
    """
    volume = whole(volume_mu, "volume_mu")
    size = whole(pulse_mu, "pulse_mu", minimum=1)
    what = f"millipulses with pulses of {size} mU"
    return _divided(volume * MILLIPULSES_PER_PULSE, size, rounding, f"{volume} mU", what)


def millipulses_per_h(rate_mu_per_h: int, pulse_mu: int, rounding: Rounding) -> int:
    """Convert a rate in mU/h (0 or more) to whole millipulses per hour.

    Exact for every rate when ``pulse_mu`` divides 1000 mU, which ``checked_pulse_mu`` requires of a pump.

    Raises:
        UnitError: an argument is not a whole number in range; with ``EXACT``, the rate is not representable;
            with ``AT_MOST``, a rate above 0 would become 0.
    """
    rate = whole(rate_mu_per_h, "rate_mu_per_h")
    size = whole(pulse_mu, "pulse_mu", minimum=1)
    what = f"millipulses per hour with pulses of {size} mU"
    return _divided(rate * MILLIPULSES_PER_PULSE, size, rounding, f"{rate} mU/h", what)


def rate_mu_per_h(rate_millipulses_per_h: int, pulse_mu: int, rounding: Rounding) -> int:
    """Convert a rate in millipulses per hour (0 or more) back to mU/h.

    Raises:
        UnitError: an argument is not a whole number in range; with ``EXACT``, the rate is no whole number of
            mU/h; with ``AT_MOST``, a rate above 0 would become 0.
    """
    rate = whole(rate_millipulses_per_h, "rate_millipulses_per_h")
    size = whole(pulse_mu, "pulse_mu", minimum=1)
    what = f"{rate} millipulses per hour with pulses of {size} mU"
    return _divided(rate * size, MILLIPULSES_PER_PULSE, rounding, what, "mU/h")


def stroke(speed_mu_per_min: int, pulse_mu: int) -> tuple[int, int]:
    """Convert a delivery speed in mU/min to strokes: (pulses per stroke, seconds between strokes), both 1 or
    more.

    The shortest interval that represents the speed exactly is taken, so that a stroke is as small as
    possible: 1500 mU/min in pulses of 50 mU is one pulse every 2 s.

    Raises:
        UnitError: an argument is not a whole number of at least 1, or no interval up to
            ``MAX_STROKE_INTERVAL_S`` represents the speed exactly. The message names the next lower speed
            that one represents.
    """
    speed = whole(speed_mu_per_min, "speed_mu_per_min", minimum=1)
    size = whole(pulse_mu, "pulse_mu", minimum=1)
    pulse_minute = 60 * size
    for interval_s in range(1, MAX_STROKE_INTERVAL_S + 1):
        if speed * interval_s % pulse_minute == 0:
            return speed * interval_s // pulse_minute, interval_s
    lower = speed // size * size
    hint = f"Round it down to {lower} mU/min" if lower else f"The slowest speed is {size} mU/min"
    raise UnitError(
        f"{speed} mU/min is no whole number of pulses of {size} mU in any whole number of seconds "
        f"up to {MAX_STROKE_INTERVAL_S}. {hint} and say so in the note."
    )


def _divided(numerator: int, denominator: int, rounding: Rounding, what: str, unit: str) -> int:
    quotient, remainder = divmod(numerator, denominator)
    if remainder == 0:
        return quotient
    if rounding is Rounding.EXACT:
        raise UnitError(f"{what} is not a whole number of {unit}; an exact value is required here.")
    if rounding is Rounding.AT_LEAST:
        return quotient + 1
    if quotient == 0:
        raise UnitError(
            f"{what} is less than one unit of {unit}: as a cap it would become 0 and forbid everything. "
            f"Give a larger cap, or 0 if nothing is to be allowed."
        )
    return quotient
