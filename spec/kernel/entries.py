"""TOML files of entries, read strictly: every complaint names the file, the line of the entry, and what to write."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

_HEADER: Final = re.compile(r"^[ \t]*\[\[\s*([a-z_.]+)\s*\]\]")
_KEY: Final = re.compile(r"^[ \t]*\"?([A-Za-z0-9_.-]+)\"?[ \t]*=", re.MULTILINE)
_LINE_OF_TOML: Final = re.compile(r" ?\(at line (\d+), column \d+\)$")


class EntryError(ValueError):
    """A data file that cannot be used. The message names file and line, what is wrong, and what to write."""


@dataclass(frozen=True)
class Entry:
    """One table of a file: its keys and values, the line on which it begins, and its tables within."""

    path: Path
    line: int
    values: Mapping[str, Any]
    within: Mapping[str, tuple["Entry", ...]] = field(default_factory=dict[str, tuple["Entry", ...]])

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"

    def fail(self, what: str) -> NoReturn:
        """Complain about this entry.

        Raises:
            EntryError: always.
        """
        raise EntryError(f"{self.place}: {what}")

    def check_keys(self, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Complain unless there are exactly these keys.

        Raises:
            EntryError: a key is missing or unknown.
        """
        present = {*self.values, *self.within}
        missing = [key for key in required if key not in present]
        if missing:
            self.fail(f"{missing[0]} is missing; an entry here has {_listed(required)}")
        unknown = sorted(present - {*required, *optional})
        if unknown:
            self.fail(f"{unknown[0]} is not known here; known are {_listed([*required, *optional])}")

    def text(self, key: str) -> str:
        """The text under a key, empty if the key is not there.

        Raises:
            EntryError: something else stands there, or an empty text.
        """
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fail(f'{key} = {value!r}; expected text that is not empty, as {key} = "..."')
        return value

    def sentence(self, key: str) -> str:
        """A text that ends in a full stop.

        Raises:
            EntryError: it does not.
        """
        text = self.text(key)
        if not text.endswith("."):
            self.fail(f"{key} must be a sentence that ends in a full stop, not {text!r}")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under a key, empty if the key is not there.

        Raises:
            EntryError: something else stands there.
        """
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.fail(f'{key} = {value!r}; expected a list of texts, as {key} = ["...", "..."]')
        return tuple(value)

    def table(self, key: str) -> Mapping[str, Any]:
        """The table under a key, empty if the key is not there.

        Raises:
            EntryError: something else stands there.
        """
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fail(f'{key} = {value!r}; expected a table, as {key} = {{ name = "..." }}')
        return value

    def one_of(self, key: str, known: Sequence[str]) -> str:
        """A text that is one of a closed list.

        Raises:
            EntryError: it is not.
        """
        text = self.text(key)
        if text not in known:
            self.fail(f"{key} = {text!r}; expected one of {_listed(known)}")
        return text


def read_entries(path: Path, *names: str) -> dict[str, tuple[Entry, ...]]:
    """The ``[[name]]`` entries of a file, for each of ``names``; a file holds nothing else.

    Raises:
        EntryError: the file cannot be read, is not TOML, or holds something else.
    """
    text, document = _parsed(path)
    unknown = sorted(set(document) - set(names))
    if unknown:
        headers = _listed([f"[[{name}]]" for name in names])
        raise EntryError(
            f"{path}:{_line_of(text, unknown[0])}: {unknown[0]} is not known; expected {headers}"
        )
    lines = _Lines(path, text)
    found = {name: lines.entries(name, document.get(name, [])) for name in names}
    lines.check_all_used()
    return found


def read_lines(path: Path) -> dict[str, Entry]:
    """A file of one ``key = value`` a line, each as an entry that holds it under ``value``, or its table.

    Raises:
        EntryError: the file cannot be read or is not TOML.
    """
    text, document = _parsed(path)
    return {
        key: Entry(path, _line_of(text, key), value if isinstance(value, dict) else {"value": value})
        for key, value in document.items()
    }


@dataclass
class _Lines:
    """The lines of the headers of a file, handed out in the order in which TOML gives their tables."""

    path: Path
    text: str

    def __post_init__(self) -> None:
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.text.split("\n"), start=1):
            match = _HEADER.match(line)
            if match:
                found.setdefault(match[1], []).append(number)
        self._left: dict[str, Iterator[int]] = {name: iter(lines) for name, lines in found.items()}

    def entries(self, name: str, tables: Any) -> tuple[Entry, ...]:
        if not isinstance(tables, list):
            header = name.rsplit(".", maxsplit=1)[-1]
            raise EntryError(f"{self.path}:{_line_of(self.text, header)}: write [[{name}]] for each entry")
        return tuple(self._entry(name, table) for table in tables)

    def _entry(self, name: str, table: Any) -> Entry:
        line = next(self._left.get(name, iter(())), None)
        if line is None or not isinstance(table, dict):
            key = name.rsplit(".", maxsplit=1)[-1]
            raise EntryError(f"{self.path}:{_line_of(self.text, key)}: write [[{name}]] for each entry")
        within = {key: value for key, value in table.items() if _holds_tables(value)}
        return Entry(
            self.path,
            line,
            {key: value for key, value in table.items() if key not in within},
            {key: self.entries(f"{name}.{key}", value) for key, value in within.items()},
        )

    def check_all_used(self) -> None:
        for name, lines in sorted(self._left.items()):
            line = next(lines, None)
            if line is not None:
                raise EntryError(
                    f"{self.path}:{line}: a text must not hold a line that looks like [[{name}]]"
                )


def _holds_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _parsed(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EntryError(f"{path}: cannot be read: {error}") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE_OF_TOML.search(str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        what = _LINE_OF_TOML.sub("", str(error))
        raise EntryError(f"{path}:{line}: not valid TOML: {what}") from error


def _line_of(text: str, key: str) -> int:
    """Where a key is first written; the first line if it is written in another way."""
    for match in _KEY.finditer(text):
        if match[1] == key:
            return text.count("\n", 0, match.start(1)) + 1
    found = re.search(rf"^\s*\[\[?\s*{re.escape(key)}\b", text, re.MULTILINE)
    return 1 if found is None else text.count("\n", 0, found.end()) + 1


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
