"""Conversions between mU at the edges and pulses in the core: exact, or rounded in the stated direction."""

import re
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.spec.kernel.units import (
    MAX_STROKE_INTERVAL_S,
    MILLIPULSE_SECONDS_PER_PULSE,
    Rounding,
    UnitError,
    checked_pulse_mu,
    millipulses_per_h,
    pulses,
    rate_mu_per_h,
    stroke,
    volume_mu,
    whole,
)

DIVISORS_OF_1000 = [size for size in range(1, 1001) if 1000 % size == 0]

volumes = st.integers(0, 10**9)
pulse_sizes = st.integers(1, 5000)
pump_pulse_sizes = st.sampled_from(DIVISORS_OF_1000)


def refuses(message: str) -> AbstractContextManager[object]:
    return pytest.raises(UnitError, match=f"^{re.escape(message)}$")


@given(volumes, pulse_sizes)
def test_a_cap_is_rounded_down_by_less_than_a_pulse(volume: int, pulse: int) -> None:
    if 0 < volume < pulse:
        with pytest.raises(UnitError, match="as a cap it would become 0"):
            pulses(volume, pulse, Rounding.AT_MOST)
    else:
        assert 0 <= volume - volume_mu(pulses(volume, pulse, Rounding.AT_MOST), pulse) < pulse


@given(volumes, pulse_sizes)
def test_a_floor_is_rounded_up_by_less_than_a_pulse(volume: int, pulse: int) -> None:
    assert 0 <= volume_mu(pulses(volume, pulse, Rounding.AT_LEAST), pulse) - volume < pulse


@given(st.integers(0, 10**6), pulse_sizes, st.sampled_from(Rounding))
def test_a_whole_number_of_pulses_survives_the_round_trip(count: int, pulse: int, rounding: Rounding) -> None:
    assert pulses(volume_mu(count, pulse), pulse, rounding) == count


@pytest.mark.verifies("REQ-UI-008.a")
@given(volumes, pulse_sizes)
def test_an_exact_volume_is_converted_or_refused_never_rounded(volume: int, pulse: int) -> None:
    if volume % pulse:
        with pytest.raises(UnitError, match="an exact value is required here"):
            pulses(volume, pulse, Rounding.EXACT)
    else:
        assert volume_mu(pulses(volume, pulse, Rounding.EXACT), pulse) == volume


@given(st.integers(0, 10**7), pump_pulse_sizes)
def test_every_rate_in_whole_mu_per_h_is_exact_for_every_pulse_size_of_a_pump(rate: int, pulse: int) -> None:
    core = millipulses_per_h(rate, pulse, Rounding.EXACT)
    assert core * pulse == rate * 1000
    assert rate_mu_per_h(core, pulse, Rounding.EXACT) == rate


@given(st.integers(1, 10**6), st.integers(1, 5000))
def test_rates_are_rounded_in_the_stated_direction(rate: int, pulse: int) -> None:
    at_least = millipulses_per_h(rate, pulse, Rounding.AT_LEAST)
    assert (at_least - 1) * pulse < rate * 1000 <= at_least * pulse
    if rate * 1000 >= pulse:
        at_most = millipulses_per_h(rate, pulse, Rounding.AT_MOST)
        assert at_most * pulse <= rate * 1000 < (at_most + 1) * pulse


@given(st.integers(0, 10**7), pump_pulse_sizes)
def test_an_hour_at_a_rate_delivers_that_rate_whatever_the_pulse_size(rate: int, pulse: int) -> None:
    accumulated = 3600 * millipulses_per_h(rate, pulse, Rounding.EXACT)
    released, rest = divmod(accumulated, MILLIPULSE_SECONDS_PER_PULSE)
    assert released * pulse + rest * pulse // MILLIPULSE_SECONDS_PER_PULSE == rate


def test_a_rate_that_is_no_whole_number_of_mu_per_h_is_shown_only_with_a_direction() -> None:
    assert rate_mu_per_h(30, 50, Rounding.AT_MOST) == 1
    assert rate_mu_per_h(30, 50, Rounding.AT_LEAST) == 2
    with refuses(
        "30 millipulses per hour with pulses of 50 mU is not a whole number of mU/h; an exact "
        "value is required here."
    ):
        rate_mu_per_h(30, 50, Rounding.EXACT)


