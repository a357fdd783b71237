"""Requirements as data: normative sentences with permanent ids, their clauses, and what each of them waits for.

A requirement that says several things lists them as clauses. A clause is what a property formalises, a test verifies,
or somebody outside the software has to see to; the requirement is shown only when each of its clauses is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final

from pumpproof.spec.kernel.declared import refuse_derived
from pumpproof.spec.kernel.entries import Entry, EntryError, read_entries, read_lines
from pumpproof.spec.kernel.identifiers import check_id

BASES: Final = ("read", "read in part", "unconfirmed")
"""How well the public sources of a requirement are known; what is unconfirmed is never cited as a fact."""


class Handler(Enum):
    """Who has to see to what software cannot do."""

    HARDWARE = "hardware"
    OUTSIDE = "out of software scope"


@dataclass(frozen=True)
class Outside:
    """A decision that a clause is not for this software; ``assumption`` is what its ``owner`` has to see to."""

    handler: Handler
    owner: str
    assumption: str


@dataclass(frozen=True)
class Clause:
    """One thing that a requirement says. ``awaits`` is the feature that will show it, empty if it is there.

    ``tests`` are the tests that say of themselves that they verify it. ``system`` is the address of another system,
    whose properties show it.
    """

    id: str
    says: str
    awaits: str = ""
    outside: Outside | None = None
    tests: tuple[str, ...] = ()
    system: str = ""

    @property
    def asks_for_a_proof(self) -> bool:
        """No feature is awaited, nobody else has to see to it, and no test and no other system shows it."""
        return not (self.awaits or self.outside or self.tests or self.system)


@dataclass(frozen=True)
class Requirement:
    """A normative sentence. ``source`` says where it was drawn from; ``published`` that it is a public document.

    ``implements`` are the risk controls that it is a part of. ``numbers`` are figures of the public sources, kept as
    they stand there. ``place`` is the file and line of a requirement that was read from a file.
    """

    id: str
    says: str
    source: str
    clauses: tuple[Clause, ...] = ()
    implements: tuple[str, ...] = ()
    numbers: str = ""
    basis: str = ""
    published: bool = False
    place: str = ""

    @property
    def parts(self) -> tuple[Clause, ...]:
        """The clauses; a requirement without any is its own only clause."""
        return self.clauses or (Clause(self.id, self.says),)

    @property
    def asks_for_a_proof(self) -> bool:
        """Some clause does."""
        return any(clause.asks_for_a_proof for clause in self.parts)

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Requirement)


def requirement_of(link: str) -> str:
    """The requirement of a link to it or to one of its clauses: that of ``REQ-DOSE-001.a`` is ``REQ-DOSE-001``."""
    return link.split(".", maxsplit=1)[0]


def check_link(link: str) -> str:
    """Return ``link`` if it is the id of a requirement, or of a clause, which is a letter behind a full stop.

    Raises:
        ValueError: it is neither.
    """
    identifier, dot, letter = link.partition(".")
    check_id(identifier, "REQ")
    if dot and not (len(letter) == 1 and "a" <= letter <= "z"):
        raise ValueError(f"link {link!r} is not of the form REQ-<AREA>-<NNN> or REQ-<AREA>-<NNN>.<letter>")
    return link


def load_requirements(
    path: Path,
    sources: Mapping[str, str] | None = None,
    tests: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Requirement, ...]:
    """Read the ``[[requirement]]`` entries of a file, or of every TOML file in a folder, by name.

    Each has ``id`` and ``says``, and either ``source`` or ``origin``, a table from a key of ``sources`` to the place in
    that document. It may have ``implements``, ``numbers``, ``basis`` (needed with ``origin``) and ``clause`` entries,
    or else ``awaits`` or ``outside``. ``tests`` are the tests of each clause.

    Raises:
        EntryError: an entry breaks this form, or an id is used twice.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    found: dict[str, Requirement] = {}
    for file in files:
        for entry in read_entries(file, "requirement")["requirement"]:
            requirement = _requirement(entry, sources or {}, tests or {})
            if requirement.id in found:
                entry.fail(f"id {requirement.id} is used twice, also at {found[requirement.id].place}")
            found[requirement.id] = requirement
    return tuple(found.values())


def requirements_for(requirements: Iterable[Requirement], system: str) -> tuple[Requirement, ...]:
    """Those with clauses that the system at this address shows, in which these clauses ask for a proof."""
    return tuple(
        replace(
            known,
            clauses=tuple(
                replace(clause, system="") if clause.system == system else clause for clause in known.clauses
            ),
        )
        for known in requirements
        if any(clause.system == system for clause in known.clauses)
    )


