"""Survivors that a person looked at and accepted, in a TOML file. An accepted survivor is never a killed mutant.

[[survivor]]
mutant = "alarms/phase_of/branch/1"
fingerprint = "0123456789abcdef"
reason = "no safety effect"
reviewer = "A. Person"
expires = 2027-06-30
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pumpproof.verify.mutation.campaign import Result
from pumpproof.verify.mutation.fates import Fate

REASONS = ("no safety effect",)
"""The closed list of reasons for which a survivor may be accepted."""

_KEYS = {"mutant": str, "fingerprint": str, "reason": str, "reviewer": str, "expires": date}


class BadAcceptance(ValueError):
    """A file of accepted survivors that can not be used; the message says where and why."""


@dataclass(frozen=True)
class Acceptance:
    """One survivor, by id and fingerprint of its difference, with who accepted it and until when."""

    mutant: str
    fingerprint: str
    reason: str
    reviewer: str
    expires: date


def read_accepted(path: Path) -> tuple[Acceptance, ...]:
    """The entries of a file.

    Raises:
        BadAcceptance: it can not be read, or an entry is not of the shape above.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadAcceptance(f"{path}: can not be read: {error}") from error
    entries = content.get("survivor", [])
    if set(content) - {"survivor"} or not isinstance(entries, list):
        raise BadAcceptance(f"{path}: holds {', '.join(sorted(content))}; expected tables [[survivor]] alone")
    read = tuple(_entry(f"{path}: survivor {number}", entry) for number, entry in enumerate(entries, 1))
    for number, one in enumerate(read):
        if one.mutant in {other.mutant for other in read[:number]}:
            raise BadAcceptance(f"{path}: {one.mutant} is accepted twice; leave one entry")
    return read


def _entry(where: str, entry: Any) -> Acceptance:
    if not isinstance(entry, Mapping) or set(entry) != set(_KEYS):
        raise BadAcceptance(f"{where}: expected exactly the keys {', '.join(_KEYS)}")
    for key, kind in _KEYS.items():
        if type(entry[key]) is not kind or entry[key] == "":
            raise BadAcceptance(f"{where}: {key} = {entry[key]!r}; expected a {_named(kind)}")
    if entry["reason"] not in REASONS:
        raise BadAcceptance(f"{where}: reason = {entry['reason']!r}; expected one of: {', '.join(REASONS)}")
    return Acceptance(**entry)


def _named(kind: type) -> str:
    return "date such as 2027-06-30" if kind is date else "text that is not empty"


@dataclass(frozen=True)
class Review:
    """How accepted survivors and survivors fit. ``accepted`` are ids; each of ``problems`` is a sentence."""

    accepted: frozenset[str]
    problems: tuple[str, ...]


def review(results: Sequence[Result], acceptances: Sequence[Acceptance], today: date) -> Review:
    """Hold each acceptance against what the campaign found; what does not fit accepts nothing."""
    by_id = {result.mutant.id: result for result in results}
    accepted: set[str] = set()
    problems: list[str] = []
    for one in acceptances:
        problem = _problem(by_id.get(one.mutant), one, today)
        if problem is None:
            accepted.add(one.mutant)
        elif problem:
            problems.append(f"{one.mutant}: {problem}")
    return Review(frozenset(accepted), tuple(problems))


def _problem(result: Result | None, one: Acceptance, today: date) -> str | None:
    """Why an acceptance does not hold; None if it does, and nothing to say of a mutant that was not tried."""
    if result is None:
        return ""
    if result.mutant.fingerprint != one.fingerprint:
        return f"the mutant is another one now (fingerprint {result.mutant.fingerprint}); look at it again"
    if result.outcome.fate is not Fate.SURVIVED:
        return f"it did not survive ({result.outcome.fate.value}); remove the entry"
    if result.outcome.writes:
        return f"a row that writes {', '.join(result.outcome.writes)} may have no survivor; write a property"
    if one.expires < today:
        return f"accepted until {one.expires} only; look at it again"
    return None
