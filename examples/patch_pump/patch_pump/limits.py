"""The limits of a patch, what makes them valid, and where a device profile gives them."""

from dataclasses import dataclass
from pathlib import Path

from pumpproof.spec.kernel.parameters import Condition, Parameter, Quantity, Role
from pumpproof.spec.kernel.profiles import ProfileLibrary
from pumpproof.spec.kernel.units import Rounding

MILLIPULSE_SECONDS_PER_PULSE = 3_600_000
"""A rate of so many millipulses per hour gives one pulse a second."""


@dataclass(frozen=True)
class Limits:
    """What a kind of patch allows; the basal rate is one for its whole life."""

    max_bolus_pulses: int
    min_fill_pulses: int
    capacity_pulses: int
    basal_millipulses_per_h: int


def can_be_filled(limits: Limits) -> bool:
    return 1 <= limits.min_fill_pulses <= limits.capacity_pulses <= 100_000


def can_give_a_bolus(limits: Limits) -> bool:
    return 1 <= limits.max_bolus_pulses <= limits.min_fill_pulses


def gives_at_most_a_pulse_a_second(limits: Limits) -> bool:
    return 0 <= limits.basal_millipulses_per_h <= MILLIPULSE_SECONDS_PER_PULSE


CONDITIONS = (
    Condition("ASM-RES-001", "A patch can be filled.", can_be_filled),
    Condition("ASM-BOLUS-001", "The smallest fill holds the largest bolus.", can_give_a_bolus),
    Condition("ASM-BASAL-001", "Basal is at most a pulse a second.", gives_at_most_a_pulse_a_second),
)


def _volume(name: str, meaning: str, edge: str, field: str, rounding: Rounding) -> Parameter:
    return Parameter(name, meaning, edge, (field,), Quantity.VOLUME, Role.DEVICE, rounding)


PROFILES = ProfileLibrary(
    (
        _volume(
            "largest bolus", "Largest single bolus.", "max_bolus_mu", "max_bolus_pulses", Rounding.AT_MOST
        ),
        _volume(
            "smallest fill", "Least it is filled with.", "min_fill_mu", "min_fill_pulses", Rounding.AT_LEAST
        ),
        _volume(
            "capacity", "Content of a full reservoir.", "capacity_mu", "capacity_pulses", Rounding.AT_MOST
        ),
        Parameter(
            "basal rate",
            "The rate that this patch gives for its whole life.",
            "basal_mu_per_h",
            ("basal_millipulses_per_h",),
            Quantity.RATE,
            Role.DEVICE,
            Rounding.EXACT,
        ),
    ),
    Limits,
    Path(__file__).resolve().parent / "profiles",
)
