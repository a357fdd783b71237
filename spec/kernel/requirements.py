"""Requirements as data: one sentence each, with an id and the public source that it was drawn from."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pumpproof.spec.kernel.declared import refuse_derived
from pumpproof.spec.kernel.identifiers import check_id


@dataclass(frozen=True)
class Requirement:
    """A normative sentence; ``source`` says where it was drawn from."""

    id: str
    says: str
    source: str

    def __init_subclass__(cls) -> None:
        """Refuse subclasses."""
        refuse_derived(cls, Requirement)


class RequirementError(ValueError):
    """A requirements file that cannot be used; the message names the file and the entry."""


def load_requirements(path: Path) -> tuple[Requirement, ...]:
    """Read ``[[requirement]]`` entries, each with exactly ``id``, ``says`` and ``source``.

    Raises:
        RequirementError: malformed TOML, an unknown or missing key, a malformed or repeated id.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RequirementError(f"{path}: not valid TOML: {error}") from error
    if set(document) != {"requirement"}:
        raise RequirementError(
            f"{path}: expected [[requirement]] entries and nothing else, found {sorted(document)}"
        )
    requirements: list[Requirement] = []
    for number, entry in enumerate(document["requirement"], start=1):
        if set(entry) != {"id", "says", "source"}:
            raise RequirementError(
                f"{path}: entry {number}: expected id, says and source, found {sorted(entry)}"
            )
        try:
            check_id(entry["id"], "REQ")
        except ValueError as error:
            raise RequirementError(f"{path}: entry {number}: {error}") from error
        if any(known.id == entry["id"] for known in requirements):
            raise RequirementError(f"{path}: entry {number}: id {entry['id']} is used twice")
        requirements.append(Requirement(entry["id"], entry["says"], entry["source"]))
    return tuple(requirements)
