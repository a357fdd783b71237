"""What the hardware reports about itself."""

from dataclasses import dataclass

from pumpproof.spec.pump.state import Battery, Motion, Temperature


@dataclass(frozen=True)
class HardwareReported:
    """All that the hardware senses, as it is now.

    It reports at every change, and after power on before the self-test ends.
    """

    reservoir_present: bool
    air_in_line: bool
    motion: Motion
    battery: Battery
    temperature: Temperature
