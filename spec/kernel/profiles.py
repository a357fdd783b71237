"""Device profiles: the published limits of one device, and what they say about the conditions of a system.

A profile never guesses. Each value is known (with the source it was read in) or unknown (with the reason),
and a condition that touches an unknown value has the verdict ``unknown``. Nothing here knows a particular
pump: a ``ProfileLibrary`` is told which parameters a system has, which dataclass its limits are, and where
its files lie. The module ``profile_file`` describes the file format.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Generic, TypeVar

from pumpproof.spec.kernel.declared import check_tuples, refuse_derived
from pumpproof.spec.kernel.parameters import Condition, Parameter, Quantity, check_parameters
from pumpproof.spec.kernel.profile_file import (
    PROFILE_ID_PATTERN,
    Entry,
    Known,
    ProfileError,
    Unknown,
    UnknownRead,
    nearest,
    read_profile_file,
)
from pumpproof.spec.kernel.units import UnitError

__all__ = [
    "ConditionCheck",
    "ConditionVerdict",
    "Entry",
    "Known",
    "Profile",
    "ProfileError",
    "ProfileLibrary",
    "Unknown",
    "UnknownField",
    "check_profile",
]

LimitsT = TypeVar("LimitsT")


@dataclass(frozen=True)
class UnknownField:
    """A field of the limits that cannot be computed, because the value ``edge`` of the profile is unknown."""

    edge: str
    why: str


@dataclass(frozen=True)
class Profile(Generic[LimitsT]):
    """One device: an entry for the pulse size first, then one for every parameter of the system, in its
    order."""

    id: str
    name: str
    kind: str
    path: Path
    entries: tuple[Entry, ...]
    limits_type: Callable[..., LimitsT]

    def fields(self) -> dict[str, int | UnknownField]:
        """The fields of the limits in core units, each computed or unknown.

        Raises:
            ProfileError: a known value cannot be converted (see ``Rounding``).
        """
        pulse = self.entries[0]
        result: dict[str, int | UnknownField] = {}
        for entry in self.entries[1:]:
            missing = entry if isinstance(entry.value, Unknown) else pulse
            if isinstance(missing.value, Unknown) and (missing is entry or _counts_pulses(entry.parameter)):
                unknown = UnknownField(missing.parameter.edge, missing.value.why)
                result.update((field, unknown) for field in entry.parameter.fields)
            elif isinstance(entry.value, Known):
                size = pulse.value.value if isinstance(pulse.value, Known) else 1
                result.update(self._converted(entry, entry.value.value, size))
        return result

    def limits(self) -> LimitsT:
        """The limits of this device. They may still violate a condition: ``check_profile`` judges that.

        Raises:
            ProfileError: a value is unknown (all are named), or one cannot be converted.
        """
        fields = self.fields()
        if any(isinstance(value, UnknownField) for value in fields.values()):
            missing = "; ".join(
                f"{entry.parameter.edge} ({entry.value.why.rstrip('.')})"
                for entry in self.entries
                if isinstance(entry.value, Unknown) and not entry.value.rests_on
            )
            raise ProfileError(
                f"{self.path}: profile {self.id!r} has no complete limits, because it does not know: "
                f"{missing}. Give each a value and the source you read it in, or choose another profile."
            )
        return self.limits_type(**fields)

    def _converted(self, entry: Entry, value: int, pulse_mu: int) -> dict[str, int]:
        try:
            return entry.parameter.convert(value, pulse_mu)
        except UnitError as error:
            where = self.path if entry.line is None else f"{self.path}:{entry.line}"
            raise ProfileError(f"{where}: {entry.parameter.edge}: {error}") from error


class ConditionVerdict(Enum):
    """What a profile says about one condition."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ConditionCheck:
    """The verdict of one condition on one profile.

    ``read`` holds the fields that decided it, in core units, in the order in which they were read. With the
    verdict ``unknown``, ``unknown_edge`` names the value of the profile that is missing, and ``why`` says why
    it is.
    """

    id: str
    says: str
    verdict: ConditionVerdict
    read: tuple[tuple[str, int], ...] = ()
    unknown_edge: str = ""
    why: str = ""


