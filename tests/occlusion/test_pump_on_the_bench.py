"""The running reference pump pushes into a blocked line: it keeps the contract of the bench, and its alarm agrees."""

from dataclasses import dataclass

import pump_bench
from blocked_line import Scene
from hypothesis import given, settings
from hypothesis import strategies as st

from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.bounds import alarm_within_s, most_kept_back_pulses
from pumpproof.spec.occlusion_bench.limits import Limits
from pumpproof.spec.occlusion_bench.model import Second
from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.state import OCCLUSION, AlarmPhase

OF_PUMP = pump_bench.SMALL
LINE = Limits(
    occlusion_pressure_pa=OF_PUMP.occlusion_pressure_pa,
    occlusion_persistence_s=OF_PUMP.occlusion_persistence_s,
    most_pulses_per_s=OF_PUMP.stroke_pulses + 1,
    certain_pulses=9,
    possible_pulses=4,
    most_leak_millipulses_per_h=100_000,
)


@dataclass(frozen=True)
class Outcome:
    """When the pump alarmed, and what was then trapped."""

    seconds: int
    trapped_millipulse_seconds: int


def until_the_alarm(rate: int, bolus: int, leak: int, *, reads_late: bool) -> Outcome:
    """The pump hears what the line does, and the line gets what the pump drives."""
    pump = pump_bench.delivering(rate)
    if bolus:
        pump.bolus(bolus)
    scene, seconds = Scene(LINE), 0
    while True:
        seconds += 1
        volume = LINE.certain_pulses if reads_late else LINE.possible_pulses
        is_high = scene.trapped_millipulse_seconds >= MILLIPULSE_SECONDS_PER_PULSE * volume
        pressure_pa = LINE.occlusion_pressure_pa if is_high else 0
        driven = pump.send(Tick(0, pressure_pa, delivery_inhibited=False)).drive_pulses
        outputs = scene.send(Second(rate, driven, pressure_pa, leak))
        assert outputs.drive_pulses == driven, "the bench lets through what the pump drives"
        found = pump.pump().alarms.phases[OCCLUSION] is AlarmPhase.SOUNDING
        assert outputs.occlusion_found == found, "pump and bench find the occlusion in the same second"
        if found:
            assert driven == 0
            return Outcome(seconds, scene.trapped_millipulse_seconds)


@settings(max_examples=30)
@given(
    rate=st.integers(300_000, OF_PUMP.max_basal_millipulses_per_h),
    bolus=st.integers(0, OF_PUMP.max_bolus_pulses),
    leak=st.integers(0, LINE.most_leak_millipulses_per_h),
    reads_late=st.booleans(),
)
def test_the_pump_keeps_within_the_bounds_of_the_bench(
    rate: int, bolus: int, leak: int, reads_late: bool
) -> None:
    outcome = until_the_alarm(rate, bolus, leak, reads_late=reads_late)
    bound_s = alarm_within_s(LINE, rate)
    assert bound_s is not None
    assert outcome.seconds <= bound_s
    most = MILLIPULSE_SECONDS_PER_PULSE * most_kept_back_pulses(LINE)
    assert outcome.trapped_millipulse_seconds <= most


def test_basal_into_the_leakiest_line_alarms_within_a_pulse_of_the_bound() -> None:
    rate, leak = OF_PUMP.max_basal_millipulses_per_h, LINE.most_leak_millipulses_per_h
    bound_s = alarm_within_s(LINE, rate)
    assert bound_s is not None
    pulse_s = -(-MILLIPULSE_SECONDS_PER_PULSE // rate)
    assert bound_s - until_the_alarm(rate, 0, leak, reads_late=True).seconds <= pulse_s