def load_sources(path: Path) -> dict[str, str]:
    """The public documents that an ``origin`` may name, by their keys.

    Raises:
        EntryError: the file is malformed.
    """
    return {key: entry.text("value") for key, entry in read_lines(path).items()}


def load_tests(path: Path) -> dict[str, tuple[str, ...]]:
    """The tests of each clause, by its id.

    Raises:
        EntryError: the file is malformed.
    """
    return {key: entry.texts("value") for key, entry in read_lines(path).items()}


def _requirement(
    entry: Entry, sources: Mapping[str, str], tests: Mapping[str, tuple[str, ...]]
) -> Requirement:
    entry.check_keys(
        ("id", "says"),
        ("source", "origin", "implements", "numbers", "basis", "clause", "awaits", "outside", "system"),
    )
    identifier = checked(entry, "id", "REQ")
    published = "origin" in entry.values
    if published == ("source" in entry.values):
        entry.fail("give either source, a text, or origin, a table from public documents to places in them")
    if published != ("basis" in entry.values):
        entry.fail("basis says how well the documents of origin are known: give both or neither")
    for control in entry.texts("implements"):
        _check(entry, control, "RCM")
    return Requirement(
        identifier,
        entry.sentence("says"),
        _cited(entry, sources) if published else entry.text("source"),
        _clauses(entry, identifier, tests),
        entry.texts("implements"),
        entry.text("numbers"),
        entry.one_of("basis", BASES) if published else "",
        published,
        entry.place,
    )


def _cited(entry: Entry, sources: Mapping[str, str]) -> str:
    cited = []
    for key, place in entry.table("origin").items():
        if key not in sources:
            entry.fail(f"origin names {key}, which is no document; known are {', '.join(sorted(sources))}")
        if not isinstance(place, str):
            entry.fail(f'origin: expected the place in the document, as {key} = "..."')
        cited.append(f"{sources[key]}, {place}" if place else sources[key])
    if not cited:
        entry.fail("origin names no document")
    return "; ".join(cited)


def _clauses(entry: Entry, identifier: str, tests: Mapping[str, tuple[str, ...]]) -> tuple[Clause, ...]:
    within = entry.within.get("clause", ())
    if not within:
        only = _clause(entry, identifier, tests)
        return () if only.asks_for_a_proof else (only,)
    if {"awaits", "outside", "system"} & set(entry.values):
        entry.fail("awaits, outside and system belong into the clauses")
    clauses: list[Clause] = []
    for letter, one in zip("abcdefghijklmnopqrstuvwxyz", within, strict=False):
        one.check_keys(("id", "says"), ("awaits", "outside", "system"))
        if one.text("id") != letter:
            one.fail(f"id = {one.text('id')!r}; clauses are lettered in order, so this one is {letter!r}")
        clauses.append(_clause(one, f"{identifier}.{letter}", tests))
    return tuple(clauses)


def _clause(entry: Entry, identifier: str, tests: Mapping[str, tuple[str, ...]]) -> Clause:
    clause = Clause(
        identifier,
        entry.sentence("says"),
        entry.text("awaits"),
        _outside(entry),
        tests.get(identifier, ()),
        entry.text("system"),
    )
    if bool(clause.awaits) + (clause.outside is not None) + bool(clause.tests) + bool(clause.system) > 1:
        entry.fail(
            f"{identifier} either awaits a feature, or is outside, or has tests, or is shown by another system: "
            "only one of the four"
        )
    return clause


def _outside(entry: Entry) -> Outside | None:
    if "outside" not in entry.values:
        return None
    table = Entry(entry.path, entry.line, entry.table("outside"))
    table.check_keys(("handler", "owner", "assumption"))
    handler = table.one_of("handler", [one.value for one in Handler])
    return Outside(Handler(handler), table.text("owner"), table.sentence("assumption"))


def checked(entry: Entry, key: str, *prefixes: str) -> str:
    """The id under a key.

    Raises:
        EntryError: it is malformed or of another kind.
    """
    return _check(entry, entry.text(key), *prefixes)


def _check(entry: Entry, identifier: str, *prefixes: str) -> str:
    try:
        return check_id(identifier, *prefixes)
    except ValueError as error:
        raise EntryError(f"{entry.place}: {error}") from error


def clauses_of(requirements: Iterable[Requirement]) -> dict[str, Clause]:
    """Every clause by its id; a requirement without clauses stands for itself."""
    return {clause.id: clause for requirement in requirements for clause in requirement.parts}
