"""The file of a device profile: TOML, read strictly, every complaint with the file and the line.

A file looks like this:

    schema = 1
    id = "some-pump"             # the file's name without .toml
    name = "Some Pump 2"
    kind = "tubed"               # or "patch"

    [pulse_mu]
    value = 50                   # a whole number in the unit that ends the table's name
    source = "Some Pump 2 user guide, page 12"
    note = "optional"

    [max_bolus_mu]
    unknown = "not stated in the user guide"

There is a table for the pulse size and for every device fact; the table of a setting may be left out, and the
reference default then applies.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from pumpproof.spec.kernel.parameters import PULSE, Parameter, Role
from pumpproof.spec.kernel.units import UnitError, checked_pulse_mu, whole

SCHEMA: Final = 1
KINDS: Final = ("patch", "tubed")
PROFILE_ID_PATTERN: Final = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")

_HEAD_KEYS: Final = ("schema", "id", "name", "kind")
_VALUE_KEYS: Final = ("value", "source", "note", "unknown")
_TOML_LINE: Final = re.compile(r" ?\(at line (\d+), column \d+\)$")


class ProfileError(ValueError):
    """A profile that cannot be used. The message names the file, the line if it is known, and what to do."""


@dataclass(frozen=True)
class Known:
    """A value in the unit of its parameter, and where it comes from.

    ``is_default`` says that the profile left a setting out; ``source`` is then the rule of the reference
    default.
    """

    value: int
    source: str
    note: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class Unknown:
    """A value that the profile does not know, and why.

    ``rests_on`` is set for a setting whose reference default is computed from a device value that is unknown.
    """

    why: str
    rests_on: str = ""


@dataclass(frozen=True)
class Entry:
    """One parameter in one profile. ``line`` is the line of its table in the file, if it has one."""

    parameter: Parameter
    value: Known | Unknown
    line: int | None = None


@dataclass(frozen=True)
class ProfileFile:
    """What one file says: an entry for the pulse size first, then one for every parameter, in their order."""

    id: str
    name: str
    kind: str
    entries: tuple[Entry, ...]


class UnknownRead(Exception):
    """A condition or a default read a value that the profile does not know."""

    def __init__(self, edge: str, why: str) -> None:
        super().__init__(edge)
        self.edge = edge
        self.why = why


def read_profile_file(path: Path, text: str, parameters: Sequence[Parameter]) -> ProfileFile:
    """Read the text of a profile. ``path`` stands in every message, and its name must equal the id.

    Raises:
        ProfileError: the text breaks the format.
    """
    return _Reader(path, text).file(parameters)


class _DeviceValues(Mapping[str, int]):
    """What a reference default may read: the device's own values by edge name."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries

    def __getitem__(self, edge: str) -> int:
        value = self._entries[edge].value
        if isinstance(value, Unknown):
            raise UnknownRead(edge, value.why)
        return value.value

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True)
class _Reader:
    """One file being read: every complaint names it, and the line where the offending key stands."""

    path: Path
    text: str

    def file(self, parameters: Sequence[Parameter]) -> ProfileFile:
        data = self._toml()
        edges = [PULSE.edge, *(parameter.edge for parameter in parameters)]
        self._refuse_unknown_keys(data, (*_HEAD_KEYS, *edges), "", "a profile")
        schema = data.get("schema")
        if type(schema) is not int or schema != SCHEMA:
            what = "schema is missing" if schema is None else f"schema is {schema!r}"
            self._fail(
                f"{what}; this version reads 'schema = {SCHEMA}'. Write that as the first line.", "", "schema"
            )
        head = {key: self._text_value(data, "", key) for key in ("id", "name", "kind")}
        self._check_head(head["id"], head["kind"])
        device: dict[str, Entry] = {}
        for parameter in (PULSE, *parameters):
            if parameter.role is Role.DEVICE:
                device[parameter.edge] = self._entry(data, parameter)
        values = _DeviceValues(device)
        entries = tuple(
            device[parameter.edge]
            if parameter.role is Role.DEVICE
            else self._setting(data, parameter, values)
            for parameter in (PULSE, *parameters)
        )
        return ProfileFile(head["id"], head["name"], head["kind"], entries)

    def _toml(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = _TOML_LINE.search(str(error))
            where = f"{self.path}:{found.group(1)}" if found else f"{self.path}"
            reason = _TOML_LINE.sub("", str(error)).rstrip(".")
            raise ProfileError(f"{where}: is not valid TOML: {reason}. Correct this line.") from error

    def _check_head(self, profile_id: str, kind: str) -> None:
        if PROFILE_ID_PATTERN.match(profile_id) is None:
            self._fail(
                f"id is {profile_id!r}; expected lower-case letters and digits joined by single '-', "
                f"such as 'some-pump-2'. Rename it.",
                "",
                "id",
            )
        if profile_id != self.path.stem:
            self._fail(
                f"id is {profile_id!r}, but the file is called {self.path.name!r}. "
                f"Rename one of them, so that evidence names one device.",
                "",
                "id",
            )
        if kind not in KINDS:
            self._fail(
                f"kind is {kind!r}; expected one of: {', '.join(KINDS)}.{nearest(kind, KINDS)}", "", "kind"
            )

    def _entry(self, data: Mapping[str, Any], parameter: Parameter) -> Entry:
        edge = parameter.edge
        if edge not in data:
            self._fail(
                f"the table [{edge}] ({parameter.name}) is missing. "
                f"Give it a value in {parameter.unit} with its source, or 'unknown' with where you looked."
            )
        table = data[edge]
        if not isinstance(table, dict):
            self._fail(
                f"{edge} is {table!r}; expected a table: [{edge}] with 'value' and 'source'.", "", edge
            )
        self._refuse_unknown_keys(table, _VALUE_KEYS, edge, f"the table [{edge}]")
        line = self._line(edge, None)
        note = self._text_value(table, edge, "note") if "note" in table else ""
        if "unknown" in table:
            if len(table) > 1:
                self._fail(
                    f"[{edge}] is unknown and has other keys as well. Keep either 'unknown' or 'value'.", edge
                )
            return Entry(parameter, Unknown(self._text_value(table, edge, "unknown")), line)
        if "value" not in table:
            self._fail(
                f"[{edge}] has no 'value'. Give one in {parameter.unit}, or 'unknown' with the reason.", edge
            )
        value = self._whole(table["value"], parameter)
        return Entry(parameter, Known(value, self._text_value(table, edge, "source"), note), line)

    def _setting(self, data: Mapping[str, Any], parameter: Parameter, device: _DeviceValues) -> Entry:
        default = parameter.default
        if default is None:
            raise AssertionError(f"the setting {parameter.edge!r} has no reference default")
        if parameter.edge in data:
            entry = self._entry(data, parameter)
            if isinstance(entry.value, Unknown):
                self._fail(
                    f"[{parameter.edge}] is a setting: it is chosen, never unknown. "
                    f"Leave the table out to take the reference default ({default.rule}), "
                    f"or give the value you choose and your reason as source.",
                    parameter.edge,
                )
            return entry
        try:
            value = default.value if isinstance(default.value, int) else default.value(device)
        except UnknownRead as missing:
            return Entry(
                parameter,
                Unknown(f"its reference default rests on {missing.edge}: {missing.why}", missing.edge),
            )
        return Entry(
            parameter, Known(value, f"reference default: {default.rule}", default.reason, is_default=True)
        )

    def _whole(self, value: object, parameter: Parameter) -> int:
        try:
            return checked_pulse_mu(value) if parameter is PULSE else whole(value, parameter.edge)
        except UnitError as error:
            self._fail(str(error), parameter.edge, "value")

    def _text_value(self, table: Mapping[str, Any], table_name: str, key: str) -> str:
        place = f"[{table_name}] " if table_name else ""
        if key not in table:
            self._fail(
                f'{place}{key} is missing. Write {key} = "..."{_PURPOSE.get(key, ".")}', table_name, key
            )
        value = table[key]
        if not isinstance(value, str):
            self._fail(f"{place}{key} is {value!r}; expected text in quotes.", table_name, key)
        if not value.strip():
            self._fail(f'{place}{key} is empty. Write {key} = "..."{_PURPOSE.get(key, ".")}', table_name, key)
        return value

    def _refuse_unknown_keys(
        self, table: Mapping[str, Any], allowed: Sequence[str], table_name: str, owner: str
    ) -> None:
        for key in table:
            if key not in allowed:
                self._fail(
                    f"{owner} has no key {key!r}.{nearest(key, allowed)} Expected: {', '.join(allowed)}.",
                    *((key,) if isinstance(table[key], dict) else (table_name, key)),
                )

    def _fail(self, message: str, table: str = "", key: str | None = None) -> NoReturn:
        line = self._line(table, key)
        where = f"{self.path}" if line is None else f"{self.path}:{line}"
        raise ProfileError(f"{where}: {message}")

    def _line(self, table: str, key: str | None) -> int | None:
        """The line of a key in a table ("" is the head of the file), else of the table, else None."""
        current, table_line = "", None
        for number, line in enumerate(self.text.split("\n"), start=1):
            header = re.match(r"\s*\[\s*([A-Za-z0-9_-]+)\s*\]", line)
            if header:
                current = header.group(1)
                if current == table:
                    table_line = number
            elif key is not None and current == table and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return table_line


_PURPOSE: Final = {
    "source": " naming the public document in which you read the value.",
    "unknown": " saying where you looked for the value.",
}


def nearest(wrong: str, allowed: Sequence[str]) -> str:
    """A hint that names the allowed words closest to a wrong one, or nothing."""
    matches = difflib.get_close_matches(wrong, allowed, n=2, cutoff=0.7)
    return f" Did you mean {' or '.join(repr(match) for match in matches)}?" if matches else ""
