"""The numbers of docs/occlusion.md are those of the shipped lines."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pumpproof.spec.kernel.profiles import Known, Profile
from pumpproof.spec.occlusion_bench.bounds import alarm_within_s, most_kept_back_pulses
from pumpproof.spec.occlusion_bench.limits import PROFILES, Limits

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "occlusion.md").read_text(encoding="utf-8")
TIME = re.compile(r"^\| ([a-z0-9-]+) \| (\d+) mU/h \|.*\| (\d+) s(?: = ([\d.]+) h)? \|$", re.MULTILINE)
KEPT = re.compile(r"^\| ([a-z0-9-]+) \|.*\| (\d+) mU \|$", re.MULTILINE)
PROMISED = "an alarm at 1 U/h within 5603 s and at 0.1 U/h never"
BOLUS = "a bolus at 3 U/min into the reference line stops within 32 s"


def pulse_mu(profile: Profile[Limits]) -> int:
    size = profile.entries[0].value
    assert isinstance(size, Known)
    return size.value


def bound_s(device: str, rate_mu_per_h: int) -> int | None:
    profile = PROFILES.load_profile(device)
    return alarm_within_s(profile.limits(), rate_mu_per_h * 1000 // pulse_mu(profile))


def documented() -> Iterator[tuple[str, int, int, str]]:
    for device, rate, seconds, hours in TIME.findall(PAGE):
        yield device, int(rate), int(seconds), hours


@pytest.mark.parametrize(("device", "rate_mu_per_h", "seconds", "hours"), [*documented()])
def test_the_time_until_the_alarm_is_computed(
    device: str, rate_mu_per_h: int, seconds: int, hours: str
) -> None:
    assert bound_s(device, rate_mu_per_h) == seconds
    assert hours in ("", f"{seconds / 3600:.2f}")


def test_at_least_three_real_devices_are_compared() -> None:
    shown = {device for device, *_ in documented()}
    assert shown == {device for device, _ in KEPT.findall(PAGE)}
    assert shown == set(PROFILES.available_profiles()) - {"reference-line"}
    assert len(shown) >= 3


def test_what_is_kept_back_is_computed() -> None:
    for device, kept_back_mu in KEPT.findall(PAGE):
        profile = PROFILES.load_profile(device)
        assert int(kept_back_mu) == most_kept_back_pulses(profile.limits()) * pulse_mu(profile), device


def test_what_the_reference_line_promises_is_computed() -> None:
    text = " ".join(PAGE.split())
    assert PROMISED in text and BOLUS in text
    assert (bound_s("reference-line", 1000), bound_s("reference-line", 100)) == (5603, None)
    assert bound_s("reference-line", 180_000) == 32
