"""The contract of the line: how much it holds before its pressure must, or may, count as an occlusion.

The pressure of a blocked line is what it holds divided by its compliance, which lies in an interval, and a sensor reads
it with an error. A proof with an unknown compliance times an unknown pressure would multiply two unknowns. But the
pump's rule asks one thing only of the pressure, whether it has reached the threshold. So the contract is stated in
volumes: a line that holds ``certain_pulses`` is read as high whatever its compliance and the error of its sensor are,
and one that holds less than ``possible_pulses`` is not. Both products are formed once, by the defaults below, in whole
numbers and rounded to the safe side; a device whose documents give volumes states them in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pumpproof.spec.kernel.parameters import Condition, Default, Parameter, Quantity, Role
from pumpproof.spec.kernel.profiles import ProfileLibrary
from pumpproof.spec.kernel.units import Rounding

MOST_PERSISTENCE_S: Final = 30

NL_PA_PER_KPA_PER_MU: Final = 10_000
"""At U-100 one mU is 10 nl, and 1 kPa is 1000 Pa: so many nl/kPa times Pa are one mU."""


@dataclass(frozen=True)
class Limits:
    """The limits under which the bench is proved, in core units."""

    occlusion_pressure_pa: int
    """The pump suspects an occlusion from this reading on."""
    occlusion_persistence_s: int
    """The reading must stay there for this long before the pump declares an occlusion."""
    most_pulses_per_s: int
    """Most that the drive pushes in one second, basal and bolus together."""
    certain_pulses: int
    """A line that holds so much is read as high, whatever its compliance and the error of its sensor."""
    possible_pulses: int
    """A line that holds less than this is not read as high."""
    most_leak_millipulses_per_h: int
    """Most that gets past the block, or out of the line."""


def occlusion_pressure_is_positive(limits: Limits) -> bool:
    return limits.occlusion_pressure_pa >= 1


def occlusion_persistence_is_short(limits: Limits) -> bool:
    return 1 <= limits.occlusion_persistence_s <= MOST_PERSISTENCE_S


def drive_pushes_something(limits: Limits) -> bool:
    return limits.most_pulses_per_s >= 1


def basal_alone_does_not_alarm(limits: Limits) -> bool:
    return limits.possible_pulses >= 2


def certain_is_possible(limits: Limits) -> bool:
    return limits.possible_pulses <= limits.certain_pulses


def leak_is_no_inflow(limits: Limits) -> bool:
    return limits.most_leak_millipulses_per_h >= 0


CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition(
        "ASM-LINE-001",
        "The occlusion threshold is above zero, because an open line at rest must not count as occluded.",
        occlusion_pressure_is_positive,
    ),
    Condition(
        "ASM-LINE-002",
        "The occlusion persistence is one to thirty seconds, because the drive goes on pushing that long.",
        occlusion_persistence_is_short,
    ),
    Condition(
        "ASM-LINE-003",
        "The drive pushes at least one pulse in a second, because otherwise it gives nothing.",
        drive_pushes_something,
    ),
    Condition(
        "ASM-LINE-004",
        "A line takes up two pulses before it can be read as high, because basal comes in whole pulses.",
        basal_alone_does_not_alarm,
    ),
    Condition(
        "ASM-LINE-005",
        "What makes a high reading certain is no less than what makes it possible, because both are of one line.",
        certain_is_possible,
    ),
    Condition(
        "ASM-LINE-006",
        "The largest leak is zero or more, because nothing flows into the line but from the drive.",
        leak_is_no_inflow,
    ),
)


def certain_mu(known: Mapping[str, int]) -> int:
    """What the softest line holds at the highest pressure that may still be read as low, rounded up."""
    pressure_pa = known["occlusion_pressure_pa"] + known["pressure_tolerance_pa"]
    return -(-known["most_compliance_nl_per_kpa"] * pressure_pa // NL_PA_PER_KPA_PER_MU)


def possible_mu(known: Mapping[str, int]) -> int:
    """What the stiffest line holds at the lowest pressure that may already be read as high, rounded down."""
    pressure_pa = max(0, known["occlusion_pressure_pa"] - known["pressure_tolerance_pa"])
    return known["least_compliance_nl_per_kpa"] * pressure_pa // NL_PA_PER_KPA_PER_MU


def _device(
    name: str, meaning: str, edge: str, quantity: Quantity, rounding: Rounding, *fields: str
) -> Parameter:
    return Parameter(name, meaning, edge, fields, quantity, Role.DEVICE, rounding)


PARAMETERS: Final[tuple[Parameter, ...]] = (
    _device(
        "occlusion pressure",
        "The nominal line pressure from which an occlusion is suspected.",
        "occlusion_pressure_pa",
        Quantity.PRESSURE,
        Rounding.EXACT,
        "occlusion_pressure_pa",
    ),
    _device(
        "pressure tolerance",
        "How far threshold, sensor and the pressure of a line at rest are off, all together.",
        "pressure_tolerance_pa",
        Quantity.PRESSURE,
        Rounding.EXACT,
    ),
    _device(
        "least compliance",
        "What the stiffest line takes up per kPa.",
        "least_compliance_nl_per_kpa",
        Quantity.COMPLIANCE,
        Rounding.EXACT,
    ),
    _device(
        "largest compliance",
        "What the softest line takes up per kPa, bubbles and reservoir included.",
        "most_compliance_nl_per_kpa",
        Quantity.COMPLIANCE,
        Rounding.EXACT,
    ),
    _device(
        "largest push",
        "The most that the drive pushes in one second.",
        "most_push_mu",
        Quantity.VOLUME,
        Rounding.AT_LEAST,
        "most_pulses_per_s",
    ),
    _device(
        "largest leak",
        "The most that gets past the block, or out of the line.",
        "most_leak_mu_per_h",
        Quantity.RATE,
        Rounding.EXACT,
        "most_leak_millipulses_per_h",
    ),
    Parameter(
        name="occlusion persistence",
        meaning="How long the pressure must persist before an occlusion is declared.",
        edge="occlusion_persistence_s",
        fields=("occlusion_persistence_s",),
        quantity=Quantity.DURATION,
        role=Role.SETTING,
        rounding=Rounding.EXACT,
        default=Default(3, rule="3 s", reason="As the reference pump."),
    ),
    Parameter(
        name="certain volume",
        meaning="A line that holds so much is read as high.",
        edge="certain_mu",
        fields=("certain_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_LEAST,
        default=Default(
            certain_mu,
            rule="the largest compliance times the sum of occlusion pressure and tolerance",
            reason="The softest line holds most before its pressure is high.",
        ),
    ),
    Parameter(
        name="possible volume",
        meaning="A line that holds less than this is not read as high.",
        edge="possible_mu",
        fields=("possible_pulses",),
        quantity=Quantity.VOLUME,
        role=Role.SETTING,
        rounding=Rounding.AT_MOST,
        default=Default(
            possible_mu,
            rule="the least compliance times the difference of occlusion pressure and tolerance",
            reason="The pressure of the stiffest line rises first.",
        ),
    ),
)

PROFILES: Final = ProfileLibrary(PARAMETERS, Limits, Path(__file__).resolve().parent / "profiles")
"""Lines of this project's own making, and of devices whose documents say enough."""
