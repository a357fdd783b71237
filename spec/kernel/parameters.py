"""How a system describes its parameters (the limits it is proved for) and the conditions that make them
valid.

A system keeps its limits in one frozen dataclass of ``int`` fields in the units of the core. A ``Parameter``
says which value of a device profile becomes which of these fields, in what unit, rounded in which direction,
and who decides it. A ``Condition`` is one sentence that valid limits satisfy. Its ``holds`` is a plain
function in the strict subset of Python that is read as formulas: the conjunction of all conditions is the
assumption under which every property is proved.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, assert_never

from pumpproof.spec.kernel.declared import check_tuples, refuse_derived
from pumpproof.spec.kernel.identifiers import check_id
from pumpproof.spec.kernel.units import Rounding, millipulses, millipulses_per_h, pulses, stroke, whole


class Role(Enum):
    """Who decides a parameter."""

    DEVICE = "device"
    """A published fact about a device. Without a source it is unknown."""
    SETTING = "setting"
    """Chosen by the therapist or the integrator. A profile may leave it out; the reference default then
    applies."""


class Kind(Enum):
    """How a proof treats a parameter."""

    LINEAR = "linear"
    """Symbolic: proved for every valid value at once. It may be added, compared and scaled by a literal."""


class Quantity(Enum):
    """What a profile value measures: the ending of its name, the unit, and how many fields it becomes."""

    VOLUME = ("_mu", "mU", 1)
    RATE = ("_mu_per_h", "mU/h", 1)
    SPEED = ("_mu_per_min", "mU/min", 2)
    DURATION = ("_s", "s", 1)
    PRESSURE = ("_pa", "Pa", 1)
    COMPLIANCE = ("_nl_per_kpa", "nl/kPa", 1)
    COUNT = ("_per_day", "a day", 1)
    FACTOR = ("_times", "times", 1)
    CARBOHYDRATE = ("_g", "g", 1)
    GLUCOSE = ("_mg_per_dl", "mg/dL", 1)
    PER_GRAM = ("_mu_per_g", "mU/g", 1)
    PER_GLUCOSE = ("_mu_per_mg_per_dl", "mU for a mg/dL", 1)

    def __init__(self, ending: str, unit: str, field_count: int) -> None:
        self.ending = ending
        self.unit = unit
        self.field_count = field_count


@dataclass(frozen=True)
class Default:
    """The reference default of a setting.

    ``value`` is in the unit of the parameter: a number, or a function of the device's own values (by edge
    name, ``pulse_mu`` included) in integer arithmetic. Reading a value that the profile does not know makes
    the default unknown too. ``rule`` says the same in words; ``reason`` says why it was chosen.
    """

    value: int | Callable[[Mapping[str, int]], int]
    rule: str
    reason: str


@dataclass(frozen=True)
class Parameter:
    """One value of a device profile and the fields of the limits that it becomes.

    Attributes:
        name: what people call it, for tables and messages. meaning: one sentence. edge: the name in the
            profile, which ends in its unit (``max_bolus_mu``). fields: the fields of the limits, in core
            units. Two for a speed: pulses per stroke, seconds between strokes. quantity: what is measured.
            role: who decides it. rounding: the direction in which the conversion may move it. A speed is
            always converted exactly. kind: how a proof treats it. default: the reference default. Exactly the
            settings have one.

    Raises:
        ValueError: the description contradicts itself.
    """

    name: str
    meaning: str
    edge: str
    fields: tuple[str, ...]
    quantity: Quantity
    role: Role
    rounding: Rounding
    kind: Kind = Kind.LINEAR
    default: Default | None = None

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Parameter)

    def __post_init__(self) -> None:
        check_tuples(f"parameter {self.edge!r}", self, "fields")
        if not self.edge.endswith(self.quantity.ending):
            raise ValueError(
                f"parameter {self.edge!r} is given in {self.unit}; "
                f"its name must end in {self.quantity.ending!r}."
            )
        if len(self.fields) not in (0, self.quantity.field_count):
            raise ValueError(
                f"parameter {self.edge!r} names {len(self.fields)} fields; "
                f"a value in {self.quantity.unit} becomes {self.quantity.field_count}."
            )
        if (self.default is None) != (self.role is Role.DEVICE):
            raise ValueError(
                f"parameter {self.edge!r}: a setting has a reference default, a device fact has none."
            )

    @property
    def unit(self) -> str:
        """The unit of the value in the profile."""
        return self.quantity.unit

    def convert(self, value: int, pulse_mu: int) -> dict[str, int]:
        """Convert a profile value to the fields of the limits, in core units.

        Raises:
            UnitError: the value is not a whole number of 0 or more, or the core cannot hold it (see
                ``Rounding``).
        """
        whole(value, self.edge)
        if not self.fields:
            return {}
        match self.quantity:
            case Quantity.VOLUME:
                return {self.fields[0]: pulses(value, pulse_mu, self.rounding)}
            case Quantity.RATE:
                return {self.fields[0]: millipulses_per_h(value, pulse_mu, self.rounding)}
            case Quantity.SPEED:
                return dict(zip(self.fields, stroke(value, pulse_mu), strict=True))
            case Quantity.PER_GRAM | Quantity.PER_GLUCOSE:
                return {self.fields[0]: millipulses(value, pulse_mu, self.rounding)}
            case (
                Quantity.DURATION
                | Quantity.PRESSURE
                | Quantity.COMPLIANCE
                | Quantity.COUNT
                | Quantity.FACTOR
                | Quantity.CARBOHYDRATE
                | Quantity.GLUCOSE
            ):
                return {self.fields[0]: value}
        assert_never(self.quantity)


PULSE: Final = Parameter(
    name="pulse size",
    meaning="The smallest amount that the drive delivers, a divisor of 1000 mU; it never enters the core.",
    edge="pulse_mu",
    fields=(),
    quantity=Quantity.VOLUME,
    role=Role.DEVICE,
    rounding=Rounding.EXACT,
)
"""Every profile of every system gives this one value besides the parameters of the system."""


@dataclass(frozen=True)
class Condition:
    """One sentence that valid limits satisfy.

    ``holds`` is written in the strict subset (attributes of its argument, integer literals, ``+``, ``-``,
    ``*`` by a literal, comparisons, ``and``, ``or``, ``not``, ``return``), because it is read from its source
    as a formula. ``says`` tells in one sentence what it requires and why.

    Raises:
        ValueError: the id does not have the form ``ASM-DOSE-001``, or ``says`` is no sentence.
    """

    id: str
    says: str
    holds: Callable[..., bool]

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Condition)

    def __post_init__(self) -> None:
        check_id(self.id, "ASM")
        if not self.says.endswith("."):
            raise ValueError(f"{self.id}: `says` must be a sentence that ends in a full stop")


def check_parameters(parameters: Iterable[Parameter], limits_type: type[Any]) -> None:
    """Check that the parameters fill each field of the dataclass ``limits_type`` exactly once.

    Raises:
        ValueError: a field is filled never or more than once, or two parameters share an edge name. All are
            named.
    """
    declared = [field.name for field in dataclasses.fields(limits_type)]
    given = list(parameters)
    filled = [name for parameter in given for name in parameter.fields]
    edges = [PULSE.edge, *(parameter.edge for parameter in given)]
    complaints = [f"no parameter fills {name!r}" for name in declared if name not in filled]
    complaints += [
        f"{name!r} is no field of {limits_type.__name__}" for name in filled if name not in declared
    ]
    complaints += [f"{name!r} is filled more than once" for name in declared if filled.count(name) > 1]
    complaints += [
        f"the edge name {name!r} is used more than once"
        for name in sorted(set(edges))
        if edges.count(name) > 1
    ]
    if complaints:
        raise ValueError("; ".join(complaints) + ".")