def check_profile(profile: Profile[LimitsT], conditions: Sequence[Condition]) -> tuple[ConditionCheck, ...]:
    """Judge every condition on a profile, in order.

    A condition is run on the profile's own values and stops at the first unknown value that it reads; it is
    then ``unknown``. Where the known values already decide it (``A and B`` with ``A`` false), it never reads
    the unknown one, and the verdict holds for whatever that value may be.

    Raises:
        ProfileError: a known value cannot be converted (see ``Rounding``).
    """
    fields = profile.fields()
    return tuple(_checked(condition, fields) for condition in conditions)


@dataclass(frozen=True)
class ProfileLibrary(Generic[LimitsT]):
    """The profiles of one system: its parameters, the dataclass of its limits, and the folder of its files.

    Raises:
        ValueError: the parameters do not fill each field of the limits exactly once.
    """

    parameters: tuple[Parameter, ...]
    limits_type: type[LimitsT]
    folder: Path

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, ProfileLibrary)

    def __post_init__(self) -> None:
        check_tuples("the library of profiles", self, "parameters")
        check_parameters(self.parameters, self.limits_type)

    def available_profiles(self) -> tuple[str, ...]:
        """The ids of the shipped profiles, sorted."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.toml")))

    def load_profile(self, path_or_id: str | Path) -> Profile[LimitsT]:
        """Read a profile: a shipped one by its id, or a file by its path (a ``Path``, or text that is no id).

        Raises:
            ProfileError: there is no such profile, or the file breaks the format or gives a value that cannot
                be used.
        """
        path = self._path(path_or_id)
        try:
            text = path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            raise ProfileError(
                f"{path}: there is no such file. Give the path of a profile, or an id: {self._ids()}."
            ) from None
        except OSError as error:
            raise ProfileError(
                f"{path}: cannot be read ({error.strerror}). Give the path of a TOML file that you may read."
            ) from error
        except UnicodeDecodeError as error:
            raise ProfileError(
                f"{path}: is not UTF-8 text (byte {error.start}). Save it as UTF-8."
            ) from error
        file = read_profile_file(path, text, self.parameters)
        profile = Profile(file.id, file.name, file.kind, path, file.entries, self.limits_type)
        profile.fields()
        return profile

    def _path(self, path_or_id: str | Path) -> Path:
        if isinstance(path_or_id, Path):
            return path_or_id
        if PROFILE_ID_PATTERN.match(path_or_id) is None:
            return Path(path_or_id)
        if path_or_id not in self.available_profiles():
            raise ProfileError(
                f"there is no profile {path_or_id!r}.{nearest(path_or_id, self.available_profiles())} "
                f"Available: {self._ids()}. "
                f"For a file of your own give its path, such as ./{path_or_id}.toml."
            )
        return self.folder / f"{path_or_id}.toml"

    def _ids(self) -> str:
        return ", ".join(self.available_profiles()) or "none"


class _KnownFields:
    """Stands for the limits while a condition runs: notes what is read and stops at an unknown value."""

    def __init__(self, fields: Mapping[str, int | UnknownField], read: dict[str, int]) -> None:
        self.__fields = fields
        self.__read = read

    def __getattr__(self, name: str) -> int:
        try:
            value = self.__fields[name]
        except KeyError:
            raise AttributeError(f"the limits have no field {name!r}") from None
        if isinstance(value, UnknownField):
            raise UnknownRead(value.edge, value.why)
        self.__read[name] = value
        return value


def _checked(condition: Condition, fields: Mapping[str, int | UnknownField]) -> ConditionCheck:
    read: dict[str, int] = {}
    try:
        holds = condition.holds(_KnownFields(fields, read))
    except UnknownRead as missing:
        unknown = ConditionVerdict.UNKNOWN
        return ConditionCheck(
            condition.id, condition.says, unknown, tuple(read.items()), missing.edge, missing.why
        )
    verdict = ConditionVerdict.SATISFIED if holds else ConditionVerdict.VIOLATED
    return ConditionCheck(condition.id, condition.says, verdict, tuple(read.items()))


def _counts_pulses(parameter: Parameter) -> bool:
    return parameter.quantity in (
        Quantity.VOLUME,
        Quantity.RATE,
        Quantity.SPEED,
        Quantity.PER_GRAM,
        Quantity.PER_GLUCOSE,
    )
