"""The occlusion bench as it runs: a blocked line, with every property as a monitor at every step."""

from pumpproof.spec.kernel.units import MILLIPULSE_SECONDS_PER_PULSE
from pumpproof.spec.occlusion_bench.limits import Limits
from pumpproof.spec.occlusion_bench.model import Bench, LineBlocks, LineClears, Outputs, Reason, Second
from pumpproof.statemachine.kernel.machine import Machine
from pumpproof.statemachine.kernel.monitor import EVERY_STEP, Monitor
from pumpproof.statemachine.occlusion_bench.system import SYSTEM


class Scene:
    """A blocked line that fails the test in the very step in which a property of the bench does not hold."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.machine = Machine(SYSTEM, limits)
        self.monitor = Monitor(SYSTEM, limits, EVERY_STEP)
        assert self.monitor.start(self.machine.state) == ()
        self.send(LineBlocks())

    @property
    def trapped_millipulse_seconds(self) -> int:
        state = self.machine.state
        assert isinstance(state, Bench)
        return state.trapped_millipulse_seconds

    def send(self, event: LineBlocks | LineClears | Second) -> Outputs:
        taken = self.machine.step(event)
        assert self.monitor.observe(taken) == ()
        assert isinstance(taken.outputs, Outputs)
        return taken.outputs

    def second(
        self, due_pulses: int, programmed: int = 0, leak: int = 0, *, reads_late: bool = True
    ) -> Outputs:
        """A second in which the sensor reads as low as the contract allows, or else as high."""
        volume = self.limits.certain_pulses if reads_late else self.limits.possible_pulses
        is_high = self.trapped_millipulse_seconds >= MILLIPULSE_SECONDS_PER_PULSE * volume
        pressure_pa = self.limits.occlusion_pressure_pa if is_high else 0
        outputs = self.send(Second(programmed, due_pulses, pressure_pa, leak))
        assert outputs.refusal is Reason.NONE
        return outputs