@pytest.mark.parametrize(
    ("speed_mu_per_min", "pulse_mu", "expected"),
    [
        pytest.param(1500, 50, (1, 2), id="25 mU/s in pulses of 50 mU"),
        pytest.param(1500, 25, (1, 1), id="1.5 U/min in pulses of 25 mU"),
        pytest.param(15_000, 25, (10, 1), id="15 U/min in pulses of 25 mU"),
        pytest.param(5000, 50, (5, 3), id="12 s for 1 U in pulses of 50 mU"),
        pytest.param(30_000, 100, (5, 1), id="10 U in 20 s in pulses of 100 mU"),
    ],
)
def test_published_speeds_become_the_smallest_exact_strokes(
    speed_mu_per_min: int, pulse_mu: int, expected: tuple[int, int]
) -> None:
    assert stroke(speed_mu_per_min, pulse_mu) == expected


@given(st.integers(1, 10**6), pulse_sizes)
def test_a_stroke_represents_the_speed_exactly_or_names_a_lower_speed_that_does(
    speed: int, pulse: int
) -> None:
    try:
        count, interval_s = stroke(speed, pulse)
    except UnitError as error:
        found = re.search(r"Round it down to (\d+) mU/min|The slowest speed is (\d+) mU/min", str(error))
        assert found is not None
        named = int(found.group(1) or found.group(2))
        assert named < speed or named == pulse
        stroke(named, pulse)
    else:
        assert count * pulse * 60 == speed * interval_s
        assert 1 <= interval_s <= MAX_STROKE_INTERVAL_S
        assert all(speed * shorter % (60 * pulse) for shorter in range(1, interval_s))


def test_a_speed_that_no_stroke_represents_is_refused_with_the_next_lower_one() -> None:
    with refuses(
        "31578 mU/min is no whole number of pulses of 100 mU in any whole number of seconds up to 60. "
        "Round it down to 31500 mU/min and say so in the note."
    ):
        stroke(31_578, 100)


def test_a_cap_that_would_become_zero_is_refused() -> None:
    with refuses(
        "40 mU is less than one unit of pulses of 50 mU: as a cap it would become 0 and forbid everything. "
        "Give a larger cap, or 0 if nothing is to be allowed."
    ):
        pulses(40, 50, Rounding.AT_MOST)
    assert pulses(0, 50, Rounding.AT_MOST) == 0


def test_a_pulse_size_that_does_not_divide_1000_mu_is_refused() -> None:
    with refuses(
        "pulse_mu is 30; expected a divisor of 1000 mU (such as 10, 20, 25, 50 or 100), "
        "because otherwise a rate "
        "in whole mU/h is not exact. Use the largest divisor of 1000 that also divides the "
        "device's own increment."
    ):
        checked_pulse_mu(30)
    assert [size for size in range(1, 1001) if accepts(size)] == DIVISORS_OF_1000


def accepts(pulse_mu: int) -> bool:
    try:
        return checked_pulse_mu(pulse_mu) == pulse_mu
    except UnitError:
        return False


@pytest.mark.verifies("REQ-INTEG-010", "REQ-UI-008.a")
@pytest.mark.parametrize("wrong", [True, False, 1.0, 0.05, "50", None])
def test_only_int_is_a_quantity(wrong: object) -> None:
    with refuses(
        f"volume_mu is {wrong!r} ({type(wrong).__name__}); expected a whole number (int). "
        f"Write volumes in mU and times in s, so that no fraction is needed."
    ):
        pulses(wrong, 50, Rounding.AT_MOST)  # type: ignore[arg-type]
    for convert in (millipulses_per_h, rate_mu_per_h):
        with pytest.raises(UnitError):
            convert(wrong, 50, Rounding.AT_MOST)  # type: ignore[arg-type]
    for convert_exactly in (volume_mu, stroke):
        with pytest.raises(UnitError):
            convert_exactly(wrong, 50)  # type: ignore[arg-type]
        with pytest.raises(UnitError):
            convert_exactly(50, wrong)  # type: ignore[arg-type]
    with pytest.raises(UnitError):
        checked_pulse_mu(wrong)


def test_negative_and_zero_sizes_are_refused() -> None:
    with refuses("volume_mu is -1; expected 0 or more."):
        pulses(-1, 50, Rounding.AT_LEAST)
    with refuses("pulse_mu is 0; expected 1 or more."):
        pulses(100, 0, Rounding.AT_MOST)
    with refuses("rate_mu_per_h is -5; expected 0 or more."):
        millipulses_per_h(-5, 50, Rounding.EXACT)
    with refuses("speed_mu_per_min is 0; expected 1 or more."):
        stroke(0, 50)
    with refuses("pulse_count is -2; expected 0 or more."):
        volume_mu(-2, 50)
    with refuses("dose is 3; expected 4 or more."):
        whole(3, "dose", minimum=4)
