"""The bounds of a blocked line: reached, never passed, and lost when the pump's rule is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from blocked_line import Scene
from hypothesis import given, settings
from hypothesis import strategies as st

from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.bounds import alarm_within_s, most_kept_back_pulses
from pumpproof.spec.occlusion_bench.limits import PROFILES, Limits, certain_mu, possible_mu
from pumpproof.spec.occlusion_bench.model import LineClears, Reason, Second
from pumpproof.spec.occlusion_bench.properties import kept_back_pulses
from pumpproof.statemachine.occlusion_bench.system import SYSTEM
from pumpproof.verify.mutation.apply import applied
from pumpproof.verify.mutation.mutants import Mutant, mutants_of
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.work import obligations_of

SMALL = Limits(
    occlusion_pressure_pa=10,
    occlusion_persistence_s=3,
    most_pulses_per_s=2,
    certain_pulses=7,
    possible_pulses=3,
    most_leak_millipulses_per_h=0,
)
DEVICES = PROFILES.available_profiles()


def fill_as_far_as_possible(scene: Scene) -> int:
    """Stop just short of the certain volume, then push as fast as the drive can; the seconds it took."""
    limits = scene.limits
    pulses, seconds = limits.certain_pulses - 1, 0
    while pulses > 0:
        pushed = min(limits.most_pulses_per_s, pulses)
        scene.second(pushed)
        pulses, seconds = pulses - pushed, seconds + 1
    while not scene.second(limits.most_pulses_per_s).occlusion_found:
        seconds += 1
    return seconds + 1


def test_the_bound_as_a_number_is_the_bound_that_is_proved() -> None:
    for device in DEVICES:
        limits = PROFILES.load_profile(device).limits()
        assert most_kept_back_pulses(limits) == kept_back_pulses(limits) - 1


@pytest.mark.parametrize("device", DEVICES)
def test_a_block_keeps_back_all_of_the_bound_and_releases_it_at_once(device: str) -> None:
    limits = PROFILES.load_profile(device).limits()
    scene = Scene(limits)
    fill_as_far_as_possible(scene)
    most = MILLIPULSE_SECONDS_PER_PULSE * most_kept_back_pulses(limits)
    assert scene.trapped_millipulse_seconds == most
    assert scene.send(LineClears()).released_millipulse_seconds == most
    assert {"INV-LINE-001", "INV-LINE-002", "INV-LINE-003"} <= scene.monitor.reached


def seconds_to_alarm(limits: Limits, rate: int, leak: int) -> int:
    """At a constant rate, by a drive that is behind the programme by all but a pulse."""
    scene, owed, seconds = Scene(limits), 0, 0
    while True:
        seconds += 1
        pulses = (owed + rate) // MILLIPULSE_SECONDS_PER_PULSE
        owed += rate - MILLIPULSE_SECONDS_PER_PULSE * pulses
        if scene.second(pulses, rate, leak).occlusion_found:
            return seconds


def test_the_latest_second_for_an_alarm_can_be_the_one_in_which_it_comes() -> None:
    """The drive is behind from the first second on; in the eighth the surplus fills the line, and three are high."""
    scene = Scene(SMALL)
    scene.second(0, MILLIPULSE_SECONDS_PER_PULSE - 1)
    seconds = 1
    while "INV-LINE-005" not in scene.monitor.reached:
        found = scene.second(1, MILLIPULSE_SECONDS_PER_PULSE).occlusion_found
        seconds += 1
        assert found == (seconds == SMALL.certain_pulses + 1 + SMALL.occlusion_persistence_s)


@settings(max_examples=30)
@given(rate=st.integers(200_000, 2 * MILLIPULSE_SECONDS_PER_PULSE), leak=st.integers(0, 100_000))
def test_a_constant_rate_alarms_no_later_than_said_and_at_most_two_pulses_earlier(
    rate: int, leak: int
) -> None:
    limits = replace(SMALL, most_leak_millipulses_per_h=leak)
    bound_s = alarm_within_s(limits, rate)
    assert bound_s is not None
    pulse_s = -(-MILLIPULSE_SECONDS_PER_PULSE // (rate - leak))
    # One pulse by which the drive may be behind, and one before which there is nothing to leak.
    assert bound_s - 2 * pulse_s <= seconds_to_alarm(limits, rate, leak) <= bound_s


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1_000_000), st.booleans(), st.integers(0, 1_000_000)),
        max_size=40,
    )
)
def test_no_run_within_the_contract_passes_a_bound(seconds: list[tuple[int, int, bool, int]]) -> None:
    limits = replace(SMALL, most_leak_millipulses_per_h=1_000_000)
    scene = Scene(limits)
    for due_pulses, programmed, reads_late, leak in seconds:
        scene.second(due_pulses, programmed, leak, reads_late=reads_late)


def test_where_all_leaks_the_same_hour_comes_again_and_again_without_an_alarm() -> None:
    """At 0.1 U/h a drive gives a pulse of 0.1 U an hour; it has leaked before the next."""
    limits = PROFILES.load_profile("reference-line").limits()
    rate = limits.most_leak_millipulses_per_h
    assert alarm_within_s(limits, rate) is None
    scene, owed, moments = Scene(limits), 0, []
    for second in range(3 * 3600 + 1):
        if second % 3600 == 0:
            moments.append((scene.machine.state, owed))
        pulses = (owed + rate) // MILLIPULSE_SECONDS_PER_PULSE
        owed += rate - MILLIPULSE_SECONDS_PER_PULSE * pulses
        assert not scene.second(pulses, rate, rate, reads_late=False).occlusion_found
    assert moments[2:] == moments[1:2] * (len(moments) - 2)
    assert "INV-LINE-006" in scene.monitor.reached


def test_a_second_outside_the_contract_is_refused_and_says_why() -> None:
    scene = Scene(SMALL)
    assert scene.send(Second(0, 3, 0, 0)).refusal is Reason.DRIVE_TOO_FAST
    assert scene.send(Second(0, 0, 0, 1)).refusal is Reason.LEAK_TOO_LARGE
    assert scene.send(Second(0, 0, 10, 0)).refusal is Reason.SENSOR_TOO_HIGH
    for _ in range(4):
        scene.second(2)
    assert scene.send(Second(0, 0, 9, 0)).refusal is Reason.SENSOR_TOO_LOW


@given(
    st.integers(1, 1000),
    st.integers(0, 1000),
    st.integers(0, 200_000),
    st.integers(0, 200_000),
    st.integers(0, 300_000),
)
def test_volumes_follow_from_compliance_and_pressure_on_the_safe_side(
    least: int, more: int, pressure_pa: int, tolerance_pa: int, volume_nl: int
) -> None:
    """Whatever the compliance and the error are, what the line holds decides what is read."""
    known = {
        "occlusion_pressure_pa": pressure_pa,
        "pressure_tolerance_pa": tolerance_pa,
        "least_compliance_nl_per_kpa": least,
        "most_compliance_nl_per_kpa": least + more,
    }
    if volume_nl >= 10 * certain_mu(known):
        softest_reads_pa_times_compliance = 1000 * volume_nl - tolerance_pa * (least + more)
        assert softest_reads_pa_times_compliance >= pressure_pa * (least + more)
    if volume_nl < 10 * possible_mu(known):
        stiffest_reads_pa_times_compliance = 1000 * volume_nl + tolerance_pa * least
        assert stiffest_reads_pa_times_compliance < pressure_pa * least


@cache
def faults_in_the_rule() -> tuple[Mutant, ...]:
    return tuple(mutant for mutant in mutants_of(SYSTEM) if mutant.id.startswith("line/"))


def lost_by(mutant: Mutant) -> Iterator[str]:
    """The properties that are not proved any more."""
    with applied(SYSTEM, mutant) as (faulty, reader):
        symbolic = SymbolicSystem(faulty, reader)
        obligations, prover = Obligations(symbolic), Prover(symbolic, NoCache())
        for known in faulty.properties:
            if not prover.discharge(known.id, obligations_of(obligations, known.id)).proved:
                yield known.id


@pytest.mark.parametrize("mutant", faults_in_the_rule(), ids=lambda one: one.id)
def test_a_fault_in_the_rule_of_the_pump_breaks_the_proof_of_a_bound(mutant: Mutant) -> None:
    assert next(lost_by(mutant), None) is not None
