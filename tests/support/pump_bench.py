"""The reference pump on a bench: the running machine, with every property as a monitor at every step."""

from pumpproof.spec.pump.events import (
    BolusRequested,
    ConfirmBolus,
    ConfirmDisconnected,
    Event,
    PowerOn,
    ProgramBasal,
    ReservoirReplaced,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.state import ALARMS, Alarm, AlarmPhase, Pattern, Pump
from pumpproof.statemachine.kernel.machine import Machine, Taken
from pumpproof.statemachine.kernel.monitor import NEVER, Monitor, Opening
from pumpproof.statemachine.pump.system import SYSTEM

SMALL = Limits(
    max_bolus_pulses=6,
    max_basal_millipulses_per_h=1_800_000,
    max_hour_pulses=1_820,
    max_day_pulses=43_600,
    stroke_pulses=2,
    stroke_interval_s=3,
    max_prime_pulses=5,
    max_prime_s=20,
    prime_confirmation_s=4,
    max_cannula_fill_pulses=3,
    set_change_s=259_200,
    service_grace_s=28_800,
    reservoir_capacity_pulses=40,
    low_reservoir_pulses=5,
    level_disagreement_pulses=4,
    occlusion_pressure_pa=10,
    occlusion_persistence_s=2,
    occlusion_release_pa=5,
    repeated_occlusion_window_s=60,
    max_temporary_basal_s=5,
    audio_pause_s=3,
    escalation_s=8,
    bolus_lockout_s=4,
    max_boluses_per_day=60,
    confirmation_s=5,
    max_timed_suspension_s=6,
    reminder_s=900,
    max_carbohydrate_g=60,
    lowest_glucose_mg_per_dl=54,
    highest_glucose_mg_per_dl=600,
    glucose_valid_s=9,
    least_millipulses_per_g=5,
    most_millipulses_per_g=500,
    least_millipulses_per_mg_per_dl=2,
    most_millipulses_per_mg_per_dl=200,
    lowest_target_mg_per_dl=87,
    highest_target_mg_per_dl=180,
    temporary_highest_times=3,
    temporary_current_times=4,
    min_extended_s=6,
    max_extended_s=40,
    count_tolerance_pulses=40,
    gross_difference_pulses=40,
    surplus_persistence_s=2,
    shortfall_persistence_s=3,
    self_test_interval_s=10_000,
    self_test_bound_s=4,
    watchdog_s=1_000,
)
"""Valid limits under which everything happens within seconds; at the largest basal a pulse every 2 s."""

HIGH_PA = SMALL.occlusion_pressure_pa
FULL_BASAL = SMALL.max_basal_millipulses_per_h


class Bench:
    """A pump that fails the test in the very step in which a property does not hold."""

    def __init__(self, limits: Limits = SMALL, opening: Opening = NEVER) -> None:
        self.limits = limits
        self.machine = Machine(SYSTEM, limits)
        self.monitor = Monitor(SYSTEM, limits, opening)
        assert self.monitor.start(self.machine.state) == ()

    def pump(self) -> Pump:
        """The state now."""
        state = self.machine.state
        assert isinstance(state, Pump)
        return state

    def phase(self, alarm: Alarm) -> AlarmPhase:
        """The phase of one alarm now."""
        return self.pump().alarms.phases[ALARMS.index(alarm)]

    def step(self, event: Event) -> Taken:
        """Take one event, and judge every property."""
        taken = self.machine.step(event)
        assert self.monitor.observe(taken) == ()
        return taken

    def send(self, *events: Event) -> Outputs:
        """Take the events in turn; the outputs of the last."""
        outputs = Outputs()
        for event in events:
            found = self.step(event).outputs
            assert isinstance(found, Outputs)
            outputs = found
        return outputs

    def bolus(self, pulses: int) -> Outputs:
        """Ask for a bolus and, if it is shown, confirm it; the outputs of the last step."""
        shown = self.send(BolusRequested(pulses))
        return self.send(ConfirmBolus(pulses)) if shown.refusal is Reason.NONE else shown

    def seconds(
        self, count: int, *, slot: int = 0, pressure_pa: int = 0, late: bool = False
    ) -> tuple[int, ...]:
        """Let seconds pass; the pulses that each of them drives."""
        return tuple(self.send(Tick(slot, pressure_pa, late)).drive_pulses for _ in range(count))

    def open(self, observer: str) -> None:
        """Open an observer that may open anywhere."""
        assert self.monitor.open(observer) == ()


def ready(limits: Limits = SMALL, reservoir_pulses: int | None = None) -> Bench:
    """A pump in idle, with a full reservoir unless said otherwise."""
    bench = Bench(limits)
    pulses = limits.reservoir_capacity_pulses if reservoir_pulses is None else reservoir_pulses
    bench.send(PowerOn(), SelfTestFinished(passed=True), ReservoirReplaced(pulses))
    return bench


def priming(pulses: int = 5, limits: Limits = SMALL, reservoir_pulses: int | None = None) -> Bench:
    """A pump that begins to prime, off the body."""
    bench = ready(limits, reservoir_pulses)
    assert bench.send(ConfirmDisconnected(), StartPrime(pulses)).refusal is Reason.NONE
    return bench


def delivering(basal: int = 0, limits: Limits = SMALL, reservoir_pulses: int | None = None) -> Bench:
    """A pump that delivers this basal rate in slot 0."""
    bench = ready(limits, reservoir_pulses)
    bench.send(ProgramBasal(Pattern.WEEKDAY, 0, basal), StartDelivery())
    bench.open("hour window")
    bench.open("basal stretch")
    bench.open("day window")
    bench.open("day of therapy")
    return bench
